/** The commands under `Poolproof:`. */
import * as vscode from 'vscode';
import { equal, file, folder, includes, ok, open, test, until, untilFound } from './support.ts';

const commands = [
  'createTopologyFile',
  'showFleetBudget',
  'copyContextForAssistant',
  'fixAllInFile',
  'explainRule',
  'showOutput',
  'restartServer',
];

function openPage(scheme: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === scheme);
}

test('every command is there', async () => {
  const all = new Set(await vscode.commands.getCommands(true));
  const missing = commands.filter((name) => !all.has(`poolproof.${name}`));
  equal(missing.join(), '', 'missing commands');
});

test('“Show fleet budget” shows the arithmetic', async () => {
  await vscode.commands.executeCommand('poolproof.showFleetBudget');
  const page = await until('the page', () => openPage('poolproof-fleet'));
  await until(
    'the sum',
    () => page.getText().includes('120') && page.getText().includes('main'),
    () => page.getText(),
  );
});

test('“Explain rule” shows the documentation', async () => {
  await vscode.commands.executeCommand('poolproof.explainRule', 'pool-timeout-too-long');
  const page = await until('the page', () =>
    vscode.workspace.textDocuments.find(({ uri }) => uri.path === '/pool-timeout-too-long.md'),
  );
  includes(page.getText(), 'pool_timeout', 'the page');
});

test('“Copy context for AI assistant” copies what the workspace shows', async () => {
  await open('app/db.py');
  await untilFound('app/db.py', 'fleet-exceeds-max-connections');
  await vscode.commands.executeCommand('poolproof.copyContextForAssistant');
  includes(await vscode.env.clipboard.readText(), 'max_connections', 'the clipboard');
});

test('“Create topology file” never overwrites one', async () => {
  const before = (await open('poolproof.yaml')).getText();
  await open('app/db.py');
  await vscode.commands.executeCommand('poolproof.createTopologyFile', folder().uri.toString());
  const shown = vscode.window.activeTextEditor?.document;
  ok(shown, 'No file is shown.');
  equal(shown.uri.toString(), file('poolproof.yaml').toString(), 'the file shown');
  equal(shown.getText(), before, 'the topology file');
});

test('findings come back after “Restart language server”', async () => {
  await vscode.commands.executeCommand('poolproof.restartServer');
  await untilFound('app/db.py', 'fleet-exceeds-max-connections');
  await untilFound('tools/closed.py', 'missing-pre-ping');
});
