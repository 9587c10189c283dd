/** What Slonik's pool really does. Read in slonik 49.10 and measured: 47 ignores maxPoolSize, 49 reads it. */
import type { ParameterFact } from './parameter.ts';
import { isAtLeast } from './versions.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestSlonik = '49';
/** The fork of Logto: as version 30, read in 31.0.0-beta.3. */
export const newestSilverhandSlonik = '31';

const page = 'https://github.com/gajus/slonik#api';

const timeoutOff = { value: "'DISABLE_TIMEOUT'", effect: 'no limit' };

export const slonikFacts: readonly ParameterFact[] = [
  {
    name: 'maximumPoolSize',
    role: 'size',
    unit: 'connections',
    fallback: 10,
    meaning: 'The most connections the pool opens, per process. From 49 on also called maxPoolSize.',
    special: [],
    source: page,
  },
  {
    name: 'minPoolSize',
    role: 'minimum',
    unit: 'connections',
    fallback: 0,
    meaning: 'Connections that are kept open.',
    special: [],
    source: page,
  },
  {
    name: 'connectionTimeout',
    role: 'acquire-timeout',
    unit: 'milliseconds',
    fallback: 5_000,
    meaning: 'How long a query waits for a connection.',
    special: [timeoutOff],
    source: page,
  },
  {
    name: 'idleTimeout',
    role: 'idle-timeout',
    unit: 'milliseconds',
    fallback: 5_000,
    meaning: 'Idle time after which a connection is closed.',
    special: [timeoutOff],
    source: page,
  },
  {
    name: 'statementTimeout',
    unit: 'milliseconds',
    fallback: 60_000,
    meaning: 'Sent when a connection starts: PgBouncer refuses it.',
    special: [timeoutOff],
    source: page,
  },
  {
    name: 'idleInTransactionSessionTimeout',
    unit: 'milliseconds',
    fallback: 60_000,
    meaning: 'Sent when a connection starts: PgBouncer refuses it.',
    special: [timeoutOff],
    source: page,
  },
];

/** `maxPoolSize` is read from 49 on; the names before it are understood as well. */
export function readsMaxPoolSize(version: string): boolean {
  return isAtLeast(version, '49');
}

/** Settings that travel as startup parameters, and the parameter that the server gets. */
export const slonikStartupParameters: Readonly<Record<string, string>> = {
  statementTimeout: 'statement_timeout',
  idleInTransactionSessionTimeout: 'idle_in_transaction_session_timeout',
};
