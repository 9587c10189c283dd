/**
 * How long each of Node's libraries waits for a connection and keeps one that is idle, by default and as written: units,
 * switches and defaults that are not what the documentation of another would suggest.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pool } from '../../server/src/declarations/pool.ts';
import { analyseFiles, type Files } from '../support/workspace.ts';

const inWords = (limit: Pool['acquireWait'] | Pool['idleLimit']) =>
  limit.kind === 'seconds' ? `${limit.seconds} s` : limit.kind;

function limits(
  library: string,
  cases: readonly (readonly [code: string | Files, wait: string, idle: string])[],
): void {
  test(library, async () => {
    for (const [code, wait, idle] of cases) {
      const { pools } = await analyseFiles(typeof code === 'string' ? { 'src/db.ts': `${code}\n` } : code);
      const found = pools.map(({ pool }) => [inWords(pool.acquireWait), inWords(pool.idleLimit)]);
      assert.deepEqual(found, [[wait, idle]], JSON.stringify(code));
    }
  });
}

const pg = (options: string) => `import { Pool } from 'pg';\nexport const pool = new Pool(${options});`;
limits('node-postgres: milliseconds; idle ten seconds, whatever pg.defaults says; 0 is for ever', [
  [pg(''), 'forever', '10 s'],
  [pg('{ connectionTimeoutMillis: 0, idleTimeoutMillis: 0 }'), 'forever', 'forever'],
  [pg("{ connectionTimeoutMillis: 2500, idleTimeoutMillis: '30000' }"), '2.5 s', '30 s'],
  [pg('{ idleTimeoutMillis: Number(process.env.IDLE) }'), 'forever', 'unknown'],
]);

const js = (options: string) =>
  `import postgres from 'postgres';\nexport const sql = postgres('postgres://db/shop', ${options});`;
limits('postgres.js: seconds; the queue has no clock; idle for ever unless it is told', [
  [js('{}'), 'forever', 'forever'],
  [js('{ idle_timeout: 20, connect_timeout: 5 }'), 'forever', '20 s'],
  [js("{ idle_timeout: '20' }"), 'forever', '20 s'],
]);

const mysql2 = (options: string) =>
  `import mysql from 'mysql2';\nexport const pool = mysql.createPool({ host: 'db', ${options} });`;
limits('mysql2: no clock in the queue; idle connections are looked for only below the limit', [
  [mysql2(''), 'forever', 'forever'],
  [mysql2('idleTimeout: 30000'), 'forever', 'forever'],
  [mysql2('connectionLimit: 10, maxIdle: 10, idleTimeout: 30000'), 'forever', 'forever'],
  [mysql2('connectionLimit: 10, maxIdle: 4, idleTimeout: 30000'), 'forever', '30 s'],
  [mysql2('maxIdle: 4'), 'forever', '60 s'],
  [mysql2('waitForConnections: false'), 'never-waits', 'forever'],
  [mysql2('queueLimit: 20'), 'forever', 'forever'],
]);

const mysql = (options: string) =>
  `const mysql = require('mysql');\nmodule.exports = mysql.createPool({ host: 'db', ${options} });`;
limits('mysql: acquireTimeout leaves the queue out; idle for ever', [
  [mysql(''), 'forever', 'forever'],
  [mysql('acquireTimeout: 3000'), 'forever', 'forever'],
  [mysql('waitForConnections: false'), 'never-waits', 'forever'],
]);

const mariadb = (options: string) =>
  `import mariadb from 'mariadb';\nexport const pool = mariadb.createPool({ host: 'db', ${options} });`;
limits('mariadb: waits in milliseconds, idles in seconds, and only above the minimum', [
  [mariadb(''), '10 s', 'forever'],
  [mariadb('acquireTimeout: 3000, idleTimeout: 60'), '3 s', 'forever'],
  [mariadb('connectionLimit: 10, minimumIdle: 2, idleTimeout: 60'), '10 s', '60 s'],
  [mariadb('connectionLimit: 10, minimumIdle: 2'), '10 s', '1800 s'],
]);

const mssql = (pool: string) =>
  `import sql from 'mssql';\nexport const pool = new sql.ConnectionPool({ server: 'db', pool: ${pool} });`;
limits('mssql: what tarn has', [
  [mssql('{}'), '30 s', '30 s'],
  [mssql('{ acquireTimeoutMillis: 5000, idleTimeoutMillis: 10000 }'), '5 s', '10 s'],
]);

const sequelize = (pool: string) =>
  `import { Sequelize } from 'sequelize';\nexport const db = new Sequelize('postgres://db/shop', { pool: ${pool} });`;
limits('Sequelize: milliseconds', [
  [sequelize('{}'), '60 s', '10 s'],
  [sequelize('{ acquire: 5000, idle: 20000 }'), '5 s', '20 s'],
]);

const knex = (pool: string, more = '') =>
  `import knex from 'knex';\nexport const db = knex({ client: 'pg', connection: { host: 'db' }, pool: ${pool}${more} });`;
limits('Knex: of two settings of the wait the smaller one; its minimum never idles', [
  [knex('{ min: 0, max: 5 }'), '60 s', '30 s'],
  [knex('{ min: 0, max: 5, acquireTimeoutMillis: 20000 }'), '20 s', '30 s'],
  [knex('{ min: 0, max: 5, acquireTimeoutMillis: 20000 }', ', acquireConnectionTimeout: 5000'), '5 s', '30 s'],
  [knex('{ min: 0, max: 5, acquireTimeoutMillis: 5000 }', ', acquireConnectionTimeout: 20000'), '5 s', '30 s'],
  [knex('{ min: 2, max: 5, idleTimeoutMillis: 10000 }'), '60 s', 'forever'],
  [knex('{ max: 5 }'), '60 s', 'forever'],
]);

const typeorm = (options: string) =>
  `import { DataSource } from 'typeorm';\nexport const source = new DataSource({ ${options} });`;
limits("TypeORM: its driver's, under names of its own", [
  [typeorm("type: 'postgres'"), 'forever', '10 s'],
  [typeorm("type: 'postgres', connectTimeoutMS: 3000"), '3 s', '10 s'],
  [typeorm("type: 'postgres', connectTimeoutMS: 3000, extra: { connectionTimeoutMillis: 4000 }"), '4 s', '10 s'],
  [typeorm("type: 'mysql'"), 'forever', 'forever'],
]);

const slonik = (options: string) =>
  `import { createPool } from 'slonik';\nexport const pool = await createPool('postgres://db/shop', ${options});`;
limits('Slonik: milliseconds, or the word that switches a limit off', [
  [slonik('{}'), '5 s', '5 s'],
  [slonik("{ connectionTimeout: 'DISABLE_TIMEOUT', idleTimeout: 'DISABLE_TIMEOUT' }"), 'forever', 'forever'],
  [slonik('{ connectionTimeout: 3000, idleTimeout: 60000 }'), '3 s', '60 s'],
]);

const prisma = (query: string) => ({
  'schema.prisma': `datasource db {\n  provider = "postgresql"\n  url      = "postgresql://db/shop?${query}"\n}\n`,
});
limits('Prisma: seconds; 0 is for ever', [
  [prisma('connection_limit=5'), '10 s', '300 s'],
  [prisma('pool_timeout=3&max_idle_connection_lifetime=60'), '3 s', '60 s'],
  [prisma('pool_timeout=0&max_idle_connection_lifetime=0'), 'forever', 'forever'],
  [prisma('pool_timeout=soon'), 'unknown', '300 s'],
]);
