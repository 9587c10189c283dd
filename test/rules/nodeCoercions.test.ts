/**
 * What Node's libraries make of values that are not what they seem: sizes as texts, zeros, nothing at all, settings in URLs.
 * One test for each coercion; what each really does is measured by `npm run facts`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles, type Files } from '../support/workspace.ts';

/** Rules that speak of a setting's value; what waits for ever or is not listened to is another matter. */
const ofValues =
  /^(?:unbounded-pool|self-defeating-pool-setting|invalid-pool-arguments|ignored-pool-options|min-exceeds-max)$/;

type Peak = number | 'unbounded' | 'unknown';

async function found(code: string | Files): Promise<{ peaks: Peak[]; rules: string[] }> {
  const analysis = await analyseFiles(typeof code === 'string' ? { 'src/db.ts': `${code}\n` } : code);
  return {
    peaks: analysis.pools.map(({ pool: { peakPerProcess: peak } }) => (typeof peak === 'object' ? 'unknown' : peak)),
    rules: analysis.findings.map((each) => each.rule).filter((rule) => ofValues.test(rule)),
  };
}

function coercion(title: string, code: string | Files, peak: Peak, ...rules: string[]): void {
  test(title, async () => assert.deepEqual(await found(code), { peaks: [peak], rules }));
}

const pg = (options: string) => `import { Pool } from 'pg';\nexport const pool = new Pool(${options});`;
coercion('pg: a text of digits is the number', pg("{ max: '3' }"), 3);
coercion('pg: a text that is no number is no limit', pg("{ max: 'abc' }"), 'unbounded', 'unbounded-pool');
coercion('pg: 0 is the default, not "no pooling"', pg('{ max: 0 }'), 10);
coercion('pg: null is the default', pg('{ max: null }'), 10);
coercion('pg: undefined is the default', pg('{ max: undefined }'), 10);
coercion('pg: NaN is the default', pg("{ max: Number('x') }"), 10);
coercion('pg: below zero no connection is ever handed out', pg('{ max: -1 }'), 0, 'self-defeating-pool-setting');
coercion('pg: poolSize is another name of max', pg('{ poolSize: 4 }'), 4);
coercion(
  'pg: no pool setting is read from a URL',
  pg("{ connectionString: 'postgres://db/shop?max=2' }"),
  10,
  'ignored-pool-options',
);
coercion(
  "pg: nor one of Prisma's",
  pg("{ connectionString: 'postgres://db/shop?connection_limit=2&pgbouncer=true' }"),
  10,
  'ignored-pool-options',
  'ignored-pool-options',
);
coercion('pg: a URL alone throws', pg("'postgres://db/shop'"), 10, 'invalid-pool-arguments');
coercion('pg: keys of others are dropped', pg('{ connectionLimit: 4 }'), 10, 'ignored-pool-options');

const js = (rest: string) => `import postgres from 'postgres';\nexport const sql = postgres(${rest});`;
coercion('postgres.js: a text is one connection', js("{ max: '20' }"), 1, 'self-defeating-pool-setting');
coercion(
  'postgres.js: a size in the URL is one connection',
  js("'postgres://db/shop?max=20'"),
  1,
  'self-defeating-pool-setting',
);
coercion(
  'postgres.js: a size out of the environment is one connection',
  js('{ max: process.env.MAX }'),
  1,
  'self-defeating-pool-setting',
);
coercion('postgres.js: undefined is one connection', js('{ max: undefined }'), 1, 'self-defeating-pool-setting');
coercion('postgres.js: 0 leaves none', js('{ max: 0 }'), 0, 'self-defeating-pool-setting');
coercion('postgres.js: NaN throws', js("{ max: Number('x') }"), 'unknown', 'invalid-pool-arguments');
coercion(
  'postgres.js: PGMAX is one connection',
  { 'src/db.ts': `${js("'postgres://db/shop'")}\n`, '.env': 'PGMAX=20\n' },
  1,
  'self-defeating-pool-setting',
);
coercion(
  "postgres.js: the server refuses Prisma's parameters",
  js("'postgres://db/shop?connection_limit=5'"),
  10,
  'invalid-pool-arguments',
);
coercion('postgres.js: durations may be texts', js("{ max: 3, idle_timeout: '20' }"), 3);

const mysql2 = (options: string) => `import mysql from 'mysql2';\nexport const pool = mysql.createPool(${options});`;
coercion('mysql2: a text of digits is the number', mysql2("{ host: 'db', connectionLimit: '4' }"), 4);
coercion('mysql2: no number is the default', mysql2("{ host: 'db', connectionLimit: 'x' }"), 10);
coercion('mysql2: 0 is no limit', mysql2("{ host: 'db', connectionLimit: 0 }"), 'unbounded', 'unbounded-pool');
coercion('mysql2: null is no limit', mysql2("{ host: 'db', connectionLimit: null }"), 'unbounded', 'unbounded-pool');
coercion(
  'mysql2: an empty text is no limit',
  mysql2("{ host: 'db', connectionLimit: '' }"),
  'unbounded',
  'unbounded-pool',
);
coercion(
  'mysql2: below zero nothing connects',
  mysql2("{ host: 'db', connectionLimit: -1 }"),
  0,
  'self-defeating-pool-setting',
);
coercion('mysql2: the limit may stand in the URL', mysql2("'mysql://db/shop?connectionLimit=4'"), 4);
coercion(
  'mysql2: there is no limit on the wait',
  mysql2("{ host: 'db', connectionLimit: 4, acquireTimeout: 1000 }"),
  4,
  'ignored-pool-options',
);

const mysql = (options: string) => `const mysql = require('mysql');\nmodule.exports = mysql.createPool(${options});`;
coercion('mysql: 0 is no limit', mysql("{ host: 'db', connectionLimit: 0 }"), 'unbounded', 'unbounded-pool');

const mariadb = (options: string) =>
  `import mariadb from 'mariadb';\nexport const pool = mariadb.createPool(${options});`;
coercion('mariadb: the limit may stand in the URL', mariadb("'mariadb://db/shop?connectionLimit=4'"), 4);
coercion(
  "mariadb: Prisma's name for it does nothing",
  mariadb("'mariadb://db/shop?connection_limit=4'"),
  10,
  'ignored-pool-options',
);
coercion('mariadb: no number stays none', mariadb("{ host: 'db', connectionLimit: Number('x') }"), 'unknown');

const mssql = (pool: string) =>
  `import sql from 'mssql';\nexport const pool = new sql.ConnectionPool({ server: 'db', pool: ${pool} });`;
coercion('mssql: a text throws', mssql("{ max: '5' }"), 'unknown', 'invalid-pool-arguments');
coercion('mssql: 0 throws', mssql('{ max: 0 }'), 0, 'invalid-pool-arguments');
coercion('mssql: a minimum above the maximum throws', mssql('{ min: 5, max: 3 }'), 3, 'min-exceeds-max');
coercion('mssql: an unknown key throws', mssql('{ max: 3, size: 5 }'), 3, 'invalid-pool-arguments');

const typeorm = (options: string) =>
  `import { DataSource } from 'typeorm';\nexport const source = new DataSource({ type: 'postgres', ${options} });`;
coercion('TypeORM: extra wins over poolSize', typeorm('poolSize: 3, extra: { max: 7 }'), 7);

const sequelize = (pool: string) =>
  `import { Sequelize } from 'sequelize';\nexport const db = new Sequelize('postgres://db/shop', { pool: ${pool} });`;
coercion('Sequelize: a text throws', sequelize("{ max: '5' }"), 'unknown', 'invalid-pool-arguments');
coercion('Sequelize: 0 throws', sequelize('{ max: 0 }'), 0, 'invalid-pool-arguments');
coercion('Sequelize: no pool at all throws', sequelize('false'), 'unknown', 'invalid-pool-arguments');

const knex = (pool: string, more = '') =>
  `import knex from 'knex';\nexport const db = knex({ client: 'pg', connection: { host: 'db'${more} }, pool: ${pool} });`;
coercion('Knex: a pool of one is below the minimum of two', knex('{ max: 1 }'), 1, 'min-exceeds-max');
coercion('Knex: a text throws', knex("{ min: 0, max: '5' }"), 'unknown', 'invalid-pool-arguments');
coercion('Knex: an unknown key throws', knex('{ min: 0, max: 5, size: 3 }'), 5, 'invalid-pool-arguments');
coercion('Knex: 0 makes no pool', knex('{ min: 0, max: 0 }'), 0, 'self-defeating-pool-setting');
coercion(
  'Knex: keys of generic-pool throw',
  knex('{ min: 0, max: 5, maxWaitingClients: 3 }'),
  5,
  'invalid-pool-arguments',
);
coercion(
  'Knex: a pool inside connection is not read',
  knex('{ min: 0, max: 5 }', ', pool: { max: 9 }'),
  5,
  'ignored-pool-options',
);

const slonik = (version: string) => ({
  'package.json': `{ "dependencies": { "slonik": "${version}" } }`,
  'src/db.ts':
    "import { createPool } from 'slonik';\nexport const pool = await createPool('postgres://db/shop', { maxPoolSize: 4 });\n",
});
coercion('Slonik: maxPoolSize is read from 49 on', slonik('49.10.9'), 4);
coercion('Slonik: and was not before', slonik('47.3.2'), 10);

const prisma = (query: string, provider = 'postgresql') => ({
  'prisma/schema.prisma': `datasource db {\n  provider = "${provider}"\n  url      = "${provider}://shop@db/shop?${query}"\n}\n`,
});
coercion('Prisma: 0 is no limit', prisma('connection_limit=0'), 'unbounded', 'unbounded-pool');
coercion('Prisma: no number is refused', prisma('connection_limit=ten'), 'unknown', 'invalid-pool-arguments');
coercion(
  'Prisma: so is a number with a unit',
  prisma('connection_limit=5&pool_timeout=10s'),
  5,
  'invalid-pool-arguments',
);
coercion(
  'Prisma: and a switch that is neither true nor false',
  prisma('connection_limit=5&pgbouncer=1'),
  5,
  'invalid-pool-arguments',
);
coercion(
  'Prisma: what it does not know is dropped',
  prisma('connection_limit=5&pooltimeout=3'),
  5,
  'ignored-pool-options',
);

const adapter = (argument: string) =>
  `import { PrismaPg } from '@prisma/adapter-pg';\nimport { Pool } from 'pg';\nexport const adapter = new PrismaPg(${argument});`;
coercion(
  "Prisma's adapter: { pool } is an empty configuration",
  adapter('{ pool: undefined }'),
  10,
  'ignored-pool-options',
);
coercion(
  "Prisma's adapter: connection_limit in the URL does nothing",
  adapter("'postgres://db/shop?connection_limit=5'"),
  10,
  'ignored-pool-options',
);
