/** What looks like a pool of the application in Node code and is none, or counts once. One test for each trap. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles, type Files } from '../support/workspace.ts';

const topology = `databases:
  main: { max_connections: 100 }
services:
  api: { database: main, server: node }
`;
const pg = "import { Pool } from 'pg';\n";
const counted = `${pg}export const pool = new Pool({ max: 7 });\n`;

/** What the one service of the workspace opens, and the rules that report application code. */
async function analysed(files: Files) {
  const analysis = await analyseFiles({ 'poolproof.yaml': topology, ...files });
  const [database] = analysis.fleets[0]!.databases;
  const total = database!.services[0]?.total;
  return {
    pools: analysis.pools.length,
    total: total === undefined ? 0 : total.unknown.length > 0 ? 'unknown' : total.value,
    rules: [...new Set(analysis.findings.filter((each) => each.severity !== 'hint').map((each) => each.rule))].sort(),
  };
}

/** No pool at all. */
async function none(code: string, path = 'src/db.ts'): Promise<void> {
  assert.equal((await analysed({ [path]: `${code}\n` })).pools, 0, code);
}

/** The fleet is what it is without this file. */
async function uncounted(path: string, code: string): Promise<void> {
  const { total } = await analysed({ 'src/db.ts': counted, [path]: `${code}\n` });
  assert.equal(total, 7, path);
}

test('tests, by name and by folder', async () => {
  const code = `${pg}const pool = new Pool({ max: 30 });`;
  for (const path of [
    ...[
      'src/db.test.ts',
      'src/db.spec.tsx',
      'src/db.e2e.ts',
      '__tests__/db.ts',
      'e2e/setup.ts',
      'test/global-setup.ts',
    ],
    ...['jest.global-setup.ts', 'vitest.setup.ts', 'cypress/db.ts', 'playwright.config.ts'],
  ])
    await uncounted(path, code);
});

test('seeds, scripts and command lines', async () => {
  const code = `${pg}const pool = new Pool({ max: 30 });\nawait pool.query('select 1');\nawait pool.end();\nprocess.exit(0);`;
  for (const path of ['scripts/import.ts', 'bin/import.js', 'prisma/seed.ts', 'db/seeds/users.ts', 'src/seed.ts'])
    await uncounted(path, code);
});

test('configurations of migrations', async () => {
  await uncounted(
    'drizzle.config.ts',
    "import { defineConfig } from 'drizzle-kit';\nexport default defineConfig({ dialect: 'postgresql', dbCredentials: { url: process.env.DATABASE_URL! } });",
  );
  await uncounted(
    'knexfile.ts',
    "import knex from 'knex';\nexport default knex({ client: 'pg', connection: process.env.DATABASE_URL, pool: { min: 0, max: 30 } });",
  );
  await uncounted(
    'prisma.config.ts',
    "import { PrismaPg } from '@prisma/adapter-pg';\nexport default { adapter: () => new PrismaPg({ max: 30 }) };",
  );
});

test('of the blocks of a knexfile the one that is asked for counts, not their sum', async () => {
  const { pools, total } = await analysed({
    'knexfile.js':
      "module.exports = {\n  development: { client: 'pg', connection: {}, pool: { min: 0, max: 3 } },\n  staging: { client: 'pg', connection: process.env.DATABASE_URL, pool: { min: 0, max: 4 } },\n  production: { client: 'pg', connection: process.env.DATABASE_URL, pool: { min: 0, max: 8 } },\n};\n",
    'src/db.js':
      "const config = require('../knexfile');\nmodule.exports = require('knex')(config[process.env.NODE_ENV || 'production']);\n",
  });
  assert.equal(pools, 1);
  assert.ok(total === 8 || total === 'unknown', String(total));
});

test("TypeORM's data source for the command line beside the one that Nest builds", async () => {
  const source =
    "import { DataSource } from 'typeorm';\nexport const options = { type: 'postgres', poolSize: 6 } as const;\nexport default new DataSource(options);\n";
  const module =
    "import { TypeOrmModule } from '@nestjs/typeorm';\nimport { options } from './data-source';\nexport const root = TypeOrmModule.forRoot(options);\n";
  const both = await analysed({ 'src/data-source.ts': source, 'src/app.module.ts': module });
  assert.deepEqual([both.pools, both.total], [1, 6]);
  // By itself it is what the application connects with, and so is the one of another package.
  assert.equal((await analysed({ 'src/data-source.ts': source })).total, 6);
  const apart = { 'apps/a/src/data-source.ts': source, 'apps/b/src/data-source.ts': source.replace('6', '5') };
  assert.equal((await analysed({ ...apart, 'apps/b/src/app.module.ts': module })).total, 6 + 5);
});

test('drizzle.mock()', () =>
  none("import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle.mock();"));

test('pools of other things', async () => {
  for (const code of [
    "import { Pool } from 'undici';\nexport const pool = new Pool('https://example.test', { connections: 500 });",
    "import Pool from 'piscina';\nexport const pool = new Pool({ maxThreads: 500 });",
    "import { Piscina as Pool } from 'piscina';\nexport const pool = new Pool({ max: 500 });",
    "import { Cluster } from 'ioredis';\nexport const redis = new Cluster([]);",
    "import { createPool } from 'generic-pool';\nexport const pool = createPool(factory, { max: 500 });",
    "import workerpool from 'workerpool';\nexport const pool = workerpool.pool('./worker.js', { maxWorkers: 500 });",
    "import { Pool } from 'tarn';\nexport const pool = new Pool({ create, destroy, min: 0, max: 500 });",
    "import { createClient, createPool } from 'redis';\nexport const pool = createPool({ max: 500 });",
    'class Pool {\n  constructor(readonly options: object) {}\n}\nexport const pool = new Pool({ max: 500 });',
  ])
    await none(code);
});

test('types alone', async () => {
  for (const code of [
    "import type { Pool } from 'pg';\nexport const use = (pool: Pool) => pool.query('select 1');",
    "import { type Pool, type PoolConfig } from 'pg';\nexport const options: PoolConfig = { max: 500 };\nexport let pool: Pool;",
    "import type pg from 'pg';\nexport interface Holder { pool: pg.Pool }",
    "export type Pool = import('pg').Pool;",
  ])
    await none(code);
});

test('a size from the environment is unknown, not the default', async () => {
  for (const code of [
    `${pg}export const pool = new Pool({ max: Number(process.env.POOL) });`,
    "import postgres from 'postgres';\nexport const sql = postgres({ max: Number(process.env.POOL) });",
    "import mysql from 'mysql2';\nexport const pool = mysql.createPool({ host: 'db', connectionLimit: Number(process.env.POOL) });",
    "import { Sequelize } from 'sequelize';\nexport const db = new Sequelize({ dialect: 'postgres', pool: { max: Number(process.env.POOL) } });",
  ]) {
    const { total, rules } = await analysed({ 'src/db.ts': `${code}\n` });
    assert.equal(total, 'unknown', code);
    assert.ok(!rules.some((rule) => /unbounded|exceeds|self-defeating|invalid/.test(rule)), `${code}: ${rules.join()}`);
  }
});

test('options that are spread from a shared constant', async () => {
  const files = {
    'src/options.ts': 'export const shared = { max: 4, connectionTimeoutMillis: 3000 } as const;\n',
    'src/db.ts': `${pg}import { shared } from './options';\nexport const a = new Pool({ ...shared });\nexport const b = new Pool({ ...shared, max: 2 });\nfor (const pool of [a, b]) pool.on('error', console.error);\n`,
  };
  assert.deepEqual(await analysed(files), { pools: 2, total: 6, rules: [] });
});

test('one connection on purpose', async () => {
  const code = `${pg}export const pool = new Pool({ max: 1, allowExitOnIdle: true, connectionTimeoutMillis: 3000 });\npool.on('error', console.error);\n`;
  assert.deepEqual(await analysed({ 'src/db.ts': code }), { pools: 1, total: 1, rules: [] });
});

test('a minimum opens nothing ahead of need, but for mariadb', async () => {
  const code = `${pg}export const pool = new Pool({ min: 5, max: 6, connectionTimeoutMillis: 3000 });\npool.on('error', console.error);\n`;
  assert.deepEqual(await analysed({ 'src/db.ts': code }), { pools: 1, total: 6, rules: [] });
});

test('a pool that is handed to an ORM counts once', async () => {
  const uses = [
    "import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle(pool);",
    "import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle({ client: pool });",
    "import { Kysely, PostgresDialect } from 'kysely';\nexport const db = new Kysely({ dialect: new PostgresDialect({ pool }) });",
    "import knex from 'knex';\nexport const db = knex({ client: 'pg', connectionPool: pool });",
    "import { PrismaPg } from '@prisma/adapter-pg';\nimport { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });",
    "import postgres from '@prisma/orm-postgres/runtime';\nexport const db = postgres({ pg: pool });",
  ];
  for (const use of uses) {
    const { pools, total } = await analysed({ 'src/db.ts': `${pg}const pool = new Pool({ max: 7 });\n${use}\n` });
    assert.deepEqual([pools, total], [1, 7], use);
  }
});

test('prisma:// pools elsewhere', async () => {
  const { pools } = await analysed({
    'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
    '.env': 'DATABASE_URL="prisma://accelerate.prisma-data.net/?api_key=x"\n',
    'src/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();\n",
  });
  assert.equal(pools, 0);
});

test('neon() asks over HTTP', () =>
  none("import { neon } from '@neondatabase/serverless';\nexport const sql = neon(process.env.DATABASE_URL!);"));

test('databases inside the process', async () => {
  await none("import { PGlite } from '@electric-sql/pglite';\nexport const db = new PGlite();");
  await none(
    "import { newDb } from 'pg-mem';\nconst { Pool } = newDb().adapters.createPg();\nexport const pool = new Pool();",
  );
  await none("import { drizzle } from 'drizzle-orm/pglite';\nexport const db = drizzle();");
});

test('SQLite', async () => {
  await none(
    "import { DataSource } from 'typeorm';\nexport default new DataSource({ type: 'better-sqlite3', database: 'dev.db' });",
  );
  await none(
    "import { Sequelize } from 'sequelize';\nexport const db = new Sequelize({ dialect: 'sqlite', storage: 'dev.db' });",
  );
  await none(
    "import knex from 'knex';\nexport const db = knex({ client: 'sqlite3', connection: { filename: 'dev.db' } });",
  );
  await none(
    "import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';\nexport const adapter = new PrismaBetterSqlite3({ url: 'file:dev.db' });",
  );
  const { rules } = await analysed({
    'prisma/schema.prisma': 'datasource db {\n  provider = "sqlite"\n  url = "file:./dev.db"\n}\n',
  });
  assert.deepEqual(rules, []);
});

test('classes and functions around a pool count once for each that is made', async () => {
  const subclass = `${pg}export class Database extends Pool {}\nexport const a = new Database({ max: 3 });\nexport const b = new Database({ max: 4 });\n`;
  assert.equal((await analysed({ 'src/db.ts': subclass })).total, 7);
  const factory = {
    'src/make.ts': `${pg}export function make(max: number) {\n  return new Pool({ max });\n}\n`,
    'src/db.ts': "import { make } from './make';\nexport const a = make(3);\nexport const b = make(4);\n",
  };
  assert.equal((await analysed(factory)).total, 7);
});

test('what is handed on by other modules is built once', async () => {
  const files = {
    'src/db.ts': counted,
    'src/index.ts': "export { pool } from './db';\nexport * from './db';\n",
    'src/users.ts': "import { pool } from './index';\nexport const users = () => pool.query('select 1');\n",
  };
  const { pools, total } = await analysed(files);
  assert.deepEqual([pools, total], [1, 7]);
});

test("mysql2's pool under Drizzle is mysql2's", async () => {
  const code =
    "import { drizzle } from 'drizzle-orm/mysql2';\nimport { createPool } from 'mysql2/promise';\nexport const db = drizzle(createPool({ host: 'db', connectionLimit: 5 }));\n";
  const { pools, total } = await analysed({ 'src/db.ts': code });
  assert.deepEqual([pools, total], [1, 5]);
});

test('databases that are no server with slots', async () => {
  for (const type of ['sqljs', 'spanner', 'mongodb', 'expo', 'better-sqlite3'])
    await none(
      `import { DataSource } from 'typeorm';\nexport const source = new DataSource({ type: '${type}', poolSize: 500 });`,
    );
  for (const code of [
    "import { MikroORM } from '@mikro-orm/sqlite';\nexport const orm = await MikroORM.init({ dbName: 'dev.db' });",
    "import { MikroORM } from '@mikro-orm/mongodb';\nexport const orm = await MikroORM.init({ dbName: 'shop' });",
    "import { Kysely, SqliteDialect } from 'kysely';\nimport Database from 'better-sqlite3';\nexport const db = new Kysely({ dialect: new SqliteDialect({ database: new Database('dev.db') }) });",
    "import knex from 'knex';\nexport const db = knex({ client: 'better-sqlite3', connection: { filename: 'dev.db' } });",
    "import { drizzle } from 'drizzle-orm/libsql';\nexport const db = drizzle({ connection: { url: process.env.URL! } });",
    "import { drizzle } from 'drizzle-orm/planetscale-serverless';\nexport const db = drizzle({ connection: { url: process.env.URL! } });",
    "import { connect } from '@planetscale/database';\nexport const db = connect({ url: process.env.URL });",
  ])
    await none(code);
  const mongodb = 'datasource db {\n  provider = "mongodb"\n  url = env("DATABASE_URL")\n}\n';
  assert.deepEqual((await analysed({ 'prisma/schema.prisma': mongodb })).rules, []);
});

test('pools of further packages', async () => {
  for (const code of [
    "import { createPool } from 'lightning-pool';\nexport const pool = createPool(factory, { max: 500 });",
    "import { StaticPool } from 'node-worker-threads-pool';\nexport const pool = new StaticPool({ size: 500, task });",
    "import { Worker } from 'jest-worker';\nexport const pool = new Worker('./task.js', { numWorkers: 500 });",
    "import { Pool } from 'mysql2';\nexport const use = (pool: Pool) => pool.query('SELECT 1');",
  ])
    await none(code);
});

test('programs, mocks and migrations, by what they are', async () => {
  const code = `${pg}const pool = new Pool({ max: 30 });\nawait pool.query('SELECT 1');\nawait pool.end();`;
  await uncounted('src/__mocks__/pg.ts', code);
  await uncounted('src/migrations/20240101-orders.ts', code);
  await uncounted('src/cli/import.ts', `#!/usr/bin/env node\n${code}`);
  await uncounted('tools/backfill.ts', `${code}\nprocess.exit(0);`);
});

test("ormconfig beside the connection that Nest builds is the command line's", async () => {
  const files = {
    'ormconfig.ts':
      "import { DataSource } from 'typeorm';\nexport default new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, poolSize: 9 });\n",
    'src/app.module.ts':
      "import { TypeOrmModule } from '@nestjs/typeorm';\nexport const root = TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL, poolSize: 9 });\n",
  };
  assert.equal((await analysed(files)).total, 9);
});
