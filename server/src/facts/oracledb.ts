/** What the pools of python-oracledb really do. Read in the sources of 4.0.2 and run with 26.1.0 (no server). */
import type { ParameterFact } from './parameter.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestOracledb = '26.1';

const page = 'https://python-oracledb.readthedocs.io/en/latest/api_manual/module.html#oracledb.create_pool';

export const oracledbFacts: readonly ParameterFact[] = [
  {
    name: 'min',
    role: 'minimum',
    unit: 'connections',
    fallback: 1,
    meaning: 'Connections the pool opens when it is created and keeps.',
    special: [{ value: 'above max', effect: 'ProgrammingError (DPY-2064)' }],
    source: page,
  },
  {
    name: 'max',
    role: 'size',
    unit: 'connections',
    fallback: 2,
    meaning: 'The most connections the pool opens, per process; not with POOL_GETMODE_FORCEGET, which goes beyond it.',
    special: [],
    source: page,
  },
  {
    name: 'increment',
    unit: 'other',
    fallback: 1,
    meaning: 'Connections opened at a time while the pool grows.',
    special: [],
    source: page,
  },
  {
    name: 'getmode',
    unit: 'other',
    fallback: null,
    defaultsToNone: true,
    meaning:
      'What acquire() does while all connections are in use: wait for ever (POOL_GETMODE_WAIT, the default), wait for wait_timeout (POOL_GETMODE_TIMEDWAIT), fail at once (POOL_GETMODE_NOWAIT), or open one beyond max (POOL_GETMODE_FORCEGET).',
    special: [],
    source: page,
  },
  {
    name: 'wait_timeout',
    role: 'acquire-timeout',
    unit: 'milliseconds',
    fallback: 0,
    meaning: 'How long acquire() waits with getmode=POOL_GETMODE_TIMEDWAIT; without that it has no effect.',
    special: [],
    source: page,
  },
  {
    name: 'timeout',
    role: 'idle-timeout',
    unit: 'seconds',
    fallback: 0,
    meaning: 'Idle time after which a connection above min is closed.',
    special: [{ value: '0', effect: 'never' }],
    source: page,
  },
  {
    name: 'max_lifetime_session',
    role: 'lifetime',
    unit: 'seconds',
    fallback: 0,
    meaning: 'Age from which a connection is closed instead of handed out.',
    special: [{ value: '0', effect: 'no limit' }],
    source: page,
  },
  {
    name: 'ping_interval',
    role: 'health-check',
    unit: 'seconds',
    fallback: 60,
    meaning: 'A connection that was idle for longer is tested before it is handed out.',
    special: [
      { value: '0', effect: 'every connection is tested' },
      { value: 'negative', effect: 'none is' },
    ],
    source: page,
  },
];

/** What people write instead; create_pool raises TypeError for each. */
export const oracledbMisspelt: Readonly<Record<string, string>> = {
  pool_size: 'max',
  maxsize: 'max',
  max_size: 'max',
  pool_max: 'max',
  minsize: 'min',
  min_size: 'min',
  pool_min: 'min',
  pool_timeout: 'wait_timeout',
  max_lifetime: 'max_lifetime_session',
};
