/** What the pool of node-postgres really does. Read in pg 8.23.1 and pg-pool 3.14.0 and measured against PostgreSQL 15. */
import type { ParameterFact } from './parameter.ts';

/** The newest releases these facts know; assumed where the workspace names none. */
export const newestPg = '8.23';
export const newestPgPromise = '12.7';
export const newestNeon = '1.2';
export const newestVercelPostgres = '0.10';

const page = 'https://node-postgres.com/apis/pool';

/** Connections of a pool that is told no size. */
export const pgPoolDefault = 10;

export const pgFacts: readonly ParameterFact[] = [
  {
    name: 'max',
    role: 'size',
    unit: 'connections',
    fallback: pgPoolDefault,
    meaning: 'The most connections the pool opens, per process.',
    special: [
      { value: '0, null, NaN', effect: 'the default of 10, not "no pooling"' },
      { value: 'a text that is no number', effect: 'no limit' },
      { value: 'negative', effect: 'no connection is ever handed out' },
    ],
    source: page,
  },
  {
    name: 'min',
    role: 'minimum',
    unit: 'connections',
    fallback: 0,
    meaning: 'Connections that idleTimeoutMillis leaves open, from pg 8.16. None is opened ahead of need.',
    special: [],
    source: page,
  },
  {
    name: 'connectionTimeoutMillis',
    role: 'acquire-timeout',
    unit: 'milliseconds',
    fallback: 0,
    meaning: 'How long a checkout waits for a free connection, and how long a new connection may take to open.',
    special: [{ value: '0', effect: 'waits for ever' }],
    source: page,
  },
  {
    name: 'idleTimeoutMillis',
    role: 'idle-timeout',
    unit: 'milliseconds',
    fallback: 10_000,
    meaning: 'Idle time after which a connection is closed.',
    special: [{ value: '0', effect: 'idle connections are never closed' }],
    source: page,
  },
  {
    name: 'maxLifetimeSeconds',
    role: 'lifetime',
    unit: 'seconds',
    fallback: 0,
    meaning: 'Age from which a connection is closed, once it is idle. The only setting in seconds.',
    special: [{ value: '0', effect: 'no limit' }],
    source: page,
  },
  {
    name: 'maxUses',
    unit: 'other',
    fallback: null,
    meaning: 'Checkouts after which a connection is closed.',
    special: [],
    source: page,
  },
  {
    name: 'allowExitOnIdle',
    unit: 'boolean',
    fallback: false,
    meaning: 'Lets the process end while idle connections are open.',
    special: [],
    source: page,
  },
];

/** Options of the client and of the pool that are no pool settings and no mistakes. */
export const pgOtherOptions: ReadonlySet<string> = new Set([
  ...[
    'connectionString',
    'host',
    'hostaddr',
    'port',
    'database',
    'user',
    'password',
    'ssl',
    'sslmode',
    'sslnegotiation',
  ],
  ...['application_name', 'fallback_application_name', 'options', 'statement_timeout', 'lock_timeout', 'query_timeout'],
  ...['idle_in_transaction_session_timeout', 'keepAlive', 'keepAliveInitialDelayMillis', 'client_encoding', 'binary'],
  ...['stream', 'types', 'replication', 'parseInputDatesAsUTC', 'isDomainSocket', 'Client', 'Promise', 'log', 'verify'],
  ...[
    'onConnect',
    'onAcquire',
    'pipeline',
    'poolSize',
    'enableChannelBinding',
    'scramMaxIterations',
    'sslcert',
    'sslkey',
    'sslrootcert',
  ],
]);

/** What people write instead; the pool takes any option and reads none of these. */
export const pgMisspelt: Readonly<Record<string, string>> = {
  connectionLimit: 'max',
  connection_limit: 'max',
  maxConnections: 'max',
  max_connections: 'max',
  maxPoolSize: 'max',
  pool_size: 'max',
  poolMax: 'max',
  size: 'max',
  minPoolSize: 'min',
  poolMin: 'min',
  acquireTimeout: 'connectionTimeoutMillis',
  acquireTimeoutMillis: 'connectionTimeoutMillis',
  acquireConnectionTimeout: 'connectionTimeoutMillis',
  connectionTimeout: 'connectionTimeoutMillis',
  connectTimeout: 'connectionTimeoutMillis',
  connect_timeout: 'connectionTimeoutMillis',
  connectionTimeoutMs: 'connectionTimeoutMillis',
  pool_timeout: 'connectionTimeoutMillis',
  idleTimeout: 'idleTimeoutMillis',
  idle_timeout: 'idleTimeoutMillis',
  idleTimeoutMs: 'idleTimeoutMillis',
  maxLifetime: 'maxLifetimeSeconds',
  max_lifetime: 'maxLifetimeSeconds',
};

/** Pool settings that URLs of other tools carry; node-postgres reads no pool setting from a URL. */
export const poolSettingsInUrls: ReadonlySet<string> = new Set([
  ...['max', 'min', 'pool_size', 'poolSize', 'max_connections', 'connection_limit', 'connectionLimit', 'pool_timeout'],
  ...['connect_timeout', 'idle_timeout', 'max_lifetime', 'pgbouncer', 'statement_cache_size', 'idleTimeoutMillis'],
  ...['connectionTimeoutMillis', 'pool_max', 'pool_min'],
]);

/** Packages that listen to the errors of a pool that they are given. https://err.red/wpeh */
export const modulesThatListenToPools: readonly string[] = ['graphile-worker', 'postgraphile'];

/** Packages that take a pool and never listen to its errors, by the first part of their names. Read in drizzle-orm 0.45 and kysely 0.29. */
export const modulesThatOnlyUsePools: ReadonlySet<string> = new Set(['drizzle-orm', 'kysely']);
