import { claimsOf, type LibraryClaims } from '../claim.ts';

export const library: LibraryClaims = {
  name: 'aiomysql, asyncmy, mysql-connector, oracledb',
  probe: 'python/mysql_pools.py',
  server: 'mariadb',
  environments: [
    { id: 'aiomysql-newest', language: 'python', packages: ['aiomysql'] },
    { id: 'asyncmy-newest', language: 'python', packages: ['asyncmy'] },
    { id: 'mysql-connector-newest', language: 'python', packages: ['mysql-connector-python'] },
    { id: 'oracledb-newest', language: 'python', packages: ['oracledb'] },
  ],
  claims({ environment }) {
    switch (environment) {
      case 'aiomysql-newest':
        return claimsOf('https://aiomysql.readthedocs.io/en/stable/pool.html', [
          ['aiomysql defaults', { minsize: 1, maxsize: 10, pool_recycle: -1, echo: false }, 'The defaults'],
          ['aiomysql default pool', { eager: 1, open: 10, 'stopped by': 'waits', kept: 10 }, '1 at once, 10 at most'],
          ['aiomysql minsize=2, maxsize=3', { eager: 2, open: 3, 'stopped by': 'waits', kept: 3 }, 'Sizes as written'],
          ['aiomysql maxsize=0', { eager: 1, open: 14, 'stopped by': 'nothing', kept: 14 }, 'maxsize=0: no limit'],
          ['aiomysql maxsize below minsize', 'ValueError', 'maxsize below minsize raises'],
        ]);
      case 'asyncmy-newest':
        return claimsOf('https://github.com/long2ice/asyncmy', [
          [
            'asyncmy defaults',
            { minsize: 1, maxsize: 10, pool_recycle: 3600, echo: false },
            'The defaults: recycled after an hour',
          ],
          ['asyncmy.pool.Pool is a class', true, 'The pool class'],
          ['asyncmy default pool', { eager: 1, open: 10, 'stopped by': 'waits', kept: 10 }, '1 at once, 10 at most'],
          ['asyncmy minsize=2, maxsize=3', { eager: 2, open: 3, 'stopped by': 'waits', kept: 3 }, 'Sizes as written'],
          ['asyncmy maxsize=0', 'ValueError', 'maxsize=0 is no unlimited pool'],
          ['asyncmy maxsize below minsize', 'ValueError', 'maxsize below minsize raises'],
        ]);
      case 'mysql-connector-newest':
        return claimsOf('https://dev.mysql.com/doc/connector-python/en/connector-python-connection-pooling.html', [
          ['mysql-connector default pool_size', 5, 'pool_size'],
          ['mysql-connector largest pool', 32, 'The largest pool_size'],
          ['mysql-connector pool_size=0', 'AttributeError', 'pool_size=0 raises'],
          ['mysql-connector pool_size=-1', 'AttributeError', 'A negative pool_size raises'],
          ['mysql-connector pool_size=33', 'AttributeError', 'pool_size above 32 raises'],
          [
            'mysql-connector default pool',
            { eager: 5, open: 5, full: 'PoolError', 'at once': true, kept: 5 },
            'All 5 are opened at once; a full pool does not wait',
          ],
          [
            'mysql-connector pool_size=2',
            { eager: 2, open: 2, full: 'PoolError', 'at once': true, kept: 2 },
            'pool_size as written',
          ],
          ['mysql-connector connections before', 0, 'Nothing is left open in between'],
          [
            'mysql-connector connect(pool_size=3)',
            { open: 3, 'same name, other size': 'PoolError' },
            'connect() with a pool name makes a pool that later calls share',
          ],
        ]);
      default:
        return claimsOf('https://python-oracledb.readthedocs.io/en/latest/api_manual/module.html', [
          [
            'oracledb defaults',
            {
              min: 1,
              max: 2,
              increment: 1,
              timeout: 0,
              wait_timeout: 0,
              max_lifetime_session: 0,
              ping_interval: 60,
              ping_timeout: 5000,
            },
            'The defaults: timeout, lifetime and ping_interval in seconds, wait_timeout and ping_timeout in milliseconds',
          ],
          ['oracledb getmode waits', true, 'A full pool waits by default'],
          [
            'oracledb create_pool_async(max=3)',
            { min: 0, max: 3, opened: 0 },
            'create_pool_async takes the same sizes',
          ],
          ['oracledb max below min', 'ProgrammingError', 'max below min raises'],
          ['oracledb max=0', 'ok', 'max=0 with min=0 is accepted when the pool is made'],
        ]);
    }
  },
};
