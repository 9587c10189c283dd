/**
 * # min-exceeds-max
 *
 * A pool's minimum is above its maximum, one of them perhaps the library's default.
 *
 * ## Why it matters
 *
 * Whoever lowers the maximum alone meets the default of the minimum: `asyncpg.create_pool(max_size=5)` raises ValueError, because
 * `min_size` is 10 where it is left out, and `ConnectionPool(max_size=2)` of psycopg_pool raises, because it is 4. Some libraries raise
 * when the pool is created, some only at the first connect; psycopg2 raises nothing and opens connections without a limit.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * import asyncpg
 *
 *
 * async def start():
 *     return await asyncpg.create_pool(os.environ["DATABASE_URL"], max_size=5)
 * ```
 *
 * ```python
 * import os
 * from psycopg_pool import ConnectionPool
 *
 * pool = ConnectionPool(os.environ["DATABASE_URL"], max_size=2, open=False, check=ConnectionPool.check_connection)
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * import asyncpg
 *
 *
 * async def start():
 *     return await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=5)
 * ```
 *
 * ## Limits
 *
 * Both values must be known. A maximum that means no limit (0 in aiopg and aiomysql) is none, whatever the minimum is.
 *
 * ## Fix safety
 *
 * Suggestion: one fix keeps the limit and lowers the minimum, the other raises the limit.
 *
 * ## References
 *
 * - https://magicstack.github.io/asyncpg/current/api/index.html#asyncpg.pool.create_pool
 * - https://www.psycopg.org/psycopg3/docs/api/pool.html#psycopg_pool.ConnectionPool
 */
import { problemsOf } from '../problems.ts';
import { defineRule } from '../rule.ts';

export const minExceedsMax = defineRule({
  id: 'min-exceeds-max',
  group: 'size',
  severity: 'error',
  fix: 'suggestion',
  summary: "A pool's minimum is above its maximum.",
  contexts: ['app', 'script', 'migration'],
  asksPoolByPool: true,
  check: ({ pools }) => problemsOf(pools, 'min-exceeds-max'),
});
