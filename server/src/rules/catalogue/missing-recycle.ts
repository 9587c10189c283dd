/**
 * # missing-recycle
 *
 * A pool keeps connections for ever and tests none of them.
 *
 * ## Why it matters
 *
 * Whatever lies between the application and the database may close connections that were idle for long: a load balancer,
 * a NAT gateway, MySQL's own `wait_timeout`. With neither `pool_recycle` nor `pool_pre_ping` the pool hands out such a
 * connection, and the query fails.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0)
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0, pool_pre_ping=True)
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0, pool_recycle=1800)
 * ```
 *
 * ## Limits
 *
 * A hint: PostgreSQL without anything in between closes no idle connection. `pool_recycle=1800` is a common value, not a
 * right one; it must be below the shortest idle timeout on the way. Where the topology file states that timeout,
 * `recycle-exceeds-idle-timeout` speaks instead. `pool_recycle` counts from connecting and is looked at only when a
 * connection is checked out, so `pool_pre_ping=True` is the stronger remedy.
 *
 * ## Fix safety
 *
 * Suggestion: connections are replaced every half hour.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/pooling.html#setting-pool-recycle
 */

import { calleeOf, isKnownFalsy, numberOf, setParameters, writtenArgument } from '../../declarations/parameters.ts';
import { advisedRecycleSeconds } from '../../facts/advice.ts';
import { sqlalchemyPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

export const missingRecycle = defineRule({
  id: 'missing-recycle',
  group: 'liveness',
  severity: 'hint',
  fix: 'suggestion',
  summary: 'A pool keeps connections for ever and tests none of them.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools }) {
    for (const { pool, idleTimeout } of sqlalchemyPools(pools)) {
      if (pool.poolClassKind !== 'queue' || idleTimeout !== undefined) continue;
      if (writtenArgument(pool, 'pool_recycle') !== undefined || numberOf(pool, 'pool_recycle') === undefined) continue;
      if (!isKnownFalsy(pool, 'pool_pre_ping')) continue;
      const edits = setParameters(pool, { pool_recycle: advisedRecycleSeconds });
      yield {
        at: calleeOf(pool),
        message: `Neither pool_recycle nor pool_pre_ping: a connection that the network or the server closed while it was idle is handed out all the same. pool_recycle=${advisedRecycleSeconds} replaces it in time, pool_pre_ping=True tests it.`,
        fixes: edits && [
          { title: `Set pool_recycle=${advisedRecycleSeconds}`, safety: 'suggestion', preferred: true, edits },
        ],
      };
    }
  },
});
