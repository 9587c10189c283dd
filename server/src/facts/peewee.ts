/** What peewee's pools really do. Read in the sources of 4.5.1 and 4.5.3 and measured against PostgreSQL 15. */
import type { ParameterFact } from './parameter.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestPeewee = '4.5';

const page = 'https://docs.peewee-orm.com/en/latest/peewee/playhouse.html#connection-pool';

/** `playhouse.pool` and the pooled classes of its neighbours. */
export const peeweeFacts: readonly ParameterFact[] = [
  {
    name: 'max_connections',
    role: 'size',
    unit: 'connections',
    fallback: 20,
    meaning: 'The most connections that are open at once, per process.',
    special: [{ value: '0 or None', effect: 'no limit' }],
    source: page,
  },
  {
    name: 'stale_timeout',
    role: 'lifetime',
    unit: 'seconds',
    fallback: null,
    defaultsToNone: true,
    meaning: 'Age from which a connection is closed when it is taken out or comes back.',
    special: [{ value: '0 or None', effect: 'never' }],
    source: page,
  },
  {
    name: 'timeout',
    role: 'acquire-timeout',
    unit: 'seconds',
    fallback: null,
    defaultsToNone: true,
    meaning: 'How long a thread waits for a connection before MaxConnectionsExceeded.',
    special: [
      { value: 'None', effect: 'it is raised at once' },
      { value: '0', effect: 'waits for ever' },
    ],
    source: page,
  },
];

/** `playhouse.pwasyncio`, whose pools are those of asyncpg and aiomysql. */
export const peeweeAsyncFacts: readonly ParameterFact[] = [
  {
    name: 'pool_min_size',
    role: 'minimum',
    unit: 'connections',
    fallback: 1,
    meaning: 'Connections opened when the pool is created.',
    special: [{ value: 'above pool_size', effect: 'ValueError' }],
    source: page,
  },
  {
    name: 'pool_size',
    role: 'size',
    unit: 'connections',
    fallback: 10,
    meaning: 'The most connections that are open at once, per process.',
    special: [],
    source: page,
  },
  {
    name: 'acquire_timeout',
    role: 'acquire-timeout',
    unit: 'seconds',
    fallback: 10,
    meaning: 'How long a task waits for a connection.',
    special: [],
    source: page,
  },
];

/** Pooled classes and what they talk to; those for SQLite are left out: it has no server. */
export const peeweePooledClasses: Readonly<Record<string, { readonly dialect: string; readonly driver: string }>> = {
  PooledPostgresqlDatabase: { dialect: 'postgresql', driver: 'psycopg2' },
  PooledPostgresqlExtDatabase: { dialect: 'postgresql', driver: 'psycopg2' },
  PooledPsycopg3Database: { dialect: 'postgresql', driver: 'psycopg' },
  PooledCockroachDatabase: { dialect: 'cockroachdb', driver: 'psycopg2' },
  PooledMySQLDatabase: { dialect: 'mysql', driver: 'pymysql' },
  PooledMySQLConnectorDatabase: { dialect: 'mysql', driver: 'mysqlconnector' },
  PooledMariaDBConnectorDatabase: { dialect: 'mariadb', driver: 'mariadb' },
};

export const peeweeAsyncClasses: Readonly<Record<string, { readonly dialect: string; readonly driver: string }>> = {
  AsyncPostgresqlDatabase: { dialect: 'postgresql', driver: 'asyncpg' },
  AsyncMySQLDatabase: { dialect: 'mysql', driver: 'aiomysql' },
};

/** What people write instead; it goes to the driver, which rejects it at the first connect. */
export const peeweeMisspelt: Readonly<Record<string, string>> = {
  max_connection: 'max_connections',
  pool_size: 'max_connections',
  max_size: 'max_connections',
  maxsize: 'max_connections',
  max_pool_size: 'max_connections',
  pool_timeout: 'timeout',
  stale_timeouts: 'stale_timeout',
};
