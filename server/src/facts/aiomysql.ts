/** What aiomysql really does. Read in the source of 0.3.2. */
import type { NumberArgument } from './numberArgument.ts';
import type { ParameterFact } from './parameter.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestAiomysql = '0.3';

const page = 'https://aiomysql.readthedocs.io/en/stable/pool.html#aiomysql.create_pool';

export const aiomysqlFacts: readonly ParameterFact[] = [
  {
    name: 'minsize',
    role: 'minimum',
    unit: 'connections',
    fallback: 1,
    meaning: 'Connections the pool opens at once.',
    special: [{ value: 'above maxsize', effect: 'ValueError' }],
    source: page,
  },
  {
    name: 'maxsize',
    role: 'size',
    unit: 'connections',
    fallback: 10,
    meaning: 'The most connections the pool opens, per process.',
    special: [{ value: '0', effect: 'no limit' }],
    source: page,
  },
  {
    name: 'pool_recycle',
    role: 'idle-timeout',
    unit: 'seconds',
    fallback: -1,
    meaning: 'Time since a connection was last used (not its age) after which it is replaced instead of handed out.',
    special: [
      { value: '-1', effect: 'never' },
      { value: '0', effect: 'every connection is replaced: pooling is defeated' },
    ],
    source: page,
  },
];

/** When each number that is a text or None instead raises TypeError. */
export const aiomysqlNumbers: Readonly<Record<string, NumberArgument>> = {
  minsize: { raises: 'when the pool is created', mayBeNone: false },
  maxsize: { raises: 'when the pool is created', mayBeNone: false },
  pool_recycle: { raises: 'when a connection is asked for', mayBeNone: false },
};

/** What people write instead; it goes to `connect`, which raises TypeError at the first connect. */
export const aiomysqlMisspelt: Readonly<Record<string, string>> = {
  min_size: 'minsize',
  max_size: 'maxsize',
  pool_size: 'maxsize',
  pool_minsize: 'minsize',
  pool_maxsize: 'maxsize',
  max_connections: 'maxsize',
};
