/** What aiopg really does. Read in the sources of 1.4.0 and 1.5.0a1. */
import type { NumberArgument } from './numberArgument.ts';
import { factsByName, type ParameterFact } from './parameter.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestAiopg = '1.4';

const page = 'https://aiopg.readthedocs.io/en/stable/core.html#aiopg.create_pool';

export const aiopgFacts: readonly ParameterFact[] = [
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
    name: 'timeout',
    role: 'acquire-timeout',
    unit: 'seconds',
    fallback: 60,
    meaning: 'How long acquire() waits for a connection, and the default limit of every operation on one.',
    special: [{ value: 'None', effect: 'waits for ever' }],
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

export const aiopgFact: ReadonlyMap<string, ParameterFact> = factsByName(aiopgFacts);

/** When each number that is a text or None instead raises TypeError. */
export const aiopgNumbers: Readonly<Record<string, NumberArgument>> = {
  minsize: { raises: 'when the pool is created', mayBeNone: false },
  maxsize: { raises: 'when the pool is created', mayBeNone: false },
  timeout: { raises: 'when the pool is created', mayBeNone: true, converter: 'float' },
  pool_recycle: { raises: 'when a connection is asked for', mayBeNone: false, converter: 'float' },
};

/** What people write instead; it goes to the driver, which rejects it at the first connect. */
export const aiopgMisspelt: Readonly<Record<string, string>> = {
  min_size: 'minsize',
  max_size: 'maxsize',
  minconn: 'minsize',
  maxconn: 'maxsize',
  pool_size: 'maxsize',
  max_connections: 'maxsize',
  pool_timeout: 'timeout',
};
