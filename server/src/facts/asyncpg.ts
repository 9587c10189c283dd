/** What asyncpg really does. Read in the sources of 0.31.0 and 0.32.0 and measured against PostgreSQL 15. */
import type { NumberArgument } from './numberArgument.ts';
import { factsByName, type ParameterFact } from './parameter.ts';
import { isAtLeast } from './versions.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestAsyncpg = '0.32';

const page = 'https://magicstack.github.io/asyncpg/current/api/index.html#asyncpg.pool.create_pool';

export const asyncpgFacts: readonly ParameterFact[] = [
  {
    name: 'min_size',
    role: 'minimum',
    unit: 'connections',
    fallback: 10,
    meaning:
      'Connections opened when the pool is initialised. From 0.32 they are kept; before, idle ones were closed below it too.',
    special: [{ value: 'above max_size', effect: 'ValueError, also where max_size is the default' }],
    source: page,
  },
  {
    name: 'max_size',
    role: 'size',
    unit: 'connections',
    fallback: 10,
    meaning: 'The most connections the pool opens, per process.',
    special: [
      { value: 'below 10', effect: 'ValueError unless min_size is lowered too' },
      { value: '0 or less', effect: 'ValueError' },
    ],
    source: page,
  },
  {
    name: 'max_inactive_connection_lifetime',
    role: 'idle-timeout',
    unit: 'seconds',
    fallback: 300,
    meaning: 'Idle time after which a connection is closed; from 0.32 only above min_size.',
    special: [{ value: '0', effect: 'idle connections are never closed' }],
    source: page,
  },
  {
    name: 'max_queries',
    unit: 'other',
    fallback: 50000,
    meaning: 'Queries after which a connection is closed and replaced.',
    special: [{ value: '0 or less', effect: 'ValueError' }],
    source: page,
  },
];

export const asyncpgFact: ReadonlyMap<string, ParameterFact> = factsByName(asyncpgFacts);

/** Arguments of `create_pool` and of `connect`, to which it hands everything else; any other raises TypeError. */
export const asyncpgOtherArguments: ReadonlySet<string> = new Set([
  'dsn',
  'init_size',
  'connect',
  'setup',
  'init',
  'reset',
  'loop',
  'connection_class',
  'record_class',
  'host',
  'port',
  'user',
  'password',
  'passfile',
  'service',
  'servicefile',
  'database',
  'timeout',
  'statement_cache_size',
  'max_cached_statement_lifetime',
  'max_cacheable_statement_size',
  'command_timeout',
  'ssl',
  'direct_tls',
  'server_settings',
  'target_session_attrs',
  'krbsrvname',
  'gsslib',
]);

/** What people write instead; create_pool raises TypeError for each, at the first connect. */
export const asyncpgMisspelt: Readonly<Record<string, string>> = {
  pool_size: 'max_size',
  maxsize: 'max_size',
  max_connections: 'max_size',
  max_pool_size: 'max_size',
  minsize: 'min_size',
  min_connections: 'min_size',
  min_pool_size: 'min_size',
  max_idle: 'max_inactive_connection_lifetime',
  max_inactive_lifetime: 'max_inactive_connection_lifetime',
};

/** Arguments that other pools have and this one has nothing for; TypeError as well. */
export const asyncpgHasNone: ReadonlySet<string> = new Set(['max_overflow', 'pool_timeout', 'pool_recycle']);

/** The lowest value each number may have; below it create_pool raises ValueError. */
export const asyncpgLowest: Readonly<Record<string, number>> = {
  min_size: 0,
  max_size: 1,
  max_queries: 1,
  max_inactive_connection_lifetime: 0,
};

/** When each number that is a text or None instead raises TypeError. */
export const asyncpgNumbers: Readonly<Record<string, NumberArgument>> = {
  min_size: { raises: 'when the pool is created', mayBeNone: false },
  max_size: { raises: 'when the pool is created', mayBeNone: false },
  max_queries: { raises: 'when the pool is created', mayBeNone: false },
  max_inactive_connection_lifetime: { raises: 'when the pool is created', mayBeNone: false, converter: 'float' },
};

/** From 0.32 idle connections up to `min_size` are kept for ever. */
export function keepsMinimum(version: string): boolean {
  return isAtLeast(version, '0.32');
}
