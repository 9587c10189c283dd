/**
 * # null-pool-without-pooler
 *
 * A long-running server opens and closes a database connection for every checkout.
 *
 * ## Why it matters
 *
 * `NullPool` keeps nothing: each checkout connects, authenticates, perhaps negotiates TLS, and starts a server process, and
 * each return ends it. That costs several times the query it serves, and nothing limits how many are open at once. In front
 * of a pooler this is fine, because the pooler keeps the server's connections; without one it is a connect per request.
 *
 * ## Wrong
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 * from sqlalchemy.pool import NullPool
 *
 * engine = create_engine(os.environ["DATABASE_URL"], poolclass=NullPool)
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100}
 * services:
 *   api: {database: main, server: gunicorn, workers: 4}
 * ```
 *
 * ## Right
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 * from sqlalchemy.pool import NullPool
 *
 * engine = create_engine(os.environ["DATABASE_URL"], poolclass=NullPool)
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100, pooler: {kind: pgbouncer, mode: transaction, default_pool_size: 20, max_client_conn: 500}}
 * services:
 *   api: {database: main, server: gunicorn, workers: 4}
 * ```
 *
 * ## Limits
 *
 * It speaks only where a topology file says what runs the code and that no pooler stands in between. `NullPool` is right
 * for serverless functions, migrations, scripts, programs that use several event loops, and over a driver's own pool
 * (`creator=pool.getconn`); none of these is reported.
 *
 * ## Fix safety
 *
 * Suggestion: a pool holds its connections open. The size offered fits beside everything else on the database.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/pooling.html#switching-pool-implementations
 */
import { sqlalchemyPools } from '../pools.ts';
import { queuePoolInstead } from '../queuePoolInstead.ts';
import { defineRule } from '../rule.ts';

export const nullPoolWithoutPooler = defineRule({
  id: 'null-pool-without-pooler',
  group: 'arguments',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'A long-running server opens and closes a database connection for every checkout.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools }) {
    for (const each of sqlalchemyPools(pools)) {
      const { pool, hasTopology, isLongRunning, isWithoutPooler, shares } = each;
      if (pool.poolClassKind !== 'null' || pool.poolClassAt === undefined) continue;
      if (!hasTopology || !isLongRunning || !isWithoutPooler) continue;
      if (pool.otherArguments.has('creator') || pool.otherArguments.has('async_creator')) continue;
      const [share] = shares;
      yield {
        at: pool.poolClassAt,
        message: `NullPool opens and closes a connection for every checkout, and the topology names no pooler in front of ${share?.database.name ?? 'the database'}. Use a pool, or state the pooler.`,
        related: shares.flatMap(({ service }) =>
          service.server === undefined
            ? []
            : [{ at: service.server.at, message: `${service.name} runs under ${service.server.value}` }],
        ),
        fixes: queuePoolInstead(each),
      };
    }
  },
});
