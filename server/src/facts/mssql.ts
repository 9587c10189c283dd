/** What mssql really does: its pool is tarn's. Read in 12.7.14 and in tarn 3.1.2. */
import type { ParameterFact } from './parameter.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestMssql = '12.7';

const page = 'https://github.com/tediousjs/node-mssql#general-same-for-all-drivers';

/** Options inside `pool`. */
export const mssqlPoolFacts: readonly ParameterFact[] = [
  {
    name: 'max',
    role: 'size',
    unit: 'connections',
    fallback: 10,
    meaning: 'The most connections the pool opens, per process.',
    special: [{ value: 'a text, 0', effect: 'throws when the pool connects' }],
    source: page,
  },
  {
    name: 'min',
    role: 'minimum',
    unit: 'connections',
    fallback: 0,
    meaning: 'Connections that idleTimeoutMillis leaves open.',
    special: [{ value: 'above max', effect: 'throws when the pool connects' }],
    source: page,
  },
  {
    name: 'acquireTimeoutMillis',
    role: 'acquire-timeout',
    unit: 'milliseconds',
    fallback: 30_000,
    meaning: 'How long a request waits for a connection before it fails.',
    special: [],
    source: page,
  },
  {
    name: 'idleTimeoutMillis',
    role: 'idle-timeout',
    unit: 'milliseconds',
    fallback: 30_000,
    meaning: 'Idle time after which a connection is closed.',
    special: [],
    source: page,
  },
];

/** Further options of tarn, which throws for any other. */
export const tarnOtherOptions: ReadonlySet<string> = new Set([
  ...['createTimeoutMillis', 'destroyTimeoutMillis', 'reapIntervalMillis', 'createRetryIntervalMillis', 'log'],
  ...['propagateCreateError', 'create', 'validate', 'destroy'],
]);
