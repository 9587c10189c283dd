// Clients with settings of their own: Slonik, Prisma's adapters, Neon and Vercel.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  asks,
  load,
  loadFile,
  loadModule,
  measure,
  outcome,
  peak,
  record,
  requested,
  url,
  urlWith,
  versions,
} from './measure.mjs';

versions(
  'slonik',
  '@prisma/adapter-pg',
  '@prisma/adapter-mssql',
  '@prisma/orm-postgres',
  '@neondatabase/serverless',
  '@vercel/postgres',
  'mssql',
  'pg',
);
const times = 13;
const named = (name) => urlWith({ application_name: name });

async function slonik() {
  const { createPool, sql } = await loadModule('slonik');
  async function opened(name, options) {
    const pool = await createPool(named(name), options);
    const most = await peak(name, times, () => pool.any(sql.unsafe`SELECT pg_sleep(0.5)`));
    const source = (await pool.one(sql.unsafe`SELECT source FROM pg_settings WHERE name = 'statement_timeout'`)).source;
    pool.end().catch(() => {});
    return { peak: most, 'statement_timeout from': source };
  }
  const { createClientConfiguration } = await loadFile('slonik/dist/factories/createClientConfiguration.js');
  const configuration = createClientConfiguration(url, {});
  // 49 renamed the size and takes both names.
  const renamed = { maximumPoolSize: 'maxPoolSize' };
  for (const name of asks.slonik) record(`default ${name}`, configuration[name] ?? configuration[renamed[name]]);
  await measure('Slonik default', () => opened('slonik-default', {}));
  await measure('Slonik maxPoolSize: 3', () => opened('slonik-3', { maxPoolSize: 3 }).then((found) => found.peak));
  await measure('Slonik maximumPoolSize: 3', () =>
    opened('slonik-m3', { maximumPoolSize: 3 }).then((found) => found.peak),
  );
  const off = { statementTimeout: 'DISABLE_TIMEOUT', idleInTransactionSessionTimeout: 'DISABLE_TIMEOUT' };
  await measure('Slonik without timeouts', () =>
    opened('slonik-off', off).then((found) => found['statement_timeout from']),
  );
}

async function prisma() {
  const { PrismaPg } = await loadModule('@prisma/adapter-pg');
  const { Pool } = load('pg');
  async function opened(name, config, options) {
    const adapter = await new PrismaPg(config, options).connect();
    const most = await peak(name, times, (sql) => adapter.executeScript(sql));
    await adapter.dispose();
    return most;
  }
  await measure('PrismaPg URL', () => opened('prisma-url', named('prisma-url')));
  await measure('PrismaPg URL with connection_limit', () =>
    opened(
      'prisma-limit',
      urlWith({ application_name: 'prisma-limit', connection_limit: 2, pgbouncer: true, pool_timeout: 1 }),
    ),
  );
  await measure('PrismaPg max: 3', () => opened('prisma-3', { connectionString: named('prisma-3'), max: 3 }));
  await measure('PrismaPg pool', async () => {
    const pool = new Pool({ connectionString: named('prisma-pool'), max: 2 });
    const most = await opened('prisma-pool', pool);
    await pool.end();
    return most;
  });
  await measure('PrismaPg { pool } ignores the pool', async () => {
    process.env.PGAPPNAME = 'prisma-wrapped';
    const pool = new Pool({ connectionString: named('prisma-inner'), max: 2 });
    const most = await opened('prisma-wrapped', { pool });
    delete process.env.PGAPPNAME;
    await pool.end();
    return most;
  });
  await measure('PrismaPg two clients', async () => {
    const factory = new PrismaPg({ connectionString: named('prisma-two'), max: 2 });
    const adapters = [await factory.connect(), await factory.connect()];
    let turn = 0;
    const most = await peak('prisma-two', times, (sql) => adapters[turn++ % 2].executeScript(sql));
    for (const adapter of adapters) await adapter.dispose();
    return most;
  });
}

async function httpDrivers() {
  const { Pool, neon } = load('@neondatabase/serverless');
  const { options } = new Pool({ connectionString: url });
  record('Neon Pool', { max: options.max, idleTimeoutMillis: options.idleTimeoutMillis });
  record('neon() has no pool', typeof neon(url.replace('127.0.0.1', 'example.test')));
  const { createPool } = load('@vercel/postgres');
  const pooled = 'postgres://u:unused@ep-x-pooler.example.test/db';
  record('Vercel createPool', createPool({ connectionString: pooled }).options.max);
  globalThis.EdgeRuntime = 'edge-runtime';
  const edge = createPool({ connectionString: pooled }).options;
  record('Vercel createPool on the edge', { max: edge.max, maxUses: edge.maxUses });
}

/** Prisma 8 as a release candidate: its pool's options are read in the code it ships, which needs a compiled contract to run. */
function prismaNext() {
  const code = readFileSync(
    join(process.env.POOLPROOF_TARGET, 'node_modules/@prisma/orm-postgres/dist/runtime.mjs'),
    'utf8',
  );
  const [, options] = /new Pool\(\{([^}]*)\}/.exec(code) ?? [];
  const entries = (options ?? '').split(',\n').map((line) => line.trim().split(': '));
  record(
    'Prisma 8 new Pool({…})',
    entries.map(([name]) => name),
  );
  const fallback = (name) => Number(entries.find(([each]) => each === name)?.[1].split('?? ')[1]);
  record('Prisma 8 default connectionTimeoutMillis', fallback('connectionTimeoutMillis'));
  record('Prisma 8 default idleTimeoutMillis', fallback('idleTimeoutMillis'));
}

/** SQL Server is not here: connecting is replaced, the pool behind it is the library's own. */
async function mssql() {
  const { ConnectionPool } = load('mssql');
  async function poolOf(options) {
    const made = new ConnectionPool({ server: 'localhost', user: 'app', password: 'unused', pool: options });
    made._poolCreate = async () => ({ close() {}, removeAllListeners() {} });
    made._poolDestroy = async () => {};
    made._poolValidate = () => true;
    await made.connect();
    return made.pool;
  }
  const { max, min, acquireTimeoutMillis, idleTimeoutMillis } = await poolOf({});
  for (const [name, value] of Object.entries({ max, min, acquireTimeoutMillis, idleTimeoutMillis })) {
    record(`default ${name}`, value);
  }
  const refused = {
    "max: '5'": { max: '5' },
    'max: 0': { max: 0 },
    'min above max': { min: 3, max: 2 },
    unknown: { x: 1 },
  };
  for (const [label, options] of Object.entries(refused)) {
    await measure(`mssql ${label}`, () => outcome(() => poolOf(options), { pick: () => 'throws' }));
  }
  for (const name of asks.tarn) {
    const value = /Millis$/.test(name) ? 5000 : name === 'propagateCreateError' ? true : () => true;
    await measure(`accepted ${name}`, () => outcome(() => poolOf({ [name]: value }), { pick: () => 'throws' }));
  }
}

/** What reaches the driver: connecting is replaced. */
async function prismaMssql() {
  const { PrismaMssql } = await loadModule('@prisma/adapter-mssql');
  const { ConnectionPool } = load('mssql');
  ConnectionPool.prototype.connect = async function connect() {
    throw Object.assign(new Error('not connected'), { pool: this.config.pool });
  };
  async function poolOf(config) {
    const { pool } = await new PrismaMssql(config).connect().catch((error) => error.cause ?? error);
    return { max: pool?.max ?? null, acquireTimeoutMillis: pool?.acquireTimeoutMillis ?? null };
  }
  const address = 'sqlserver://db:1433;database=shop';
  await measure('PrismaMssql connectionLimit=4;poolTimeout=3', () =>
    poolOf(`${address};connectionLimit=4;poolTimeout=3`),
  );
  await measure('PrismaMssql connection_limit=4', () => poolOf(`${address};connection_limit=4`));
  await measure('PrismaMssql pool', () => poolOf({ server: 'db', pool: { max: 6 } }));
}

const libraries = {
  mssql,
  '@prisma/adapter-mssql': prismaMssql,
  slonik,
  '@prisma/adapter-pg': prisma,
  '@prisma/orm-postgres': prismaNext,
  '@vercel/postgres': httpDrivers,
};
for (const [name, probe] of Object.entries(libraries)) if (requested.has(name)) await probe();
process.exit(0);
