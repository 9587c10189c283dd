/** The light bulb: what is offered, in which order, when its edit comes, and what the edit does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeAction, Diagnostic, TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver-protocol/node';
import { DiskWorkspace, engineWithoutPing, quietEngine } from '../support/diskWorkspace.ts';
import { applyTextEdits, editsByUri, fullCapabilities, LspClient, pushCapabilities } from '../support/lspClient.ts';

type Context = Parameters<typeof LspClient.start>[0];

async function openEngine(
  context: Context,
  text: string,
  capabilities = pushCapabilities,
  files: Record<string, string> = {},
) {
  const workspace = new DiskWorkspace(context, files);
  const uri = workspace.uriOf('app/db.py');
  const client = await LspClient.start(context, { folders: [workspace.uri], capabilities });
  client.open(uri, text);
  return { client, uri, workspace };
}

function actionsAt(client: LspClient, uri: string, diagnostic: Diagnostic, only?: string[]): Promise<CodeAction[]> {
  return client.request('textDocument/codeAction', {
    textDocument: { uri },
    range: diagnostic.range,
    context: { diagnostics: [diagnostic], only },
  });
}

const wholeFile = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
const withPassword = engineWithoutPing
  .replace('import os\n', '')
  .replace('os.environ["DATABASE_URL"]', '"postgresql://shop:s3kDq91xv@db.example.com/shop"')
  .replace('pool_size', 'pool_pre_ping=True, pool_size');

test('the preferred fix comes first, then the others, then ignoring, then explaining', async (t) => {
  const { client, uri } = await openEngine(t, withPassword);
  const found = await client.rule(uri, 'hardcoded-credentials');
  const actions = await actionsAt(client, uri, found!);
  assert.deepEqual(
    actions.map(({ title, isPreferred, kind }) => [title, isPreferred ?? false, kind]),
    [
      ['Read it from the environment variable DATABASE_URL', true, 'quickfix'],
      ['Read it from the environment variable DATABASE_URL and move the value to .env', false, 'quickfix'],
      ['Ignore hardcoded-credentials here', false, 'quickfix'],
    ],
  );
  assert.equal(actions[0]!.diagnostics![0]!.code, 'hardcoded-credentials');
  assert.ok(
    actions.every((action) => action.edit === undefined),
    'edits are resolved lazily',
  );
});

test('the extension is offered the rule as well', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  const initializationOptions = { extensionCommands: true };
  const client = await LspClient.start(t, {
    folders: [workspace.uri],
    capabilities: pushCapabilities,
    initializationOptions,
  });
  const uri = workspace.uriOf('app/db.py');
  client.open(uri, engineWithoutPing);
  const actions = await actionsAt(client, uri, (await client.rule(uri, 'missing-pre-ping'))!);
  assert.deepEqual(actions.at(-1)!.command, {
    title: 'Explain missing-pre-ping',
    command: 'poolproof.explainRule',
    arguments: ['missing-pre-ping'],
  });
});

test('a resolved edit names the version it is for and mends the file', async (t) => {
  const { client, uri } = await openEngine(t, engineWithoutPing);
  const found = await client.rule(uri, 'missing-pre-ping');
  const [action] = await actionsAt(client, uri, found!);
  const resolved = await client.request<CodeAction>('codeAction/resolve', action);
  const [change] = resolved.edit!.documentChanges as TextDocumentEdit[];
  assert.deepEqual(change!.textDocument, { uri, version: 1 });
  const text = applyTextEdits(engineWithoutPing, editsByUri(resolved.edit).get(uri)!);
  client.change(uri, { text });
  await client.findings(uri, []);
  // Offered for a text that is gone: no edit rather than a wrong one.
  assert.equal((await client.request<CodeAction>('codeAction/resolve', action)).edit, undefined);
});

test('an editor that resolves nothing gets its edits at once, in the shape it takes', async (t) => {
  const { client, uri } = await openEngine(t, engineWithoutPing, {});
  const [action] = await actionsAt(client, uri, (await client.rule(uri, 'missing-pre-ping'))!);
  assert.equal(action!.edit!.documentChanges, undefined);
  assert.match(applyTextEdits(engineWithoutPing, action!.edit!.changes![uri]!), /pool_pre_ping=True/);
});

test('fix all: on request only, safe fixes only, everything at once', async (t) => {
  const two = `${engineWithoutPing}other = create_engine(os.environ["OTHER"], pool_size=5, max_overflow=0, pool_timeout=60, pool_recycle=300)\n`;
  const { client, uri } = await openEngine(t, two, fullCapabilities);
  const ask = (only?: string[]) =>
    client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: wholeFile,
      context: { diagnostics: [], only },
    });
  const unasked = await ask();
  assert.ok(
    unasked.length > 0 && unasked.every((action) => action.kind === 'quickfix'),
    'nothing rewrites a file unasked',
  );
  assert.ok(unasked.some((action) => action.title === 'Fix all missing-pre-ping in file'));
  for (const only of ['source.fixAll.poolproof', 'source.fixAll', 'source']) {
    assert.deepEqual(
      (await ask([only])).map((action) => action.kind),
      ['source.fixAll.poolproof'],
      only,
    );
  }
  assert.deepEqual(await ask(['source.fixAll.eslint']), []);
  assert.deepEqual(await ask(['refactor']), []);
  const [action] = await ask(['source.fixAll.poolproof']);
  const resolved = await client.request<CodeAction>('codeAction/resolve', action);
  const text = applyTextEdits(two, editsByUri(resolved.edit).get(uri)!);
  assert.equal(text.match(/pool_pre_ping=True/g)!.length, 2);
  assert.match(text, /pool_timeout=60/, "a change of behaviour is nobody else's choice");
  client.change(uri, { text });
  assert.deepEqual(await ask(['source.fixAll.poolproof']), [], 'a second time there is nothing to do');
});

test('"Ignore here" writes a comment, a second one joins it, and both findings are gone', async (t) => {
  const source = engineWithoutPing
    .replaceAll('\n', '\r\n')
    .replace('engine = ', 'if True:\r\n    engine = ')
    .replace('max_overflow=0', 'max_overflow=50');
  const { client, uri } = await openEngine(t, source);
  let text = source;
  for (const rule of ['missing-pre-ping', 'overflow-too-large']) {
    const found = await client.rule(uri, rule);
    const actions = await actionsAt(client, uri, found!);
    const action = actions.find((each) => each.title === `Ignore ${rule} here`);
    const { edit } = await client.request<CodeAction>('codeAction/resolve', action);
    text = applyTextEdits(text, editsByUri(edit).get(uri)!);
    client.change(uri, { text });
    await client.rule(uri, rule, false);
  }
  assert.match(text, /\r\n {4}# poolproof: ignore\[missing-pre-ping, overflow-too-large\]\r\n {4}engine/);
  await client.findings(uri, []);
});

async function moveToEnvironment(client: LspClient, uri: string): Promise<WorkspaceEdit> {
  const actions = await actionsAt(client, uri, (await client.rule(uri, 'hardcoded-credentials'))!);
  const action = actions.find((each) => each.title.endsWith('and move the value to .env'));
  return (await client.request<CodeAction>('codeAction/resolve', action)).edit!;
}

test('moving a password to .env creates what is missing', async (t) => {
  const { client, uri, workspace } = await openEngine(t, withPassword);
  const edit = await moveToEnvironment(client, uri);
  const creations = edit.documentChanges!.flatMap((change) =>
    'kind' in change && change.kind === 'create' ? [change.uri] : [],
  );
  assert.deepEqual(creations.sort(), [workspace.uriOf('.env'), workspace.uriOf('.gitignore')]);
  const edits = editsByUri(edit);
  assert.equal(
    applyTextEdits('', edits.get(workspace.uriOf('.env'))!),
    'DATABASE_URL=postgresql://shop:s3kDq91xv@db.example.com/shop\n',
  );
  assert.equal(applyTextEdits('', edits.get(workspace.uriOf('.gitignore'))!), '.env\n');
  const text = applyTextEdits(withPassword, edits.get(uri)!);
  assert.match(text, /^import os\n/);
  assert.doesNotMatch(text, /s3kDq91xv/);
});

test('moving a password to .env appends to what is there and never overwrites a key', async (t) => {
  const files = { '.env': 'DEBUG=1', '.gitignore': '*.pyc\n/.env\n' };
  const { client, uri, workspace } = await openEngine(t, withPassword, pushCapabilities, files);
  const appended = editsByUri(await moveToEnvironment(client, uri));
  assert.equal(appended.get(workspace.uriOf('.gitignore')), undefined, 'it is ignored already');
  assert.equal(
    applyTextEdits('DEBUG=1', appended.get(workspace.uriOf('.env'))!),
    'DEBUG=1\nDATABASE_URL=postgresql://shop:s3kDq91xv@db.example.com/shop\n',
  );
  client.changedOnDisk(workspace.write('.env', 'DATABASE_URL=sqlite://\n'));
  const kept = editsByUri(await moveToEnvironment(client, uri));
  assert.equal(kept.get(workspace.uriOf('.env')), undefined, 'the key has a value already');
});

test('nothing is offered where nothing was found', async (t) => {
  const { client, uri } = await openEngine(t, quietEngine);
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 3 } };
  const context = { diagnostics: [] };
  assert.deepEqual(await client.request('textDocument/codeAction', { textDocument: { uri }, range, context }), []);
});
