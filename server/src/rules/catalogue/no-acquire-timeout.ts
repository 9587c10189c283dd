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
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0, pool_timeout=None)
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
 * `pool_timeout=0` is a limit: it fails at once when no connection is free. A value that is not known is no finding.
 *
 * ## Fix safety
 *
 * Suggestion: requests that wait longer than 10 s will fail.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_engine.params.pool_timeout
 */
import { advisedAcquireTimeoutSeconds } from '../../facts/advice.ts';
import { serverPools, setParameters } from '../parameters.ts';
import { defineRule } from '../rule.ts';

export const noAcquireTimeout = defineRule({
  id: 'no-acquire-timeout',
  group: 'timeouts',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'A request waits for a free connection for ever.',
  contexts: ['app'],
  *check({ pools }) {
    for (const { pool } of serverPools(pools)) {
      const parameter = pool.parameters.get('pool_timeout');
      if (pool.poolClassKind !== 'queue' || pool.peakPerProcess === 'unbounded') continue;
      if (parameter?.written === undefined || !parameter.value.known || parameter.value.value !== null) continue;
      const edits = setParameters(pool, { pool_timeout: advisedAcquireTimeoutSeconds });
      yield {
        at: parameter.written.valueSpan,
        message: `pool_timeout=None: when every connection is in use, requests wait for ever and no error says so. ${advisedAcquireTimeoutSeconds} s fails fast.`,
        fixes: edits && [
          {
            title: `Set pool_timeout=${advisedAcquireTimeoutSeconds}`,
            safety: 'suggestion',
            preferred: true,
            edits,
          },
        ],
      };
    }
  },
});
