/**
 * # missing-connection-limit
 *
 * A Prisma URL leaves the size of the pool to the machine that it runs on.
 *
 * ## Why it matters
 *
 * Without `connection_limit` one PrismaClient opens up to (physical cores × 2) + 1 connections. The cores are those of the host, not those
 * that a container may use: the same image opens 5 connections on a laptop and 129 on a node with 64 cores. Nobody can say what the
 * fleet opens, so nothing can be compared with what the database accepts.
 *
 * ## Wrong
 *
 * `prisma/schema.prisma`
 * ```prisma
 * datasource db {
 *   provider = "postgresql"
 *   url      = "postgresql://shop@db.example.com/shop"
 * }
 * ```
 *
 * ## Right
 *
 * `prisma/schema.prisma`
 * ```prisma
 * datasource db {
 *   provider = "postgresql"
 *   url      = "postgresql://shop@db.example.com/shop?connection_limit=5"
 * }
 * ```
 *
 * ## Limits
 *
 * Prisma up to version 6, with its own engine: from 7 on, and with a driver adapter, the driver pools and this parameter is not read. In a
 * connection string of SQL Server it is called `connectionLimit`. Silent where the URL is not known, for `prisma://` (Accelerate pools
 * elsewhere), for MongoDB and SQLite, and for `directUrl`, which only migrations use.
 *
 * ## Fix safety
 *
 * Suggestion: a smaller pool may make queries wait.
 *
 * ## References
 *
 * - https://www.prisma.io/docs/orm/v6/prisma-client/setup-and-configuration/databases-connections/connection-pool
 */
import { parameterWithRole, setParameters } from '../../declarations/parameters.ts';
import { advisedPoolSize } from '../../facts/advice.ts';
import { datasourceCallable } from '../../libraries/prisma/datasource.ts';
import type { Fix } from '../finding.ts';
import { fittingPerProcess } from '../fleetFindings.ts';
import { serverPools } from '../pools.ts';
import { defineRule, type PoolInContext } from '../rule.ts';

export const missingConnectionLimit = defineRule({
  id: 'missing-connection-limit',
  group: 'size',
  severity: 'information',
  fix: 'suggestion',
  summary: 'A Prisma URL leaves the size of the pool to the machine that it runs on.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools }) {
    for (const each of serverPools(pools)) {
      const { pool } = each;
      // A driver adapter's pool is its driver's.
      if (pool.callable !== datasourceCallable || pool.hasUnreadArguments) continue;
      const limit = parameterWithRole(pool, 'size');
      if (limit === undefined || limit.written !== undefined || pool.address.at === undefined) continue;
      yield {
        at: pool.address.at,
        message: `No ${limit.name}: Prisma opens up to (physical cores × 2) + 1 connections of the machine that it runs on, so nobody can say what the fleet opens. Write the limit into the URL.`,
        fixes: withLimit(each, limit.name),
      };
    }
  },
});

function withLimit({ pool, shares }: PoolInContext, name: string): Fix[] {
  const fitting = shares.map((share) => fittingPerProcess(share.rolloutRecommendation) ?? advisedPoolSize);
  const size = Math.min(advisedPoolSize, ...fitting);
  const edits = size < 1 ? undefined : setParameters(pool, { [name]: size });
  return edits === undefined ? [] : [{ title: `Add ${name}=${size}`, safety: 'suggestion', preferred: true, edits }];
}
