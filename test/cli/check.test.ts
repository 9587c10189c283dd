import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { engineWithoutPrePing, topologyFile, workspace } from '../support/command-line.ts';

const prePing = ['check', '--select', 'missing-pre-ping', '--format', 'concise', '--quiet'];
const cleanEngine = engineWithoutPrePing.replace('max_overflow=0', 'max_overflow=0, pool_pre_ping=True');

test('exit status: 0 without findings, 1 with, 2 for wrong usage', async (context) => {
  const { run } = workspace(context, { 'dirty/db.py': engineWithoutPrePing, 'clean/db.py': cleanEngine });
  assert.deepEqual(await run([...prePing, 'clean']), { status: 0, stdout: '', stderr: '' });
  const dirty = await run([...prePing, 'dirty']);
  assert.equal(dirty.status, 1);
  assert.match(dirty.stdout, /^dirty\/db\.py:4:10: warning missing-pre-ping No pool_pre_ping/);
  for (const argv of [
    ['check', '--format', 'xml'],
    ['check', '--no-such-option'],
    ['no-such-command'],
    ['pools', '--format', 'sarif'],
    ['check', '--update-baseline'],
    ['check', '--min-severity', 'fatal'],
    ['check', '--baseline', 'missing.json'],
    ['explain', 'no-such-rule'],
    [],
  ]) {
    const { status, stdout, stderr } = await run(argv);
    assert.equal(status, 2, argv.join(' '));
    assert.equal(stdout, '', argv.join(' '));
    assert.notEqual(stderr, '', argv.join(' '));
  }
});

test('help and version go to standard output with status 0', async (context) => {
  const { run } = workspace(context, {});
  for (const argv of [['--help'], ['check', '--help'], ['--version'], ['help', 'check']]) {
    const { status, stdout, stderr } = await run(argv);
    assert.deepEqual([status, stderr], [0, ''], argv.join(' '));
    assert.notEqual(stdout, '');
  }
});

test('select and ignore take lists, repeat, and name the nearest rule', async (context) => {
  const { run } = workspace(context, {
    'db.py':
      'from sqlalchemy import create_engine\nengine = create_engine("postgresql://app:Kq7vR2xW@db.internal/app")\n',
  });
  const rulesOf = async (...options: string[]) => {
    const { stdout } = await run(['check', '--format', 'json', ...options]);
    return JSON.parse(stdout).findings.map((finding: { rule: string }) => finding.rule);
  };
  const all = await rulesOf();
  assert.ok(all.includes('missing-pre-ping') && all.includes('hardcoded-credentials'), all.join());
  const both = ['hardcoded-credentials', 'missing-pre-ping'];
  assert.deepEqual((await rulesOf('--select', both.join(','))).sort(), both);
  assert.deepEqual((await rulesOf('--select', both[0]!, '--select', both[1]!)).sort(), both);
  assert.deepEqual(
    await rulesOf('--ignore', both.join(',')),
    all.filter((rule: string) => !both.includes(rule)),
  );
  const { status, stderr } = await run(['check', '--select', 'missing-preping']);
  assert.equal(status, 2);
  assert.match(stderr, /Did you mean missing-pre-ping\?/);
});

test('--min-severity hides what is below, and what is hidden does not fail the run', async (context) => {
  const { run } = workspace(context, { 'db.py': engineWithoutPrePing });
  const below = await run([...prePing, '--min-severity', 'error']);
  assert.deepEqual(below, { status: 0, stdout: '', stderr: '' });
  assert.equal((await run([...prePing, '--min-severity', 'warning'])).status, 1);
  // Information is shown and passes.
  const explicit = engineWithoutPrePing.replace('max_overflow=0', 'max_overflow=0, pool_pre_ping=False');
  const shown = await run([...prePing, '--stdin-filename', 'db.py'], { stdin: explicit });
  assert.match(shown.stdout, /information missing-pre-ping/);
  assert.equal(shown.status, 0);
});

test('what cannot be read is named on standard error, the rest is printed, and the status is 2', async (context) => {
  const { run, folder, write } = workspace(context, { 'app/db.py': engineWithoutPrePing });
  symlinkSync(join(folder, 'nowhere.py'), join(folder, 'app/dangling.py'));
  mkdirSync(join(folder, 'app/folder.py'));
  write('app/folder.py/inner.py', engineWithoutPrePing);
  write('app/latin.py', Buffer.concat([Buffer.from(engineWithoutPrePing), Buffer.from([0x23, 0xe9, 0x0a])]));
  write('app/binary.py', Buffer.from('create_engine\0\u0001'));
  const { status, stdout, stderr } = await run([...prePing, 'app', 'missing.py']);
  assert.equal(status, 2);
  assert.match(stderr, /app\/dangling\.py: no such file/);
  assert.match(stderr, /missing\.py: no such file/);
  assert.deepEqual(
    stdout.split('\n').map((line) => line.split(':')[0]),
    ['app/db.py', 'app/folder.py/inner.py', 'app/latin.py', ''],
  );
  const json = JSON.parse((await run(['check', 'app', '--format', 'json'])).stdout);
  assert.deepEqual(
    json.errors.map((error: { path: string }) => error.path),
    ['app/dangling.py'],
  );
});

test('a topology file that is named and missing is an error', async (context) => {
  const { run } = workspace(context, { 'db.py': cleanEngine });
  const { status, stderr } = await run(['check', '--topology', 'deploy/fleet.yaml']);
  assert.equal(status, 2);
  assert.match(stderr, /deploy\/fleet\.yaml/);
});

test('--topology takes the place of the file in the folder', async (context) => {
  const { run } = workspace(context, {
    'poolproof.yaml': topologyFile,
    'deploy/other.yaml': topologyFile.replace('max_connections: 100', 'max_connections: 500'),
    'app/db.py': engineWithoutPrePing,
  });
  const budgets = async (...options: string[]) =>
    JSON.parse((await run(['fleet', '--format', 'json', ...options])).stdout).databases.map(
      (database: { budget: number }) => database.budget,
    );
  assert.deepEqual(await budgets(), [90]);
  assert.deepEqual(await budgets('--topology', 'deploy/other.yaml'), [490]);
});

test('standard input stands in for a file, new or on disk', async (context) => {
  const { run } = workspace(context, { 'poolproof.yaml': topologyFile, 'app/db.py': cleanEngine });
  const edited = await run([...prePing, '--stdin-filename', 'app/db.py'], { stdin: engineWithoutPrePing });
  assert.match(edited.stdout, /^app\/db\.py:4:10:/);
  assert.equal(edited.status, 1);
  const fresh = await run([...prePing, '--stdin-filename', 'app/new.py'], { stdin: engineWithoutPrePing });
  assert.match(fresh.stdout, /^app\/new\.py:4:10:/);
  const fixed = await run(['check', '--fix', '--stdin-filename', 'app/db.py'], { stdin: engineWithoutPrePing });
  assert.equal(fixed.status, 2);
});

test('what git ignores is left out unless asked for', async (context) => {
  const { run } = workspace(context, { '.gitignore': 'local/\n', 'local/db.py': engineWithoutPrePing });
  assert.equal((await run(prePing)).stdout, '');
  assert.match((await run([...prePing, '--no-ignore'])).stdout, /^local\/db\.py/);
});

test('a topology above the working directory governs it', async (context) => {
  const { run } = workspace(context, { 'poolproof.yaml': topologyFile, 'services/api/db.py': engineWithoutPrePing });
  const { stdout } = await run(['fleet', '--format', 'json'], { cwd: 'services/api' });
  const [database] = JSON.parse(stdout).databases;
  assert.equal(database.total, 40);
  assert.equal(database.services[0].pools[0].path, 'db.py');
});

test('colours follow the option, then NO_COLOR and FORCE_COLOR, then the terminal', async (context) => {
  const { run } = workspace(context, { 'db.py': engineWithoutPrePing });
  const isColoured = async (options: string[], env: Record<string, string>, isTerminal: boolean) =>
    (await run(['check', ...options], { env, isTerminal })).stdout.includes('\u001B[');
  assert.equal(await isColoured([], {}, false), false);
  assert.equal(await isColoured([], {}, true), true);
  assert.equal(await isColoured([], { NO_COLOR: '1' }, true), false);
  assert.equal(await isColoured([], { FORCE_COLOR: '1' }, false), true);
  assert.equal(await isColoured(['--color', 'never'], { FORCE_COLOR: '1' }, true), false);
  assert.equal(await isColoured(['--color', 'always'], { NO_COLOR: '1' }, false), true);
});

test('the summary, --quiet and --statistics', async (context) => {
  const { run } = workspace(context, { 'a.py': engineWithoutPrePing, 'b.py': engineWithoutPrePing });
  const select = ['check', '--select', 'missing-pre-ping'];
  const full = (await run(select)).stdout;
  assert.match(
    full,
    /\n\n2 findings \(2 warnings\) in 2 files · 2 pools in 2 files · \d\.\d\d s · 2 safe fixes with --fix\n$/,
  );
  assert.equal((await run([...select, '--quiet'])).stdout, full.slice(0, full.indexOf('\n2 findings')));
  const statistics = await run([...select, '--statistics', '--quiet']);
  assert.equal(statistics.stdout, '2  * missing-pre-ping  warning\n');
  const beside = await run([...select, '--statistics', '--format', 'json']);
  assert.equal(JSON.parse(beside.stdout).findings.length, 2);
  assert.match(beside.stderr, /^2 {2}\* missing-pre-ping/);
});

test('the framed excerpt shows the place and its neighbours', async (context) => {
  const { run } = workspace(context, {
    'db.py':
      'import os\nfrom sqlalchemy import create_engine\n\tx = "\u6f22"; engine = create_engine(os.environ["X"])\nlast = 1\n'.replace(
        '\tx',
        'x',
      ),
  });
  const { stdout } = await run(['check', '--select', 'missing-pre-ping', '--quiet']);
  assert.equal(
    stdout,
    `db.py:3:19  warning  missing-pre-ping
  2 │ from sqlalchemy import create_engine
  3 │ x = "\u6f22"; engine = create_engine(os.environ["X"])
    │                    ^^^^^^^^^^^^^
  4 │ last = 1
  No pool_pre_ping: after a database restart or failover the first query on each pooled connection fails. Add pool_pre_ping=True.
  fix: Add pool_pre_ping=True (safe: applied by --fix)
`,
  );
});

test('control characters of a source never reach the terminal', async (context) => {
  const { run } = workspace(context, {
    'db.py': engineWithoutPrePing.replace('engine =', '# \u001B[31m \u0007 \u202E\nengine ='),
  });
  for (const format of ['text', 'concise', 'agent', 'github']) {
    const { stdout } = await run(['check', '--format', format]);
    assert.doesNotMatch(stdout, /[\u0000-\u0008\u000B-\u001F\u202E]/u, format);
  }
});

test('a very long line is cut around the place', async (context) => {
  const padding = '"x", '.repeat(20_000);
  const { run } = workspace(context, {
    'db.py': `from sqlalchemy import create_engine\na = [${padding}create_engine("postgresql://h/d"), ${padding}]\n`,
  });
  const { stdout } = await run(['check', '--select', 'missing-pre-ping', '--quiet']);
  assert.ok(stdout.split('\n').every((line) => line.length < 200));
  const [source, carets] = stdout.split('\n').slice(2, 4) as [string, string];
  assert.equal(source.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1), 'create_engine');
});
