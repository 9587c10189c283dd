import { claimsOf, type LibraryClaims } from '../claim.ts';

export const library: LibraryClaims = {
  name: 'peewee',
  probe: 'python/peewee_pool.py',
  server: 'postgresql',
  environments: [
    { id: 'peewee-newest', language: 'python', packages: ['peewee', 'psycopg2-binary', 'greenlet', 'asyncpg'] },
  ],
  claims() {
    return claimsOf('https://docs.peewee-orm.com/en/latest/peewee/playhouse.html#connection-pool', [
      ['default max_connections', 20, 'max_connections'],
      ['default stale_timeout', null, 'Idle connections never expire by default'],
      ['default timeout', null, 'A full pool does not wait by default'],
      ['classes', ['PooledPostgresqlDatabase', 'PooledMySQLDatabase', 'PooledSqliteDatabase'], 'The pooled classes'],
      [
        'default pool, 25 threads',
        { open: 20, outcomes: ['MaxConnectionsExceeded', 'ok'], kept: 20 },
        'A default pool opens 20 and keeps them',
      ],
      [
        'max_connections=2, 4 threads',
        { open: 2, outcomes: ['MaxConnectionsExceeded', 'ok'], kept: 2 },
        'max_connections is the limit',
      ],
      ['max_connections=0, 25 threads', { open: 25, outcomes: ['ok'], kept: 25 }, 'max_connections=0: no limit'],
      ['max_connections=None, 25 threads', { open: 25, outcomes: ['ok'], kept: 25 }, 'max_connections=None: no limit'],
      ['full with timeout=None', ['MaxConnectionsExceeded', 'at once'], 'timeout=None raises at once'],
      ['full with timeout=0', 'waits', 'timeout=0 waits for ever'],
      ['full with timeout=1', ['MaxConnectionsExceeded', 'later'], 'timeout=1 waits a second'],
      [
        'postgresql+pool://',
        { class: 'PooledPostgresqlDatabase', max: 7, stale: 60 },
        'A +pool URL carries the settings',
      ],
      ['peewee major version', 4, 'The newest major version'],
      ['playhouse.pwasyncio', { pool_size: 10, pool_min_size: 1 }, 'The async pool'],
    ]);
  },
};
