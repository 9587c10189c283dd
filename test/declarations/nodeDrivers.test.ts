/** Pools of Node's drivers, in the shapes in which applications write them. */
import { shapes } from '../support/shapes.ts';

const url = 'process.env.DATABASE_URL';

shapes('node-postgres', [
  ["import { Pool } from 'pg';\nexport const pool = new Pool();", { peak: 10, name: 'pool' }],
  ["import pg from 'pg';\nconst { Pool } = pg;\nexport const pool = new Pool({ max: 4 });", { peak: 4 }],
  ["import * as pg from 'pg';\nexport default new pg.Pool({ max: 4 });", { peak: 4, name: 'default' }],
  ["const { Pool } = require('pg');\nmodule.exports = new Pool({ max: 4 });", { peak: 4 }],
  [
    "const pg = require('pg');\nmodule.exports.pool = new pg.Pool({ max: 4 });",
    { peak: 4, name: 'module.exports.pool' },
  ],
  ["const { Pool } = require('pg').native;\nexports.pool = new Pool({ max: 4 });", { peak: 4 }],
  ["import pg from 'pg';\nexport const pool = new pg.native.Pool({ max: 4 });", { peak: 4 }],
  ["import Pool from 'pg-pool';\nexport const pool = new Pool({ max: 4 });", { peak: 4 }],
  ["import { Pool as PgPool } from 'pg';\nexport const pool = new PgPool({ max: 4 });", { peak: 4 }],
  [
    `import { Pool } from 'pg';\nexport const pool = new Pool({ connectionString: ${url} });`,
    { peak: 10, variable: 'DATABASE_URL' },
  ],
  [
    "import { Pool } from 'pg';\nexport const pool = new Pool({ host: process.env.PGHOST, user: 'shop', password: process.env.PGPASSWORD });",
    { peak: 10, variable: 'PGHOST' },
  ],
  [
    "import { Pool } from 'pg';\nconst { env } = process;\nexport const pool = new Pool({ connectionString: 'postgres://' + env.USER + ':' + env.PASSWORD + '@db.internal/shop' });",
    { peak: 10, host: 'db.internal' },
  ],
  [
    "import { Pool } from 'pg';\nconst holder = globalThis as { pool?: Pool };\nexport const pool = (holder.pool ??= new Pool({ max: 2 }));",
    { peak: 2, name: 'holder.pool' },
  ],
  [
    "import { Pool } from 'pg';\nlet pool;\nexport const get = () => (pool ??= new Pool({ max: 2 }));",
    { peak: 2, name: 'pool' },
  ],
  [
    "import { Pool } from 'pg';\nexport class Db {\n  private readonly pool = new Pool({ max: 2 });\n}",
    { peak: 2, name: 'pool' },
  ],
  [
    "import { Pool } from 'pg';\nexport class Db {\n  constructor() {\n    this.pool = new Pool({ max: 2 });\n  }\n}",
    { peak: 2, name: 'this.pool' },
  ],
  [
    "import { Pool } from 'pg';\nexport const pools = { read: new Pool({ max: 2 }), write: new Pool({ max: 3 }) };",
    { peak: 2, name: 'read' },
    { peak: 3, name: 'write' },
  ],
  ["const { Pool } = await import('pg');\nexport const pool = new Pool({ max: 2 });", { peak: 2 }],
  ["import { Pool } from 'pg';\nexport const pool = new Pool({ poolSize: 3, max: 0 });", { peak: 3 }],
  ["import type { Pool } from 'pg';\nexport const use = (pool: Pool) => pool.query('select 1');"],
  ["import { Pool } from 'undici';\nexport const pool = new Pool('https://example.test');"],
]);

shapes('pg-promise', [
  [
    `import pgPromise from 'pg-promise';\nexport const db = pgPromise()(${url}!);`,
    { peak: 10, variable: 'DATABASE_URL' },
  ],
  [`const pgp = require('pg-promise')();\nmodule.exports = pgp(${url});`, { peak: 10 }],
  [
    "const pgp = require('pg-promise')({ noWarnings: true });\nconst db = pgp({ host: 'db', max: 30 });",
    { peak: 30, host: 'db', name: 'db' },
  ],
  [
    "import pgPromise, { IMain } from 'pg-promise';\nconst pgp: IMain = pgPromise({});\nexport const db = pgp({ max: 7 });",
    { peak: 7 },
  ],
  [
    "import * as pgPromise from 'pg-promise';\nconst pgp = pgPromise({});\nexport const db = pgp({ max: 7 });",
    { peak: 7 },
  ],
  [
    "import init from 'pg-promise';\nconst connection = { host: 'db', max: 7 };\nexport const db = init()(connection);",
    { peak: 7 },
  ],
  ["module.exports = require('pg-promise')()({ max: 7 });", { peak: 7 }],
  [
    "import pgPromise from 'pg-promise';\nconst pgp = pgPromise();\nexport const make = (max: number) => pgp({ max });\nmake(7);",
    { peak: 7 },
  ],
  [
    "import pgPromise from 'pg-promise';\nconst pgp = pgPromise();\nexport const a = pgp({ max: 1 });\nexport const b = pgp({ max: 2 });",
    { peak: 1 },
    { peak: 2 },
  ],
  ["import pgPromise from 'pg-promise';\nexport const pgp = pgPromise({ capSQL: true });"],
]);

shapes('postgres-js', [
  [
    `import postgres from 'postgres';\nexport const sql = postgres(${url}!);`,
    { peak: 10, variable: 'DATABASE_URL', name: 'sql' },
  ],
  ["import postgres from 'postgres';\nexport const sql = postgres();", { peak: 10 }],
  [`import postgres from 'postgres';\nexport const sql = postgres(${url}!, { max: 3 });`, { peak: 3 }],
  ["import postgres from 'postgres';\nexport const sql = postgres({ host: 'db', max: 3 });", { peak: 3, host: 'db' }],
  ["const postgres = require('postgres');\nmodule.exports = postgres({ max: 3 });", { peak: 3 }],
  ["const sql = require('postgres')({ max: 3 });", { peak: 3, name: 'sql' }],
  [
    "import connect from 'postgres';\nexport const sql = connect('postgres://shop@db.internal/shop', { max: 3 });",
    { peak: 3, host: 'db.internal' },
  ],
  [
    "import postgres from 'postgres';\nconst options = { max: 3 } satisfies postgres.Options<{}>;\nexport const sql = postgres(options);",
    { peak: 3 },
  ],
  ["import postgres from 'postgres';\nexport const sql = postgres('postgres://db/shop?max=20');", { peak: 1 }],
  [
    "import postgres from 'postgres';\nexport const sql = postgres({ max: Number(process.env.MAX ?? 8) });",
    { peak: 8 },
  ],
  [
    "import postgres from 'postgres';\nexport const sql = postgres({ max: Number(process.env.MAX) });",
    { peak: 'unknown' },
  ],
  [
    "import postgres from 'postgres';\ndeclare global { var db: postgres.Sql | undefined }\nexport const sql = globalThis.db ?? postgres({ max: 1 });",
    { peak: 1 },
  ],
]);

shapes('mysql2', [
  [
    "import mysql from 'mysql2/promise';\nexport const pool = mysql.createPool({ host: 'db' });",
    { peak: 10, host: 'db' },
  ],
  [
    "import { createPool } from 'mysql2/promise';\nexport const pool = createPool({ connectionLimit: 4 });",
    { peak: 4 },
  ],
  ["import mysql from 'mysql2';\nexport const pool = mysql.createPool({ connectionLimit: 4 }).promise();", { peak: 4 }],
  [
    "const mysql = require('mysql2/promise');\nmodule.exports = mysql.createPool({ connectionLimit: '4' });",
    { peak: 4 },
  ],
  [
    "import mysql from 'mysql2';\nexport const pool = mysql.createPool('mysql://shop@db/shop?connectionLimit=4');",
    { peak: 4, host: 'db' },
  ],
  [
    "import mysql from 'mysql2';\nexport const pool = mysql.createPool({ uri: 'mysql://shop@db/shop?connectionLimit=4' });",
    { peak: 4, host: 'db' },
  ],
  [
    "import mysql from 'mysql2';\nexport const pool = mysql.createPool({ uri: 'mysql://db/shop?connectionLimit=4', connectionLimit: 2 });",
    { peak: 2 },
  ],
  [
    `import mysql from 'mysql2';\nexport const pool = mysql.createPool(${url}!);`,
    { peak: 'unknown', variable: 'DATABASE_URL' },
  ],
  [
    `import mysql from 'mysql2';\nexport const pool = mysql.createPool({ uri: ${url}, connectionLimit: 4 });`,
    { peak: 4, variable: 'DATABASE_URL' },
  ],
  [
    "import mysql from 'mysql2';\nconst cluster = mysql.createPoolCluster();\ncluster.add('a', { host: 'a' });\ncluster.add({ host: 'b', connectionLimit: 2 });",
    { peak: 10, host: 'a' },
    { peak: 2, host: 'b' },
  ],
  ["import mysql from 'mysql2';\nexport const pool = mysql.createPool({ connectionLimit: 0 });", { peak: 'unbounded' }],
  ["import mysql from 'mysql2/promise';\nexport const get = async () => mysql.createConnection({ host: 'db' });"],
]);

shapes('mysql', [
  ["const mysql = require('mysql');\nconst pool = mysql.createPool({ host: 'db' });", { peak: 10, host: 'db' }],
  ["import mysql from 'mysql';\nexport const pool = mysql.createPool({ connectionLimit: 4 });", { peak: 4 }],
  ["import { createPool } from 'mysql';\nexport default createPool({ connectionLimit: 4 });", { peak: 4 }],
  [
    "import * as mysql from 'mysql';\nexport const pool = mysql.createPool({ connectionLimit: +(process.env.LIMIT ?? 4) });",
    { peak: 4 },
  ],
  [
    "const mysql = require('mysql');\nmodule.exports = mysql.createPool('mysql://shop@db/shop?connectionLimit=4');",
    { peak: 4 },
  ],
  [
    "const mysql = require('mysql');\nconst cluster = mysql.createPoolCluster();\ncluster.add({ connectionLimit: 4 });",
    { peak: 4 },
  ],
  [
    "const mysql = require('mysql');\nconst config = require('./config');\nmodule.exports = mysql.createPool(config);",
    { peak: 'unknown' },
  ],
  ["const mysql = require('mysql');\nconst pool = mysql.createPool({ connectionLimit: 0 });", { peak: 'unbounded' }],
  [
    "const util = require('util');\nconst mysql = require('mysql');\nconst pool = mysql.createPool({ connectionLimit: 4 });\nmodule.exports = util.promisify(pool.query).bind(pool);",
    { peak: 4 },
  ],
  ["const mysql = require('mysql');\nconst connection = mysql.createConnection({ host: 'db' });"],
]);

shapes('mariadb', [
  ["import mariadb from 'mariadb';\nexport const pool = mariadb.createPool({ host: 'db' });", { peak: 10, host: 'db' }],
  ["import * as mariadb from 'mariadb';\nexport const pool = mariadb.createPool({ connectionLimit: 4 });", { peak: 4 }],
  ["import { createPool } from 'mariadb';\nexport const pool = createPool({ connectionLimit: 4 });", { peak: 4 }],
  ["const mariadb = require('mariadb');\nconst pool = mariadb.createPool({ connectionLimit: 4 });", { peak: 4 }],
  [
    "const mariadb = require('mariadb/callback');\nconst pool = mariadb.createPool({ connectionLimit: 4 });",
    { peak: 4 },
  ],
  [
    "import mariadb from 'mariadb';\nexport const pool = mariadb.createPool('mariadb://shop@db/shop?connectionLimit=4');",
    { peak: 4 },
  ],
  [
    "import mariadb from 'mariadb';\nexport const pool = mariadb.createPool('mariadb://db/shop?connection_limit=4');",
    { peak: 10 },
  ],
  [
    "import mariadb from 'mariadb';\nconst cluster = mariadb.createPoolCluster();\ncluster.add('a', { connectionLimit: 4 });",
    { peak: 4 },
  ],
  [
    "import mariadb from 'mariadb';\nexport const pool = mariadb.createPool({ connectionLimit: 4, minimumIdle: 1 });",
    { peak: 4 },
  ],
  [
    "import mariadb from 'mariadb';\nexport const pool = mariadb.createPool({ connectionLimit: Number(process.env.X) });",
    { peak: 'unknown' },
  ],
]);

shapes('mssql', [
  ["import sql from 'mssql';\nexport const pool = new sql.ConnectionPool({ server: 'db' });", { peak: 10, host: 'db' }],
  [
    "import { ConnectionPool } from 'mssql';\nexport const pool = new ConnectionPool({ server: 'db', pool: { max: 4 } });",
    { peak: 4 },
  ],
  ["const sql = require('mssql');\nconst ready = sql.connect({ server: 'db', pool: { max: 4 } });", { peak: 4 }],
  [
    "const sql = require('mssql');\nconst config = { server: 'db', pool: { max: 4, min: 0 } };\nconst ready = new sql.ConnectionPool(config).connect();",
    { peak: 4 },
  ],
  [
    "import sql from 'mssql';\nexport const pool = await sql.connect('Server=db;Database=shop;Max Pool Size=4');",
    { peak: 4 },
  ],
  ["import sql from 'mssql';\nexport const pool = await sql.connect('Server=db;Database=shop');", { peak: 10 }],
  [
    "import sql from 'mssql';\nexport const pool = await sql.connect(process.env.MSSQL!);",
    { peak: 'unknown', variable: 'MSSQL' },
  ],
  ["import sql from 'mssql/msnodesqlv8';\nexport const pool = new sql.ConnectionPool({ server: 'db' });", { peak: 10 }],
  [
    "import sql from 'mssql';\nconst config = { server: 'db' };\nexport const a = () => sql.connect(config);\nexport const b = () => sql.connect(config);",
    { peak: 10 },
  ],
  [
    "import { connect } from 'mssql';\nexport const pool = connect({ server: process.env.DB_HOST, pool: { max: 4 } });",
    { peak: 4, variable: 'DB_HOST' },
  ],
]);
