/** Prisma 8 as a release candidate, which pools with node-postgres by itself. Read in @prisma/orm-postgres 8.0.0-rc.13. */
import type { ParameterFact } from './parameter.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestPrismaRuntime = '8.0';

/** What makes a client with a pool, under the package's present and its former name. Theirs for serverless platforms opens one client. */
export const prismaRuntimes: ReadonlySet<string> = new Set([
  '@prisma/orm-postgres/runtime',
  '@prisma-next/postgres/runtime',
]);

const page = 'https://www.prisma.io/docs';

/** All that `poolOptions` takes. */
export const prismaRuntimeFacts: readonly ParameterFact[] = [
  {
    name: 'connectionTimeoutMillis',
    role: 'acquire-timeout',
    unit: 'milliseconds',
    fallback: 20_000,
    meaning: 'How long a query waits for a free connection, and how long a new connection may take to open.',
    special: [{ value: '0', effect: 'waits for ever' }],
    source: page,
  },
  {
    name: 'idleTimeoutMillis',
    role: 'idle-timeout',
    unit: 'milliseconds',
    fallback: 30_000,
    meaning: 'Idle time after which a connection is closed.',
    special: [{ value: '0', effect: 'idle connections are never closed' }],
    source: page,
  },
];
