import { claimsOf, type LibraryClaims } from '../claim.ts';

export const library: LibraryClaims = {
  name: 'postgres.js',
  probe: 'node/postgres_js.mjs',
  server: 'postgresql',
  environments: [{ id: 'postgres-newest', language: 'node', packages: ['postgres'] }],
  claims() {
    return claimsOf('https://github.com/porsager/postgres#connection-details', [
      ['default max', 10, 'max'],
      ['default idle_timeout', null, 'idle_timeout: never'],
      ['default connect_timeout', 30, 'connect_timeout, seconds'],
      ['default prepare', true, 'prepare'],
      ['default fetch_types', true, 'fetch_types'],
      ['max_lifetime is between 30 and 60 minutes', true, 'max_lifetime, seconds, random'],
      ['idle_timeout as a text', 20, 'idle_timeout is turned into a number'],
      ['peak, default', 10, 'A default pool opens 10'],
      ['peak, max: 3', 3, 'max is the limit'],
      ["peak, max: '20'", 1, 'A text as max means one connection'],
      ['peak, max: undefined', 1, 'max: undefined means one connection'],
      ['peak, ?max=20', 1, 'max in the URL is a text: one connection'],
      ['peak, PGMAX=20', 1, 'PGMAX is a text: one connection'],
      ['max: 0', 'waits', 'max: 0 never runs a query'],
      ['max: NaN', 'RangeError', 'max: NaN throws'],
      ['a full pool waits', 'waits', 'Nothing bounds the wait for a connection'],
      ['max: 2 and listen', 3, 'listen takes a connection more'],
      [
        '?connection_limit=2',
        'unrecognized configuration parameter "connection_limit"',
        'Unknown URL parameters are sent to the server',
      ],
      ['named statements', { true: 1, false: 0 }, 'Statements are named unless prepare is false'],
    ]);
  },
};
