import { lowestMaxOverflow, parameterFact, zeroPoolSizeIsUnlimited } from '../../../server/src/facts/sqlalchemy.ts';
import { isAtLeast } from '../../../server/src/facts/versions.ts';
import { claimsOf, type LibraryClaims, tableClaim } from '../claim.ts';
import { sqlalchemyEnvironments } from '../sqlalchemyEnvironments.ts';

const table = 'server/src/facts/sqlalchemy.ts';
const pooling = 'https://docs.sqlalchemy.org/en/20/core/pooling.html';
/** As many checkouts as the probe tries at most. */
const attempts = 20;

function number(name: string): number {
  return Number(parameterFact.get(name)?.fallback);
}

/** The pools' sizes: from the table's numbers. */
function sizes(version: string) {
  const unlimited = zeroPoolSizeIsUnlimited(version);
  const size = number('pool_size');
  const overflow = number('max_overflow');
  const full = 'TimeoutError';
  return [
    tableClaim(
      `${table}: pool_size.fallback + max_overflow.fallback`,
      'defaults',
      { open: size + overflow, 'stopped by': full, kept: size },
      'A pool with default sizes opens both together and keeps pool_size',
    ),
    tableClaim(
      `${table}: zeroPoolSizeIsUnlimited`,
      'pool_size=0, max_overflow=0',
      unlimited
        ? { open: attempts, 'stopped by': 'nothing', kept: attempts }
        : { open: 0, 'stopped by': full, kept: 0 },
      'pool_size=0 with max_overflow=0',
    ),
    tableClaim(
      `${table}: zeroPoolSizeIsUnlimited`,
      'pool_size=0',
      unlimited
        ? { open: attempts, 'stopped by': 'nothing', kept: attempts }
        : { open: overflow, 'stopped by': full, kept: overflow },
      'pool_size=0 with the default overflow',
    ),
    tableClaim(
      `${table}: max_overflow.special -1`,
      'pool_size=2, max_overflow=-1',
      { open: attempts, 'stopped by': 'nothing', kept: 2 },
      'max_overflow=-1 has no limit and keeps pool_size',
    ),
    tableClaim(
      `${table}: lowestMaxOverflow = ${lowestMaxOverflow}`,
      'max_overflow=-5',
      { open: 0, 'stopped by': 'RecursionError', kept: 0 },
      'max_overflow below -1 recurses',
    ),
    tableClaim(
      `${table}: lowestMaxOverflow = ${lowestMaxOverflow}`,
      'max_overflow=-3',
      { open: 2, 'stopped by': 'RecursionError', kept: 2 },
      'max_overflow=-3 recurses once pool_size less 3 are open',
    ),
  ];
}

export const library: LibraryClaims = {
  name: 'SQLAlchemy behaviour',
  probe: 'python/sqlalchemy_behaviour.py',
  server: 'postgresql',
  environments: sqlalchemyEnvironments,
  claims({ versions }) {
    const version = versions['sqlalchemy'] ?? '0';
    const is2 = isAtLeast(version, '2.0');
    const is21 = isAtLeast(version, '2.1');
    const file = '/tmp/poolproof-facts.db';
    return [
      ...sizes(version),
      ...claimsOf(pooling, [
        [
          'pool_size=-1, max_overflow=4',
          { open: 3, 'stopped by': 'TimeoutError', kept: 3 },
          'A negative pool_size lowers the limit below max_overflow',
        ],
        [
          'pool_size=3, max_overflow=0',
          { open: 3, 'stopped by': 'TimeoutError', kept: 3 },
          'max_overflow=0 is a hard cap',
        ],
        [
          'NullPool',
          { open: attempts, 'stopped by': 'nothing', kept: 0 },
          'NullPool opens per checkout and keeps none',
        ],
        ['StaticPool', { open: 1, 'stopped by': 'nothing', kept: 1 }, 'StaticPool shares one connection'],
        ['AssertionPool', { open: 1, 'stopped by': 'AssertionError', kept: 1 }, 'AssertionPool allows one checkout'],
        ['pool_recycle=0: backends of 3 checkouts', 3, 'pool_recycle=0 reconnects at every checkout'],
        ['pool_recycle=-2: backends of 3 checkouts', 1, 'Any negative pool_recycle is off'],
        [
          'five waiters behind one connection',
          { open: 1, outcomes: ['TimeoutError'] },
          'Who waits holds no connection',
        ],
        [
          'pool_timeout=-1 when it has to wait',
          { open: 1, 'stopped by': 'ValueError', kept: 1 },
          'A negative pool_timeout raises when a checkout has to wait',
        ],
        ['dispose() with one connection in use, then one checkout', 2, 'dispose() leaves connections in use open'],
        [
          'an engine per call',
          { 'more than one left open': true, 'after gc': 0 },
          'Engines are freed by the collector only',
        ],
        [
          'connection of a forked child',
          "the parent's",
          'A pool that is in use before a fork is shared by parent and child',
        ],
        ['connection of a forked child, no query before', 'its own', 'A pool that was not in use is not'],
        [
          'connection of a forked child after dispose(close=False)',
          'its own',
          'dispose(close=False) in the child parts them',
        ],
        ['pings of NullPool with pool_pre_ping', 0, 'A fresh connection is not pinged'],
        ['ping of psycopg2', ['SELECT 1'], 'psycopg2 is pinged with SELECT 1'],
        ...(is2 ? ([['ping of psycopg', [';'], 'psycopg is pinged with an empty statement']] as const) : []),
      ]),
      ...claimsOf('https://docs.sqlalchemy.org/en/20/dialects/sqlite.html', [
        ['pool class of sqlite://', 'SingletonThreadPool', 'sqlite in memory'],
        ['pool class of sqlite:///:memory:', 'SingletonThreadPool', 'sqlite in memory'],
        [`pool class of sqlite:///${file}`, is2 ? 'QueuePool' : 'NullPool', 'A sqlite file: QueuePool from 2.0'],
        ['pool class of sqlite+aiosqlite://', 'StaticPool', 'aiosqlite in memory'],
        [
          `pool class of sqlite+aiosqlite:///${file}`,
          is2 ? 'AsyncAdaptedQueuePool' : 'NullPool',
          'A file with aiosqlite: a queue from 2.0.38',
        ],
        ['pool class of sqlite:///file:x?mode=memory&cache=shared&uri=true', 'SingletonThreadPool', 'mode=memory'],
        [
          'pool class of sqlite:///file::memory:?cache=shared&uri=true',
          is2 ? 'QueuePool' : 'NullPool',
          'file::memory:',
        ],
        ['sqlite:// with max_overflow', 'TypeError', 'sqlite in memory refuses max_overflow'],
        ['sqlite:// with pool_size', 'ok', 'sqlite in memory accepts pool_size'],
        ['sqlite+aiosqlite:// with pool_size', 'TypeError', 'aiosqlite in memory refuses pool_size'],
      ]),
      ...claimsOf('https://docs.sqlalchemy.org/en/20/core/engines.html#postgresql', [
        ['postgres://', 'NoSuchModuleError', 'postgres:// is no dialect'],
        [
          'create_async_engine(postgresql://)',
          is21 ? 'ok' : 'InvalidRequestError',
          'A bare postgresql:// serves async engines from 2.1',
        ],
        ['?pool_size=20 with psycopg2', 'ProgrammingError', 'A pool argument in the URL reaches the driver'],
        ['?pool_size=20 with asyncpg', 'TypeError', 'A pool argument in the URL reaches the driver'],
        [
          'sync engine with asyncpg',
          'MissingGreenlet',
          'A sync engine with an async driver fails at the first connect',
        ],
        ...(is2
          ? ([
              ['?pool_size=20 with psycopg', 'ProgrammingError', 'A pool argument in the URL reaches the driver'],
              ['?prepare_threshold=0 with psycopg', 'TypeError', 'prepare_threshold in the URL is a text'],
            ] as const)
          : []),
      ]),
      ...claimsOf(
        'https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#module-sqlalchemy.dialects.postgresql.asyncpg',
        [
          ['?prepared_statement_cache_size=0 with asyncpg', 'ok', 'prepared_statement_cache_size may stand in the URL'],
          ['?statement_cache_size=0 with asyncpg', 'TypeError', 'statement_cache_size in the URL is a text'],
          ['?sslmode=disable with asyncpg', 'TypeError', 'asyncpg knows no sslmode'],
          ['?ssl=disable with asyncpg', 'ok', 'asyncpg knows ssl'],
          ["connect_args={'connect_timeout': 3} with asyncpg", 'TypeError', 'asyncpg knows no connect_timeout'],
          ["connect_args={'timeout': 3} with asyncpg", 'ok', "timeout is asyncpg's name"],
          ["connect_args={'command_timeout': 3} with asyncpg", 'ok', 'command_timeout is known'],
          ["connect_args={'min_size': 1} with asyncpg", 'TypeError', 'There is no asyncpg pool to size'],
          ["connect_args={'max_size': 1} with asyncpg", 'TypeError', 'There is no asyncpg pool to size'],
          ['one async engine, two event loops, default', 'fails', 'A pooled async connection belongs to its loop'],
          ['one async engine, two event loops, NullPool', 'ok', 'NullPool works across loops'],
          ...(is2
            ? ([
                [
                  'asyncpg below',
                  { class: 'asyncpg.connection.Connection', prepared: true },
                  'Below SQLAlchemy are plain asyncpg connections with prepared statements',
                ],
                [
                  'asyncpg with statement_cache_size=0',
                  { class: 'asyncpg.connection.Connection', prepared: false },
                  'statement_cache_size=0 is enough from asyncpg 0.31',
                ],
                [
                  'asyncpg with ?prepared_statement_cache_size=0',
                  { class: 'asyncpg.connection.Connection', prepared: true },
                  'prepared_statement_cache_size=0 alone is not',
                ],
              ] as const)
            : []),
        ],
      ),
    ];
  },
};
