/**
 * # overflow-too-large
 *
 * A large part of the pool is opened and closed again for every peak.
 *
 * ## Why it matters
 *
 * Overflow connections are not pooled: each is closed as soon as it is returned, and opened anew a moment later. With a
 * large overflow a busy process spends its time connecting, and the database its time starting sessions. What is needed
 * regularly belongs in `pool_size`.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=20)
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=25, max_overflow=0)
 * ```
 *
 * ## Limits
 *
 * Information. The threshold is the setting `max_overflow` (default 5). Overflow for rare peaks is what it is made for.
 *
 * ## Fix safety
 *
 * Suggestion: one fix keeps the limit and holds the connections open, the other lowers the limit.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/pooling.html#sqlalchemy.pool.QueuePool.params.max_overflow
 */

import { numberOf, setParameters, writtenArgument } from '../../declarations/parameters.ts';
import type { Pool } from '../../declarations/pool.ts';
import type { Fix } from '../finding.ts';
import { sqlalchemyPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

export const overflowTooLarge = defineRule({
  id: 'overflow-too-large',
  group: 'size',
  severity: 'information',
  fix: 'suggestion',
  summary: 'A large part of the pool is opened and closed again for every peak.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools, thresholds }) {
    for (const { pool } of sqlalchemyPools(pools)) {
      const overflow = numberOf(pool, 'max_overflow');
      const written = writtenArgument(pool, 'max_overflow');
      const threshold = thresholds(pool.uri).maxOverflow;
      if (pool.poolClassKind !== 'queue' || pool.peakPerProcess === 'unbounded') continue;
      if (overflow === undefined || written === undefined || overflow <= threshold) continue;
      yield {
        at: written.valueSpan,
        message: `max_overflow=${overflow}: these connections are closed as soon as they are returned, so every peak connects up to ${overflow} times anew. What is needed regularly belongs in pool_size.`,
        fixes: alternatives(pool, overflow, threshold),
      };
    }
  },
});

function alternatives(pool: Pool, overflow: number, threshold: number): Fix[] {
  const size = numberOf(pool, 'pool_size');
  const fixes: Fix[] = [];
  const kept = size === undefined ? undefined : setParameters(pool, { pool_size: size + overflow, max_overflow: 0 });
  if (kept !== undefined) {
    const title = `Set pool_size to ${size! + overflow}, max_overflow to 0 (the limit stays ${size! + overflow})`;
    fixes.push({ title, safety: 'suggestion', preferred: true, edits: kept });
  }
  const lowered = setParameters(pool, { max_overflow: threshold });
  if (lowered !== undefined) {
    const title = `Set max_overflow to ${threshold}${size === undefined ? '' : ` (a limit of ${size + threshold})`}`;
    fixes.push({ title, safety: 'suggestion', preferred: kept === undefined, edits: lowered });
  }
  return fixes;
}
