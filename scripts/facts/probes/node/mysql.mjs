// mysql2, mysql and mariadb on MariaDB: what their limits become, what they open and how long they wait.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  asks,
  database,
  load,
  loadFile,
  loadModule,
  measure,
  outcome,
  peak,
  port,
  record,
  requested,
  settled,
  url,
  versions,
} from './measure.mjs';

versions('mysql2', 'mysql', 'mariadb', '@prisma/adapter-mariadb', 'drizzle-orm', '@mikro-orm/core');
const server = { host: '127.0.0.1', port, user: 'poolproof', password: 'unused', database };

async function mysql2() {
  const library = load('mysql2');
  const { config } = library.createPool(server);
  // As many as the limit, where nobody says.
  record('mysql2 maxIdle is connectionLimit', config.maxIdle === config.connectionLimit);
  for (const name of asks.mysql2.defaults) record(`default ${name}`, name === 'maxIdle' ? null : config[name]);
  const code = readFileSync(join(process.env.POOLPROOF_TARGET, 'node_modules/mysql2/lib/connection_config.js'), 'utf8');
  const [, valid] = /validOptions = \{([^}]*)\}/.exec(code);
  const names = [...valid.matchAll(/^\s*(\w+):/gm)].map(([, name]) => name);
  record('options we do not name', names.filter((name) => !asks.mysql2.known.includes(name)).sort());
  record(
    'misspelt options that are read',
    asks.mysql2.misspelt.filter((name) => names.includes(name)),
  );
  const { connectTimeout, enableKeepAlive, keepAliveInitialDelay } = config.connectionConfig;
  record('mysql2 connection defaults', { connectTimeout, enableKeepAlive, keepAliveInitialDelay });
  const limits = { "'3'": '3', "'abc'": 'abc', 0: 0, null: null, "''": '', undefined: undefined };
  for (const [label, connectionLimit] of Object.entries(limits)) {
    record(
      `mysql2 connectionLimit ${label}`,
      library.createPool({ ...server, connectionLimit }).config.connectionLimit,
    );
  }

  async function capacity(config) {
    const pool = library.createPool(config).promise();
    const most = await peak('', 14, (sql) => pool.query(sql));
    await pool.end();
    await settled('');
    return most;
  }

  await measure('mysql2 peak, default', () => capacity(server));
  await measure('mysql2 peak, connectionLimit: 3', () => capacity({ ...server, connectionLimit: 3 }));
  await measure('mysql2 peak, connectionLimit: 0', () => capacity({ ...server, connectionLimit: 0 }));
  await measure("mysql2 peak, connectionLimit: ''", () => capacity({ ...server, connectionLimit: '' }));
  await measure('mysql2 peak, ?connectionLimit=2 as a text', () => capacity(`${url}?connectionLimit=2`));
  await measure('mysql2 peak, ?connectionLimit=2 as uri', () => capacity({ uri: `${url}?connectionLimit=2` }));
  await measure('mysql2 connectionLimit: -1', () => {
    const pool = library.createPool({ ...server, connectionLimit: -1 }).promise();
    return outcome(() => pool.query('SELECT 1'), { milliseconds: 600 });
  });
  await measure('mysql2 a full pool', async () => {
    const warned = [];
    const say = console.error;
    console.error = (text) => warned.push(String(text));
    const pool = library.createPool({ ...server, connectionLimit: 1, acquireTimeout: 100 }).promise();
    console.error = say;
    const holder = await pool.getConnection();
    const result = await outcome(() => pool.getConnection(), { milliseconds: 700 });
    holder.release();
    const short = library.createPool({ ...server, connectionLimit: 1, queueLimit: 1 }).promise();
    const other = await short.getConnection();
    short.getConnection().catch(() => {});
    const refused = await outcome(() => short.getConnection(), { pick: (error) => error.message });
    other.release();
    return {
      'with acquireTimeout': result,
      warns: warned.some((text) => /acquireTimeout/.test(text)),
      'beyond queueLimit': refused,
    };
  });
}

async function mysql() {
  const library = load('mysql');
  const config = (given) => library.createPool({ ...server, ...given }).config;
  for (const name of asks.mysql.defaults) record(`default ${name}`, config({})[name]);
  record('mysql connectTimeout', config({}).connectionConfig.connectTimeout);

  async function capacity(given) {
    const pool = library.createPool({ ...server, ...given });
    const execute = (sql) =>
      new Promise((resolve, reject) => pool.query(sql, (error) => (error ? reject(error) : resolve())));
    const most = await peak('', 14, execute);
    await new Promise((resolve) => pool.end(resolve));
    await settled('');
    return most;
  }
  await measure('mysql peak, default', () => capacity({}));
  await measure('mysql peak, connectionLimit: 0', () => capacity({ connectionLimit: 0 }));
  // Last, since the one who waits gets a connection in the end.
  await measure('mysql a full pool', async () => {
    const pool = library.createPool({ ...server, connectionLimit: 1, acquireTimeout: 1000 });
    const take = () =>
      new Promise((resolve, reject) => pool.getConnection((error, one) => (error ? reject(error) : resolve(one))));
    const holder = await take();
    const result = await outcome(take, { milliseconds: 2500 });
    holder.destroy();
    return result;
  });
}

async function mariadb() {
  const library = load('mariadb');
  async function capacity(config, withEager = false) {
    const pool = library.createPool(config);
    const eager = withEager ? await eagerly(pool) : undefined;
    const most = await peak('', 14, (sql) => pool.query(sql));
    await pool.end();
    await settled('');
    return withEager ? { eager, peak: most } : most;
  }
  /** Opening happens in the background: until the pool says that it is done. */
  async function eagerly(pool) {
    const deadline = performance.now() + 5000;
    let before = -1;
    while (performance.now() < deadline && pool.totalConnections() !== before) {
      before = pool.totalConnections();
      await settled('');
    }
    return settled('');
  }
  await measure('mariadb default', () => capacity(server, true));
  await measure('mariadb connectionLimit: 3', () => capacity({ ...server, connectionLimit: 3 }, true));
  await measure('mariadb connectionLimit: 3, minimumIdle: 1', () =>
    capacity({ ...server, connectionLimit: 3, minimumIdle: 1 }, true),
  );
  const address = url.replace('mysql://', 'mariadb://');
  await measure('mariadb peak, ?connectionLimit=2', () => capacity(`${address}?connectionLimit=2`));
  await measure('mariadb peak, ?connection_limit=2', () => capacity(`${address}?connection_limit=2`));
  await measure('mariadb a full pool', async () => {
    const pool = library.createPool({ ...server, connectionLimit: 1, acquireTimeout: 1500 });
    const holder = await pool.getConnection();
    const result = await outcome(() => pool.getConnection(), { pick: (error) => error.code });
    await holder.release();
    await pool.end();
    return result;
  });
  const { default: PoolOptions } = await loadFile('mariadb/lib/config/pool-options.js');
  const made = new PoolOptions(server);
  record('mariadb minimumIdle is connectionLimit', made.minimumIdle === made.connectionLimit);
  for (const name of asks.mariadb.defaults) record(`default ${name}`, name === 'minimumIdle' ? null : made[name]);
  record('mariadb default connectTimeout', made.connOptions.connectTimeout);
}

async function prismaMariadb() {
  const { PrismaMariaDb } = await loadModule('@prisma/adapter-mariadb');
  async function opened(config) {
    const adapter = await new PrismaMariaDb(config).connect();
    const most = await peak('', 14, (sql) => adapter.queryRaw({ sql, args: [], argTypes: [] }));
    await adapter.dispose();
    await settled('');
    return most;
  }
  const address = url.replace('mysql://', 'mariadb://');
  await measure('PrismaMariaDb', () => opened(server));
  await measure('PrismaMariaDb ?connectionLimit=2', () => opened(`${address}?connectionLimit=2`));
  await measure('PrismaMariaDb ?connection_limit=2', () => opened(`${address}?connection_limit=2`));
}

async function drizzle() {
  const { drizzle: make } = load('drizzle-orm/mysql2');
  const { sql: template } = load('drizzle-orm');
  async function opened(given) {
    const db = make(given);
    const most = await peak('', 14, (text) => db.execute(template.raw(text)));
    await new Promise((resolve) => db.$client.end(resolve));
    await settled('');
    return most;
  }
  await measure('Drizzle mysql2, URL', () => opened(url));
  await measure('Drizzle mysql2, ?connectionLimit=2', () => opened(`${url}?connectionLimit=2`));
  await measure('Drizzle mysql2, connection with connectionLimit', () =>
    opened({ connection: { ...server, connectionLimit: 3 } }),
  );
}

async function mikro() {
  const { MikroORM } = await loadModule('@mikro-orm/mysql');
  const { EntitySchema } = await loadModule('@mikro-orm/core');
  const entity = new EntitySchema({ name: 'Thing', properties: { id: { type: 'number', primary: true } } });
  async function opened(pool) {
    const orm = await MikroORM.init({
      ...server,
      dbName: database,
      entities: [entity],
      discovery: { warnWhenNoEntities: false },
      ...(pool === undefined ? {} : { pool }),
    });
    const connection = orm.em.getConnection();
    const most = await peak('', 14, (sql) => connection.execute(sql));
    await orm.close();
    await settled('');
    return most;
  }
  await measure('MikroORM mysql default', () => opened());
  await measure('MikroORM mysql pool.max: 3', () => opened({ max: 3 }));
  await measure('MikroORM mysql pool.max: 0', () => opened({ max: 0 }));
}

if (requested.has('drizzle-orm')) await drizzle();
else if (requested.has('mysql2')) await mysql2();
if (requested.has('@mikro-orm/mysql')) await mikro();
if (requested.has('mysql')) await mysql();
if (requested.has('mariadb')) await mariadb();
if (requested.has('@prisma/adapter-mariadb')) await prismaMariadb();
process.exit(0);
