/** Findings in files that are open and in files that are not, and where their codes lead. */
import * as vscode from 'vscode';
import { equal, file, includes, ok, open, replace, test, untilFound, untilGone } from './support.ts';

test('an opened file shows the fleet finding with its sum', async () => {
  await open('app/db.py');
  const found = await untilFound('app/db.py', 'fleet-exceeds-max-connections');
  equal(found.severity, vscode.DiagnosticSeverity.Error, 'severity');
  includes(found.message, '120', 'the message');
  includes(found.message, '90', 'the message');
});

test('an opened file shows what is missing, on the name of the callable', async () => {
  const document = await open('app/db.py');
  const found = await untilFound('app/db.py', 'missing-pre-ping');
  equal(found.severity, vscode.DiagnosticSeverity.Warning, 'severity');
  equal(document.getText(found.range), 'create_engine', 'the underlined text');
});

test('a file nobody opened has findings', async () => {
  await untilFound('tools/closed.py', 'missing-pre-ping');
  const opened = vscode.workspace.textDocuments.some(
    ({ uri }) => uri.toString() === file('tools/closed.py').toString(),
  );
  ok(!opened, 'tools/closed.py was opened after all');
});

test('the topology file carries the fleet finding as well', async () => {
  await untilFound('poolproof.yaml', 'fleet-exceeds-max-connections');
});

test("a finding's code leads to its rule's documentation, offline", async () => {
  const { code } = await untilFound('tools/closed.py', 'missing-pre-ping');
  ok(typeof code === 'object', 'the code has no link');
  equal(code.target.scheme, 'poolproof-rules', 'scheme of the link');
  const page = await vscode.workspace.openTextDocument(code.target);
  includes(page.getText(), 'pool_pre_ping', 'the page');
});

test('a suppression comment silences its rule on the next line, until it is taken away', async () => {
  const document = await open('tools/suppressed.py');
  await untilFound('tools/closed.py', 'missing-pre-ping');
  await untilGone('tools/suppressed.py', 'missing-pre-ping');
  const comment = '# poolproof: ignore[missing-pre-ping] restarted together with its database';
  await replace(document, comment, '#');
  await untilFound('tools/suppressed.py', 'missing-pre-ping');
  await replace(document, '#', comment);
  await untilGone('tools/suppressed.py', 'missing-pre-ping');
});
