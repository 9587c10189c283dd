/** Prisma up to 6 on SQL Server: a connection string instead of a URL, the same pool of the engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../server/src/core/text.ts';
import { analyseFiles, type Files } from '../support/workspace.ts';

const schema = (url: string) =>
  `datasource db {\n  provider = "sqlserver"\n  url      = ${url}\n}\n\ngenerator client {\n  provider = "prisma-client-js"\n}\n`;
const six = '{ "dependencies": { "@prisma/client": "6.19.0" } }';

/** `peak wait idle host:port` of the one pool. */
async function poolOf(files: Files): Promise<string | undefined> {
  const { pools } = await analyseFiles({ 'package.json': six, ...files });
  assert.ok(pools.length <= 1);
  const pool = pools[0]?.pool;
  if (pool === undefined) return undefined;
  const { peakPerProcess: peak, acquireWait: wait, idleLimit: idle, address } = pool;
  const seconds = (limit: typeof wait | typeof idle) => (limit.kind === 'seconds' ? `${limit.seconds} s` : limit.kind);
  return `${typeof peak === 'object' ? '?' : peak} ${seconds(wait)} ${seconds(idle)} ${address.dialect} ${address.host}:${address.port}`;
}

const cases: readonly (readonly [url: string, pool: string])[] = [
  ['sqlserver://db.example.com:1433;database=shop;connectionLimit=5', '5 10 s 300 s mssql db.example.com:1433'],
  ['sqlserver://db:1433;database=shop;user=shop;encrypt=true', '? 10 s 300 s mssql db:1433'],
  ['sqlserver://db;connectionLimit=7;poolTimeout=60;', '7 60 s 300 s mssql db:undefined'],
  ['sqlserver://db\\\\SHOP:1433;CONNECTIONLIMIT=3;pooltimeout=0', '3 forever 300 s mssql db:1433'],
  ['sqlserver://db;connection_limit=4;pool_timeout=5', '4 5 s 300 s mssql db:undefined'],
  ['sqlserver://db;connectionLimit=0', 'unbounded 10 s 300 s mssql db:undefined'],
  ['sqlserver://db;max_idle_connection_lifetime=0;connectionLimit=2', '2 10 s forever mssql db:undefined'],
  ['sqlserver://db;password={a;connectionLimit=9};connectionLimit=6', '6 10 s 300 s mssql db:undefined'],
  ['jdbc:sqlserver://db;connectionLimit=6', '6 10 s 300 s mssql db:undefined'],
  ['postgresql://db/shop?connection_limit=6', '? unknown unknown mssql undefined:undefined'],
];

for (const [url, pool] of cases) {
  test(`a connection string: ${url}`, async () => {
    assert.equal(await poolOf({ 'prisma/schema.prisma': schema(`"${url}"`) }), pool);
  });
}

test('from an environment file, and from nowhere', async () => {
  const files = { 'prisma/schema.prisma': schema('env("DATABASE_URL")') };
  assert.equal(await poolOf(files), '? unknown unknown mssql undefined:undefined');
  const env = "DATABASE_URL='sqlserver://db:1433;database=shop;connectionLimit=8'\n";
  assert.equal(await poolOf({ ...files, '.env': env }), '8 10 s 300 s mssql db:1433');
});

test('an adapter pools instead, and version 7 has none of it', async () => {
  const url = '"sqlserver://db;connectionLimit=5"';
  const files = { 'prisma/schema.prisma': schema(url) };
  assert.equal(await poolOf({ ...files, 'package.json': six.replace('6.19.0', '7.10.0') }), undefined);
  const code =
    "import { PrismaClient } from '@prisma/client';\nimport { PrismaMssql } from '@prisma/adapter-mssql';\nexport const prisma = new PrismaClient({ adapter: new PrismaMssql('sqlserver://db;connectionLimit=4') });\n";
  assert.equal((await poolOf({ ...files, 'src/db.ts': code }))?.split(' ')[0], '4');
});

test('each client is a pool of the fleet on SQL Server, not on another one', async () => {
  const { fleets } = await analyseFiles({
    'package.json': six,
    'prisma/schema.prisma': schema('"sqlserver://db;connectionLimit=5"'),
    'src/db.ts':
      "import { PrismaClient } from '@prisma/client';\nexport const a = new PrismaClient();\nexport const b = new PrismaClient({ log: [] });\n",
    'poolproof.yaml':
      'databases:\n  shop: { engine: sqlserver, max_connections: 100 }\n  other: { engine: postgresql, max_connections: 100 }\nservices:\n  api: { server: node, replicas: 2 }\n',
  });
  const totals = fleets[0]!.databases.map(({ database, total }) => [database.name, total.value]);
  assert.deepEqual(Object.fromEntries(totals), { shop: 20, other: 0 });
});

const fixes: readonly (readonly [rule: string, before: string, after: string])[] = [
  [
    'missing-connection-limit',
    'sqlserver://db:1433;database=shop',
    'sqlserver://db:1433;database=shop;connectionLimit=5',
  ],
  ['missing-connection-limit', 'sqlserver://db;database=shop;', 'sqlserver://db;database=shop;connectionLimit=5'],
  [
    'unbounded-pool',
    'sqlserver://db;connectionLimit=0;database=shop',
    'sqlserver://db;connectionLimit=5;database=shop',
  ],
  [
    'pool-timeout-too-long',
    'sqlserver://db;connectionLimit=5;poolTimeout=60',
    'sqlserver://db;connectionLimit=5;poolTimeout=10',
  ],
  [
    'no-acquire-timeout',
    'sqlserver://db;connectionLimit=5;poolTimeout=0',
    'sqlserver://db;connectionLimit=5;poolTimeout=10',
  ],
];

for (const [rule, before, after] of fixes) {
  test(`${rule}: ${before}`, async () => {
    const text = schema(`"${before}"`);
    const { findings } = await analyseFiles({ 'package.json': six, 'schema.prisma': text });
    assert.deepEqual(
      findings.map((each) => each.rule),
      [rule],
    );
    assert.equal(applyEdits(text, findings[0]!.fixes[0]!.edits), schema(`"${after}"`));
    assert.deepEqual((await analyseFiles({ 'package.json': six, 'schema.prisma': schema(`"${after}"`) })).findings, []);
  });
}

test('a slip of the pen, a number that is none, further spellings', async () => {
  const found = async (properties: string) => {
    const { findings } = await analyseFiles({
      'package.json': six,
      'schema.prisma': schema(`"sqlserver://db;connectionLimit=5;${properties}"`),
    });
    return findings.map((each) => `${each.rule} ${/Did you mean (\w+)/.exec(each.message)?.[1] ?? ''}`.trim());
  };
  assert.deepEqual(await found('poolTimout=5'), ['ignored-pool-options poolTimeout']);
  assert.deepEqual(await found('poolTimeout=soon'), ['invalid-pool-arguments']);
  assert.deepEqual(await found('loginTimeout=5;Initial Catalog=shop;trustServerCertificate=true'), []);
});

test('the password of a connection string, in a schema and in an environment file', async () => {
  const url = (password: string) => `sqlserver://db.example.com:1433;user=shop;password=${password};connectionLimit=5`;
  const placed = async (password: string) => {
    const text = schema(`"${url(password)}"`);
    const { findings } = await analyseFiles({ 'package.json': six, 'schema.prisma': text });
    return findings.map(({ rule, severity, at }) => [rule, severity, text.slice(at.start, at.end)]);
  };
  assert.deepEqual(await placed('s3kDq91xv'), [['hardcoded-credentials', 'error', 's3kDq91xv']]);
  assert.deepEqual(await placed('{s3kDq;91xv}'), [['hardcoded-credentials', 'error', 's3kDq;91xv']]);
  assert.deepEqual(await placed(`\${PASSWORD}`), []);
  assert.deepEqual(await placed(''), []);
});
