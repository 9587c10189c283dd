/** Hover, code lens and inlay hints. */
import * as vscode from 'vscode';
import { file, includes, markdownOf, open, positionOf, test, until, untilFound } from './support.ts';

function wholeOf(document: vscode.TextDocument): vscode.Range {
  return document.validateRange(new vscode.Range(0, 0, document.lineCount, 0));
}

test('hover on the callable shows the sum of the fleet and what fits', async () => {
  const document = await open('app/db.py');
  await untilFound('app/db.py', 'fleet-exceeds-max-connections');
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    positionOf(document, 'create_engine('),
  );
  const text = markdownOf(hovers);
  includes(text, '× 4 workers × 2 replicas', 'the hover');
  includes(text, '120', 'the hover');
  includes(text, 'pool_size 11', 'the hover');
});

test('a code lens over the pool carries the sum', async () => {
  const document = await open('app/db.py');
  const titles = await until('a code lens', async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      10,
    );
    return lenses.length > 0 && lenses.map(({ command }) => command?.title ?? '');
  });
  includes(titles.join('\n'), '120 of 90', 'the code lens');
  includes(titles.join('\n'), 'main', 'the code lens');
});

test('inlay hints show the library defaults nobody wrote', async () => {
  const document = await open('app/db.py');
  const labels = await until('inlay hints', async () => {
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      wholeOf(document),
    );
    return (
      hints.length > 0 &&
      hints.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')))
    );
  });
  includes(labels.join('\n'), 'pool_size: 5', 'the hints');
  includes(labels.join('\n'), 'max_overflow: 10', 'the hints');
});

test('the topology file explains its keys in a hover', async () => {
  const document = await open('poolproof.yaml');
  const text = await until('a hover', async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      file('poolproof.yaml'),
      positionOf(document, 'max_connections'),
    );
    return markdownOf(hovers) || undefined;
  });
  includes(text, 'max_connections', 'the hover');
});
