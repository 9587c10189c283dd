import type { ParameterFact } from '../../../server/src/facts/parameter.ts';
import { psycopg2PoolFacts } from '../../../server/src/facts/psycopg2Pool.ts';
import {
  hasCheck,
  nullPoolFacts,
  psycopgConnectArguments,
  psycopgPoolFacts,
  psycopgPoolHasNone,
  psycopgPoolLowest,
  psycopgPoolMisspelt,
  psycopgPoolOtherArguments,
} from '../../../server/src/facts/psycopgPool.ts';
import { isAtLeast } from '../../../server/src/facts/versions.ts';
import { type Claim, claimsOf, defaultClaims, type LibraryClaims, refusedClaims, tableClaim } from '../claim.ts';

const table = 'server/src/facts/psycopgPool.ts';
const poolReference = 'https://www.psycopg.org/psycopg3/docs/api/pool.html';

function fallbackOf(facts: readonly ParameterFact[], role: string) {
  return facts.find((fact) => fact.role === role)?.fallback ?? null;
}

/** What the table says of the pools' arguments. */
function tableClaims(version: string): readonly Claim[] {
  const size = fallbackOf(psycopgPoolFacts, 'minimum');
  return [
    ...defaultClaims(table, 'ConnectionPool', psycopgPoolFacts),
    ...defaultClaims(table, 'AsyncConnectionPool', psycopgPoolFacts, 'async '),
    ...defaultClaims(`${table}: nullPoolFacts`, 'NullConnectionPool', nullPoolFacts, 'null '),
    ...refusedClaims(`${table}: psycopgPoolMisspelt`, 'ConnectionPool', Object.keys(psycopgPoolMisspelt)),
    ...refusedClaims(`${table}: psycopgPoolHasNone`, 'ConnectionPool', psycopgPoolHasNone),
    ...refusedClaims(`${table}: psycopgConnectArguments`, 'ConnectionPool', psycopgConnectArguments),
    tableClaim(`${table}: psycopgPoolOtherArguments`, 'unknown arguments', [], 'Every argument of the pools is known'),
    tableClaim(`${table}: hasCheck`, 'has check_connection', hasCheck(version), 'check_connection exists from 3.2'),
    ...Object.keys(psycopgPoolLowest).map((name) =>
      tableClaim(`${table}: psycopgPoolLowest.${name}`, `lowest ${name}`, ['ok', 'ValueError'], `The lowest ${name}`),
    ),
    tableClaim(
      `${table}: min_size.fallback`,
      'default pool',
      { eager: size, open: size, 'stopped by': 'PoolTimeout', kept: size },
      'A default pool has min_size connections, no more',
    ),
  ];
}

export const library: LibraryClaims = {
  name: 'psycopg_pool and psycopg2.pool',
  probe: 'python/psycopg_pool_probe.py',
  server: 'postgresql',
  environments: [
    { id: 'psycopg-3.2', language: 'python', packages: ['psycopg[binary]', 'psycopg_pool==3.2.*', 'psycopg2-binary'] },
    { id: 'psycopg-newest', language: 'python', packages: ['psycopg[binary]', 'psycopg_pool', 'psycopg2-binary'] },
  ],
  asks: {
    defaults: psycopgPoolFacts.map(({ name }) => name),
    nullDefaults: nullPoolFacts.map(({ name }) => name),
    refused: [...Object.keys(psycopgPoolMisspelt), ...psycopgPoolHasNone, ...psycopgConnectArguments],
    known: [...psycopgPoolFacts.map(({ name }) => name), ...psycopgPoolOtherArguments],
    lowest: psycopgPoolLowest,
  },
  claims({ versions }) {
    const version = versions['psycopg-pool'] ?? '0';
    return [
      ...tableClaims(version),
      tableClaim(
        `${table}: psycopgPoolOtherArguments`,
        'close_returns',
        isAtLeast(version, '3.3'),
        'close_returns exists from 3.3',
      ),
      ...claimsOf(poolReference, [
        [
          'classes',
          ['ConnectionPool', 'AsyncConnectionPool', 'NullConnectionPool', 'AsyncNullConnectionPool'],
          'psycopg_pool has four pools',
        ],
        ["ConnectionPool({'max_size': 2})", 'ValueError', 'max_size below the default min_size raises'],
        ["ConnectionPool({'min_size': 0})", 'ValueError', 'min_size=0 alone raises: max_size would be 0'],
        ["ConnectionPool({'min_size': 0, 'max_size': 3})", 'ok', 'min_size=0 with a max_size is allowed'],
        ["ConnectionPool({'num_workers': 0})", 'ValueError', 'num_workers=0 raises'],
        ["ConnectionPool({'min_size': '2'})", 'TypeError', 'A text is no size'],
        ["NullConnectionPool({'min_size': 1})", 'ValueError', 'A null pool refuses min_size'],
        ["NullConnectionPool({'max_size': 0})", 'ok', 'max_size=0 of a null pool is no limit'],
        ["NullConnectionPool({'max_size': None})", 'ok', 'max_size=None of a null pool is no limit'],
        [
          'min_size=1, max_size=3',
          { eager: 1, open: 3, 'stopped by': 'PoolTimeout', kept: 3 },
          'min_size at once, max_size at most',
        ],
        [
          'NullConnectionPool',
          { eager: 0, open: 8, 'stopped by': 'nothing', kept: 0 },
          'A null pool without max_size has no limit and keeps none',
        ],
        [
          'NullConnectionPool(max_size=2)',
          { eager: 0, open: 2, 'stopped by': 'PoolTimeout', kept: 0 },
          'max_size limits a null pool',
        ],
        ['max_waiting=1 with two waiters', ['TooManyRequests', 'PoolTimeout'], 'max_waiting bounds the queue'],
        ['used before open', 'PoolClosed', 'A pool must be opened'],
        ['PoolTimeout is', 'OperationalError', 'PoolTimeout is an OperationalError'],
      ]),
      tableClaim(
        'server/src/facts/psycopg2Pool.ts: psycopg2PoolFacts',
        'psycopg2 arguments',
        [
          'self',
          ...psycopg2PoolFacts.map(({ name, fallback }) => (fallback === null ? name : `${name}=`)),
          'args',
          'kwargs',
        ],
        'The sizes of psycopg2 have no default',
      ),
      ...claimsOf('https://www.psycopg.org/docs/pool.html', [
        [
          'psycopg2.pool',
          ['AbstractConnectionPool', 'SimpleConnectionPool', 'ThreadedConnectionPool'],
          'PersistentConnectionPool is gone',
        ],
        ['psycopg2 (1, 5)', { eager: 1, open: 5, 'stopped by': 'PoolError', kept: 1 }, 'Only minconn stay open'],
        ['psycopg2 (2, 8)', { eager: 2, open: 8, 'stopped by': 'PoolError', kept: 2 }, 'Only minconn stay open'],
        [
          'psycopg2 (5, 2)',
          { eager: 5, open: 12, 'stopped by': 'nothing', kept: 5 },
          'maxconn below minconn: no limit',
        ],
        ['psycopg2 (0, 0)', { eager: 0, open: 0, 'stopped by': 'PoolError', kept: 0 }, 'maxconn=0: always exhausted'],
        ['psycopg2 (1, -1)', { eager: 1, open: 12, 'stopped by': 'nothing', kept: 1 }, 'A negative maxconn: no limit'],
        ['psycopg2 when full: at once', ['PoolError', true], 'A full pool does not wait'],
      ]),
    ];
  },
};
