import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from 'sarif';
import { ruleIds } from '../../server/src/rules/registry.ts';
import { engineWithoutPrePing, topologyFile, workspace } from '../support/command-line.ts';

const files = {
  'poolproof.yaml': topologyFile,
  'services/a b/db.py': engineWithoutPrePing.replace('pool_size=5, max_overflow=0', 'pool_size=12, max_overflow=0'),
};

test('SARIF has what code scanning asks for', async (context) => {
  const { run } = workspace(context, files);
  const { stdout } = await run(['check', '--format', 'sarif']);
  const log = JSON.parse(stdout) as Log;
  assert.equal(log.version, '2.1.0');
  assert.match(log.$schema!, /sarif-2\.1\.0/);
  const [only] = log.runs;
  const driver = only!.tool.driver;
  assert.equal(driver.name, 'Poolproof');
  assert.match(driver.semanticVersion!, /^\d+\.\d+\.\d+/);
  assert.deepEqual(
    driver.rules!.map((rule) => rule.id),
    ruleIds,
  );
  for (const rule of driver.rules!) {
    assert.ok(rule.shortDescription!.text && rule.help!.text && rule.help!.markdown, rule.id);
    assert.ok(rule.fullDescription!.text !== '' && rule.fullDescription!.text.length <= 1024, rule.id);
    assert.ok(['error', 'warning', 'note'].includes(rule.defaultConfiguration!.level!));
    assert.ok(['error', 'warning', 'recommendation'].includes(rule.properties!['problem.severity']));
    const isSecurity = rule.properties!.tags!.includes('security');
    assert.equal(rule.properties!['security-severity'] !== undefined, isSecurity, rule.id);
  }
  assert.ok(only!.results!.length > 0);
  for (const result of only!.results!) {
    assert.equal(driver.rules![result.ruleIndex!]!.id, result.ruleId);
    assert.equal(result.locations!.length, 1);
    const { artifactLocation, region } = result.locations![0]!.physicalLocation!;
    assert.doesNotMatch(artifactLocation!.uri!, /^\/|^file:|\\| /);
    assert.ok(region!.startLine! >= 1 && region!.startColumn! >= 1 && region!.endColumn! >= 1);
    assert.match(result.partialFingerprints!['primaryLocationLineHash']!, /^[0-9a-f]{16}:\d+$/);
    for (const related of result.relatedLocations!) {
      assert.ok(result.message.text!.includes(`](${related.id})`), 'a related place shows only where it is linked');
    }
  }
  const uris = only!.results!.map((result) => result.locations![0]!.physicalLocation!.artifactLocation!.uri);
  assert.ok(uris.includes('services/a%20b/db.py'));
  assert.ok(only!.results!.some((result) => result.relatedLocations!.length > 0));
  assert.equal(only!.invocations![0]!.executionSuccessful, true);
});

test('SARIF fingerprints stay when lines above come and go, and tell equal lines apart', async (context) => {
  const { run, write } = workspace(context, { 'db.py': engineWithoutPrePing });
  const hashes = async () => {
    const { stdout } = await run(['check', '--format', 'sarif', '--select', 'missing-pre-ping']);
    return (JSON.parse(stdout) as Log).runs[0]!.results!.map(
      (result) => result.partialFingerprints!['primaryLocationLineHash'],
    );
  };
  const before = await hashes();
  write('db.py', `# one\n# two\n${engineWithoutPrePing}`);
  assert.deepEqual(await hashes(), before);
  write('db.py', `${engineWithoutPrePing}${engineWithoutPrePing}`);
  assert.deepEqual(await hashes(), [before[0], before[0]!.replace(':1', ':2')]);
});

test('a part of the repository is a category of its own', async (context) => {
  const { run } = workspace(context, files);
  const idOf = async (...paths: string[]) =>
    (JSON.parse((await run(['check', ...paths, '--format', 'sarif'])).stdout) as Log).runs[0]!.automationDetails!.id;
  assert.equal(await idOf(), 'poolproof/');
  assert.equal(await idOf('services/a b'), 'poolproof/services/a b/');
});

test('workflow commands escape what would end them', async (context) => {
  const { run } = workspace(context, { 'a,b:c/db.py': engineWithoutPrePing });
  const { stdout } = await run(['check', '--format', 'github', '--select', 'missing-pre-ping']);
  assert.match(
    stdout,
    /^::warning title=poolproof \(missing-pre-ping\),file=a%2Cb%3Ac\/db\.py,line=4,endLine=4,col=10,endColumn=23::[^\n]+\n$/,
  );
});

test('the Code Quality report has unique fingerprints and known severities', async (context) => {
  const { run } = workspace(context, { ...files, 'other/db.py': files['services/a b/db.py'] });
  const entries = JSON.parse((await run(['check', '--format', 'gitlab'])).stdout);
  assert.ok(entries.length > 1);
  assert.equal(new Set(entries.map((entry: { fingerprint: string }) => entry.fingerprint)).size, entries.length);
  for (const entry of entries) {
    assert.ok(['info', 'minor', 'major', 'critical', 'blocker'].includes(entry.severity));
    assert.ok(entry.description && entry.check_name && entry.location.path && entry.location.lines.begin >= 1);
  }
});

test('JUnit counts what it holds and is never empty', async (context) => {
  const { run } = workspace(context, { 'a&b/db.py': engineWithoutPrePing, 'clean.py': '' });
  const { stdout } = await run(['check', '--format', 'junit', '--select', 'missing-pre-ping']);
  assert.match(
    stdout,
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="poolproof" tests="1" failures="1" errors="0">/,
  );
  assert.match(stdout, /<testsuite name="a&amp;b\/db\.py" tests="1" failures="1" errors="0">/);
  assert.equal(stdout.match(/<testcase/g)!.length, 1);
  const clean = await run(['check', 'clean.py', '--format', 'junit']);
  assert.match(clean.stdout, /tests="1" failures="0" errors="0"/);
});

test('the output for agents holds the fix as a difference', async (context) => {
  const { run } = workspace(context, { 'db.py': engineWithoutPrePing });
  const { stdout } = await run(['check', '--format', 'agent', '--select', 'missing-pre-ping']);
  const line = engineWithoutPrePing.split('\n')[3]!;
  assert.match(stdout, /^db\.py:4:10 missing-pre-ping warning\nNo pool_pre_ping/);
  assert.ok(
    stdout.includes(
      `fix (safe): Add pool_pre_ping=True\n--- a/db.py\n+++ b/db.py\n@@ -4 +4 @@\n-${line}\n+${line.replace('=0)', '=0, pool_pre_ping=True)')}\n`,
    ),
    stdout,
  );
});

test('the fleet view adds up and says what breaks', async (context) => {
  const { run } = workspace(context, {
    'poolproof.yaml': `${topologyFile}    max_surge: 25%\n`,
    'app/db.py': engineWithoutPrePing.replace(', pool_size=5, max_overflow=0', ''),
  });
  const { stdout } = await run(['fleet']);
  const [head, service, next] = stdout.split('\n') as [string, string, string];
  assert.match(head, /^main {3}postgresql 15 {3}120 of 90 {3}█{32}▒{11} {3}over by 30$/);
  assert.match(service, /^ {2}api {2}8 processes × 15 {2}120 {2}app\/db\.py:4$/);
  assert.match(next, /^ {2}breaks at 2 replicas of api · rollout 180 · pool_size=11, max_overflow=0 fits$/);
  const without = workspace(context, { 'db.py': engineWithoutPrePing });
  assert.match((await without.run(['fleet'])).stdout, /^No topology file: "poolproof init"/);
});

test('explain prints a page, lists the rules, and suggests the nearest', async (context) => {
  const { run } = workspace(context, {});
  assert.match((await run(['explain', 'missing-pre-ping'])).stdout, /^# missing-pre-ping\n/);
  const { stdout } = await run(['explain']);
  for (const rule of ruleIds) assert.match(stdout, new RegExp(`^${rule} `, 'm'));
  const { status, stderr } = await run(['explain', 'missing-pre-pin']);
  assert.equal(status, 2);
  assert.match(stderr, /Did you mean missing-pre-ping\?/);
});

test('init writes a file that is read back, and never overwrites one', async (context) => {
  const { run, read } = workspace(context, {
    'app/db.py': engineWithoutPrePing,
    'docker-compose.yml':
      'services:\n  web:\n    image: shop\n    command: gunicorn -w 3 app:app\n    deploy:\n      replicas: 2\n',
  });
  const printed = await run(['init', '--stdout']);
  assert.equal(printed.status, 0);
  assert.throws(() => read('poolproof.yaml'));
  const first = await run(['init']);
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stdout, /^Wrote poolproof\.yaml/);
  assert.equal(read('poolproof.yaml'), printed.stdout);
  const fleet = JSON.parse((await run(['fleet', '--format', 'json'])).stdout);
  assert.equal(fleet.databases[0].total, 30);
  const second = await run(['init']);
  assert.equal(second.status, 2);
  assert.match(second.stderr, /poolproof\.yaml exists and is never overwritten/);
  assert.equal(read('poolproof.yaml'), printed.stdout);
});

test('prompt carries server, fleet, pools and the question', async (context) => {
  const { run } = workspace(context, files);
  const { status, stdout } = await run(['prompt']);
  assert.equal(status, 0);
  for (const part of [
    /max_connections: 100/,
    /api on main: gunicorn; 4 workers; 2 replicas/,
    /services\/a b\/db\.py:4 engine: create_engine of SQLAlchemy [\d.]+ \(newest, no version stated\)/,
    /pool_size 12 \(literal\), max_overflow 0 \(literal\)/,
    /12 × 4 workers × 2 replicas = 96/,
    /main: 96 of 90 \(over by 6\)/,
    /Show the arithmetic/,
    /Name the risks/,
    /workload unknown/,
  ]) {
    assert.match(stdout, part);
  }
});

test('pools that one line builds alike are one row, and what code leaves undefined says so', async (context) => {
  const { run } = workspace(context, {
    'src/db.ts':
      "import { Pool } from 'pg';\nexport const open = (url: string, max?: number) => new Pool({ connectionString: url, max });\n",
    'src/a.ts': "import { open } from './db';\nexport const orders = open('postgres://db/a');\n",
    'src/b.ts': "import { open } from './db';\nexport const stock = open('postgres://db/b');\n",
    'src/c.ts': "import { open } from './db';\nexport const users = open('postgres://db/c', 4);\n",
  });
  const { stdout } = await run(['pools']);
  const [, ...rows] = stdout.trimEnd().split('\n');
  assert.equal(rows.length, 2);
  assert.match(rows[0]!, /^src\/db\.ts:2 ×2 .* 10 {2}max undefined, /);
  assert.match(rows[1]!, /^src\/db\.ts:2 .* 4 {2}max 4, /);
});
