/** Driver adapters that several clients share: the adapter makes a pool for each client that connects. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles, createProject, type Files } from '../support/workspace.ts';

const seven = '{ "dependencies": { "@prisma/client": "7.10.0", "@prisma/adapter-pg": "7.10.1", "pg": "8.23.1" } }';
const imports = "import { PrismaPg } from '@prisma/adapter-pg';\nimport { PrismaClient } from '@prisma/client';\n";

interface Case {
  readonly name: string;
  readonly files: Files;
  /** What each service opens. */
  readonly totals: Readonly<Record<string, number>>;
}

const one = 'services:\n  api: { database: main, server: node }\n';
const two =
  'services:\n  api: { database: main, server: node, paths: ["apps/api/**"] }\n  jobs: { database: main, server: node, paths: ["apps/jobs/**"] }\n';

const cases: readonly Case[] = [
  {
    name: 'two clients on one adapter',
    files: {
      'src/db.ts': `${imports}const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 4 });
export const orders = new PrismaClient({ adapter });
export const reports = new PrismaClient({ adapter, log: ['query'] });`,
    },
    totals: { api: 8 },
  },
  {
    name: 'one client on an adapter that another module exports',
    files: {
      'src/adapter.ts': `${imports}export const adapter = new PrismaPg({ max: 4 });`,
      'src/db.ts': `${imports}import { adapter } from './adapter';\nexport const prisma = new PrismaClient({ adapter });`,
    },
    totals: { api: 4 },
  },
  {
    name: 'a client in each of two services on a shared adapter',
    files: {
      'packages/db/adapter.ts': `${imports}export const adapter = new PrismaPg({ max: 4 });`,
      'apps/api/db.ts': `${imports}import { adapter } from '../../packages/db/adapter';\nexport const prisma = new PrismaClient({ adapter });`,
      'apps/jobs/db.ts': `${imports}import { adapter } from '../../packages/db/adapter';\nexport const prisma = new PrismaClient({ adapter });\nexport const slow = new PrismaClient({ adapter, errorFormat: 'minimal' });`,
    },
    totals: { api: 4, jobs: 8 },
  },
  {
    name: 'an external pool is one, however many clients it serves',
    files: {
      'src/db.ts': `${imports}import { Pool } from 'pg';
const pool = new Pool({ max: 6 });
const adapter = new PrismaPg(pool);
export const a = new PrismaClient({ adapter });
export const b = new PrismaClient({ adapter });
export const c = new PrismaClient({ adapter: new PrismaPg(pool) });`,
    },
    totals: { api: 6 },
  },
  {
    name: 'an adapter of its own for each client',
    files: {
      'src/db.ts': `${imports}export const a = new PrismaClient({ adapter: new PrismaPg({ max: 2 }) });
export const b = new PrismaClient({ adapter: new PrismaPg({ max: 3 }) });`,
    },
    totals: { api: 5 },
  },
  {
    name: 'a function that makes the adapter, called for each client',
    files: {
      'src/db.ts': `${imports}const makeAdapter = () => new PrismaPg({ max: 4 });
export const a = new PrismaClient({ adapter: makeAdapter() });
export const b = new PrismaClient({ adapter: makeAdapter() });`,
    },
    totals: { api: 8 },
  },
  {
    name: 'a function that makes a client with its adapter, for each of two databases',
    files: {
      'src/make.ts': `${imports}export function client(max: number) {\n  const adapter = new PrismaPg({ max });\n  return new PrismaClient({ adapter });\n}`,
      'src/db.ts': "import { client } from './make';\nexport const a = client(2);\nexport const b = client(5);",
    },
    totals: { api: 7 },
  },
  {
    name: 'clients of which one is built, not both',
    files: {
      'src/db.ts': `${imports}const adapter = new PrismaPg({ max: 4 });
export const prisma = process.env.QUIET ? new PrismaClient({ adapter }) : new PrismaClient({ adapter, log: ['query'] });`,
    },
    totals: { api: 4 },
  },
  {
    name: 'a client that a reload of the module finds again',
    files: {
      'src/db.ts': `${imports}const shared = globalThis as unknown as { prisma?: PrismaClient };
const adapter = new PrismaPg({ max: 4 });
export const prisma = shared.prisma ?? new PrismaClient({ adapter });
if (process.env.NODE_ENV !== 'production') shared.prisma = prisma;
export const extended = prisma.$extends({});`,
    },
    totals: { api: 4 },
  },
  {
    name: 'options that are spread, and a service that extends the client',
    files: {
      'src/options.ts': `${imports}export const options = { adapter: new PrismaPg({ max: 4 }), log: ['error'] as const };`,
      'src/prisma.service.ts': `${imports}import { options } from './options';
export class PrismaService extends PrismaClient {\n  constructor() {\n    super({ ...options, errorFormat: 'minimal' });\n  }\n}`,
      'src/db.ts': `${imports}import { options } from './options';\nexport const prisma = new PrismaClient(options);`,
    },
    totals: { api: 8 },
  },
  {
    name: 'clients of tests and scripts have no part in it',
    files: {
      'src/adapter.ts': `${imports}export const adapter = new PrismaPg({ max: 4 });`,
      'src/db.ts': `${imports}import { adapter } from './adapter';\nexport const prisma = new PrismaClient({ adapter });`,
      'src/db.test.ts': `${imports}import { adapter } from './adapter';\nconst prisma = new PrismaClient({ adapter });`,
      'prisma/seed.ts': `${imports}import { adapter } from '../src/adapter';\nconst prisma = new PrismaClient({ adapter });`,
    },
    totals: { api: 4 },
  },
];

for (const { name, files, totals } of cases) {
  test(name, async () => {
    const services = files['apps/jobs/db.ts'] === undefined ? one : two;
    const { fleets } = await analyseFiles({
      'package.json': seven,
      'poolproof.yaml': `databases:\n  main: { max_connections: 100 }\n${services}`,
      ...files,
    });
    const [database] = fleets[0]!.databases;
    const actual = database!.services.map(({ service, total }) => [service.name, total.value]);
    assert.deepEqual(Object.fromEntries(actual), totals);
  });
}

test('what is wrong with a shared adapter is said once', async () => {
  const { findings } = await analyseFiles({
    'package.json': seven,
    'src/db.ts': `${imports}const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL });
export const a = new PrismaClient({ adapter });
export const b = new PrismaClient({ adapter });`,
  });
  assert.deepEqual(
    findings.map((each) => each.rule),
    ['no-acquire-timeout'],
  );
});

test('another client is another pool at once, and pools stay the same objects', async () => {
  const db = (clients: number) =>
    `${imports}const adapter = new PrismaPg({ max: 4 });\n${Array.from({ length: clients }, (_, index) => `export const client${index} = new PrismaClient({ adapter });\n`).join('')}`;
  const { project } = await createProject({ 'package.json': seven, 'src/db.ts': db(2) });
  const uri = 'file:///workspace/src/db.ts';
  const [before, after] = [await project.analyse(), await project.analyse()];
  assert.equal(before.pools.length, 2);
  for (const [index, { pool }] of before.pools.entries()) assert.equal(after.pools[index]!.pool, pool);
  project.open(uri, db(3));
  assert.equal((await project.analyse()).pools.length, 3);
  project.open(uri, db(1));
  assert.equal((await project.analyse()).pools.length, 1);
});

test('a client of a module that only tests import has no part in it', async () => {
  const { pools } = await analyseFiles({
    'package.json': seven,
    'src/adapter.ts': `${imports}export const adapter = new PrismaPg({ max: 4 });`,
    'src/db.ts': `${imports}import { adapter } from './adapter';\nexport const prisma = new PrismaClient({ adapter });`,
    'integration/harness.ts': `${imports}import { adapter } from '../src/adapter';\nexport const prisma = new PrismaClient({ adapter });`,
    'integration/orders.test.ts': "import { prisma } from './harness';\ntest('orders', () => prisma.order.count());",
  });
  assert.equal(pools.length, 1);
});
