/** What postgres.js really does. Read in 3.4.9 and measured against PostgreSQL 15. */
import type { ParameterFact } from './parameter.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestPostgresJs = '3.4';

const page = 'https://github.com/porsager/postgres#connection-details';

export const postgresJsFacts: readonly ParameterFact[] = [
  {
    name: 'max',
    role: 'size',
    unit: 'connections',
    fallback: 10,
    meaning: 'The most connections that queries share, per process; listen and subscribe take one more each.',
    special: [
      { value: 'a text, undefined', effect: 'one connection: it is no number, and is not turned into one' },
      { value: '0', effect: 'no query ever runs' },
      { value: 'NaN', effect: 'throws RangeError' },
    ],
    source: page,
  },
  {
    name: 'idle_timeout',
    role: 'idle-timeout',
    unit: 'seconds',
    fallback: null,
    defaultsToNone: true,
    meaning: 'Idle time after which a connection is closed.',
    special: [{ value: 'not set', effect: 'idle connections are never closed' }],
    source: page,
  },
  {
    name: 'connect_timeout',
    unit: 'seconds',
    fallback: 30,
    meaning: 'How long a new connection may take to open.',
    special: [],
    source: page,
  },
  {
    name: 'max_lifetime',
    role: 'lifetime',
    unit: 'seconds',
    fallback: null,
    meaning: 'Age from which a connection is replaced; by default between 30 and 60 minutes, at random.',
    special: [],
    source: page,
  },
  {
    name: 'prepare',
    unit: 'boolean',
    fallback: true,
    meaning: 'Prepares named statements, which a pooler in transaction mode may not follow.',
    special: [],
    source: page,
  },
];

/** Seconds of silence after which TCP keepalives begin. */
export const postgresJsKeepAliveSeconds = 60;

/** Options that are no pool settings and no mistakes. */
export const postgresJsOtherOptions: ReadonlySet<string> = new Set([
  ...[
    'host',
    'hostname',
    'port',
    'path',
    'database',
    'db',
    'username',
    'user',
    'password',
    'pass',
    'ssl',
    'sslnegotiation',
  ],
  ...[
    'types',
    'onnotice',
    'onnotify',
    'onclose',
    'onparameter',
    'debug',
    'transform',
    'connection',
    'fetch_types',
    'publications',
  ],
  ...['target_session_attrs', 'backoff', 'keep_alive', 'max_pipeline', 'no_prepare', 'socket', 'shared', 'timeout'],
]);

/** What people write instead; none of it is read. */
export const postgresJsMisspelt: Readonly<Record<string, string>> = {
  connectionLimit: 'max',
  connection_limit: 'max',
  maxConnections: 'max',
  max_connections: 'max',
  poolSize: 'max',
  pool_size: 'max',
  maxPoolSize: 'max',
  idleTimeout: 'idle_timeout',
  idleTimeoutMillis: 'idle_timeout',
  connectTimeout: 'connect_timeout',
  connectionTimeout: 'connect_timeout',
  connectionTimeoutMillis: 'connect_timeout',
  maxLifetime: 'max_lifetime',
};

/** Pool settings of other tools that URLs carry; sent to PostgreSQL, which refuses the connection. */
export const refusedInPostgresJsUrls: ReadonlySet<string> = new Set([
  'connection_limit',
  'connectionLimit',
  'pool_timeout',
  'pgbouncer',
  'statement_cache_size',
  'pool_size',
  'schema',
]);
