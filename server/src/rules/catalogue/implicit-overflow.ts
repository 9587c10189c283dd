/**
 * # implicit-overflow
 *
 * The pool may open ten connections more than its size, because nobody said otherwise.
 *
 * ## Why it matters
 *
 * `pool_size=5` reads like five connections. SQLAlchemy's default of `max_overflow` is 10, so one process may hold fifteen.
 * Overflow connections are opened under load and closed as soon as they are returned, so they cost a connection set-up
 * each, at the very moment the database is busiest.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5)
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0)
 * ```
 *
 * ## Limits
 *
 * Information: the default is a choice too, once it is written. Any written `max_overflow` silences the rule. Nothing is
 * said where arguments are passed that cannot be read.
 *
 * ## Fix safety
 *
 * Suggestion: with `max_overflow=0` requests wait for one of the `pool_size` connections.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_engine.params.max_overflow
 */

import { calleeOf, numberOf, setParameters, writtenArgument } from '../../declarations/parameters.ts';
import type { Pool } from '../../declarations/pool.ts';
import type { Fix } from '../finding.ts';
import { sqlalchemyPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

export const implicitOverflow = defineRule({
  id: 'implicit-overflow',
  group: 'size',
  severity: 'information',
  fix: 'suggestion',
  summary: 'The pool may open ten connections more than its size, because nobody said otherwise.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools }) {
    for (const { pool } of sqlalchemyPools(pools)) {
      const overflow = numberOf(pool, 'max_overflow');
      if (pool.poolClassKind !== 'queue' || overflow === undefined) continue;
      if (writtenArgument(pool, 'max_overflow') !== undefined || pool.peakPerProcess === 'unbounded') continue;
      const size = numberOf(pool, 'pool_size');
      const peak = typeof pool.peakPerProcess === 'number' ? pool.peakPerProcess : undefined;
      const isSizeWritten = writtenArgument(pool, 'pool_size') !== undefined;
      const sum = peak === undefined ? '' : `: ${size} + ${overflow} = ${peak} connections per process`;
      yield {
        at: calleeOf(pool),
        message: isSizeWritten
          ? `max_overflow is left to the library, which adds ${overflow}${sum}. Write max_overflow=0 to make pool_size the limit.`
          : `pool_size and max_overflow are left to the library${sum}, and nobody chose them. Write the sizes; max_overflow=0 makes pool_size the limit.`,
        fixes: withoutOverflow(pool, size, overflow),
      };
    }
  },
});

/** A size of 0 (before 2.0, where it is a limit) leaves everything to the overflow: it has to become the size. */
function withoutOverflow(pool: Pool, size: number | undefined, overflow: number): Fix[] {
  const isAllOverflow = size === 0;
  const edits = setParameters(pool, isAllOverflow ? { pool_size: overflow, max_overflow: 0 } : { max_overflow: 0 });
  const title = isAllOverflow ? `Set pool_size=${overflow}, max_overflow=0` : 'Set max_overflow=0';
  return edits === undefined ? [] : [{ title, safety: 'suggestion', preferred: true, edits }];
}
