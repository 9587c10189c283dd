import {
  postgresJsFacts,
  postgresJsKeepAliveSeconds,
  postgresJsMisspelt,
  postgresJsOtherOptions,
  refusedInPostgresJsUrls,
} from '../../../server/src/facts/postgresJs.ts';
import { claimsOf, defaultClaims, type LibraryClaims, tableClaim } from '../claim.ts';

const table = 'server/src/facts/postgresJs.ts';
const size = postgresJsFacts.find(({ role }) => role === 'size')?.fallback ?? null;

export const library: LibraryClaims = {
  name: 'postgres.js',
  probe: 'node/postgres_js.mjs',
  server: 'postgresql',
  environments: [{ id: 'postgres-newest', language: 'node', packages: ['postgres'] }],
  asks: {
    defaults: postgresJsFacts.map(({ name }) => name),
    known: [...postgresJsFacts.map(({ name }) => name), ...postgresJsOtherOptions],
    misspelt: Object.keys(postgresJsMisspelt),
    refused: [...refusedInPostgresJsUrls],
  },
  claims() {
    return [
      ...defaultClaims(table, 'postgres', postgresJsFacts),
      tableClaim(
        `${table}: postgresJsKeepAliveSeconds`,
        'default keep_alive',
        postgresJsKeepAliveSeconds,
        'keep_alive',
      ),
      tableClaim(`${table}: postgresJsOtherOptions`, 'options we do not name', [], 'Every option is known'),
      tableClaim(`${table}: postgresJsMisspelt`, 'misspelt options that are read', [], 'No misspelt option is read'),
      ...[...refusedInPostgresJsUrls].map((name) =>
        tableClaim(
          `${table}: refusedInPostgresJsUrls`,
          `?${name} in the URL`,
          '42704',
          `${name} in the URL is sent to the server, which knows no such parameter`,
        ),
      ),
      ...claimsOf('https://github.com/porsager/postgres#connection-details', [
        ['default fetch_types', true, 'fetch_types'],
        ['max_lifetime is between 30 and 60 minutes', true, 'max_lifetime, seconds, random'],
        ['idle_timeout as a text', 20, 'idle_timeout is turned into a number'],
        ['peak, default', size, 'A default pool opens 10'],
        ['peak, max: 3', 3, 'max is the limit'],
        ["peak, max: '20'", 1, 'A text as max means one connection'],
        ['peak, max: undefined', 1, 'max: undefined means one connection'],
        ['peak, ?max=20', 1, 'max in the URL is a text: one connection'],
        ['peak, PGMAX=20', 1, 'PGMAX is a text: one connection'],
        ['max: 0', 'waits', 'max: 0 never runs a query'],
        ['max: NaN', 'RangeError', 'max: NaN throws'],
        ['a full pool waits', 'waits', 'Nothing bounds the wait for a connection'],
        ['max: 2 and listen', 3, 'listen takes a connection more'],
        ['named statements', { true: 1, false: 0 }, 'Statements are named unless prepare is false'],
      ]),
    ];
  },
};
