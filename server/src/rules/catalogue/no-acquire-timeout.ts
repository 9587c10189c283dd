/**
 * # no-acquire-timeout
 *
 * A request waits for a free connection for ever.
 *
 * ## Why it matters
 *
 * Once the pool is exhausted, every further request hangs and never ends, and holds its thread, its worker and its client
 * meanwhile. The process looks alive and serves nobody; no error names the cause. With a limit the same overload shows up
 * as `TimeoutError`, at the place where it happens.
 *
 * asyncpg, aiomysql and asyncmy, and what is built on them (databases, Tortoise, Piccolo), have no such setting: the wait is bounded
 * where a connection is taken. For them it is one hint on the pool. asyncpg's `timeout` and `command_timeout`, and the `timeout` of a
 * query, bound something else.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0, pool_timeout=None)
 * ```
 *
 * ```python
 * import os
 * import asyncpg
 *
 *
 * async def start(app):
 *     app.pool = await asyncpg.create_pool(os.environ["DATABASE_URL"])
 *
 *
 * async def orders(app):
 *     async with app.pool.acquire() as connection:
 *         return await connection.fetch("select 1")
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * import asyncpg
 *
 *
 * async def start(app):
 *     app.pool = await asyncpg.create_pool(os.environ["DATABASE_URL"])
 *
 *
 * async def orders(app):
 *     async with app.pool.acquire(timeout=5) as connection:
 *         return await connection.fetch("select 1")
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0, pool_timeout=10)
 * ```
 *
 * ## Limits
 *
 * `pool_timeout=0` is a limit: it fails at once when no connection is free; peewee's `timeout=0` is none: it waits for ever, and so does
 * PgBouncer's `query_wait_timeout = 0`. A value that is
 * not known is no finding. The hint is silent as soon as application code anywhere passes a timeout to `acquire()` or puts
 * `asyncio.timeout()`, `asyncio.wait_for()` or the like around one: whoever does so knows. It is not looked at which pool that is.
 *
 * ## Fix safety
 *
 * Suggestion: requests that wait longer than 10 s will fail.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_engine.params.pool_timeout
 */

import { codeOf, settingText } from '../../declarations/edits.ts';
import { calleeOf, durationText, placeOf, setDuration } from '../../declarations/parameters.ts';
import type { Pool } from '../../declarations/pool.ts';
import { isScalar } from '../../declarations/resolve.ts';
import { advisedAcquireTimeoutSeconds } from '../../facts/advice.ts';
import { endlessWaits } from '../pgbouncer/timeouts.ts';
import { serverPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

export const noAcquireTimeout = defineRule({
  id: 'no-acquire-timeout',
  group: 'timeouts',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'A request waits for a free connection for ever.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools, pgbouncerFiles }) {
    for (const each of pgbouncerFiles) yield* endlessWaits(each);
    for (const { pool } of serverPools(pools)) {
      const wait = pool.acquireWait;
      if (wait.kind !== 'forever') continue;
      if (wait.parameter === undefined) {
        yield {
          at: calleeOf(pool),
          severity: 'hint',
          message: `${pool.libraryName} has no limit on the wait for a connection: when every connection is in use, requests wait for ever and no error says so. ${pool.acquireAdvice ?? 'Bound the wait where connections are taken.'}`,
        };
        continue;
      }
      const edits = setDuration(pool, wait.parameter, advisedAcquireTimeoutSeconds, wait.also);
      yield {
        at: placeOf(pool, wait.parameter),
        message: `${cause(pool, wait.parameter)}: when every connection is in use, requests wait for ever and no error says so. ${advisedAcquireTimeoutSeconds} s fails fast.`,
        fixes: edits && [
          {
            title: `Set ${durationText(pool, wait.parameter, advisedAcquireTimeoutSeconds)}`,
            safety: 'suggestion',
            preferred: true,
            edits,
          },
        ],
      };
    }
  },
});

/** "pool_timeout=None", or "No connectionTimeoutMillis" where the default is no limit. */
function cause(pool: Pool, name: string): string {
  const parameter = pool.parameters.get(name);
  if (parameter?.written === undefined) return `No ${name}`;
  const { value } = parameter;
  const content = value.known && isScalar(value.value) ? value.value : undefined;
  if (content === undefined || typeof content === 'string') return `${name} sets no limit`;
  return settingText(name, codeOf(content, pool.site.language), pool.site.language);
}
