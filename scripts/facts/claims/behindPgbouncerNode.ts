import { acceptsStartupParameter, defaultPreparedStatements } from '../../../server/src/facts/poolers.ts';
import { slonikStartupParameters } from '../../../server/src/facts/slonik.ts';
import { claimsOf, type LibraryClaims, tableClaim } from '../claim.ts';

const poolers = 'server/src/facts/poolers.ts';

export const library: LibraryClaims = {
  name: "Node's drivers behind PgBouncer",
  probe: 'node/behind_pgbouncer.mjs',
  server: 'postgresql',
  isBehindPgbouncer: true,
  environments: [
    {
      id: 'pgbouncer-node',
      language: 'node',
      node: '24.21.0',
      packages: ['pg', 'postgres', 'slonik', 'zod', '@prisma/adapter-pg@7'],
    },
  ],
  claims({ versions }) {
    const version = versions['pgbouncer'] ?? '0';
    const follows = defaultPreparedStatements(version) > 0;
    const starts = (name: string) => (acceptsStartupParameter(name, version) ? 'ok' : 'fails');
    return [
      tableClaim(
        `${poolers}: defaultPreparedStatements`,
        'node-postgres with a name',
        follows ? 'ok' : 'fails',
        'A named statement meets the one of another client',
      ),
      tableClaim(
        `${poolers}: defaultPreparedStatements`,
        'postgres.js',
        follows ? 'ok' : 'fails or waits',
        'postgres.js names its statements, and queries on another server connection fail or never settle',
      ),
      ...['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'].map((name) =>
        tableClaim(
          `${poolers}: acceptsStartupParameter`,
          `node-postgres ${name}`,
          starts(name),
          `${name} is a startup parameter`,
        ),
      ),
      tableClaim(
        'server/src/facts/slonik.ts: slonikStartupParameters',
        'Slonik',
        Object.values(slonikStartupParameters).every((name) => starts(name) === 'ok') ? 'ok' : 'fails',
        "Slonik's default timeouts are startup parameters",
      ),
      ...claimsOf('https://www.pgbouncer.org/features.html', [
        ['node-postgres', 'ok', 'node-postgres names no statement by itself'],
        ['node-postgres query_timeout', 'ok', 'query_timeout stays on the client'],
        ['node-postgres options', 'fails', 'options are refused'],
        ['postgres.js elsewhere, prepare: false', 'ok', 'nor on another server connection'],
        ['postgres.js prepare: false', 'ok', 'prepare: false names no statement'],
        ['postgres.js connection', 'fails', 'what connection holds is sent at the start'],
        ['Slonik without timeouts', 'ok', 'Slonik without timeouts connects'],
        ['PrismaPg', 'ok', "Prisma's adapter names no statement"],
      ]),
    ];
  },
};
