/** Quick fixes, fix all in file, and fixes on save. */
import * as vscode from 'vscode';
import { equal, includes, ok, open, test, until, untilFound, untilGone } from './support.ts';

const fixed =
  'create_engine(os.environ["DATABASE_URL"], pool_size=2, max_overflow=0, pool_timeout=5, pool_pre_ping=True)';

async function actionsAt(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
    20,
  );
}

test('the preferred quick fix adds pool_pre_ping=True, and the finding goes', async () => {
  const document = await open('tools/quick_fix.py');
  const found = await untilFound('tools/quick_fix.py', 'missing-pre-ping');
  const actions = await actionsAt(document, found.range);
  const fix = actions.find(({ title }) => title.includes('pool_pre_ping=True'));
  ok(fix?.edit, `no such quick fix: ${actions.map(({ title }) => title).join(', ')}`);
  equal(fix.isPreferred, true, 'isPreferred');
  ok(await vscode.workspace.applyEdit(fix.edit), 'the edit was refused');
  includes(document.getText(), fixed, 'the file');
  await untilGone('tools/quick_fix.py', 'missing-pre-ping');
});

test('the menu offers to ignore the finding and to explain its rule', async () => {
  const document = await open('tools/fix_all.py');
  const found = await untilFound('tools/fix_all.py', 'missing-pre-ping');
  const titles = (await actionsAt(document, found.range)).map(({ title }) => title).join('\n');
  includes(titles, 'Ignore missing-pre-ping here', 'the menu');
  includes(titles, 'Explain missing-pre-ping', 'the menu');
});

test('“Fix all in file” applies the safe fixes', async () => {
  const document = await open('tools/fix_all.py');
  await untilFound('tools/fix_all.py', 'missing-pre-ping');
  await vscode.commands.executeCommand('poolproof.fixAllInFile');
  await until(
    'the fixed text',
    () => document.getText().includes(fixed),
    () => document.getText(),
  );
  await untilGone('tools/fix_all.py', 'missing-pre-ping');
});

test('safe fixes are applied on save where the user asks for it', async () => {
  const document = await open('tools/on_save.py');
  await untilFound('tools/on_save.py', 'missing-pre-ping');
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), '# edited\n');
  ok(await vscode.workspace.applyEdit(edit), 'the edit was refused');
  ok(await document.save(), 'the file was not saved');
  await until(
    'the fixed text',
    () => document.getText().includes(fixed),
    () => document.getText(),
  );
});
