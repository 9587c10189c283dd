import { isAtLeast } from '../../../server/src/facts/versions.ts';
import { claimsOf, type Json, type LibraryClaims } from '../claim.ts';

const poolReference = 'https://www.psycopg.org/psycopg3/docs/api/pool.html';
const defaults = {
  max_idle: 600,
  max_lifetime: 3600,
  max_size: null,
  max_waiting: 0,
  min_size: 4,
  num_workers: 3,
  reconnect_timeout: 300,
  timeout: 30,
};
const optional = {
  check: null,
  configure: null,
  kwargs: null,
  name: null,
  open: null,
  reconnect_failed: null,
  reset: null,
};

export const library: LibraryClaims = {
  name: 'psycopg_pool and psycopg2.pool',
  probe: 'python/psycopg_pool_probe.py',
  server: 'postgresql',
  environments: [
    { id: 'psycopg-3.2', language: 'python', packages: ['psycopg[binary]', 'psycopg_pool==3.2.*', 'psycopg2-binary'] },
    { id: 'psycopg-newest', language: 'python', packages: ['psycopg[binary]', 'psycopg_pool', 'psycopg2-binary'] },
  ],
  claims({ versions }) {
    const returns: { readonly [name: string]: Json } = isAtLeast(versions['psycopg-pool'] ?? '0', '3.3')
      ? { close_returns: false }
      : {};
    const all = { ...defaults, ...optional, ...returns };
    return [
      ...claimsOf(poolReference, [
        [
          'classes',
          ['ConnectionPool', 'AsyncConnectionPool', 'NullConnectionPool', 'AsyncNullConnectionPool'],
          'psycopg_pool has four pools',
        ],
        ['ConnectionPool defaults', all, 'The defaults of ConnectionPool, times in seconds'],
        ['AsyncConnectionPool defaults', all, 'The same for AsyncConnectionPool'],
        ['NullConnectionPool default min_size', 0, 'NullConnectionPool keeps none'],
        ["ConnectionPool({'max_size': 2})", 'ValueError', 'max_size below the default min_size raises'],
        ["ConnectionPool({'min_size': 0})", 'ValueError', 'min_size=0 alone raises: max_size would be 0'],
        ["ConnectionPool({'min_size': -1})", 'ValueError', 'A negative min_size raises'],
        ["ConnectionPool({'min_size': 0, 'max_size': 3})", 'ok', 'min_size=0 with a max_size is allowed'],
        ["ConnectionPool({'num_workers': 0})", 'ValueError', 'num_workers=0 raises'],
        ["ConnectionPool({'prepare_threshold': None})", 'TypeError', "The connection's own arguments belong in kwargs"],
        ["ConnectionPool({'pool_size': 3})", 'TypeError', 'pool_size is unknown'],
        ["ConnectionPool({'min_size': '2'})", 'TypeError', 'A text is no size'],
        ["NullConnectionPool({'min_size': 1})", 'ValueError', 'A null pool refuses min_size'],
        ["NullConnectionPool({'max_size': 0})", 'ok', 'max_size=0 of a null pool is no limit'],
        ["NullConnectionPool({'max_size': None})", 'ok', 'max_size=None of a null pool is no limit'],
        ['default pool', { eager: 4, open: 4, 'stopped by': 'PoolTimeout', kept: 4 }, 'A default pool has 4, no more'],
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
      ...claimsOf('https://www.psycopg.org/docs/pool.html', [
        [
          'psycopg2.pool',
          ['AbstractConnectionPool', 'SimpleConnectionPool', 'ThreadedConnectionPool'],
          'PersistentConnectionPool is gone',
        ],
        ['psycopg2 arguments', ['self', 'minconn', 'maxconn', 'args', 'kwargs'], 'Neither size has a default'],
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
