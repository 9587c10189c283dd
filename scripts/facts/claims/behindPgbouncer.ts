import { unnamedWithoutCache } from '../../../server/src/facts/asyncpgStatements.ts';
import { fallbackIn, isKnownIn, settingsOf } from '../../../server/src/facts/pgbouncer.ts';
import { acceptsStartupParameter, defaultPreparedStatements } from '../../../server/src/facts/poolers.ts';
import { type Claim, claimsOf, type LibraryClaims, tableClaim, tableClaimsOf } from '../claim.ts';

const settings = 'server/src/facts/pgbouncer.ts';
const poolers = 'server/src/facts/poolers.ts';
const manual = 'https://www.pgbouncer.org/features.html';
/** What the probe itself sets; where PgBouncer tells its own default, it is still compared. */
const startup = [
  ...['application_name', 'client_encoding', 'DateStyle', 'TimeZone', 'standard_conforming_strings'],
  ...['IntervalStyle', 'statement_timeout', 'lock_timeout', 'search_path', 'idle_in_transaction_session_timeout'],
];

/** Debian's 1.18 has a later default of auth_query; the console knows none of verbose. */
const toldDifferently = new Set(['auth_query', 'verbose']);
const compared = settingsOf('pgbouncer').filter(({ name }) => !toldDifferently.has(name));

/** Every setting of [pgbouncer] with its default and whether RELOAD takes a change. */
function settingClaims(version: string): readonly Claim[] {
  const known = settingsOf('pgbouncer').filter((setting) => isKnownIn(setting, version));
  const alike = compared.filter((setting) => isKnownIn(setting, version));
  return [
    tableClaim(settings, 'settings', known.map(({ name }) => name).sort(), 'These are the settings of [pgbouncer]'),
    tableClaim(
      settings,
      'defaults',
      Object.fromEntries(alike.map((setting) => [setting.name, fallbackIn(setting, version)])),
      'Their defaults',
    ),
    tableClaim(
      settings,
      'reloadable',
      Object.fromEntries(alike.map((setting) => [setting.name, setting.isReloadable !== false])),
      'Which of them RELOAD changes',
    ),
  ];
}

export const library: LibraryClaims = {
  name: 'Drivers behind PgBouncer',
  probe: 'python/behind_pgbouncer.py',
  server: 'postgresql',
  isBehindPgbouncer: true,
  environments: [
    {
      id: 'pgbouncer-asyncpg-0.30',
      language: 'python',
      packages: ['asyncpg==0.30.0', 'sqlalchemy[asyncio]', 'psycopg[binary]', 'psycopg2-binary'],
    },
    {
      id: 'pgbouncer-newest',
      language: 'python',
      packages: ['asyncpg', 'sqlalchemy[asyncio]', 'psycopg[binary]', 'psycopg2-binary'],
    },
  ],
  asks: { defaults: compared.map(({ name }) => name), startup },
  claims({ versions }) {
    const version = versions['pgbouncer'] ?? '0';
    const follows = defaultPreparedStatements(version) > 0 ? 'ok' : 'fails';
    const named = { first: 'ok', second: follows };
    const never = { first: 'ok', second: 'ok' };
    const unnamed = unnamedWithoutCache(versions['asyncpg'] ?? '0') ? never : named;
    return [
      ...settingClaims(version),
      ...startup.map((name) =>
        tableClaim(
          `${poolers}: acceptsStartupParameter`,
          `startup parameter ${name}`,
          acceptsStartupParameter(name, version) ? 'accepted' : 'refused',
          `${name} when a connection starts`,
        ),
      ),
      ...tableClaimsOf(`${poolers}: defaultPreparedStatements`, [
        ['psycopg', follows, 'psycopg prepares after five times'],
        ['psycopg prepare_threshold=0', follows, 'prepare_threshold=0 prepares at once'],
        ['asyncpg', named, 'asyncpg names its statements'],
        ['SQLAlchemy with asyncpg', named, 'so does SQLAlchemy with asyncpg'],
        [
          'SQLAlchemy ?prepared_statement_cache_size=0',
          named,
          'prepared_statement_cache_size=0 alone leaves the names',
        ],
      ]),
      ...tableClaimsOf('server/src/facts/asyncpgStatements.ts: unnamedWithoutCache', [
        ['asyncpg statement_cache_size=0 and prepare()', unnamed, 'prepare() without a cache is unnamed from 0.31'],
        ['SQLAlchemy statement_cache_size=0', unnamed, 'SQLAlchemy always prepares'],
      ]),
      ...claimsOf(manual, [
        ['psycopg2', 'ok', 'psycopg2 prepares nothing'],
        ['psycopg prepare_threshold=None', 'ok', 'prepare_threshold=None prepares nothing'],
        ['asyncpg statement_cache_size=0', never, 'asyncpg without a cache names nothing'],
        ['options in the connection string', 'OperationalError', 'options are refused'],
        ['SET is met by the next client', '4321ms', 'What SET sets stays on the server connection'],
        ['an advisory lock outlives its client', 1, 'A session lock stays on the server connection'],
        ['a temporary table outlives its client', 1, 'A temporary table stays on the server connection'],
      ]),
    ];
  },
};
