/**
 * # unneeded-pgbouncer-flag
 *
 * Prisma is told to do without prepared statements for a pooler that could follow them.
 *
 * ## Why it matters
 *
 * `pgbouncer=true` switches the statement cache off and clears statements in every transaction. That was needed while PgBouncer could not follow
 * named statements. From 1.21 on it can where `max_prepared_statements` is above 0, which is the default from 1.24 on; then the flag only costs
 * planning time, and Prisma advises against it.
 *
 * ## Wrong
 *
 * `prisma/schema.prisma`
 * ```prisma
 * datasource db {
 *   provider = "postgresql"
 *   url      = "postgresql://shop@pooler:6432/shop?connection_limit=1&pgbouncer=true"
 * }
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     engine: postgresql
 *     max_connections: 100
 *     pooler: {kind: pgbouncer, mode: transaction, version: "1.24", default_pool_size: 20, max_client_conn: 500}
 * services:
 *   web: {database: main, server: node}
 * ```
 *
 * ## Right
 *
 * `prisma/schema.prisma`
 * ```prisma
 * datasource db {
 *   provider = "postgresql"
 *   url      = "postgresql://shop@pooler:6432/shop?connection_limit=1"
 * }
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     engine: postgresql
 *     max_connections: 100
 *     pooler: {kind: pgbouncer, mode: transaction, version: "1.24", default_pool_size: 20, max_client_conn: 500}
 * services:
 *   web: {database: main, server: node}
 * ```
 *
 * ## Limits
 *
 * Only where the topology states the pooler's version. Supavisor still needs the flag unless its own switch for named statements is on.
 *
 * ## Fix safety
 *
 * Suggestion: the pooler has to be the one that is stated wherever the URL is used.
 *
 * ## References
 *
 * - https://www.prisma.io/docs/orm/v6/prisma-client/setup-and-configuration/databases-connections/pgbouncer
 */
import type { Pool } from '../../declarations/pool.ts';
import type { Fix } from '../finding.ts';
import { serverPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

export const unneededPgbouncerFlag = defineRule({
  id: 'unneeded-pgbouncer-flag',
  group: 'pooler',
  severity: 'information',
  fix: 'suggestion',
  summary: 'Prisma does without prepared statements for a pooler that could follow them.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools }) {
    for (const { pool, pooler } of serverPools(pools)) {
      const flag = pool.system === 'prisma' ? pool.parameters.get('pgbouncer') : undefined;
      if (flag?.written === undefined || !flag.value.known || flag.value.value !== true) continue;
      if (pooler?.followsStatements !== true || !pooler.isVersionStated) continue;
      yield {
        at: flag.written.span,
        message: `pgbouncer=true switches prepared statements off, and ${pooler.name} follows them: leave it out.`,
        related: pooler.at && [{ at: pooler.at, message: `${pooler.name} in ${pooler.mode} mode` }],
        fixes: removal(pool),
      };
    }
  },
});

function removal(pool: Pool): Fix[] {
  const flag = pool.parameters.get('pgbouncer');
  if (flag?.editable === undefined) return [];
  const edits = [{ ...flag.editable, newText: 'false' }];
  return [{ title: 'Set pgbouncer=false', safety: 'suggestion', preferred: true, edits }];
}
