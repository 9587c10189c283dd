/**
 * # pool-timeout-too-long
 *
 * A request waits half a minute or longer for a free connection before it fails.
 *
 * ## Why it matters
 *
 * When all connections are in use, requests queue up. Load balancers and browsers give up after 30 to 60 seconds, so a
 * request that waits 30 seconds for a connection is usually answered to nobody, while its thread or worker was taken from
 * requests that could have been served. A short wait turns an overload into quick errors that can be retried.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0, pool_timeout=60)
 * ```
 *
 * ## Right
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
 * psycopg_pool's `timeout` and oracledb's `wait_timeout` (milliseconds) are the same; aiopg's `timeout` is the default limit of every
 * operation on a connection as well, so a lower one is felt by slow queries too.
 *
 * PgBouncer's `query_wait_timeout` counts only where it is written: its default is 120 s, and 0, no limit, is the business of
 * `no-acquire-timeout`.
 *
 * The default of 30 s is information only: nobody chose it. The threshold is the setting `acquire_timeout` (seconds). A
 * batch job may well wait longer than a request; ignore the finding there. A pool without an upper limit never waits, so
 * nothing is said about it. `pool_timeout=None` is the business of `no-acquire-timeout`.
 *
 * ## Fix safety
 *
 * Suggestion: requests that used to wait longer than 10 s and then succeed will fail.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_engine.params.pool_timeout
 */

import { durationText, placeOf, setDuration, writtenArgument } from '../../declarations/parameters.ts';
import type { Pool } from '../../declarations/pool.ts';
import type { Fix } from '../finding.ts';
import { longWaits } from '../pgbouncer/timeouts.ts';
import { serverPools } from '../pools.ts';
import { defineRule } from '../rule.ts';
import { shorterWait, whyTooLong } from '../waits.ts';

export const poolTimeoutTooLong = defineRule({
  id: 'pool-timeout-too-long',
  group: 'timeouts',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'A request waits half a minute or longer for a connection before it fails.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools, pgbouncerFiles, thresholds }) {
    for (const each of pgbouncerFiles) yield* longWaits(each, thresholds(each.file.uri).acquireTimeoutSeconds);
    for (const { pool } of serverPools(pools)) {
      const threshold = thresholds(pool.uri).acquireTimeoutSeconds;
      const wait = pool.acquireWait;
      if (wait.kind !== 'seconds' || wait.seconds < threshold) continue;
      const { seconds, parameter } = wait;
      const isDefault = writtenArgument(pool, parameter) === undefined;
      const whose = isDefault ? `, the default of ${pool.libraryName}` : '';
      yield {
        at: placeOf(pool, parameter),
        severity: isDefault ? 'information' : 'warning',
        message: `A request waits up to ${seconds} s for a connection${whose}: ${whyTooLong(seconds, threshold)}`,
        fixes: shorten(pool, parameter, threshold),
      };
    }
  },
});

function shorten(pool: Pool, parameter: string, threshold: number): Fix[] {
  const seconds = shorterWait(threshold);
  const edits = seconds && setDuration(pool, parameter, seconds);
  if (!edits) return [];
  const title = `Set ${durationText(pool, parameter, seconds)}`;
  return [{ title, safety: 'suggestion', preferred: true, edits }];
}
