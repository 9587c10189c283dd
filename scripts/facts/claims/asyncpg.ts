import { isAtLeast } from '../../../server/src/facts/versions.ts';
import { claimsOf, type LibraryClaims } from '../claim.ts';

const reference = 'https://magicstack.github.io/asyncpg/current/api/index.html#connection-pools';

export const library: LibraryClaims = {
  name: 'asyncpg',
  probe: 'python/asyncpg_pool.py',
  server: 'postgresql',
  environments: [
    { id: 'asyncpg-0.30', language: 'python', packages: ['asyncpg==0.30.0'] },
    { id: 'asyncpg-0.31', language: 'python', packages: ['asyncpg==0.31.0'] },
    { id: 'asyncpg-newest', language: 'python', packages: ['asyncpg'] },
  ],
  claims({ versions }) {
    const version = versions['asyncpg'] ?? '0';
    const withoutNames = isAtLeast(version, '0.31');
    // From 0.32 min_size is a floor that is kept; what is opened at the start has an argument of its own.
    const keepsMinimum = isAtLeast(version, '0.32');
    return claimsOf(reference, [
      ['default min_size', 10, 'min_size'],
      ['default max_size', 10, 'max_size'],
      ['default max_queries', 50_000, 'max_queries'],
      ['default max_inactive_connection_lifetime', 300, 'max_inactive_connection_lifetime, seconds'],
      ['default timeout', 60, "timeout of a connection's start, seconds"],
      ['default command_timeout', null, 'No query timeout'],
      ['default statement_cache_size', 100, 'statement_cache_size'],
      ['default max_cached_statement_lifetime', 300, 'max_cached_statement_lifetime, seconds'],
      ['default max_cacheable_statement_size', 15 * 1024, 'max_cacheable_statement_size, bytes'],
      ['arguments of create_pool we do not name', [], 'create_pool has no other argument of its own'],
      ['init_size', keepsMinimum ? { default: null, eager: 3 } : null, 'init_size opens connections from 0.32'],
      ['init_size=1, min_size=2', keepsMinimum ? 'ValueError' : 'TypeError', 'init_size may not be below min_size'],
      ["create_pool({'max_size': 5})", 'ValueError', 'max_size below the default min_size raises'],
      ["create_pool({'min_size': 20})", 'ValueError', 'min_size above the default max_size raises'],
      ["create_pool({'min_size': 0, 'max_size': 0})", 'ValueError', 'max_size=0 raises'],
      ["create_pool({'min_size': -1})", 'ValueError', 'A negative min_size raises'],
      ["create_pool({'max_queries': 0})", 'ValueError', 'max_queries=0 raises'],
      ["create_pool({'max_inactive_connection_lifetime': -1})", 'ValueError', 'A negative lifetime raises'],
      ["create_pool({'command_timeout': 0})", 'ValueError', 'command_timeout=0 raises'],
      ["create_pool({'statement_cache_size': -1})", 'ValueError', 'A negative statement_cache_size raises'],
      ["create_pool({'max_size': None})", 'TypeError', 'max_size=None raises'],
      ["create_pool({'pool_size': 5})", 'TypeError', 'pool_size is unknown'],
      [
        "create_pool({'min_size': 1, 'max_size': 1, 'max_inactive_connection_lifetime': 0})",
        'ok',
        'A lifetime of 0 is allowed',
      ],
      [
        'default pool',
        { eager: 10, open: 10, 'stopped by': 'TimeoutError', kept: 10 },
        'A default pool opens 10 at once',
      ],
      [
        'min_size=2, max_size=4',
        { eager: 2, open: 4, 'stopped by': 'TimeoutError', kept: 4 },
        'min_size at once, max_size at most',
      ],
      [
        'idle connections go below min_size',
        !keepsMinimum,
        'Before 0.32 min_size is only a warm-up, from 0.32 it is kept',
      ],
      ['idle connections above min_size are closed', true, 'Idle connections above min_size are closed'],
      [
        'a full pool',
        { 'acquire()': 'waits', 'acquire(timeout=0.1)': 'TimeoutError', 'fetch(timeout=0.1)': 'waits' },
        'Only acquire(timeout=) bounds the wait for a connection',
      ],
      ['used without await', 'InterfaceError', 'A pool must be awaited first'],
      ['?max_size=5 in the URL', 'UndefinedObjectError', 'Unknown URL options become server settings'],
      ['named statements by default', { fetch: true, prepare: true }, 'Statements are named by default'],
      [
        'named statements with statement_cache_size=0',
        { fetch: false, prepare: !withoutNames },
        'prepare() names no statement from 0.31 where the cache is off',
      ],
    ]);
  },
};
