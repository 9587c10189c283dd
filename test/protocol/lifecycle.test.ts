/** Shaking hands, pulling and pushing, progress, requests about nothing, and the end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CancellationTokenSource,
  type DocumentDiagnosticReport,
  type WorkspaceDiagnosticReport,
  type WorkspaceFullDocumentDiagnosticReport,
} from 'vscode-languageserver-protocol/node';
import { DiskWorkspace, engineWithoutPing, quietEngine, smallTopology } from '../support/diskWorkspace.ts';
import { fullCapabilities, LspClient, pushCapabilities, rulesOf } from '../support/lspClient.ts';

test('an editor that can next to nothing gets its findings pushed and no request at all', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  const client = await LspClient.start(t, { folders: null, rootUri: workspace.uri });
  const { capabilities } = client.result;
  assert.equal(capabilities.diagnosticProvider, undefined);
  assert.equal(capabilities.positionEncoding ?? 'utf-16', 'utf-16');
  assert.deepEqual(capabilities.textDocumentSync, { openClose: true, change: 2 });
  const [found] = await client.findings(workspace.uriOf('app/db.py'), ['missing-pre-ping']);
  assert.equal(found!.codeDescription, undefined, 'not understood by this editor');
  assert.equal(found!.relatedInformation, undefined);
  assert.deepEqual(client.registrations, []);
  assert.deepEqual(client.progress, []);
});

test('documents are pulled with result ids, and unchanged ones say so', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  const client = await LspClient.start(t, { folders: [workspace.uri], capabilities: fullCapabilities });
  assert.deepEqual(client.result.capabilities.diagnosticProvider, {
    identifier: 'poolproof',
    interFileDependencies: true,
    workspaceDiagnostics: true,
  });
  const uri = workspace.uriOf('app/db.py');
  client.open(uri, engineWithoutPing);
  const pull = (previousResultId?: string) =>
    client.request<DocumentDiagnosticReport>('textDocument/diagnostic', { textDocument: { uri }, previousResultId });
  const first = await pull();
  assert.ok(first.kind === 'full');
  assert.deepEqual(rulesOf(first.items), ['missing-pre-ping']);
  assert.deepEqual(await pull(first.resultId), { kind: 'unchanged', resultId: first.resultId });
  client.change(uri, { text: quietEngine });
  const second = await pull(first.resultId);
  assert.ok(second.kind === 'full');
  assert.deepEqual(second.items, []);
  assert.notEqual(second.resultId, first.resultId);
  assert.deepEqual(client.publications, [], 'nothing is pushed to an editor that pulls');
  await client.until('a refresh after other findings', () => (client.refreshes.get('diagnostic') ?? 0) > 0);
});

test('the workspace request is held until something changes, and answers cancellation and shutdown', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/a.py': engineWithoutPing, 'app/b.py': quietEngine });
  const client = await LspClient.start(t, { folders: [workspace.uri], capabilities: fullCapabilities });
  const pull = (previousResultIds: { uri: string; value: string }[], source = new CancellationTokenSource()) =>
    client.request<WorkspaceDiagnosticReport>('workspace/diagnostic', { previousResultIds }, source.token);
  const first = await pull([]);
  assert.deepEqual(
    first.items.map((item) => [item.uri, item.kind]),
    [[workspace.uriOf('app/a.py'), 'full']],
  );
  const known = first.items.map(({ uri, resultId }) => ({ uri, value: resultId! }));
  const held = pull(known);
  client.changedOnDisk(workspace.write('app/b.py', engineWithoutPing));
  const changed = await held;
  assert.deepEqual(
    changed.items.map((item) => item.uri),
    [workspace.uriOf('app/b.py')],
  );
  const both = [...known, { uri: changed.items[0]!.uri, value: changed.items[0]!.resultId! }];
  // A file that is gone is cleared, and so is an id that nobody here gave out.
  client.changedOnDisk(workspace.remove('app/b.py'));
  const gone = await pull([...both, { uri: workspace.uriOf('app/never.py'), value: '7' }]);
  const cleared = gone.items as WorkspaceFullDocumentDiagnosticReport[];
  assert.ok(cleared.some((item) => item.uri === workspace.uriOf('app/never.py') && item.items.length === 0));
  const source = new CancellationTokenSource();
  const cancelled = pull(known, source);
  // Held by now: requests are taken in order.
  await client.settled(workspace.uriOf('app/a.py'));
  source.cancel();
  await cancelled.then(
    (report) => assert.deepEqual(report.items, []),
    (error) => assert.match(String(error), /cancel/i),
  );
  const atShutdown = pull(known);
  const after = assert.doesNotReject(atShutdown);
  await client.end();
  await after;
});

test('a document that is opened before `initialized` is not lost', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': quietEngine });
  const client = await LspClient.start(t, { folders: [workspace.uri], delaysInitialized: true });
  const uri = workspace.uriOf('app/db.py');
  client.open(uri, quietEngine);
  client.change(uri, { text: engineWithoutPing });
  await client.initialized();
  await client.findings(uri, ['missing-pre-ping']);
});

test('the scan shows progress', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`app/module${index}.py`, 'X = 1\n']));
  const workspace = new DiskWorkspace(t, { ...files, 'app/zz.py': engineWithoutPing });
  const client = await LspClient.start(t, { folders: [workspace.uri], capabilities: pushCapabilities });
  await client.until('the end of the progress', () => client.progress.some(({ value }) => value.kind === 'end'));
  const kinds = client.progress.map(({ value }) => value.kind);
  assert.equal(kinds[0], 'begin');
  assert.ok(kinds.includes('report'));
  assert.equal(client.progress[0]!.value['cancellable'], true);
  await client.findings(workspace.uriOf('app/zz.py'), ['missing-pre-ping']);
});

test('a cancelled scan ends early, and what is open is analysed all the same', async (t) => {
  const count = 6000;
  const files = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`app/module${index}.py`, engineWithoutPing]),
  );
  const workspace = new DiskWorkspace(t, files);
  const client = await LspClient.start(t, {
    folders: [workspace.uri],
    capabilities: pushCapabilities,
    delaysInitialized: true,
  });
  const uri = workspace.uriOf('app/open.py');
  client.open(uri, engineWithoutPing);
  await client.initialized();
  const begin = await client.until('the begin of the progress', () =>
    client.progress.find(({ value }) => value.kind === 'begin'),
  );
  client.send('window/workDoneProgress/cancel', { token: begin.token });
  await client.until('the end of the progress', () => client.progress.some(({ value }) => value.kind === 'end'));
  await client.findings(uri, ['missing-pre-ping']);
  await client.settled(uri);
  assert.ok(client.published.size < count, `${client.published.size} files were read although the scan was cancelled`);
});

test('an editor that promises what it then refuses is served all the same', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing, 'poolproof.yaml': smallTopology });
  const client = await LspClient.start(t, {
    folders: [workspace.uri],
    capabilities: pushCapabilities,
    refusesRequests: true,
  });
  client.allowsLoggedErrors = true;
  await client.rule(workspace.uriOf('app/db.py'), 'missing-pre-ping');
  client.changedOnDisk(workspace.write('poolproof.yaml', smallTopology.replace('replicas: 4', 'replicas: 1')));
  await client.rule(workspace.uriOf('app/db.py'), 'fleet-exceeds-max-connections', false);
});

test('requests about unknown documents are answered with nothing', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  const client = await LspClient.start(t, { folders: [workspace.uri], capabilities: fullCapabilities });
  const textDocument = { uri: workspace.uriOf('app/nowhere.py') };
  const position = { line: 3, character: 9 };
  const range = { start: position, end: position };
  for (const uri of [textDocument.uri, 'untitled:Untitled-1', 'not a uri at all', workspace.uriOf('app/db.py')]) {
    const asked = { textDocument: { uri }, position, range, context: { diagnostics: [] } };
    for (const method of ['hover', 'completion', 'codeAction', 'codeLens', 'inlayHint']) {
      const answer = await client.request<unknown[] | null>(`textDocument/${method}`, asked);
      assert.ok(answer === null || answer.length === 0, `${method} about ${uri}`);
    }
    client.change(uri, { text: 'x' });
    client.close(uri);
  }
  const report = await client.request<DocumentDiagnosticReport>('textDocument/diagnostic', { textDocument });
  assert.deepEqual([report.kind, report.kind === 'full' && report.items], ['full', []]);
  const action = { title: 'x', data: { uri: textDocument.uri, version: 1, kind: 'fix', rule: '', start: 0, index: 0 } };
  assert.deepEqual(await client.request('codeAction/resolve', action), action);
  const stray = { title: 'of another server', data: 7 };
  assert.deepEqual(await client.request('codeAction/resolve', stray), stray);
});

test('a document of a scheme that is no file is analysed on its own', async (t) => {
  const client = await LspClient.start(t, { folders: null });
  client.open('untitled:Untitled-1', engineWithoutPing);
  client.open('git:/srv/app/db.py?%7B%22ref%22%3A%22HEAD%22%7D', engineWithoutPing);
  await client.settled('untitled:Untitled-1');
  client.close('untitled:Untitled-1');
});

test('positions far outside a document do no harm', async (t) => {
  const client = await LspClient.start(t, { folders: null });
  const uri = 'file:///tmp/poolproof-nowhere/db.py';
  client.open(uri, engineWithoutPing);
  await client.findings(uri, ['missing-pre-ping']);
  const far = { line: 4_000_000, character: 4_000_000 };
  client.change(uri, { range: { start: far, end: far }, text: '\n# end\n' });
  client.change(uri, { range: { start: { line: 3, character: 5 }, end: { line: 0, character: 0 } }, text: '' });
  const asked = { textDocument: { uri }, position: far, range: { start: far, end: far }, context: { diagnostics: [] } };
  for (const method of ['hover', 'codeAction', 'inlayHint']) await client.request(`textDocument/${method}`, asked);
  await client.findings(uri, ['missing-pre-ping']);
});
