/** The disk as it can be: files that are none, links in circles, thousands of events at once. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FileAccess } from '../../server/src/workspace/fileAccess.ts';
import { nodeFileAccess } from '../../server/src/workspace/nodeFileAccess.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { defaultSettings } from '../../server/src/workspace/settings.ts';
import { DiskWorkspace, engineWithoutPing, quietEngine } from '../support/diskWorkspace.ts';
import { LspClient } from '../support/lspClient.ts';
import { grammars } from '../support/python.ts';

async function scanned(root: string, access: FileAccess = nodeFileAccess) {
  const log: string[] = [];
  const host = { access, grammars: grammars(), log: (message: string) => log.push(message) };
  const project = new Project(root, host, defaultSettings);
  await project.scan({ isCancelled: () => false });
  return { project, log, analysis: await project.analyse() };
}

test('binary, broken UTF-8 and 50 MB on one line: named once where they cannot be analysed, and nothing else is lost', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  workspace.write('app/binary.py', Buffer.concat([Buffer.from('create_engine\0'), Buffer.alloc(5000, 0x80)]));
  workspace.write('app/latin.py', Buffer.from(`# caf\xe9 \xff\xfe\n${engineWithoutPing}`, 'latin1'));
  workspace.write('app/bom.py', `\uFEFF${engineWithoutPing}`);
  workspace.write('app/huge.py', `x = "create_engine${'a'.repeat(50_000_000)}"`);
  workspace.write('poolproof.yaml', Buffer.from([0xff, 0xfe, 0x00, 0x01, 0x3a]));
  const client = await LspClient.start(t, { folders: [workspace.uri] });
  for (const path of ['app/db.py', 'app/latin.py', 'app/bom.py'])
    await client.findings(workspace.uriOf(path), ['missing-pre-ping']);
  assert.equal(client.published.get(workspace.uriOf('app/bom.py'))!.diagnostics[0]!.range.start.line, 3);
  // More rounds name nothing again.
  client.changedOnDisk(workspace.write('app/db.py', quietEngine));
  await client.findings(workspace.uriOf('app/db.py'), []);
  const named = client.logged.filter((line) => line.includes('app/huge.py'));
  assert.equal(named.length, 1, client.logged.join('\n'));
  assert.match(named[0]!, /too large to analyse \(50\.0 MB; the limit is 5 MB\)/);
});

test('a file that vanishes, or turns into a folder, between listing and reading', async (t) => {
  const workspace = new DiskWorkspace(t, {
    'app/a.py': engineWithoutPing,
    'app/b.py': engineWithoutPing,
    'app/c.py': engineWithoutPing,
  });
  let isFirst = true;
  const access: FileAccess = {
    ...nodeFileAccess,
    readMatching(uri, pattern) {
      if (isFirst) {
        isFirst = false;
        workspace.remove('app/a.py');
        workspace.remove('app/b.py');
        mkdirSync(workspace.path('app/b.py'));
      }
      return nodeFileAccess.readMatching(uri, pattern);
    },
  };
  const { project, analysis, log } = await scanned(workspace.uri, access);
  assert.deepEqual(
    analysis.findings.map((finding) => finding.at.uri),
    [workspace.uriOf('app/c.py')],
  );
  assert.deepEqual(analysis.errors, [{ uri: workspace.uriOf('app/b.py'), message: 'it is a folder' }]);
  workspace.remove('app/b.py');
  await project.filesChanged([workspace.write('app/b.py', engineWithoutPing)]);
  const later = await project.analyse();
  assert.deepEqual([later.errors, later.findings.length], [[], 2]);
  assert.deepEqual(log, []);
});

test('links in circles and into nowhere', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  symlinkSync(workspace.root, workspace.path('app/up'));
  symlinkSync('self.py', workspace.path('app/self.py'));
  symlinkSync('nowhere.py', workspace.path('app/dangling.py'));
  symlinkSync('db.py', workspace.path('app/link.py'));
  const { analysis } = await scanned(workspace.uri);
  const found = new Set(analysis.findings.map((finding) => finding.at.uri));
  assert.ok(found.has(workspace.uriOf('app/db.py')));
  assert.ok(found.size <= 2, 'the folder is not walked twice');
  assert.deepEqual(analysis.errors.map((error) => error.uri).sort(), [
    workspace.uriOf('app/dangling.py'),
    workspace.uriOf('app/self.py'),
  ]);
});

test('folders and files that may not be read are named', async (t) => {
  if (process.getuid?.() === 0) return t.skip('the superuser may read everything');
  const workspace = new DiskWorkspace(t, {
    'app/db.py': engineWithoutPing,
    'app/no.py': engineWithoutPing,
    'closed/db.py': engineWithoutPing,
  });
  chmodSync(workspace.path('app/no.py'), 0);
  chmodSync(workspace.path('closed'), 0);
  t.after(() => chmodSync(workspace.path('closed'), 0o755));
  const { analysis } = await scanned(workspace.uri);
  assert.deepEqual(analysis.errors.map(({ uri, message }) => [uri, message]).sort(), [
    [workspace.uriOf('app/no.py'), 'permission denied'],
    [workspace.uriOf('closed'), 'permission denied'],
  ]);
  assert.equal(analysis.findings.length, 1);
});

test('access that is refused for any other reason', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing, 'app/no.py': engineWithoutPing });
  const access: FileAccess = {
    ...nodeFileAccess,
    readMatching: (uri, pattern) =>
      uri.endsWith('no.py')
        ? { kind: 'error', message: 'permission denied' }
        : nodeFileAccess.readMatching(uri, pattern),
  };
  const { analysis } = await scanned(workspace.uri, access);
  assert.deepEqual([analysis.errors.length, analysis.findings.length], [1, 1]);
});

test('5,000 events at once are one change, and ignored files among them are none', async (t) => {
  const count = 2500;
  const workspace = new DiskWorkspace(t, { '.gitignore': 'generated/\n', 'app/db.py': quietEngine });
  // What so many events may cost is the next test's business: a busy machine alone fails nothing.
  const client = await LspClient.start(t, { folders: [workspace.uri], patience: 100_000 });
  client.open(workspace.uriOf('app/open.py'), engineWithoutPing);
  await client.findings(workspace.uriOf('app/open.py'), ['missing-pre-ping']);
  const before = client.publications.length;
  mkdirSync(workspace.path('generated'));
  const events: string[] = [];
  for (let index = 0; index < count; index++) {
    writeFileSync(workspace.path(`generated/m${index}.py`), engineWithoutPing);
    writeFileSync(workspace.path(`app/m${index}.py`), engineWithoutPing);
    events.push(workspace.uriOf(`generated/m${index}.py`), workspace.uriOf(`app/m${index}.py`));
  }
  client.changedOnDisk(...events);
  client.changedOnDisk(...events);
  for (const event of events.slice(0, 50)) client.changedOnDisk(event);
  await client.findings(workspace.uriOf(`app/m${count - 1}.py`), ['missing-pre-ping']);
  await client.settled(workspace.uriOf('app/open.py'));
  const said = client.publications.slice(before).map(({ uri }) => uri);
  assert.equal(said.filter((uri) => uri.includes('/generated/')).length, 0, 'ignored files were analysed');
  assert.equal(said.length, count, 'each file was spoken of once');
});

test('2,500 new files cost what a scan of them costs, and each is read once', async (t) => {
  const count = 2500;
  const workspace = new DiskWorkspace(t, { 'app/db.py': quietEngine });
  let reads = 0;
  let listings = 0;
  const access: FileAccess = {
    ...nodeFileAccess,
    list(uri, options) {
      listings++;
      return nodeFileAccess.list(uri, options);
    },
    readMatching(uri, pattern) {
      reads++;
      return nodeFileAccess.readMatching(uri, pattern);
    },
  };
  const { project } = await scanned(workspace.uri, access);
  const events = Array.from({ length: count }, (_, index) => workspace.write(`app/m${index}.py`, engineWithoutPing));
  reads = listings = 0;
  const changed = await processorTime(async () => {
    await project.filesChanged(events);
    assert.equal((await project.analyse()).findings.length, count);
  });
  assert.deepEqual([listings, reads], [1, count]);
  const scan = await processorTime(async () => {
    assert.equal((await scanned(workspace.uri)).analysis.findings.length, count);
  });
  assert.ok(changed < 4 * scan, `${changed} ms of the processor; a scan takes ${scan} ms`);
});

/** Milliseconds that the work keeps the processor busy: waiting for other programs counts for nothing. */
async function processorTime(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test('.gitignore itself counts when it changes', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing, 'generated/db.py': engineWithoutPing });
  const client = await LspClient.start(t, { folders: [workspace.uri] });
  await client.findings(workspace.uriOf('generated/db.py'), ['missing-pre-ping']);
  client.changedOnDisk(workspace.write('.gitignore', 'generated/\n'));
  await client.findings(workspace.uriOf('generated/db.py'), []);
  client.changedOnDisk(workspace.write('generated/db.py', engineWithoutPing), workspace.remove('.gitignore'));
  await client.findings(workspace.uriOf('generated/db.py'), ['missing-pre-ping']);
});

test('a listing is asked for once for many new files, and not at all for known ones', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  let listings = 0;
  const access: FileAccess = {
    ...nodeFileAccess,
    list(uri, options) {
      listings++;
      return nodeFileAccess.list(uri, options);
    },
  };
  const { project } = await scanned(workspace.uri, access);
  assert.equal(listings, 1);
  await project.filesChanged([workspace.write('app/db.py', quietEngine)]);
  assert.equal(listings, 1);
  await project.filesChanged(
    Array.from({ length: 50 }, (_, index) => workspace.write(`app/new${index}.py`, engineWithoutPing)),
  );
  assert.equal(listings, 2);
  const ignored = workspace.write('node_modules/x/db.py', engineWithoutPing);
  for (let time = 0; time < 3; time++) await project.filesChanged([ignored]);
  assert.equal(listings, 3, 'what a listing did not name is not asked for again');
  // Gone before it was read, and back again.
  await project.filesChanged([workspace.uriOf('app/fleeting.py')]);
  await project.filesChanged([workspace.write('app/fleeting.py', engineWithoutPing)]);
  assert.equal((await project.analyse()).findings.length, 51);
});
