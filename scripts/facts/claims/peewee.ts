import {
  peeweeAsyncClasses,
  peeweeAsyncFacts,
  peeweeFacts,
  peeweeMisspelt,
  peeweePooledClasses,
} from '../../../server/src/facts/peewee.ts';
import { claimsOf, defaultClaims, type LibraryClaims, refusedClaims, tableClaim } from '../claim.ts';

const table = 'server/src/facts/peewee.ts';

export const library: LibraryClaims = {
  name: 'peewee',
  probe: 'python/peewee_pool.py',
  server: 'postgresql',
  environments: [
    { id: 'peewee-newest', language: 'python', packages: ['peewee', 'psycopg2-binary', 'greenlet', 'asyncpg'] },
  ],
  asks: {
    defaults: peeweeFacts.map(({ name }) => name),
    asyncDefaults: peeweeAsyncFacts.map(({ name }) => name),
    classes: [...Object.keys(peeweePooledClasses), ...Object.keys(peeweeAsyncClasses)],
    refused: Object.keys(peeweeMisspelt),
  },
  claims() {
    const size = peeweeFacts.find(({ role }) => role === 'size')?.fallback ?? null;
    return [
      ...defaultClaims(table, 'PooledDatabase', peeweeFacts),
      tableClaim(
        `${table}: peeweeAsyncFacts`,
        'playhouse.pwasyncio',
        Object.fromEntries(peeweeAsyncFacts.map(({ name, fallback }) => [name, fallback])),
        'The defaults of the async pools',
      ),
      tableClaim(`${table}: peeweePooledClasses`, 'classes we name that do not exist', [], 'Every class named exists'),
      tableClaim(
        `${table}: peeweePooledClasses`,
        'pooled classes we do not name',
        ['PooledDatabase', 'PooledSqliteDatabase'],
        'Only the base class and that of SQLite are left out',
      ),
      ...refusedClaims(`${table}: peeweeMisspelt`, 'The driver', Object.keys(peeweeMisspelt), 'ProgrammingError'),
      tableClaim(
        `${table}: max_connections.fallback`,
        'default pool, 25 threads',
        { open: size, outcomes: ['MaxConnectionsExceeded', 'ok'], kept: size },
        'A default pool opens max_connections and keeps them',
      ),
      ...claimsOf('https://docs.peewee-orm.com/en/latest/peewee/playhouse.html#connection-pool', [
        [
          'max_connections=2, 4 threads',
          { open: 2, outcomes: ['MaxConnectionsExceeded', 'ok'], kept: 2 },
          'max_connections is the limit',
        ],
        ['max_connections=0, 25 threads', { open: 25, outcomes: ['ok'], kept: 25 }, 'max_connections=0: no limit'],
        [
          'max_connections=None, 25 threads',
          { open: 25, outcomes: ['ok'], kept: 25 },
          'max_connections=None: no limit',
        ],
        ['full with timeout=None', ['MaxConnectionsExceeded', 'at once'], 'timeout=None raises at once'],
        ['full with timeout=0', 'waits', 'timeout=0 waits for ever'],
        ['full with timeout=1', ['MaxConnectionsExceeded', 'later'], 'timeout=1 waits a second'],
        [
          'postgresql+pool://',
          { class: 'PooledPostgresqlDatabase', max: 7, stale: 60 },
          'A +pool URL carries the settings',
        ],
        ['peewee major version', 4, 'The newest major version'],
      ]),
    ];
  },
};
