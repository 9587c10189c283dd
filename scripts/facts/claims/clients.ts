import { mssqlPoolFacts, tarnOtherOptions } from '../../../server/src/facts/mssql.ts';
import { prismaRuntimeFacts } from '../../../server/src/facts/prismaRuntime.ts';
import { readsMaxPoolSize, slonikFacts, slonikStartupParameters } from '../../../server/src/facts/slonik.ts';
import { claimsOf, defaultClaims, type LibraryClaims, tableClaim } from '../claim.ts';

const mssql = 'server/src/facts/mssql.ts';
const slonik = 'server/src/facts/slonik.ts';
/** Its configuration has no entry for the minimum. */
const slonikDefaults = slonikFacts.filter(({ role }) => role !== 'minimum');

const newNode = '24.21.0';

export const library: LibraryClaims = {
  name: 'Slonik, mssql, Prisma, Neon, Vercel',
  probe: 'node/clients.mjs',
  server: 'postgresql',
  environments: [
    { id: 'slonik-47', language: 'node', packages: ['slonik@47.3.2', 'zod'] },
    { id: 'slonik-newest', language: 'node', node: newNode, packages: ['slonik', 'zod'] },
    { id: 'mssql-newest', language: 'node', packages: ['mssql'] },
    { id: 'prisma-7', language: 'node', packages: ['@prisma/adapter-pg@7', 'pg'] },
    { id: 'prisma-mssql-7', language: 'node', packages: ['@prisma/adapter-mssql@7'] },
    { id: 'prisma-8-rc', language: 'node', packages: ['@prisma/orm-postgres@8.0.0-rc.13'] },
    {
      id: 'prisma-6',
      language: 'node',
      packages: ['@prisma/client@6'],
      cannot: 'its query engine is a binary that no registry carries; the facts were read in its source',
    },
    { id: 'neon-vercel-newest', language: 'node', packages: ['@neondatabase/serverless', '@vercel/postgres'] },
  ],
  asks: { tarn: [...tarnOtherOptions], slonik: slonikDefaults.map(({ name }) => name) },
  claims({ environment, versions }) {
    switch (environment) {
      case 'slonik-47':
      case 'slonik-newest':
        return [
          ...defaultClaims(slonik, 'createPool', slonikDefaults),
          tableClaim(
            `${slonik}: maximumPoolSize.fallback; slonikStartupParameters`,
            'Slonik default',
            {
              peak: slonikFacts.find(({ role }) => role === 'size')?.fallback ?? null,
              'statement_timeout from': 'statementTimeout' in slonikStartupParameters ? 'client' : 'default',
            },
            'A default pool opens its size and sends statement_timeout when a connection starts',
          ),
          tableClaim(
            `${slonik}: readsMaxPoolSize`,
            'Slonik maxPoolSize: 3',
            readsMaxPoolSize(versions['slonik'] ?? '0') ? 3 : 10,
            'maxPoolSize is ignored by 47 and the limit in 49',
          ),
          ...claimsOf('https://github.com/gajus/slonik#api', [
            ['Slonik maximumPoolSize: 3', 3, 'maximumPoolSize is the limit in both'],
            ['Slonik without timeouts', 'default', 'DISABLE_TIMEOUT sends none'],
          ]),
        ];
      case 'mssql-newest':
        return [
          ...defaultClaims(mssql, 'pool', mssqlPoolFacts),
          ...[...tarnOtherOptions].map((name) =>
            tableClaim(`${mssql}: tarnOtherOptions`, `accepted ${name}`, 'ok', `pool accepts ${name}`),
          ),
          ...claimsOf('https://github.com/tediousjs/node-mssql', [
            ["mssql max: '5'", 'throws', 'A text throws'],
            ['mssql max: 0', 'throws', '0 throws'],
            ['mssql min above max', 'throws', 'min above max throws'],
            ['mssql unknown', 'throws', 'An unknown key throws'],
          ]),
        ];
      case 'prisma-7':
        return claimsOf('https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections', [
          ['PrismaPg URL', 10, "The pool is the driver's: 10"],
          ['PrismaPg URL with connection_limit', 10, 'connection_limit in the URL is ignored'],
          ['PrismaPg max: 3', 3, 'max is the limit'],
          ['PrismaPg pool', 2, 'A pool that is handed in keeps its size'],
          ['PrismaPg { pool } ignores the pool', 10, '{ pool } is read as an empty configuration'],
          ['PrismaPg two clients', 4, 'Each connect() makes a pool'],
        ]);
      case 'prisma-8-rc':
        return [
          ...defaultClaims('server/src/facts/prismaRuntime.ts', 'postgres', prismaRuntimeFacts, 'Prisma 8 '),
          ...claimsOf('https://www.prisma.io/docs', [
            [
              'Prisma 8 new Pool({…})',
              ['connectionString', ...prismaRuntimeFacts.map(({ name }) => name)],
              "The size cannot be set: it is the driver's default",
            ],
          ]),
        ];
      case 'prisma-mssql-7':
        return claimsOf('https://www.prisma.io/docs/orm/overview/databases/database-drivers', [
          [
            'PrismaMssql connectionLimit=4;poolTimeout=3',
            { max: 4, acquireTimeoutMillis: 3000 },
            'In the text, in seconds',
          ],
          [
            'PrismaMssql connection_limit=4',
            { max: null, acquireTimeoutMillis: null },
            'Names of other databases are not read',
          ],
          ['PrismaMssql pool', { max: 6, acquireTimeoutMillis: null }, 'pool is handed on'],
        ]);
      default:
        return claimsOf('https://neon.com/docs/serverless/serverless-driver', [
          ['Neon Pool', { max: 10, idleTimeoutMillis: 10_000 }, "Neon's pool has node-postgres' defaults"],
          ['neon() has no pool', 'function', 'neon() is a function over HTTP'],
          ['Vercel createPool', 10, "Vercel's pool has them too"],
          ['Vercel createPool on the edge', { max: 10_000, maxUses: 1 }, 'but not on the edge runtime'],
        ]);
    }
  },
};
