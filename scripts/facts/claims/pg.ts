import { pgFacts, pgMisspelt, pgOtherOptions } from '../../../server/src/facts/pg.ts';
import { claimsOf, defaultClaims, type LibraryClaims, tableClaim } from '../claim.ts';

const table = 'server/src/facts/pg.ts';
const size = pgFacts.find(({ role }) => role === 'size')?.fallback ?? null;

export const library: LibraryClaims = {
  name: 'node-postgres and pg-promise',
  probe: 'node/pg.mjs',
  server: 'postgresql',
  environments: [{ id: 'pg-newest', language: 'node', packages: ['pg', 'pg-promise'] }],
  asks: {
    defaults: pgFacts.map(({ name }) => name),
    known: [...pgFacts.map(({ name }) => name), ...pgOtherOptions],
    misspelt: Object.keys(pgMisspelt),
  },
  claims() {
    return [
      ...defaultClaims(table, 'Pool', pgFacts),
      tableClaim(`${table}: pgOtherOptions`, 'options we do not name', [], 'Every option that is read is known'),
      tableClaim(`${table}: pgMisspelt`, 'misspelt options that are read', [], 'No misspelt option is read'),
      ...claimsOf('https://node-postgres.com/apis/pool', [
        ['pg.defaults', { max: 10, idleTimeoutMillis: 30_000 }, 'What pg.defaults says, and the pool does not read'],
        ['keepAlive is sent', false, 'keepAlive is off by default'],
        ['Pool("postgres://…")', 'TypeError', 'A pool takes an object'],
        ['poolSize is an alias of max', 3, 'poolSize is an alias of max'],
        ['peak, default', size, 'A default pool opens 10'],
        ['peak, max: 3', 3, 'max is the limit'],
        ["peak, max: '3'", 3, 'A text of digits works'],
        ['peak, max: 0', size, 'max: 0 means the default'],
        ['peak, max: null', size, 'max: null means the default'],
        ['peak, max: NaN', size, 'max: NaN means the default'],
        ["peak, max: 'abc'", 14, 'A text that is no number means no limit'],
        ['max: -1', 'waits', 'A negative max is always full'],
        ['min: 5 after one query', 1, 'min never opens ahead of need'],
        ['pool parameters in the URL', size, 'Pool parameters in the URL are ignored'],
        [
          'a full pool by default',
          {
            'without timeout': 'waits',
            'with connectionTimeoutMillis': 'timeout exceeded when trying to connect',
          },
          'Only connectionTimeoutMillis bounds the wait',
        ],
        [
          'an idle client that the server ends, without a listener',
          'uncaught',
          'Without a listener an idle error is fatal',
        ],
        [
          'statement_timeout is a startup parameter',
          { value: '1234', source: 'client' },
          'statement_timeout is sent when the connection starts',
        ],
        ['query_timeout is not', '0', 'query_timeout stays on the client'],
        ['a Client', 1, 'A Client is one connection'],
        ['pg-promise', size, "pg-promise's pool is pg's"],
      ]),
    ];
  },
};
