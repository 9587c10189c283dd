/** Further shapes in which applications build pools: forks and plugins of drivers, fields, factories, builders on top. */
import { shapes } from '../support/shapes.ts';

const url = 'process.env.DATABASE_URL';

shapes('node-postgres', [
  // How the module gets there.
  [
    "import * as pg from 'pg';\nconst Pool = pg.default?.Pool ?? pg.Pool;\nexport const pool = new Pool({ max: 4 });",
    { peak: 4 },
  ],
  ["import pkg from 'pg';\nexport const pool = new pkg.Pool({ max: 4 });", { peak: 4 }],
  ["import pg = require('pg');\nexport const pool = new pg.Pool({ max: 4 });", { peak: 4 }],
  ["const pg = require('pg').native;\nmodule.exports = new pg.Pool({ max: 4 });", { peak: 4 }],
  ["const native = require('pg').native ?? require('pg');\nmodule.exports = new native.Pool({ max: 4 });", { peak: 4 }],
  ["import { native } from 'pg';\nconst { Pool } = native!;\nexport const pool = new Pool({ max: 4 });", { peak: 4 }],
  ["const { default: pg } = await import('pg');\nexport const pool = new pg.Pool({ max: 4 });", { peak: 4 }],
  ["const pg = (await import('pg')).default;\nexport const pool = new pg.Pool({ max: 4 });", { peak: 4 }],
  ["import Pool = require('pg-pool');\nexport const pool = new Pool({ max: 4 });", { peak: 4 }],
  // Where it is built.
  [
    "import pg from 'pg';\nexport class Db {\n  private readonly pg = pg;\n  private readonly pool;\n  constructor() {\n    this.pool = new this.pg.Pool({ max: 4 });\n  }\n}",
    { peak: 4 },
  ],
  [
    "import { Pool } from 'pg';\nexport class Db {\n  static #pool?: Pool;\n  static get pool() {\n    return (this.#pool ??= new Pool({ max: 4 }));\n  }\n}",
    { peak: 4 },
  ],
  [
    "import { Pool, type PoolConfig } from 'pg';\nconst base: PoolConfig = { max: 4, host: 'db' };\nexport const pool: Pool = new Pool({ ...base, ssl: { rejectUnauthorized: false } });",
    { peak: 4, host: 'db' },
  ],
  [
    "import { Pool } from 'pg';\nexport default fp(async (fastify) => {\n  const pool = new Pool({ max: 4 });\n  fastify.decorate('pg', pool);\n  fastify.addHook('onClose', () => pool.end());\n});",
    { peak: 4 },
  ],
  // Others' classes.
  ['class Pool {\n  constructor(readonly options: object) {}\n}\nexport const pool = new Pool({ max: 4 });'],
  ["import Pool from 'generic-pool';\nexport const pool = Pool.createPool(factory, { max: 4 });"],
  ["import { Pool } from './pool';\nexport const connection = new Pool().acquire();"],
]);

const fastify = "import Fastify from 'fastify';\nimport mysql from '@fastify/mysql';\nconst app = Fastify();\n";

// Fastify's plugin makes a pool of mysql2 of the options it is registered with.
shapes('mysql2', [
  [`${fastify}app.register(mysql, { promise: true, host: 'db', connectionLimit: 6 });`, { peak: 6, host: 'db' }],
  [
    `${fastify}await app.register(mysql, { promise: true, connectionString: 'mysql://shop@db/shop', connectionLimit: 6 });`,
    { peak: 10, host: 'db' },
  ],
  [
    `${fastify}app.register(mysql, { connectionString: 'mysql://shop@db/shop?connectionLimit=7' });`,
    { peak: 7, host: 'db' },
  ],
  [
    `${fastify}app.register(mysql, { connectionString: process.env.MYSQL_URL });`,
    { peak: 'unknown', variable: 'MYSQL_URL' },
  ],
  [
    "module.exports = async (app) => {\n  app.register(require('@fastify/mysql'), { name: 'a', host: 'a' });\n  app.register(require('@fastify/mysql'), { name: 'b', host: 'b', type: 'pool', connectionLimit: 2 });\n};",
    { peak: 10, host: 'a' },
    { peak: 2, host: 'b' },
  ],
  [
    "const plugin = require('fastify-mysql');\nmodule.exports = (app) => app.register(plugin, { connectionLimit: 0 });",
    { peak: 'unbounded' },
  ],
  [`${fastify}app.register(mysql, { type: 'connection', host: 'db' });`],
  [`${fastify}app.register(mysql, { type: process.env.KIND, host: 'db' });`],
  // One connection that is made anew, no pool.
  ["const mysql = require('serverless-mysql')({ config: { host: 'db' } });\nmodule.exports = mysql;"],
  [
    "import serverlessMysql from 'serverless-mysql';\nexport const db = serverlessMysql({ config: { host: 'db' }, library: require('mysql2') });",
  ],
]);

shapes('slonik', [
  [
    "import { createPool } from '@silverhand/slonik';\nexport const pool = await createPool(process.env.DB_URL!);",
    { peak: 10, variable: 'DB_URL' },
  ],
  [
    "import { createPool } from '@silverhand/slonik';\nexport const pool = await createPool('postgres://db/shop', { maximumPoolSize: 20 });",
    { peak: 20, host: 'db' },
  ],
  // As version 30 it does not know the later name.
  [
    "import { createPool } from '@silverhand/slonik';\nexport const pool = await createPool('postgres://db/shop', { maxPoolSize: 20 });",
    { peak: 10 },
  ],
  [
    "import { createMockPool } from '@silverhand/slonik';\nexport const pool = createMockPool({ query: async () => ({ rows: [] }) });",
  ],
]);

shapes('mysql', [
  [
    "import mysql = require('mysql');\nexport const pool: mysql.Pool = mysql.createPool({ connectionLimit: 4 });",
    { peak: 4 },
  ],
  [
    "const { createPool } = require('mysql');\nmodule.exports = createPool({ host: process.env.DB_HOST, connectionLimit: 4 });",
    { peak: 4, variable: 'DB_HOST' },
  ],
  [
    "const mysql = require('mysql');\nlet pool;\nexports.getPool = () => {\n  if (!pool) pool = mysql.createPool({ connectionLimit: 4 });\n  return pool;\n};",
    { peak: 4, name: 'pool' },
  ],
  [
    "const mysql = require('mysql');\nclass Db {\n  constructor() {\n    this.pool = mysql.createPool({ connectionLimit: 4 });\n  }\n}\nmodule.exports = new Db();",
    { peak: 4, name: 'this.pool' },
  ],
  ["const mysql = require('mysql2');\nmodule.exports = mysql.createConnection({ host: 'db' });"],
]);

shapes('mariadb', [
  [
    "import mariadb from 'mariadb';\nexport class Db {\n  private pool = mariadb.createPool({ connectionLimit: 4 });\n}",
    { peak: 4, name: 'pool' },
  ],
  [
    "const { createPool } = await import('mariadb');\nexport const pool = createPool({ host: 'db', connectionLimit: 4 });",
    { peak: 4, host: 'db' },
  ],
  [
    "import mariadb, { type PoolConfig } from 'mariadb';\nconst config: PoolConfig = { connectionLimit: 4, acquireTimeout: 5000 };\nexport const pool = mariadb.createPool({ ...config });",
    { peak: 4 },
  ],
  ["import mariadb from 'mariadb';\nexport const connection = await mariadb.createConnection({ host: 'db' });"],
  ["import type { Pool } from 'mariadb';\nexport const use = (pool: Pool) => pool.query('SELECT 1');"],
]);

shapes('mssql', [
  [
    "const sql = require('mssql');\nconst poolPromise = new sql.ConnectionPool({ server: 'db', pool: { max: 4 } }).connect().then((pool) => pool);\nmodule.exports = { sql, poolPromise };",
    { peak: 4 },
  ],
  [
    "import * as sql from 'mssql';\nexport class Db {\n  private pool?: sql.ConnectionPool;\n  async open() {\n    this.pool = await new sql.ConnectionPool({ server: 'db', pool: { max: 4 } }).connect();\n  }\n}",
    { peak: 4 },
  ],
  [
    "import sql, { type config } from 'mssql';\nconst options: config = { server: 'db', options: { encrypt: true }, pool: { max: 4, min: 1, idleTimeoutMillis: 30000 } };\nexport const pool = await sql.connect(options);",
    { peak: 4, host: 'db' },
  ],
  [
    "import sql from 'mssql';\nexport const pool = new sql.ConnectionPool({ server: 'db', pool: { max: Number(process.env.POOL) } });",
    { peak: 'unknown' },
  ],
  ["import type { ConnectionPool } from 'mssql';\nexport const use = (pool: ConnectionPool) => pool.request();"],
]);

shapes('pg-promise', [
  ["import pgp from 'pg-promise';\nexport class Db {\n  readonly db = pgp()({ max: 4 });\n}", { peak: 4 }],
  [
    "const { DATABASE_URL } = process.env;\nconst pgp = require('pg-promise')();\nmodule.exports = pgp({ connectionString: DATABASE_URL, max: 4, ssl: true });",
    { peak: 4, variable: 'DATABASE_URL' },
  ],
  [
    "import pgPromise from 'pg-promise';\nconst pgp = pgPromise();\nlet db;\nexport const get = () => (db ??= pgp({ max: 4 }));",
    { peak: 4, name: 'db' },
  ],
]);

const kysely = "import { Kysely, PostgresDialect } from 'kysely';\n";

// Kysely has no pool of its own.
shapes('node-postgres', [
  [
    `${kysely}import { Pool } from 'pg';\nexport const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: new Pool({ connectionString: ${url}, max: 4 }) }) });`,
    { peak: 4, variable: 'DATABASE_URL' },
  ],
  [
    `${kysely}import pg from 'pg';\nconst { Pool } = pg;\nconst dialect = new PostgresDialect({ pool: new Pool({ max: 4 }) });\nexport const db = new Kysely({ dialect, plugins: [] });`,
    { peak: 4 },
  ],
  [
    `${kysely}import { Pool } from 'pg';\nexport const createDb = (connectionString: string) => new Kysely({ dialect: new PostgresDialect({ pool: new Pool({ connectionString, max: 4 }) }) });\nexport const db = createDb(${url}!);`,
    { peak: 4, variable: 'DATABASE_URL' },
  ],
  [
    `${kysely}import { Pool } from 'pg';\nexport class Db extends Kysely<Database> {\n  constructor() {\n    super({ dialect: new PostgresDialect({ pool: new Pool({ max: 4 }) }) });\n  }\n}`,
    { peak: 4 },
  ],
  [
    `${kysely}import { Pool } from 'pg';\nconst pool = new Pool({ max: 4 });\nexport const db = new Kysely({ dialect: new PostgresDialect({ pool, cursor: Cursor }) });\nexport const raw = pool;`,
    { peak: 4 },
  ],
  [`${kysely}export const db = new Kysely({ dialect: new PostgresDialect({ pool }) });`],
  [
    "import { DummyDriver, Kysely } from 'kysely';\nexport const db = new Kysely({ dialect: { createDriver: () => new DummyDriver() } });",
  ],
]);

// Objection and Bookshelf are handed Knex.
shapes('knex', [
  [
    "import Knex from 'knex';\nimport { Model } from 'objection';\nconst knex = Knex({ client: 'pg', connection: 'postgres://db/shop', pool: { min: 0, max: 4 } });\nModel.knex(knex);",
    { peak: 4, host: 'db' },
  ],
  [
    "const { Model } = require('objection');\nModel.knex(require('knex')({ client: 'pg', connection: {}, pool: { max: 4 } }));",
    { peak: 4 },
  ],
  [
    "const knex = require('knex')({ client: 'mysql2', connection: { host: 'db' } });\nmodule.exports = require('bookshelf')(knex);",
    { peak: 10, host: 'db' },
  ],
  [
    "import { knex } from 'knex';\nimport { Model } from 'objection';\nexport class Base extends Model {\n  static override knexQuery() {\n    return this.query();\n  }\n}\nBase.knex(knex({ client: 'pg', connection: {}, pool: { max: 4 } }));",
    { peak: 4 },
  ],
]);
