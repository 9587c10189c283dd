/** What psycopg_pool really does. Read in the sources of 3.1.9 to 3.3.3 and measured against PostgreSQL 15. */
import type { NumberArgument } from './numberArgument.ts';
import { factsByName, type ParameterFact } from './parameter.ts';
import { isAtLeast } from './versions.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestPsycopgPool = '3.3';

const page = 'https://www.psycopg.org/psycopg3/docs/api/pool.html#psycopg_pool.ConnectionPool';

export const psycopgPoolFacts: readonly ParameterFact[] = [
  {
    name: 'min_size',
    role: 'minimum',
    unit: 'connections',
    fallback: 4,
    meaning: 'Connections the pool opens at once and keeps open.',
    special: [{ value: 'above max_size', effect: 'ValueError' }],
    source: page,
  },
  {
    name: 'max_size',
    role: 'size',
    unit: 'connections',
    fallback: null,
    defaultsToNone: true,
    meaning: 'The most connections the pool opens, per process.',
    special: [
      { value: 'None', effect: 'as many as min_size: a pool of a fixed size' },
      { value: 'below min_size', effect: 'ValueError, also below its default of 4' },
    ],
    source: page,
  },
  {
    name: 'timeout',
    role: 'acquire-timeout',
    unit: 'seconds',
    fallback: 30,
    meaning: 'How long a client waits for a connection before PoolTimeout.',
    special: [],
    source: page,
  },
  {
    name: 'max_lifetime',
    role: 'lifetime',
    unit: 'seconds',
    fallback: 3600,
    meaning: 'Age from which a connection is replaced, less up to 5 % at random; looked at when it comes back.',
    special: [],
    source: page,
  },
  {
    name: 'max_idle',
    unit: 'seconds',
    fallback: 600,
    meaning: 'Idle time after which a connection above min_size is closed; those of min_size stay.',
    special: [],
    source: page,
  },
  {
    name: 'max_waiting',
    unit: 'other',
    fallback: 0,
    meaning: 'Clients that may wait at once; another gets TooManyRequests.',
    special: [{ value: '0', effect: 'no limit' }],
    source: page,
  },
  {
    name: 'check',
    role: 'health-check',
    unit: 'other',
    fallback: null,
    defaultsToNone: true,
    meaning: 'Called with a connection before it is handed out; from 3.2 check_connection of the class tests it.',
    special: [{ value: 'None', effect: 'connections are handed out untested' }],
    source: `${page}.check_connection`,
  },
];

/** Null pools keep no connection. */
export const nullPoolFacts: readonly ParameterFact[] = psycopgPoolFacts
  .filter((fact) => fact.role === 'minimum' || fact.role === 'size' || fact.role === 'acquire-timeout')
  .map((fact) => {
    if (fact.role === 'minimum')
      return {
        ...fact,
        fallback: 0,
        meaning: 'Always 0: a null pool keeps no connection.',
        special: [{ value: 'not 0', effect: 'ValueError' }],
      };
    if (fact.role === 'size')
      return {
        ...fact,
        meaning: 'The most connections that are open at once, per process.',
        special: [{ value: 'None or 0', effect: 'no limit' }],
      };
    return fact;
  });

export const psycopgPoolFact: ReadonlyMap<string, ParameterFact> = factsByName(psycopgPoolFacts);

/** The other arguments; any that is not among them raises TypeError. */
export const psycopgPoolOtherArguments: ReadonlySet<string> = new Set([
  'conninfo',
  'kwargs',
  'connection_class',
  'open',
  'configure',
  'reset',
  'name',
  'close_returns',
  'reconnect_timeout',
  'reconnect_failed',
  'num_workers',
  // Accepted by null pools without effect.
  'max_lifetime',
  'max_idle',
  'max_waiting',
  'check',
]);

export const psycopgPoolMisspelt: Readonly<Record<string, string>> = {
  minsize: 'min_size',
  minconn: 'min_size',
  maxsize: 'max_size',
  maxconn: 'max_size',
  max_connections: 'max_size',
  pool_size: 'max_size',
  pool_timeout: 'timeout',
  acquire_timeout: 'timeout',
  idle_timeout: 'max_idle',
  pool_recycle: 'max_lifetime',
};

export const psycopgPoolHasNone: ReadonlySet<string> = new Set(['max_overflow']);

/** Arguments of `psycopg.connect`; the pool takes them in `kwargs` (or in the conninfo) and raises TypeError beside it. */
export const psycopgConnectArguments: ReadonlySet<string> = new Set([
  'prepare_threshold',
  'autocommit',
  'row_factory',
  'cursor_factory',
  'host',
  'port',
  'user',
  'password',
  'dbname',
  'sslmode',
  'sslrootcert',
  'connect_timeout',
  'application_name',
  'options',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'target_session_attrs',
]);

/** The lowest value each number may have; below it the pool raises ValueError. */
export const psycopgPoolLowest: Readonly<Record<string, number>> = { min_size: 0, max_size: 1 };

/** When each number that is a text or None instead raises TypeError. */
export const psycopgPoolNumbers: Readonly<Record<string, NumberArgument>> = {
  min_size: { raises: 'when the pool is created', mayBeNone: false },
  max_size: { raises: 'when the pool is created', mayBeNone: true },
  timeout: { raises: 'when a connection is asked for', mayBeNone: false, converter: 'float' },
};

/** From 3.2 the pools have `check`, and `check_connection` to give to it. */
export function hasCheck(version: string): boolean {
  return isAtLeast(version, '3.2');
}
