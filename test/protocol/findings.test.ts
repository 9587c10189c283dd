/** Findings follow whatever they follow from: sources, topology, dependencies, environment, open or on disk. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiskWorkspace, engineWithoutPing, quietEngine, smallTopology } from '../support/diskWorkspace.ts';
import { LspClient, pushCapabilities } from '../support/lspClient.ts';

test('closed files have findings without being opened, and lose them when they are deleted', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing, 'app/quiet.py': quietEngine });
  const client = await LspClient.start(t, { folders: [workspace.uri], capabilities: pushCapabilities });
  const uri = workspace.uriOf('app/db.py');
  const [found] = await client.findings(uri, ['missing-pre-ping']);
  assert.equal(found!.range.start.line, 3);
  assert.equal(found!.source, 'poolproof');
  assert.match(found!.codeDescription!.href, /missing-pre-ping/);
  client.changedOnDisk(workspace.remove('app/db.py'));
  await client.findings(uri, []);
  assert.equal(
    client.published.has(workspace.uriOf('app/quiet.py')),
    false,
    'nothing was ever said about a clean file',
  );
});

test('a file that changes on disk is read again, one that is new is found', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': quietEngine });
  const client = await LspClient.start(t, { folders: [workspace.uri] });
  client.changedOnDisk(
    workspace.write('app/db.py', engineWithoutPing),
    workspace.write('app/more.py', engineWithoutPing),
  );
  await client.findings(workspace.uriOf('app/db.py'), ['missing-pre-ping']);
  await client.findings(workspace.uriOf('app/more.py'), ['missing-pre-ping']);
  client.changedOnDisk(workspace.write('app/db.py', quietEngine));
  await client.findings(workspace.uriOf('app/db.py'), []);
});

test('the topology file counts as it is on disk, then as it is typed, then as it is on disk again', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': quietEngine, 'poolproof.yaml': smallTopology });
  const client = await LspClient.start(t, { folders: [workspace.uri], capabilities: pushCapabilities });
  const source = workspace.uriOf('app/db.py');
  const topology = workspace.uriOf('poolproof.yaml');
  const [found] = await client.findings(source, ['fleet-exceeds-max-connections']);
  assert.match(String(found!.message), /40/);
  assert.ok(
    found!.relatedInformation!.some((each) => each.location.uri === topology),
    'the topology line is related',
  );
  client.changedOnDisk(workspace.write('poolproof.yaml', smallTopology.replace('replicas: 4', 'replicas: 2')));
  await client.findings(source, []);
  client.open(topology, workspace.read('poolproof.yaml'), 'yaml');
  client.change(topology, {
    range: { start: { line: 10, character: 14 }, end: { line: 10, character: 14 } },
    text: '2',
  });
  await client.rule(source, 'fleet-exceeds-max-connections');
  await client.rule(topology, 'fleet-exceeds-max-connections');
  client.close(topology);
  await client.findings(source, []);
  await client.findings(topology, []);
  client.changedOnDisk(workspace.remove('poolproof.yaml'));
  await client.settled(source);
});

test('a constant, a .env file and the dependencies decide from other files', async (t) => {
  const engine = `from sqlalchemy import create_engine
from app.settings import SIZE, URL

engine = create_engine(URL, pool_size=SIZE, max_overflow=0, pool_timeout=5, pool_recycle=300, pool_pre_ping=True)
`;
  const constants = 'import os\n\nSIZE = 2\nURL = os.environ["DATABASE_URL"]\n';
  const workspace = new DiskWorkspace(t, {
    'app/__init__.py': '',
    'app/db.py': engine,
    'app/settings.py': constants,
    'poolproof.yaml': smallTopology,
    'requirements.txt': 'sqlalchemy==2.0.43\npsycopg2==2.9.10\n',
  });
  const client = await LspClient.start(t, { folders: [workspace.uri] });
  const source = workspace.uriOf('app/db.py');
  const settings = workspace.uriOf('app/settings.py');
  client.open(source, engine);
  client.open(settings, constants);
  await client.settled(source);
  assert.deepEqual(client.published.get(source)?.diagnostics ?? [], []);
  client.change(settings, { range: { start: { line: 2, character: 7 }, end: { line: 2, character: 8 } }, text: '20' });
  await client.rule(source, 'fleet-exceeds-max-connections');
  client.close(settings);
  await client.findings(source, []);
  // The same constant out of the environment.
  client.changedOnDisk(
    workspace.write('app/settings.py', constants.replace('SIZE = 2', 'SIZE = int(os.environ["SIZE"])')),
    workspace.write('.env', 'SIZE=20\n'),
  );
  await client.rule(source, 'fleet-exceeds-max-connections');
  client.changedOnDisk(workspace.write('.env', 'SIZE=1\n'));
  await client.findings(source, []);
  client.changedOnDisk(workspace.write('.env', 'SIZE=0\n'));
  await client.rule(source, 'unbounded-pool');
  // Before 2.0 a size of 0 was no size at all for QueuePool's limit; what the rule says follows the version.
  const before = JSON.stringify(client.published.get(source)!.diagnostics);
  client.changedOnDisk(workspace.write('requirements.txt', 'sqlalchemy==1.4.54\npsycopg2==2.9.10\n'));
  await client.until(
    'another version to change the findings',
    () => JSON.stringify(client.published.get(source)!.diagnostics) !== before,
  );
});

test('.env counts although git ignores it', async (t) => {
  const workspace = new DiskWorkspace(t, {
    '.gitignore': '.env\nignored/\n',
    '.env': 'SIZE=20\n',
    'poolproof.yaml': smallTopology,
    'app/db.py': quietEngine.replace('pool_size=5', 'pool_size=int(os.environ["SIZE"])'),
    'ignored/db.py': engineWithoutPing,
  });
  const client = await LspClient.start(t, { folders: [workspace.uri] });
  await client.rule(workspace.uriOf('app/db.py'), 'fleet-exceeds-max-connections');
  assert.equal(client.published.has(workspace.uriOf('ignored/db.py')), false);
});

test('a broken topology file keeps its last good version in force and says so where it is broken', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': quietEngine, 'poolproof.yaml': smallTopology });
  const client = await LspClient.start(t, { folders: [workspace.uri] });
  const source = workspace.uriOf('app/db.py');
  const topology = workspace.uriOf('poolproof.yaml');
  await client.rule(source, 'fleet-exceeds-max-connections');
  client.open(topology, `${smallTopology} broken: [\n`, 'yaml');
  const problem = await client.rule(topology, 'topology-invalid');
  assert.ok(problem!.range.start.line >= 11, 'it points at the broken line');
  assert.match(String(problem!.message), /last/i);
  assert.ok(client.published.get(source)!.diagnostics.some((each) => each.code === 'fleet-exceeds-max-connections'));
  client.change(topology, { text: smallTopology.replace('replicas: 4', 'replicas: 1') });
  await client.findings(topology, []);
  await client.findings(source, []);
});

test('a new factory function is found in files that were read before it', async (t) => {
  const factory = `from sqlalchemy import create_engine


def build(url, size):
    return create_engine(url, pool_size=size, max_overflow=0, pool_timeout=5, pool_recycle=300)
`;
  const caller = 'import os\nfrom app.factory import build\n\nengine = build(os.environ["DATABASE_URL"], 30)\n';
  const workspace = new DiskWorkspace(t, {
    'app/__init__.py': '',
    'app/factory.py': '',
    'app/use.py': caller,
    'poolproof.yaml': smallTopology,
  });
  const client = await LspClient.start(t, { folders: [workspace.uri] });
  const uri = workspace.uriOf('app/factory.py');
  client.changedOnDisk(workspace.write('app/factory.py', factory));
  await client.rule(uri, 'missing-pre-ping');
  await client.rule(workspace.uriOf('poolproof.yaml'), 'fleet-exceeds-max-connections');
  // The caller has none of a library's words; it is still read when it changes.
  client.changedOnDisk(workspace.write('app/use.py', caller.replace('30', '2')));
  await client.rule(workspace.uriOf('poolproof.yaml'), 'fleet-exceeds-max-connections', false);
  client.changedOnDisk(workspace.write('app/use.py', caller));
  await client.rule(workspace.uriOf('poolproof.yaml'), 'fleet-exceeds-max-connections');
});
