/** Hover, lens, hints, and the pages the extension asks for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeLens, Hover, InlayHint } from 'vscode-languageserver-protocol/node';
import { DiskWorkspace, smallTopology } from '../support/diskWorkspace.ts';
import { fullCapabilities, LspClient, pushCapabilities } from '../support/lspClient.ts';

const source = `import os
from sqlalchemy import create_engine

engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, echo=False)
`;
const line = source.split('\n')[3]!;

async function openShop(context: Parameters<typeof LspClient.start>[0], isExtension = false) {
  const files = {
    'app/db.py': source,
    'poolproof.yaml': smallTopology,
    'docker-compose.yml': 'services:\n  api:\n    image: x\n',
  };
  const workspace = new DiskWorkspace(context, files);
  const initializationOptions = isExtension ? { extensionCommands: true } : undefined;
  const client = await LspClient.start(context, {
    folders: [workspace.uri],
    capabilities: pushCapabilities,
    initializationOptions,
  });
  const uri = workspace.uriOf('app/db.py');
  client.open(uri, source);
  return { client, uri, workspace };
}

test('hover explains the pool over the callee, the size over the size, and nothing elsewhere', async (t) => {
  const { client, uri } = await openShop(t);
  await client.rule(uri, 'fleet-exceeds-max-connections');
  const hover = async (character: number, row = 3): Promise<string | undefined> => {
    const found = await client.request<Hover | null>('textDocument/hover', {
      textDocument: { uri },
      position: { line: row, character },
    });
    return found === null ? undefined : (found.contents as { value: string }).value;
  };
  const pool = await hover(line.indexOf('create_engine') + 3);
  assert.match(pool!, /15/, 'the most one process can open');
  assert.match(pool!, /120/, 'the sum of the fleet');
  assert.match((await hover(line.indexOf('pool_size') + 3))!, /5/);
  assert.doesNotMatch(pool!, /command:/, 'this editor has no such commands');
  assert.equal(await hover(3, 0), undefined);
  assert.equal(await hover(0, 2), undefined);
});

test('a lens over the pool with the sum of the fleet, and hints for the defaults in force', async (t) => {
  const { client, uri } = await openShop(t);
  await client.rule(uri, 'fleet-exceeds-max-connections');
  const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
  assert.ok(
    lenses.some((lens) => /120/.test(lens.command!.title) && lens.range.start.line === 3),
    JSON.stringify(lenses),
  );
  const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  const hints = await client.request<InlayHint[]>('textDocument/inlayHint', { textDocument: { uri }, range });
  assert.match(JSON.stringify(hints), /max_overflow/);
  assert.ok(hints.every((hint) => hint.position.line === 3));
  const elsewhere = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
  assert.deepEqual(await client.request('textDocument/inlayHint', { textDocument: { uri }, range: elsewhere }), []);
});

test('lenses and hints are asked for again when the fleet changes elsewhere', async (t) => {
  const { client, uri, workspace } = await openShop(t);
  await client.rule(uri, 'fleet-exceeds-max-connections');
  client.changedOnDisk(workspace.write('poolproof.yaml', smallTopology.replace('replicas: 4', 'replicas: 6')));
  await client.until('refreshes', () => client.refreshes.has('codeLens') && client.refreshes.has('inlayHint'));
  const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
  assert.match(JSON.stringify(lenses), /180/);
});

test('the pages: fleet report, rule documentation, draft of a topology, context for an assistant', async (t) => {
  const { client, uri, workspace } = await openShop(t);
  const report = await client.request<{ markdown: string }>('poolproof/fleetReport', {});
  assert.match(report.markdown, /120 of 30/);
  const page = await client.request<{ markdown: string }>('poolproof/ruleDocumentation', { rule: 'missing-pre-ping' });
  assert.match(page.markdown, /^# missing-pre-ping/);
  assert.equal(await client.request('poolproof/ruleDocumentation', { rule: 'no-such-rule' }), null);
  assert.equal(await client.request('poolproof/ruleDocumentation', { rule: '__proto__' }), null);
  const draft = await client.request<{ text: string }>('poolproof/draftTopology', { folder: workspace.uri });
  assert.match(draft.text, /DATABASE_URL/);
  const context = await client.request<{ markdown: string }>('poolproof/assistantContext', { uri });
  assert.match(context.markdown, /120/);
});

test('without a folder the pages say so', async (t) => {
  const client = await LspClient.start(t, { folders: null, capabilities: fullCapabilities });
  assert.match((await client.request<{ markdown: string }>('poolproof/fleetReport', {})).markdown, /topology file/i);
  await assert.rejects(client.request('poolproof/draftTopology', { folder: 'file:///nowhere' }), /Open a folder/);
  await assert.rejects(client.request('poolproof/assistantContext', {}), /Open a folder/);
});

test('the extension is told the numbers of the status bar whenever they change', async (t) => {
  const { client, workspace } = await openShop(t, true);
  type Status = {
    databases: { name: string; total: number | null; atLeast: number; budget: number; over: boolean }[];
    tightest: number | null;
  };
  const latest = () =>
    client.notifications.findLast((each) => each.method === 'poolproof/status')?.params as Status | undefined;
  await client.until('a status', () => latest()?.databases.length === 1);
  assert.deepEqual(latest()!.databases[0], { name: 'main', total: 120, atLeast: 120, budget: 30, over: true });
  client.changedOnDisk(
    workspace.write('app/reports.py', source.replace('pool_size=5', 'pool_size=int(os.environ["POOL_SIZE"])')),
  );
  await client.until('a status with an unknown part', () => latest()!.databases[0]!.total === null);
  // Of the second pool its overflow is known: 10 × 4 workers × 2 replicas.
  assert.deepEqual(latest()!.databases[0], { name: 'main', total: null, atLeast: 120 + 80, budget: 30, over: true });
  client.changedOnDisk(
    workspace.write('poolproof.yaml', smallTopology.replace('max_connections: 40', 'max_connections: 500')),
  );
  await client.until('another status', () => latest()!.databases[0]!.over === false);
  client.changedOnDisk(workspace.remove('poolproof.yaml'));
  await client.until('a status without databases', () => latest()!.databases.length === 0);
  assert.equal(latest()!.tightest, null);
});
