import {
  asyncpgFacts,
  asyncpgHasNone,
  asyncpgLowest,
  asyncpgMisspelt,
  asyncpgOtherArguments,
  keepsMinimum,
} from '../../../server/src/facts/asyncpg.ts';
import { unnamedWithoutCache } from '../../../server/src/facts/asyncpgStatements.ts';
import { type Claim, claimsOf, defaultClaims, type LibraryClaims, refusedClaims, tableClaim } from '../claim.ts';

const table = 'server/src/facts/asyncpg.ts';
const reference = 'https://magicstack.github.io/asyncpg/current/api/index.html#connection-pools';

/** What the table says of create_pool's arguments. */
function tableClaims(version: string): readonly Claim[] {
  const minimum = asyncpgFacts.find(({ role }) => role === 'minimum')?.fallback ?? null;
  const limit = asyncpgFacts.find(({ role }) => role === 'size')?.fallback ?? null;
  return [
    ...defaultClaims(table, 'create_pool', asyncpgFacts),
    ...refusedClaims(`${table}: asyncpgMisspelt`, 'create_pool', Object.keys(asyncpgMisspelt)),
    ...refusedClaims(`${table}: asyncpgHasNone`, 'create_pool', asyncpgHasNone),
    tableClaim(`${table}: asyncpgOtherArguments`, 'unknown arguments', [], 'Every argument of create_pool is known'),
    ...Object.keys(asyncpgLowest).map((name) =>
      tableClaim(`${table}: asyncpgLowest.${name}`, `lowest ${name}`, ['ok', 'ValueError'], `The lowest ${name}`),
    ),
    tableClaim(
      `${table}: min_size.fallback, max_size.fallback`,
      'default pool',
      { eager: minimum, open: limit, 'stopped by': 'TimeoutError', kept: limit },
      'A default pool opens min_size at once and max_size at most',
    ),
    tableClaim(
      `${table}: keepsMinimum`,
      'idle connections go below min_size',
      !keepsMinimum(version),
      'Idle connections up to min_size are kept from 0.32',
    ),
    tableClaim(
      'server/src/facts/asyncpgStatements.ts: unnamedWithoutCache',
      'named statements with statement_cache_size=0',
      { fetch: false, prepare: !unnamedWithoutCache(version) },
      'prepare() names no statement from 0.31 where the cache is off',
    ),
  ];
}

export const library: LibraryClaims = {
  name: 'asyncpg',
  probe: 'python/asyncpg_pool.py',
  server: 'postgresql',
  environments: [
    { id: 'asyncpg-0.30', language: 'python', packages: ['asyncpg==0.30.0'] },
    { id: 'asyncpg-0.31', language: 'python', packages: ['asyncpg==0.31.0'] },
    { id: 'asyncpg-newest', language: 'python', packages: ['asyncpg'] },
  ],
  asks: {
    refused: [...Object.keys(asyncpgMisspelt), ...asyncpgHasNone],
    known: [...asyncpgFacts.map(({ name }) => name), ...asyncpgOtherArguments],
    lowest: asyncpgLowest,
    connection: [
      'timeout',
      'command_timeout',
      'statement_cache_size',
      'max_cached_statement_lifetime',
      'max_cacheable_statement_size',
    ],
  },
  claims({ versions }) {
    const version = versions['asyncpg'] ?? '0';
    const hasInitSize = keepsMinimum(version);
    return [
      ...tableClaims(version),
      ...claimsOf(reference, [
        ['default timeout', 60, "timeout of a connection's start, seconds"],
        ['default command_timeout', null, 'No query timeout'],
        ['default statement_cache_size', 100, 'statement_cache_size'],
        ['default max_cached_statement_lifetime', 300, 'max_cached_statement_lifetime, seconds'],
        ['default max_cacheable_statement_size', 15 * 1024, 'max_cacheable_statement_size, bytes'],
        ['init_size', hasInitSize ? { default: null, eager: 3 } : null, 'init_size opens connections from 0.32'],
        ['init_size=1, min_size=2', hasInitSize ? 'ValueError' : 'TypeError', 'init_size may not be below min_size'],
        ["create_pool({'max_size': 5})", 'ValueError', 'max_size below the default min_size raises'],
        ["create_pool({'min_size': 20})", 'ValueError', 'min_size above the default max_size raises'],
        ["create_pool({'command_timeout': 0})", 'ValueError', 'command_timeout=0 raises'],
        ["create_pool({'statement_cache_size': -1})", 'ValueError', 'A negative statement_cache_size raises'],
        ["create_pool({'max_size': None})", 'TypeError', 'max_size=None raises'],
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
        ['idle connections above min_size are closed', true, 'Idle connections above min_size are closed'],
        [
          'a full pool',
          { 'acquire()': 'waits', 'acquire(timeout=0.1)': 'TimeoutError', 'fetch(timeout=0.1)': 'waits' },
          'Only acquire(timeout=) bounds the wait for a connection',
        ],
        ['used without await', 'InterfaceError', 'A pool must be awaited first'],
        ['?max_size=5 in the URL', 'UndefinedObjectError', 'Unknown URL options become server settings'],
        ['named statements by default', { fetch: true, prepare: true }, 'Statements are named by default'],
      ]),
    ];
  },
};
