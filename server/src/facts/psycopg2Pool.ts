/** What psycopg2.pool really does. Read in the source of 2.9.13 and measured against PostgreSQL 15. */
import type { ParameterFact } from './parameter.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestPsycopg2 = '2.9';

const page = 'https://www.psycopg.org/docs/pool.html#psycopg2.pool.AbstractConnectionPool';

export const psycopg2PoolFacts: readonly ParameterFact[] = [
  {
    name: 'minconn',
    role: 'minimum',
    unit: 'connections',
    fallback: null,
    meaning:
      'Connections opened at once, when the pool is created, and the most that are kept: any other is closed when it comes back.',
    special: [{ value: '0', effect: 'no connection is ever kept' }],
    source: page,
  },
  {
    name: 'maxconn',
    role: 'size',
    unit: 'connections',
    fallback: null,
    meaning: 'Connections in use at which the pool refuses another with PoolError; nobody waits.',
    special: [
      { value: 'below minconn, or negative', effect: 'no limit: the number in use never equals it' },
      { value: '0 with minconn=0', effect: 'every checkout is refused' },
    ],
    source: page,
  },
];

/**
 * A pool that may hold so many times what it keeps opens and closes connections all the time. That it closes them is in the
 * source (`_putconn` keeps `minconn`); from which ratio it is worth a finding is our judgement.
 *
 * https://github.com/psycopg/psycopg2/blob/2.9.13/lib/pool.py
 */
export const churnFactor = 5;
/** Below this many connections between the two nobody notices. Our judgement as well. */
export const churnConnections = 5;
