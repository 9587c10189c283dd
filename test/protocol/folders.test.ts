/** Several workspace folders, one inside another, folders that come and go, files outside all of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiskWorkspace, engineWithoutPing, quietEngine, smallTopology } from '../support/diskWorkspace.ts';
import { LspClient, pushCapabilities } from '../support/lspClient.ts';

test('two folders do not see each other', async (t) => {
  const one = new DiskWorkspace(t, { 'app/db.py': quietEngine, 'poolproof.yaml': smallTopology });
  const two = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  const client = await LspClient.start(t, { folders: [one.uri, two.uri] });
  await client.findings(one.uriOf('app/db.py'), ['fleet-exceeds-max-connections']);
  await client.findings(two.uriOf('app/db.py'), ['missing-pre-ping']);
});

test('folders are added and removed', async (t) => {
  const one = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  const two = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  const client = await LspClient.start(t, { folders: [one.uri], capabilities: pushCapabilities });
  await client.findings(one.uriOf('app/db.py'), ['missing-pre-ping']);
  client.folders([two.uri], []);
  await client.findings(two.uriOf('app/db.py'), ['missing-pre-ping']);
  client.folders([], [one.uri]);
  await client.findings(one.uriOf('app/db.py'), []);
  client.folders([one.uri], [two.uri]);
  await client.findings(one.uriOf('app/db.py'), ['missing-pre-ping']);
  await client.findings(two.uriOf('app/db.py'), []);
});

test('one folder inside another: a file belongs to the inner one, and the outer one follows its edits', async (t) => {
  const outer = new DiskWorkspace(t, {
    'poolproof.yaml': smallTopology.replace('app/**', 'inner/app/**'),
    'inner/app/db.py': quietEngine,
  });
  const inner = `${outer.uri}/inner`;
  const client = await LspClient.start(t, { folders: [outer.uri, inner], capabilities: pushCapabilities });
  const topology = outer.uriOf('poolproof.yaml');
  const source = outer.uriOf('inner/app/db.py');
  await client.rule(topology, 'fleet-exceeds-max-connections');
  assert.deepEqual(client.published.get(source)?.diagnostics ?? [], [], 'the inner folder knows of no topology');
  const smaller = quietEngine.replace('pool_size=5', 'pool_size=1');
  client.open(source, smaller);
  await client.rule(topology, 'fleet-exceeds-max-connections', false);
  client.close(source);
  await client.rule(topology, 'fleet-exceeds-max-connections');
  client.changedOnDisk(outer.write('inner/app/db.py', smaller));
  await client.rule(topology, 'fleet-exceeds-max-connections', false);
  client.changedOnDisk(outer.write('inner/app/db.py', quietEngine));
  await client.rule(topology, 'fleet-exceeds-max-connections');
  // Without the inner folder the file is the outer one's.
  client.folders([], [inner]);
  await client.rule(source, 'fleet-exceeds-max-connections');
  client.folders([inner], []);
  await client.rule(source, 'fleet-exceeds-max-connections', false);
});

test('a file outside every folder is its own small project', async (t) => {
  const folder = new DiskWorkspace(t, { 'app/db.py': quietEngine });
  const elsewhere = new DiskWorkspace(t, {
    'db.py': quietEngine,
    'other.py': engineWithoutPing,
    'poolproof.yaml': smallTopology.replace('app/**', '*.py'),
  });
  const client = await LspClient.start(t, { folders: [folder.uri] });
  const uri = elsewhere.uriOf('db.py');
  client.open(uri, quietEngine);
  await client.rule(uri, 'fleet-exceeds-max-connections');
  assert.equal(client.published.has(elsewhere.uriOf('other.py')), false, 'nothing beside it is read');
  client.change(uri, { text: engineWithoutPing });
  await client.rule(uri, 'missing-pre-ping');
  client.close(uri);
  await client.findings(uri, []);
});

test('a folder opened around a lone file takes it over with what was typed, and gives it back', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': quietEngine, 'poolproof.yaml': smallTopology });
  const client = await LspClient.start(t, { folders: null, capabilities: pushCapabilities });
  const uri = workspace.uriOf('app/db.py');
  client.open(uri, quietEngine);
  client.change(uri, { text: engineWithoutPing });
  await client.findings(uri, ['missing-pre-ping']);
  client.folders([workspace.uri], []);
  await client.findings(uri, ['fleet-exceeds-max-connections', 'missing-pre-ping']);
  client.folders([], [workspace.uri]);
  await client.findings(uri, ['missing-pre-ping']);
  client.change(uri, { text: quietEngine });
  await client.findings(uri, []);
  client.close(uri);
});
