/** pgbouncer.ini in an editor: findings while typing, fixes, completion, hover, symbols, folding. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  DocumentSymbol,
  FoldingRange,
  Hover,
} from 'vscode-languageserver-protocol/node';
import { DiskWorkspace } from '../support/diskWorkspace.ts';
import { applyTextEdits, editsByUri, LspClient } from '../support/lspClient.ts';

const text = `[databases]
shop = host=10.0.0.5 port=5432

[pgbouncer]
listen_addr = 127.0.0.1
pool_mode = transaction ; cheaper
max_client_conn = 200
`;
const mended = text.replace('pool_mode = transaction ; cheaper', '; cheaper\npool_mode = transaction');

async function open(context: Parameters<typeof LspClient.start>[0], files: Record<string, string>, path: string) {
  const workspace = new DiskWorkspace(context, files);
  const client = await LspClient.start(context, { folders: [workspace.uri] });
  const uri = workspace.uriOf(path);
  client.open(uri, files[path]!, 'pgbouncer');
  return { client, uri, workspace };
}

test('a comment behind a value is found, mended on request, and gone', async (t) => {
  const { client, uri } = await open(t, { 'deploy/pgbouncer.ini': text }, 'deploy/pgbouncer.ini');
  const found = await client.rule(uri, 'pgbouncer-syntax');
  assert.deepEqual(found!.range.start, { line: 5, character: 24 });
  const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: found!.range,
    context: { diagnostics: [found] },
  });
  assert.equal(actions[0]!.title, 'Move the comment to its own line');
  assert.equal(applyTextEdits(text, editsByUri(actions[0]!.edit).get(uri)!), mended);
  const ignore = actions.find((each) => each.title === 'Ignore pgbouncer-syntax here');
  const ignored = applyTextEdits(text, editsByUri(ignore!.edit).get(uri)!);
  assert.ok(
    ignored.includes('\n; poolproof: ignore[pgbouncer-syntax]\npool_mode'),
    'the comment stands on a line of its own',
  );
  client.change(uri, { text: ignored });
  await client.findings(uri, []);
  client.change(uri, { text: mended });
  await client.findings(uri, []);
});

test('findings follow every keystroke, and the version in the topology', async (t) => {
  const files = {
    'pgbouncer.ini': mended,
    'poolproof.yaml':
      'databases:\n  main:\n    max_connections: 100\n    pooler: {kind: pgbouncer, mode: transaction, version: "1.18", config: pgbouncer.ini}\n',
  };
  const { client, uri, workspace } = await open(t, files, 'pgbouncer.ini');
  await client.findings(uri, []);
  client.change(uri, {
    range: { start: { line: 7, character: 0 }, end: { line: 8, character: 0 } },
    text: 'max_prepared_statements = 100\n',
  });
  await client.rule(uri, 'pgbouncer-unknown-setting');
  const topology = workspace.uriOf('poolproof.yaml');
  client.open(topology, files['poolproof.yaml'].replace('1.18', '1.21'), 'yaml');
  await client.rule(uri, 'pgbouncer-unknown-setting', false);
});

test('completion, hover, symbols and folding', async (t) => {
  const { client, uri } = await open(t, { 'pgbouncer.ini': mended, 'userlist.txt': '"app" ""\n' }, 'pgbouncer.ini');
  const complete = async (changed: string, line: number, character: number) => {
    client.change(uri, { text: changed });
    return client.request<CompletionItem[]>('textDocument/completion', {
      textDocument: { uri },
      position: { line, character },
    });
  };
  const names = await complete(`${mended}server_\n`, 8, 7);
  const lifetime = names.find((item) => item.label === 'server_lifetime')!;
  assert.match(JSON.stringify(lifetime.documentation), /every server connection is used once/);
  assert.deepEqual(lifetime.textEdit, {
    range: { start: { line: 8, character: 0 }, end: { line: 8, character: 7 } },
    newText: 'server_lifetime = ',
  });
  const users = await complete(`${mended}[users]\n\n`, 9, 0);
  assert.deepEqual(
    users.map((item) => item.label),
    ['app', '%include'],
  );
  client.change(uri, { text: mended });
  const hover = await client.request<Hover>('textDocument/hover', {
    textDocument: { uri },
    position: { line: 7, character: 4 },
  });
  assert.match((hover.contents as { value: string }).value, /Client connections that this process accepts/);
  const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument: { uri } });
  assert.deepEqual(
    symbols.map((each) => [each.name, each.children!.map((child) => child.name)]),
    [
      ['[databases]', ['shop']],
      ['[pgbouncer]', ['listen_addr', 'pool_mode', 'max_client_conn']],
    ],
  );
  const foldings = await client.request<FoldingRange[]>('textDocument/foldingRange', { textDocument: { uri } });
  assert.deepEqual(
    foldings.map(({ startLine, endLine }) => [startLine, endLine]),
    [
      [0, 1],
      [3, 7],
    ],
  );
});

test('other languages keep what the editor does for them', async (t) => {
  const { client, workspace } = await open(t, { 'pgbouncer.ini': mended, 'app/db.py': 'x = 1\n' }, 'pgbouncer.ini');
  const uri = workspace.uriOf('app/db.py');
  client.open(uri, 'x = 1\n');
  assert.equal(await client.request('textDocument/foldingRange', { textDocument: { uri } }), null);
  assert.equal(await client.request('textDocument/documentSymbol', { textDocument: { uri } }), null);
});

test('a file of another name whose first header says what it is', async (t) => {
  const { client, uri } = await open(
    t,
    { 'conf/pool.ini': `; ours\n[pgbouncer]\nauth_type = trust\n`, 'tox.ini': '[tox]\n' },
    'conf/pool.ini',
  );
  await client.rule(uri, 'pgbouncer-insecure-auth');
  client.change(uri, { text: '[other]\nauth_type = trust\n' });
  await client.findings(uri, []);
});

test('files that change on disk, and a user list', async (t) => {
  const { client, workspace } = await open(t, { 'pgbouncer.ini': mended }, 'pgbouncer.ini');
  const other = workspace.write('other/pgbouncer.ini', text);
  const list = workspace.write('other/userlist.txt', '"app" "s3kDq91xv"\n');
  client.changedOnDisk(other, list);
  await client.rule(other, 'pgbouncer-syntax');
  await client.rule(list, 'hardcoded-credentials');
  assert.equal(JSON.stringify([...client.published.values(), client.logged]).includes('s3kDq91xv'), false);
  workspace.write('other/pgbouncer.ini', mended);
  client.changedOnDisk(other);
  await client.rule(other, 'pgbouncer-syntax', false);
});

test('a file that no topology names is offered to it, and then shows both of its sides', async (t) => {
  const ini = '[databases]\nshop = host=db\n\n[pgbouncer]\ndefault_pool_size = 30\nmax_client_conn = 50\n';
  const files = {
    'deploy/pgbouncer.ini': ini,
    'poolproof.yaml':
      'databases:\n  main:\n    max_connections: 100\nservices:\n  api: {database: main, server: gunicorn, workers: 4}\nextra_connections:\n  - {name: metabase, database: main, connections: 65}\n',
    'db.py':
      'import os\nfrom sqlalchemy import create_engine\n\nengine = create_engine(os.environ["DATABASE_URL"], pool_size=20, max_overflow=0)\n',
  };
  const { client, uri, workspace } = await open(t, files, 'deploy/pgbouncer.ini');
  const lens = async () => {
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    return lenses.map(({ range, command }) => `${range.start.line}: ${command!.title}`);
  };
  await client.findings(uri, []);
  assert.deepEqual(await lens(), ['0: up to 30 server connections · make it the pooler of main']);
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const request = { textDocument: { uri }, range, context: { diagnostics: [] } };
  const [offer] = await client.request<CodeAction[]>('textDocument/codeAction', request);
  assert.equal(offer!.title, 'Make this the pooler of main in poolproof.yaml');
  const topology = workspace.uriOf('poolproof.yaml');
  const edits = editsByUri(offer!.edit ?? (await client.request<CodeAction>('codeAction/resolve', offer)).edit);
  client.open(topology, applyTextEdits(files['poolproof.yaml'], edits.get(topology)!), 'yaml');
  await client.rule(uri, 'clients-exceed-pooler-limit');
  assert.deepEqual(await lens(), ['0: 95 of 90 connections on main, 80 of 50 clients · default_pool_size 25 fits']);
  assert.deepEqual(await client.request('textDocument/codeAction', request), [], 'offered once');
  const hover = await client.request<Hover>('textDocument/hover', {
    textDocument: { uri },
    position: { line: 4, character: 3 },
  });
  const { value } = hover.contents as { value: string };
  assert.match(
    value,
    /main accepts 90 \(100 − 10 reserved\); the pooler opens up to 30, metabase 65, together 95: over by 5\. The largest default\\_pool\\_size that fits is 25\./,
  );
  assert.match(value, /In front, api can open up to 80 connections to it; it accepts 50\./);
});
