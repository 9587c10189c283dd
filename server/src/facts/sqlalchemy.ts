/**
 * What SQLAlchemy really does: defaults, special values and the versions in which they changed. The only place where
 * these numbers stand. Read in the sources of 1.4.54, 2.0.54 and 2.1.1 and measured against PostgreSQL 15.
 */
import { factsByName, type ParameterFact } from './parameter.ts';
import { isAtLeast } from './versions.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestSqlalchemy = '2.1';

const poolingPage = 'https://docs.sqlalchemy.org/en/20/core/pooling.html';
const engineParameters = 'https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_engine.params';

export const parameterFacts: readonly ParameterFact[] = [
  {
    name: 'pool_size',
    role: 'size',
    unit: 'connections',
    fallback: 5,
    meaning: 'Connections the pool keeps open once they were needed, per process.',
    special: [
      { value: '0', effect: 'no limit from SQLAlchemy 2.0 (max_overflow is ignored); before, a limit of max_overflow' },
      { value: 'negative', effect: 'accepted, but lowers the limit below max_overflow' },
    ],
    source: `${engineParameters}.pool_size`,
  },
  {
    name: 'max_overflow',
    role: 'overflow',
    unit: 'connections',
    fallback: 10,
    meaning: 'Connections opened above pool_size under load and closed as soon as they are returned.',
    special: [
      { value: '0', effect: 'pool_size is a hard limit' },
      { value: '-1', effect: 'no limit' },
      { value: 'below -1', effect: 'RecursionError at a checkout' },
    ],
    source: `${engineParameters}.max_overflow`,
  },
  {
    name: 'pool_timeout',
    role: 'acquire-timeout',
    unit: 'seconds',
    fallback: 30,
    meaning: 'How long a checkout waits for a free connection before TimeoutError.',
    special: [
      { value: '0', effect: 'fails at once when no connection is free' },
      { value: 'None', effect: 'waits for ever' },
    ],
    source: `${engineParameters}.pool_timeout`,
  },
  {
    name: 'pool_recycle',
    role: 'lifetime',
    unit: 'seconds',
    fallback: -1,
    meaning:
      'Age since connecting (not idle time) from which a connection is replaced; looked at only when it is checked out.',
    special: [
      { value: '-1', effect: 'never' },
      { value: '0', effect: 'every checkout reconnects: pooling is defeated' },
    ],
    source: `${engineParameters}.pool_recycle`,
  },
  {
    name: 'pool_pre_ping',
    role: 'health-check',
    unit: 'boolean',
    fallback: false,
    meaning:
      'Tests a pooled connection when it is checked out and replaces it where the server closed it. Does not save a transaction that is under way.',
    special: [{ value: '"false"', effect: 'a text is truthy: switches it on' }],
    source: `${engineParameters}.pool_pre_ping`,
  },
  {
    name: 'pool_use_lifo',
    unit: 'boolean',
    fallback: false,
    meaning: 'Hands out the connection used last, so that the others fall idle and can be closed by the server.',
    special: [],
    source: `${engineParameters}.pool_use_lifo`,
  },
  {
    name: 'pool_reset_on_return',
    unit: 'choice',
    fallback: 'rollback',
    meaning: 'What happens to a connection that comes back: "rollback", "commit" or None.',
    special: [{ value: 'None', effect: 'open transactions and locks go to the next user' }],
    source: `${engineParameters}.pool_reset_on_return`,
  },
  {
    name: 'poolclass',
    unit: 'other',
    fallback: null,
    meaning: 'The pool class; QueuePool (AsyncAdaptedQueuePool for async engines) for network databases.',
    special: [{ value: 'NullPool', effect: 'no pooling: a connection is opened and closed per checkout' }],
    source: `${poolingPage}#sqlalchemy.pool.Pool`,
  },
];

export const parameterFact: ReadonlyMap<string, ParameterFact> = factsByName(parameterFacts);

/** Pool classes and the arguments each accepts besides those all accept; measured on 1.4.54, 2.0.54 and 2.1.1. */
export const poolClasses: Readonly<
  Record<
    string,
    {
      kind: 'queue' | 'null' | 'static' | 'assertion' | 'singleton-thread';
      accepts: readonly string[];
      loop: 'sync' | 'async' | 'both';
    }
  >
> = {
  QueuePool: { kind: 'queue', accepts: ['pool_size', 'max_overflow', 'pool_timeout', 'pool_use_lifo'], loop: 'sync' },
  AsyncAdaptedQueuePool: {
    kind: 'queue',
    accepts: ['pool_size', 'max_overflow', 'pool_timeout', 'pool_use_lifo'],
    loop: 'async',
  },
  FallbackAsyncAdaptedQueuePool: {
    kind: 'queue',
    accepts: ['pool_size', 'max_overflow', 'pool_timeout', 'pool_use_lifo'],
    loop: 'async',
  },
  NullPool: { kind: 'null', accepts: [], loop: 'both' },
  StaticPool: { kind: 'static', accepts: [], loop: 'both' },
  AssertionPool: { kind: 'assertion', accepts: [], loop: 'both' },
  SingletonThreadPool: { kind: 'singleton-thread', accepts: ['pool_size'], loop: 'sync' },
};

/** Arguments that depend on the pool class; the others are accepted by every one. */
export const classDependentArguments = ['pool_size', 'max_overflow', 'pool_timeout', 'pool_use_lifo'] as const;

/** Texts that `engine_from_config` turns into numbers (engine/default.py, `engine_config_types`); no other argument is. */
export const argumentsCoercedFromConfig: ReadonlySet<string> = new Set([
  'pool_timeout',
  'pool_recycle',
  'pool_size',
  'max_overflow',
]);

/** When each number that is a text or None instead raises TypeError; measured on 1.4, 2.0 and 2.1. */
export const numberArguments: Readonly<Record<string, { readonly raises: string; readonly mayBeNone: boolean }>> = {
  pool_size: { raises: 'when the engine is created', mayBeNone: false },
  max_overflow: { raises: 'at the first checkout', mayBeNone: false },
  pool_timeout: { raises: 'as soon as a checkout has to wait', mayBeNone: true },
  pool_recycle: { raises: 'at the first checkout', mayBeNone: false },
};

/** What `pool_reset_on_return` accepts; anything else raises ArgumentError. */
export const resetOnReturnValues: readonly unknown[] = ['rollback', 'commit', 'none', true, false, null];
/** The values of `pool_reset_on_return` that reset nothing. */
export const resetOnReturnNothing: readonly unknown[] = ['none', false, null];

/** The lowest `max_overflow` that means anything: -1, no limit. Below it a checkout recurses without end. */
export const lowestMaxOverflow = -1;

/** Drivers whose `connect` raises for an option it does not know, such as a pool argument in the URL's query. */
export const driversThatRejectUnknownOptions: ReadonlySet<string> = new Set([
  'psycopg2',
  'psycopg2cffi',
  'psycopg',
  'asyncpg',
  'pg8000',
  'pymysql',
  'mysqldb',
  'aiomysql',
  'asyncmy',
]);

/** Methods of other pools that hand out a connection; as `creator` they put a pool on a pool. */
export const poolCheckoutMethods: ReadonlySet<string> = new Set(['getconn', 'get_connection', 'acquire']);

/** Dialects whose connections occupy a slot of a database server. */
export const networkDialects: ReadonlySet<string> = new Set([
  'postgresql',
  'mysql',
  'mariadb',
  'mssql',
  'oracle',
  'cockroachdb',
  'redshift',
  'db2',
  'ibm_db_sa',
  'firebird',
  'sybase',
  'hana',
  'vertica',
  'timescaledb',
  'postgis',
  'yugabytedb',
  'informix',
  'opengauss',
  'dm',
]);

/** Drivers that only work with an async engine. */
export const asyncOnlyDrivers: ReadonlySet<string> = new Set([
  'asyncpg',
  'aiomysql',
  'asyncmy',
  'aioodbc',
  'psycopg_async',
]);

/** Drivers that only work with a sync engine. */
export const syncOnlyDrivers: ReadonlySet<string> = new Set([
  'psycopg2',
  'psycopg2cffi',
  'pymysql',
  'mysqldb',
  'pg8000',
  'pyodbc',
  'pymssql',
  'cx_oracle',
]);

/** PyPI packages that talk to a database server; where none is among the dependencies, there is none. */
export const serverDriverPackages: ReadonlySet<string> = new Set([
  'psycopg2',
  'psycopg2-binary',
  'psycopg',
  'psycopg-binary',
  'psycopg-c',
  'asyncpg',
  'pg8000',
  'psycopg2cffi',
  'pymysql',
  'mysqlclient',
  'aiomysql',
  'asyncmy',
  'mysql-connector-python',
  'mariadb',
  'pyodbc',
  'aioodbc',
  'pymssql',
  'oracledb',
  'cx-oracle',
  'sqlalchemy-cockroachdb',
  'sqlalchemy-redshift',
  'redshift-connector',
  'ibm-db-sa',
  'ibm-db',
  'hdbcli',
  'vertica-python',
  'aiopg',
]);

/** The driver a bare `dialect://` means. 2.1 changed PostgreSQL to psycopg 3 and Oracle to oracledb. */
export function defaultDriver(dialect: string, version: string): string | undefined {
  const isNew = isAtLeast(version, '2.1');
  switch (dialect) {
    case 'postgresql':
      return isNew ? 'psycopg' : 'psycopg2';
    case 'mysql':
    case 'mariadb':
      return 'mysqldb';
    case 'mssql':
      return 'pyodbc';
    case 'oracle':
      return isNew ? 'oracledb' : 'cx_oracle';
    default:
      return undefined;
  }
}

/** From 2.0, `pool_size=0` means no limit; before, the limit was `max_overflow`. */
export function zeroPoolSizeIsUnlimited(version: string): boolean {
  return isAtLeast(version, '2.0');
}

/** From 2.0.28 an async engine refuses a pool class made for sync engines, and the other way round. */
export function poolClassLoopIsChecked(version: string): boolean {
  return isAtLeast(version, version.split('.').length > 2 ? '2.0.28' : '2.0');
}

/** 2.1 has no `FallbackAsyncAdaptedQueuePool` any more: importing it raises ImportError. */
export function isRemoved(poolClass: string, version: string): boolean {
  return poolClass === 'FallbackAsyncAdaptedQueuePool' && isAtLeast(version, '2.1');
}

/** `future=False` raises from 2.0. */
export function futureFalseRaises(version: string): boolean {
  return isAtLeast(version, '2.0');
}
