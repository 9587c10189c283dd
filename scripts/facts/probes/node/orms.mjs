// ORMs and query builders on node-postgres and others: which of their settings become a pool, and how large it gets.
import {
  asks,
  database,
  installed,
  load,
  loadModule,
  measure,
  outcome,
  peak,
  port,
  record,
  requested,
  settled,
  throws,
  url,
  urlWith,
  versions,
} from './measure.mjs';

versions('typeorm', 'sequelize', 'knex', 'drizzle-orm', 'kysely', '@mikro-orm/core', 'pg', 'postgres');
const server = { host: '127.0.0.1', port, user: 'postgres', password: 'unused', database };
const times = 13;
const named = (name) => urlWith({ application_name: name });

async function typeorm() {
  const { DataSource } = load('typeorm');
  async function opened(name, options) {
    const source = new DataSource({ type: 'postgres', url: named(name), ...options });
    await source.initialize();
    const eager = await settled(name);
    const most = await peak(name, times, (sql) => source.query(sql));
    await source.destroy();
    return { eager, peak: most };
  }
  await measure('TypeORM default', () => opened('typeorm-default', {}));
  await measure('TypeORM poolSize: 3', () => opened('typeorm-3', { poolSize: 3 }));
  await measure('TypeORM extra.max: 4', () => opened('typeorm-extra', { extra: { max: 4 } }));
  await measure('TypeORM poolSize: 3 and extra.max: 7', () =>
    opened('typeorm-both', { poolSize: 3, extra: { max: 7 } }),
  );
  await measure('TypeORM one primary and two replicas', () => {
    const node = { url: named('typeorm-replication') };
    const nodes = installed('typeorm').startsWith('0') ? { master: node } : { primary: node, master: node };
    return opened('typeorm-replication', {
      url: undefined,
      poolSize: 2,
      replication: { ...nodes, slaves: [node, node] },
    }).then(({ eager }) => eager);
  });
}

async function sequelize() {
  const { Sequelize } = load('sequelize');
  const make = (name, options) =>
    new Sequelize(url, { logging: false, dialectOptions: { application_name: name }, ...options });
  async function opened(name, options) {
    const orm = make(name, options);
    const most = await peak(name, times, (sql) => orm.query(sql));
    await orm.close();
    return most;
  }
  const { pool } = make('defaults', {}).connectionManager.config;
  for (const name of asks.sequelize.defaults)
    record(`default ${name}`, Number.isFinite(pool[name]) ? pool[name] : null);
  const isUnknown = (error) => (/not supported/.test(error.message) ? 'unknown' : 'known');
  for (const dialect of asks.sequelize.dialects) {
    const verdict = throws(() => new Sequelize(`${dialect}://h/db`), isUnknown);
    record(`dialect ${dialect}`, verdict === 'unknown' ? 'unknown' : 'known');
  }
  await measure('Sequelize default', () => opened('sequelize-default', {}));
  await measure('Sequelize max: 3', () => opened('sequelize-3', { pool: { max: 3 } }));
  await measure('Sequelize min: 2 before a query', async () => {
    const orm = make('sequelize-min', { pool: { min: 2 } });
    const count = await settled('sequelize-min');
    await orm.close();
    return count;
  });
  for (const [label, value] of Object.entries({ "max: '3'": { max: '3' }, 'max: 0': { max: 0 }, false: false })) {
    await measure(`Sequelize pool ${label}`, () =>
      outcome(() => make('sequelize-refused', { pool: value }).query('SELECT 1')),
    );
  }
  await measure('Sequelize one writer, two readers, max: 4', async () => {
    const node = { host: '127.0.0.1', port, username: 'postgres', password: 'unused', database };
    const orm = make('sequelize-replication', { pool: { max: 4 }, replication: { write: node, read: [node, node] } });
    let turn = 0;
    const most = await peak('sequelize-replication', 24, (sql) =>
      orm.query(sql, turn++ % 2 === 0 ? { type: 'SELECT' } : {}),
    );
    await orm.close();
    return most;
  });
  await measure('Sequelize a full pool', async () => {
    const orm = make('sequelize-full', { pool: { max: 1, acquire: 1500 } });
    const transaction = await orm.transaction();
    const result = await outcome(() => orm.query('SELECT 1'));
    await transaction.rollback();
    await orm.close();
    return result;
  });
}

async function knex() {
  const create = load('knex');
  const make = (name, options) =>
    create({ client: 'pg', connection: { ...server, application_name: name }, ...options });
  async function opened(name, options) {
    const db = make(name, options);
    const most = await peak(name, times, (sql) => db.raw(sql));
    await db.destroy();
    return most;
  }
  const { pool } = make('defaults', {}).client;
  for (const name of asks.knex.defaults) record(`default ${name}`, pool[name] ?? null);
  const refusal = (error) => error.message.split(':')[0];
  for (const name of asks.knex.refused)
    record(
      `refused ${name}`,
      throws(() => make('knex-refused', { pool: { [name]: 5 } }), refusal),
    );
  for (const name of asks.knex.accepted) {
    const value = /Millis$/.test(name) ? 5000 : name === 'propagateCreateError' ? true : () => {};
    record(
      `accepted ${name}`,
      throws(() => make('knex-accepted', { pool: { [name]: value } }), refusal),
    );
  }
  for (const name of asks.knex.clients)
    record(
      `client ${name}`,
      throws(() => create({ client: name }), refusal),
    );
  await measure('Knex default', () => opened('knex-default', {}));
  await measure('Knex min: 0, max: 3', () => opened('knex-3', { pool: { min: 0, max: 3 } }));
  await measure('Knex min: 2 before a query', async () => {
    const db = make('knex-min', {});
    const count = await settled('knex-min');
    await db.destroy();
    return count;
  });
  const refused = {
    'max: 1': { max: 1 },
    "max: '5'": { max: '5' },
    'unknown: 1': { unknown: 1 },
    'maxWaitingClients: 3': { maxWaitingClients: 3 },
  };
  for (const [label, value] of Object.entries(refused))
    record(
      `Knex pool ${label}`,
      throws(
        () => make('knex-refused', { pool: value }),
        (error) => error.message.split(':')[0],
      ),
    );
  record('Knex max: 0 makes no pool', make('knex-0', { pool: { max: 0 } }).client.pool === undefined);
  await measure('Knex a full pool', async () => {
    const db = make('knex-full', { pool: { min: 0, max: 1 }, acquireConnectionTimeout: 1500 });
    const transaction = await db.transaction();
    const result = await outcome(() => db.raw('SELECT 1'));
    await transaction.rollback();
    await db.destroy();
    return result;
  });
  await measure('Knex sqlite pool', () => {
    const { client } = create({ client: 'better-sqlite3', useNullAsDefault: true });
    return { min: client.poolDefaults().min, max: client.poolDefaults().max };
  });
}

async function drizzle() {
  const overPg = load('drizzle-orm/node-postgres').drizzle;
  const overPostgres = load('drizzle-orm/postgres-js').drizzle;
  const { sql: template } = load('drizzle-orm');
  async function opened(name, db) {
    const most = await peak(name, times, (text) => db.execute(template.raw(text)));
    await db.$client.end?.();
    return most;
  }
  await measure('Drizzle node-postgres, URL', () => opened('drizzle-url', overPg(named('drizzle-url'))));
  await measure('Drizzle node-postgres, connection with max', () =>
    opened('drizzle-max', overPg({ connection: { connectionString: named('drizzle-max'), max: 3 } })),
  );
  await measure('Drizzle node-postgres, client', () => {
    const pool = new (load('pg').Pool)({ connectionString: named('drizzle-client'), max: 2 });
    return opened('drizzle-client', overPg({ client: pool }));
  });
  await measure('Drizzle postgres.js, URL', () => opened('drizzle-js', overPostgres(named('drizzle-js'))));
  await measure('Drizzle postgres.js, connection with max', () =>
    opened('drizzle-js-3', overPostgres({ connection: { url: named('drizzle-js-3'), max: 3 } })),
  );
}

async function kysely() {
  const { Kysely, PostgresDialect, sql } = await loadModule('kysely');
  const { Pool } = load('pg');
  async function opened(name, pool) {
    const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
    const most = await peak(name, times, (text) => sql.raw(text).execute(db));
    await db.destroy();
    return most;
  }
  await measure('Kysely', () => opened('kysely', new Pool({ connectionString: named('kysely'), max: 3 })));
  await measure('Kysely with a function', () =>
    opened('kysely-f', async () => new Pool({ connectionString: named('kysely-f'), max: 3 })),
  );
}

async function mikro() {
  const { MikroORM } = await loadModule('@mikro-orm/postgresql');
  const { EntitySchema } = await loadModule('@mikro-orm/core');
  const entity = new EntitySchema({ name: 'Thing', properties: { id: { type: 'number', primary: true } } });
  async function opened(name, options) {
    // Its own parser keeps only what it knows of the URL.
    process.env.PGAPPNAME = name;
    const orm = await MikroORM.init({
      clientUrl: url,
      entities: [entity],
      discovery: { warnWhenNoEntities: false },
      ...options,
    });
    const connection = orm.em.getConnection();
    const most = await peak(name, times, (sql) => connection.execute(sql));
    await orm.close();
    return most;
  }
  await measure('MikroORM default', () => opened('mikro-default', {}));
  await measure('MikroORM pool.max: 3', () => opened('mikro-3', { pool: { min: 0, max: 3 } }));
  await measure('MikroORM pool.max: 1', () =>
    outcome(() => opened('mikro-1', { pool: { max: 1 } }), { milliseconds: 9000 }),
  );
  await measure('MikroORM pool.max: 3, driverOptions', async () => {
    const isSeven = installed('@mikro-orm/core').startsWith('7');
    return opened('mikro-driver', { pool: { min: 0, max: 3 }, driverOptions: isSeven ? { max: 5 } : {} });
  });
  await measure('MikroORM one primary and two replicas', async () => {
    process.env.PGAPPNAME = 'mikro-replicas';
    const orm = await MikroORM.init({
      clientUrl: url,
      entities: [entity],
      discovery: { warnWhenNoEntities: false },
      pool: { min: 0, max: 2 },
      replicas: [{}, {}],
    });
    const driver = orm.em.getDriver();
    let turn = 0;
    const most = await peak('mikro-replicas', 24, (sql) =>
      driver.getConnection(turn++ % 3 === 0 ? 'write' : 'read').execute(sql),
    );
    await orm.close();
    return most;
  });
  if (!installed('@mikro-orm/core').startsWith('7')) return;
  await measure('MikroORM 7 reads of pool', async () => {
    const orm = await MikroORM.init({
      clientUrl: url,
      entities: [entity],
      discovery: { warnWhenNoEntities: false },
      pool: { min: 1, max: 3, idleTimeoutMillis: 5, connectionTimeoutMillis: 7 },
    });
    const options = orm.em.getConnection().mapOptions({});
    await orm.close();
    return ['min', 'max', 'idleTimeoutMillis', 'connectionTimeoutMillis'].filter((name) => options[name] !== undefined);
  });
}

const libraries = { typeorm, sequelize, knex, 'drizzle-orm': drizzle, kysely, '@mikro-orm/postgresql': mikro };
for (const [name, probe] of Object.entries(libraries)) if (requested.has(name)) await probe();
process.exit(0);
