import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { workspace } from '../support/command-line.ts';

/** One password per place, so that a leak names its source. None is a placeholder word. */
const passwords = Array.from({ length: 24 }, (_, index) => `Zq${index}vR7xK${index}pL`);
let used = 0;

function plant(): string {
  assert.ok(used < passwords.length);
  return passwords[used++]!;
}

function files(): Record<string, string> {
  used = 0;
  return {
    'poolproof.yaml': `# postgresql://app:${plant()}@db/app
databases:
  main:
    max_connections: 40  # password: ${plant()}
    connect: [DATABASE_URL, "postgresql://app:${plant()}@db/app"]
services:
  api:
    database: main
    server: gunicorn
    workers: four  # pwd=${plant()}
    replicas: 2
    env:
      DATABASE_URL: postgresql://app:${plant()}@db/app
      DB_PASSWORD: ${plant()}
`,
    '.env': `DATABASE_URL=postgresql://app:${plant()}@db/app\nDB_PASSWORD=${plant()}\n`,
    'docker-compose.yml': `services:
  api:
    image: api
    command: gunicorn -w 3 app:app
    environment:
      POSTGRES_PASSWORD: ${plant()}
`,
    'app/db.py': `import os
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool
# old: postgresql://app:${plant()}@db/app
engine = create_engine("postgresql://app:${plant()}@db.internal/app", pool_size=5, max_overflow=10)
OTHER = 1; DB_PASSWORD = os.getenv("DB_PASSWORD", "${plant()}")
second = create_engine(
    "postgresql+psycopg2://app:${plant()}@db.internal/app",
    connect_args={"password": "${plant()}", "options": "-c x"},
    pool_size=5, pool_timout=10,
    poolclass=NullPool,
)
third = create_engine(URL.create("postgresql", username="app", password="${plant()}", host="db.internal"), pool_size=0)
fourth = create_engine(os.getenv("DATABASE_URL", "postgresql://app:${plant()}@db.internal/app"), pool_timeout=60)
fifth = create_engine("host=db.internal user=app password=${plant()} dbname=app")
`,
    'app/settings.py': `from sqlalchemy import create_engine
PASSWORD = "${plant()}"
make = lambda: create_engine(f"postgresql://app:{PASSWORD}@db.internal/app")
`,
  };
}

const commands = [
  ...['text', 'concise', 'json', 'sarif', 'github', 'gitlab', 'junit', 'agent'].map((format) => [
    'check',
    '--format',
    format,
  ]),
  ['check', '--color', 'always'],
  ['check', '--statistics'],
  ['check', '--diff'],
  ['check', '--diff', '--color', 'always'],
  ['check', '--topology', '.env'],
  ['check', '--baseline', 'known.json', '--update-baseline'],
  ['check', '--baseline', 'known.json'],
  ['check', '--baseline', '.env'],
  ['pools'],
  ['pools', '--format', 'json'],
  ['fleet'],
  ['fleet', '--format', 'json'],
  ['prompt'],
  ['init', '--stdout'],
  ['check', '--fix'],
];

async function outputs(context: TestContext) {
  const { run, read, folder } = workspace(context, files());
  symlinkSync(join(folder, 'nowhere'), join(folder, 'app/dangling.py'));
  const all: { command: string; text: string }[] = [];
  for (const command of commands) {
    const { stdout, stderr } = await run(command);
    all.push({ command: command.join(' '), text: stdout + stderr });
    assert.doesNotMatch(stderr, /internal error|failed/, command.join(' '));
  }
  all.push({ command: 'the baseline file', text: read('known.json') });
  return all;
}

test('no planted password occurs in any output', async (context) => {
  for (const { command, text } of await outputs(context)) {
    assert.notEqual(text, '', command);
    for (const password of passwords) {
      const at = text.indexOf(password);
      assert.equal(at, -1, `${command}: ${text.slice(Math.max(0, at - 120), at + 20)}`);
      // Half a password is a hint, too.
      assert.ok(!text.includes(password.slice(4)), command);
    }
  }
});

test('a fix that parts a password shows neither half', async (context) => {
  const password = plantedHalves.join('  #');
  const { run } = workspace(context, {
    'pgbouncer.ini': `[databases]\nshop = postgres://u:${password}@db.example.com/shop\n[pgbouncer]\n`,
  });
  for (const command of [
    ['check', '--diff'],
    ['check', '--format', 'agent'],
  ]) {
    const { stdout } = await run(command);
    assert.match(stdout, /^\+/m, 'the fix is shown');
    for (const half of plantedHalves) assert.ok(!stdout.includes(half), stdout);
  }
});

const plantedHalves = ['Kq7wZx', 'Vr2Yp9'];

test('the corpus is seen: its places are reported', async (context) => {
  const all = await outputs(context);
  const json = all.find(({ command }) => command === 'check --format json')!.text;
  const { findings } = JSON.parse(json.slice(0, json.lastIndexOf('}') + 1));
  const credentials = findings.filter((finding: { rule: string }) => finding.rule === 'hardcoded-credentials');
  assert.ok(credentials.length >= 5, String(credentials.length));
  const text = all.find(({ command }) => command === 'check --format text')!.text;
  assert.match(text, /app:\*\*\*@db/);
});

test('a name that is a URL, and what follows a password that ends too early, are shown nowhere', async (context) => {
  const secrets = ['Kq7wZx1', 'Kq7wZx2', 'Kq7wZx3'];
  const { run } = workspace(context, {
    'poolproof.yaml': `databases:\n  "postgresql://u:${secrets[0]}@db/x":\n    max_connections: 20\n`,
    'pgbouncer.ini': `[databases]\na = host=db password='x' ${secrets[1]} pool_size=5\nb = host=db password=y ${secrets[2]}=\n[pgbouncer]\n`,
  });
  for (const command of [
    ['check'],
    ['check', '--format', 'json'],
    ['fleet'],
    ['fleet', '--format', 'json'],
    ['prompt'],
  ]) {
    const { stdout, stderr } = await run(command);
    const messages = command[1] === 'json' || command[0] !== 'check' ? stdout : stdout.replace(/^.*│.*$/gm, '');
    for (const secret of secrets) assert.ok(!(messages + stderr).includes(secret), `${command.join(' ')}: ${messages}`);
  }
});

test('an argument that is a URL is not repeated', async (context) => {
  const { run } = workspace(context, { 'a.py': 'x = 1\n' });
  const url = 'postgres://u:Kq7wZx1@h.example.com/x';
  const lines = [
    [url],
    ['check', url],
    ['explain', url],
    ['check', '--select', url],
    ['check', `--foo=${url}`],
    ['check', '--format', url],
  ];
  for (const line of lines) {
    const { stdout, stderr } = await run(line);
    assert.ok(!(stdout + stderr).includes('Kq7wZx1'), `${line.join(' ')}: ${stdout}${stderr}`);
    assert.notEqual(stderr, '');
  }
});
