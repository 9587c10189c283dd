/** Prisma's clients in code: which schema each belongs to, wherever its generator writes it, and the pools of driver adapters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';
import { analyseFiles, createProject, type Files, uriOf } from '../support/workspace.ts';

const schema = (output: string, limit = 4, provider = 'prisma-client') =>
  `generator client {\n  provider = "${provider}"\n  output   = "${output}"\n}\n\ndatasource db {\n  provider = "postgresql"\n  url      = "postgresql://shop@db/shop?connection_limit=${limit}"\n}\n`;

/** Sizes of the pools, once per client; a client that is not recognised leaves the schema's one. */
async function sizes(files: Files): Promise<unknown[]> {
  const { pools } = await analyseFiles(files);
  return pools.map(({ pool }) => pool.peakPerProcess);
}

const own = (module: string, options = '') =>
  `import { PrismaClient } from '${module}';\nexport const a = new PrismaClient(${options});\nexport const b = new PrismaClient();\n`;

test('a client is known by the folder its generator writes to', async () => {
  const cases: readonly (readonly [schema: string, output: string, file: string, module: string, Files?])[] = [
    ['prisma/schema.prisma', '../src/generated/prisma', 'src/db.ts', './generated/prisma'],
    ['prisma/schema.prisma', '../src/generated/prisma', 'src/db.ts', './generated/prisma/client'],
    ['prisma/schema.prisma', '../src/generated/prisma', 'src/db.ts', './generated/prisma/client.js'],
    ['prisma/schema.prisma', './out/orders', 'src/lib/db.ts', '../../prisma/out/orders/index.js'],
    ['schema.prisma', 'db-client', 'server.ts', './db-client'],
    [
      'prisma/schema.prisma',
      '../lib/store',
      'lib/db.ts',
      '@/lib/store',
      { 'jsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }' },
    ],
    ['prisma/schema.prisma', '../src/store', 'src/a/b/db.ts', '~/store/client'],
    [
      'prisma/schema.prisma',
      '../src/store',
      'src/a/b/db.ts',
      '#db/client',
      { 'tsconfig.json': '{ "compilerOptions": { "paths": { "#db/*": ["./src/store/*"] } } }' },
    ],
    ['prisma/schema.prisma', '../node_modules/@shop/orders-client', 'src/db.ts', '@shop/orders-client'],
    ['prisma/schema.prisma', '../node_modules/.prisma/orders', 'src/db.ts', '.prisma/orders'],
    [
      'packages/db/prisma/schema.prisma',
      '../generated/client',
      'apps/api/src/db.ts',
      '@shop/db',
      {
        'packages/db/package.json': '{ "name": "@shop/db", "main": "./index.ts" }',
        'packages/db/index.ts': "export * from './generated/client';\n",
      },
    ],
  ];
  for (const [at, output, file, module, others = {}] of cases) {
    const files = { [at]: schema(output), [file]: own(module), ...others };
    assert.deepEqual(await sizes(files), [4, 4], `${output} as ${module}`);
  }
});

test('what the generator writes may be there, and is not the place to look into', async () => {
  const generated = 'src/generated/prisma/client.ts';
  const code =
    "import * as $Class from './internal/class';\nexport const PrismaClient = $Class.getPrismaClientClass();\n";
  assert.deepEqual(
    await sizes({
      'prisma/schema.prisma': schema('../src/generated/prisma'),
      [generated]: code,
      'src/db.ts': own(
        './generated/prisma/client',
        "{ datasourceUrl: 'postgresql://shop@other/shop?connection_limit=9' }",
      ),
    }),
    [9, 4],
  );
});

test('clients of which one is built, not both, are one pool of the fleet', async () => {
  const { fleets } = await analyseFiles({
    'prisma/schema.prisma': schema('../src/client'),
    'src/db.ts':
      "import { PrismaClient } from './client';\nexport const prisma = process.env.QUIET ? new PrismaClient() : new PrismaClient({ log: ['query'] });\n",
    'poolproof.yaml':
      'databases:\n  main: { max_connections: 100 }\nservices:\n  api: { database: main, server: node }\n',
  });
  assert.equal(fleets[0]!.databases[0]!.total.value, 4);
});

test('the schema that the generator copies beside the client counts no second time', async () => {
  const text = schema('../app/generated/prisma');
  const files = { 'prisma/schema.prisma': text, 'app/generated/prisma/schema.prisma': text };
  assert.deepEqual(await sizes(files), [4]);
  assert.deepEqual(await sizes({ ...files, 'app/db.ts': own('./generated/prisma') }), [4, 4]);
});

test('a schema that its generator writes beside itself counts', async () => {
  assert.deepEqual(await sizes({ 'db/schema.prisma': schema('.') }), [4]);
  assert.deepEqual(await sizes({ 'db/schema.prisma': schema('./client'), 'db/db.ts': own('./client') }), [4, 4]);
});

test('a class of that name from elsewhere is none', async () => {
  const files = {
    'prisma/schema.prisma': schema('../src/generated/prisma'),
    'src/fake.ts': 'export class PrismaClient {\n  constructor() {}\n}\n',
    'src/db.ts': own('./fake'),
    'src/other.ts': own('@acme/fake'),
  };
  assert.deepEqual(await sizes(files), [4]);
});

test('two schemas in one package: each client is of the one that its code comes from', async () => {
  const files = {
    'prisma/users.prisma': schema('../src/clients/users', 3),
    'prisma/orders.prisma': schema('../src/clients/orders', 6),
    'src/db.ts':
      "import { PrismaClient as Users } from './clients/users';\nimport { PrismaClient as Orders } from './clients/orders';\nexport const users = new Users();\nexport const orders = new Orders();\nexport const more = new Orders();\n",
  };
  const { pools } = await analyseFiles(files);
  assert.deepEqual(
    pools.map(({ pool }) => [pool.uri.split('/').at(-1), pool.peakPerProcess]),
    [
      ['orders.prisma', 6],
      ['orders.prisma', 6],
      ['users.prisma', 3],
    ],
  );
});

test('beside a schema with a place of its own the package is what the other one generates', async () => {
  const files = {
    'prisma/schema.prisma': schema('../node_modules/@prisma/client', 3).replace(/^.*output.*\n/m, ''),
    'src/reports/schema.prisma': schema('./client', 6),
    'src/reports/db.ts': own('@prisma/client'),
  };
  assert.deepEqual(await sizes(files), [3, 3, 6]);
});

test('a schema in several files: the generator stands in one, the datasource in another', async () => {
  const [generator, datasource] = schema('../../src/generated/prisma', 5).split('\n\n');
  const files = {
    'prisma/schema/generator.prisma': `${generator}\n`,
    'prisma/schema/main.prisma': datasource!,
    'prisma/schema/models/user.prisma': 'model User {\n  id Int @id\n}\n',
    'other/schema.prisma': schema('./client', 2),
    'src/db.ts': own('./generated/prisma'),
  };
  assert.deepEqual(await sizes(files), [2, 5, 5]);
});

test('another place in the schema, and imports mean something else at once', async () => {
  const { project } = await createProject({
    'prisma/schema.prisma': schema('../src/one'),
    'src/db.ts': own('./two'),
  });
  const count = async () => (await project.analyse()).pools.length;
  assert.equal(await count(), 1);
  const uri = uriOf('prisma/schema.prisma');
  project.open(uri, schema('../src/two'));
  assert.equal(await count(), 2);
  project.open(uri, schema('../src/three'));
  assert.equal(await count(), 1);
});

const seven = { 'package.json': '{ "dependencies": { "@prisma/client": "7.10.0" } }' };

test('driver adapters: the pool is the driver’s', async () => {
  const cases: readonly (readonly [code: string, system: string | undefined, peak: unknown, host?: string])[] = [
    [
      "import { PrismaPg } from '@prisma/adapter-pg';\nnew PrismaPg({ connectionString: process.env.URL });",
      'postgresql',
      10,
    ],
    ["import { PrismaPg } from '@prisma/adapter-pg';\nnew PrismaPg({ host: 'db', max: 3 });", 'postgresql', 3, 'db'],
    [
      "import { PrismaPg } from '@prisma/adapter-pg';\nnew PrismaPg('postgresql://shop@db/shop');",
      'postgresql',
      10,
      'db',
    ],
    ["import { PrismaPg } from '@prisma/adapter-pg';\nnew PrismaPg({ max: 3 }, { schema: 'sales' });", 'postgresql', 3],
    [
      "import { PrismaPg } from '@prisma/adapter-pg';\nimport { Pool } from 'pg';\nconst pool = new Pool({ max: 7 });\nexport const adapter = new PrismaPg(pool);",
      'postgresql',
      7,
    ],
    [
      "import { PrismaClient } from './generated/prisma/client';\nimport { PrismaPg } from '@prisma/adapter-pg';\nexport class Db extends PrismaClient {\n  constructor() {\n    super({ adapter: new PrismaPg({ max: 2 }) });\n  }\n}",
      'postgresql',
      2,
    ],
    [
      "import { PrismaNeon } from '@prisma/adapter-neon';\nnew PrismaNeon({ connectionString: process.env.URL, max: 4 });",
      'postgresql',
      4,
    ],
    [
      "import { PrismaMariaDb } from '@prisma/adapter-mariadb';\nnew PrismaMariaDb({ host: 'db', connectionLimit: 5 });",
      'mariadb',
      5,
      'db',
    ],
    [
      "import { PrismaMariaDb } from '@prisma/adapter-mariadb';\nnew PrismaMariaDb('mysql://shop@db/shop?connectionLimit=3');",
      'mariadb',
      3,
      'db',
    ],
    [
      "import { PrismaMariaDb } from '@prisma/adapter-mariadb';\nnew PrismaMariaDb('mysql://shop@db/shop?connection_limit=3');",
      'mariadb',
      10,
      'db',
    ],
    [
      "import { PrismaMssql } from '@prisma/adapter-mssql';\nnew PrismaMssql({ server: 'db', pool: { max: 6 } });",
      'mssql',
      6,
      'db',
    ],
    [
      "import { PrismaMssql } from '@prisma/adapter-mssql';\nnew PrismaMssql('sqlserver://db:1433;database=shop;connectionLimit=8;poolTimeout=5');",
      'mssql',
      8,
      'db',
    ],
    [
      "import { PrismaMssql } from '@prisma/adapter-mssql';\nnew PrismaMssql('sqlserver://db:1433;database=shop');",
      'mssql',
      10,
      'db',
    ],
    [
      "import { PrismaNeonHttp } from '@prisma/adapter-neon';\nnew PrismaNeonHttp(process.env.URL!, {});",
      undefined,
      undefined,
    ],
    [
      "import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';\nnew PrismaBetterSqlite3({ url: 'file:./dev.db' });",
      undefined,
      undefined,
    ],
    [
      "import { PrismaLibSql } from '@prisma/adapter-libsql';\nnew PrismaLibSql({ url: 'libsql://db' });",
      undefined,
      undefined,
    ],
    [
      "import { PrismaD1 } from '@prisma/adapter-d1';\nexport const client = (env) => new PrismaD1(env.DB);",
      undefined,
      undefined,
    ],
  ];
  for (const [code, dialect, peak, host] of cases) {
    const { pools } = await analyseFiles({ ...seven, 'src/db.ts': `${code}\n` });
    const actual = pools.map(({ pool }) => [pool.address.dialect, pool.peakPerProcess, pool.address.host]);
    assert.deepEqual(actual, dialect === undefined ? [] : [[dialect, peak, host]], code);
  }
});

test('waits of driver adapters, in the units of each', async () => {
  await expectPools(
    {
      ...seven,
      'src/db.ts':
        "import { PrismaMariaDb } from '@prisma/adapter-mariadb';\nimport { PrismaMssql } from '@prisma/adapter-mssql';\nimport { PrismaPg } from '@prisma/adapter-pg';\nexport const a = new PrismaPg({ connectionTimeoutMillis: 3000 });\nexport const b = new PrismaMariaDb({ host: 'db' });\nexport const c = new PrismaMssql('sqlserver://db;poolTimeout=5');\n",
    },
    [
      { system: 'prisma', wait: '3 s by connectionTimeoutMillis', idle: '10 s by idleTimeoutMillis' },
      { system: 'prisma', wait: '10 s by acquireTimeout', idle: 'forever' },
      { system: 'prisma', wait: '5 s by acquireTimeoutMillis', idle: '30 s by idleTimeoutMillis' },
    ],
  );
});

test('what the command line connects with is no pool of the application', async () => {
  const code =
    "import { defineConfig } from 'prisma/config';\nimport { PrismaPg } from '@prisma/adapter-pg';\nexport default defineConfig({ migrate: { adapter: async () => new PrismaPg({ max: 2 }) } });\n";
  assert.deepEqual(await sizes({ 'prisma.config.ts': code }), []);
  assert.deepEqual(await sizes({ '.config/prisma.ts': code }), []);
});

test('version 8: ten connections of node-postgres, or the pool that is handed in', async () => {
  const files = {
    'package.json': '{ "dependencies": { "@prisma/orm-postgres": "8.0.0-rc.13" } }',
    'src/db.ts':
      "import postgres from '@prisma/orm-postgres/runtime';\nimport { Pool } from 'pg';\nimport contractJson from './contract.json';\nexport const a = postgres({ contractJson, url: process.env.URL! });\nexport const b = postgres({ contractJson, pg: new Pool({ max: 3 }) });\n",
    'src/edge.ts':
      "import postgres from '@prisma/orm-postgres/serverless';\nexport const db = postgres({ url: process.env.URL! });\n",
  };
  await expectPools(files, [
    {
      system: 'prisma',
      peak: 10,
      wait: '20 s by connectionTimeoutMillis',
      idle: '30 s by idleTimeoutMillis',
      variable: 'URL',
      version: '8.0.0',
    },
    { system: 'node-postgres', peak: 3 },
  ]);
});

test('options that another module or a function yields', async () => {
  const options = `import { PrismaPg } from '@prisma/adapter-pg';
export const make = () => ({ adapter: new PrismaPg({ max: 3 }), log: [] });
export const quiet = { log: ['warn'] } as const;
export const elsewhere = { datasources: { db: { url: 'postgresql://shop@other/shop?connection_limit=9' } } };
`;
  const peakOf = async (argument: string) => {
    const { pools } = await analyseFiles({
      'prisma/schema.prisma': schema('../src/client'),
      'src/options.ts': options,
      'src/db.ts': `import { PrismaClient } from './client';\nimport { elsewhere, make, quiet } from './options';\nexport const prisma = new PrismaClient(${argument});\n`,
    });
    const { peakPerProcess: peak } = pools.find(({ pool }) => pool.callable === 'datasource')?.pool ?? {};
    return typeof peak === 'object' ? 'unknown' : peak;
  };
  assert.equal(await peakOf('make()'), undefined, 'the adapter pools');
  assert.equal(await peakOf('{ ...make(), errorFormat: "minimal" }'), undefined);
  assert.equal(await peakOf('quiet'), 4);
  assert.equal(await peakOf('elsewhere'), 9);
  assert.equal(await peakOf('{ ...quiet, ...elsewhere }'), 9);
  assert.equal(await peakOf('configure()'), 'unknown', 'it may hold anything');
});

test('pools of clients stay the same from one analysis to the next', async () => {
  const { project } = await createProject({
    'prisma/schema.prisma': schema('../src/client'),
    'src/db.ts': own('./client'),
  });
  const [before, after] = [await project.analyse(), await project.analyse()];
  assert.equal(before.pools.length, 2);
  for (const [index, { pool }] of before.pools.entries()) assert.equal(after.pools[index]!.pool, pool);
});
