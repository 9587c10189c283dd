/** What Knex's pool (tarn) really does. Read in knex 3.3.0 and tarn 3.1.2 and measured against PostgreSQL 15. */
import type { ParameterFact } from './parameter.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestKnex = '3.3';

const page = 'https://knexjs.org/guide/#pool';

export const knexFacts: readonly ParameterFact[] = [
  {
    name: 'min',
    role: 'minimum',
    unit: 'connections',
    fallback: 2,
    meaning: 'Connections that are kept for ever, once they were opened. None is opened ahead of need.',
    special: [{ value: 'above max', effect: 'throws, also where it is the default of 2' }],
    source: page,
  },
  {
    name: 'max',
    role: 'size',
    unit: 'connections',
    fallback: 10,
    meaning: 'The most connections the pool opens, per process.',
    special: [
      { value: '1', effect: 'throws unless min is lowered too' },
      { value: '0', effect: 'no pool at all: every query fails' },
      { value: 'a text', effect: 'throws' },
    ],
    source: page,
  },
  {
    name: 'acquireTimeoutMillis',
    role: 'acquire-timeout',
    unit: 'milliseconds',
    fallback: 60_000,
    meaning:
      'How long a query waits for a free connection before KnexTimeoutError; acquireConnectionTimeout counts where it is shorter.',
    special: [],
    source: page,
  },
  {
    name: 'idleTimeoutMillis',
    role: 'idle-timeout',
    unit: 'milliseconds',
    fallback: 30_000,
    meaning: 'Idle time after which a connection above min is closed.',
    special: [],
    source: page,
  },
  {
    name: 'createTimeoutMillis',
    unit: 'milliseconds',
    fallback: 30_000,
    meaning: 'How long making a connection may take.',
    special: [],
    source: page,
  },
  {
    name: 'maxConnectionLifetimeMillis',
    role: 'lifetime',
    unit: 'milliseconds',
    fallback: null,
    meaning: 'Age from which a connection is replaced.',
    special: [],
    source: page,
  },
];

/** The other keys that the pool takes; any further one throws. */
export const knexOtherPoolKeys: ReadonlySet<string> = new Set([
  'destroyTimeoutMillis',
  'reapIntervalMillis',
  'createRetryIntervalMillis',
  'propagateCreateError',
  'maxConnectionLifetimeJitterMillis',
  'afterCreate',
  'validate',
  'create',
  'destroy',
  'log',
]);

/** What people write instead. */
export const knexMisspelt: Readonly<Record<string, string>> = {
  connectionLimit: 'max',
  maxConnections: 'max',
  size: 'max',
  acquireTimeout: 'acquireTimeoutMillis',
  acquire: 'acquireTimeoutMillis',
  connectionTimeoutMillis: 'acquireTimeoutMillis',
  idleTimeout: 'idleTimeoutMillis',
  idle: 'idleTimeoutMillis',
};

/** Clients of Knex whose connections occupy a slot of a server: dialect and driver. */
export const knexClients: Readonly<Record<string, { readonly dialect: string; readonly driver: string }>> = {
  pg: { dialect: 'postgresql', driver: 'pg' },
  postgres: { dialect: 'postgresql', driver: 'pg' },
  postgresql: { dialect: 'postgresql', driver: 'pg' },
  pgnative: { dialect: 'postgresql', driver: 'pg' },
  cockroachdb: { dialect: 'cockroachdb', driver: 'pg' },
  redshift: { dialect: 'redshift', driver: 'pg' },
  mysql: { dialect: 'mysql', driver: 'mysql' },
  mysql2: { dialect: 'mysql', driver: 'mysql2' },
  mssql: { dialect: 'mssql', driver: 'tedious' },
  oracledb: { dialect: 'oracle', driver: 'oracledb' },
};
