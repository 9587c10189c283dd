/**
 * # recycle-exceeds-idle-timeout
 *
 * The pool keeps an idle connection longer than the network lets it live.
 *
 * ## Why it matters
 *
 * NAT gateways, load balancers, firewalls and some servers forget a TCP connection on which nothing was said for a while.
 * The pool does not notice. The next query on that connection fails, or hangs until TCP gives up, which takes minutes where
 * the device drops packets without an answer.
 *
 * `pool_recycle` is the age since connecting at which a connection is replaced when it is checked out. Below the idle
 * timeout, no connection can have been idle too long. The library's default, -1, keeps connections for ever.
 *
 * ## Wrong
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True, pool_recycle=3600)
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100, idle_timeout: 350}
 * services:
 *   api: {database: main, server: gunicorn}
 * ```
 *
 * ## Right
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True, pool_recycle=300)
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100, idle_timeout: 350}
 * services:
 *   api: {database: main, server: gunicorn}
 * ```
 *
 * ## Limits
 *
 * It speaks only where the topology file states `idle_timeout`, or a `provider` whose timeout is known. It also speaks with
 * `pool_pre_ping=True`: the ping finds a dead connection, but where the device answers nothing the ping itself hangs. It is
 * silent where TCP keepalives below the limit are set in `connect_args` or in the URL (`keepalives_idle`, or the server's
 * `tcp_keepalives_idle`), and where these cannot be read. A shorter `pool_recycle` costs a reconnect per connection and period.
 *
 * ## Fix safety
 *
 * Suggestion: connections are opened more often.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/pooling.html#setting-pool-recycle
 */
import type { Pool } from '../../declarations/pool.ts';
import { secondsBelow } from '../../facts/advice.ts';
import { isKeptAlive } from '../keepalive.ts';
import { numberOf, placeOf, serverPools, setParameters, writtenArgument } from '../parameters.ts';
import { defineRule } from '../rule.ts';

export const recycleExceedsIdleTimeout = defineRule({
  id: 'recycle-exceeds-idle-timeout',
  group: 'liveness',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'The pool keeps an idle connection longer than the network lets it live.',
  contexts: ['app'],
  *check({ pools }) {
    for (const { pool, idleTimeout } of serverPools(pools)) {
      if (pool.poolClassKind !== 'queue' || idleTimeout === undefined) continue;
      const recycle = numberOf(pool, 'pool_recycle');
      const { seconds: limit, database } = idleTimeout;
      // 0 reconnects at every checkout, which self-defeating-pool-setting reports.
      if (recycle === undefined || (recycle >= 0 && recycle <= limit) || isKeptAlive(pool, limit)) continue;
      const below = secondsBelow(limit);
      const edits = below === undefined ? undefined : setParameters(pool, { pool_recycle: below });
      yield {
        at: placeOf(pool, 'pool_recycle'),
        message: `${keeps(pool, recycle)}, but the way to ${database} drops a connection after ${limit} s of silence: the next query on it fails or hangs.${below === undefined ? '' : ` pool_recycle=${below} stays below.`}`,
        related: [{ at: idleTimeout.at, message: `${database}: idle connections are dropped after ${limit} s` }],
        fixes: edits && [{ title: `Set pool_recycle=${below}`, safety: 'suggestion', preferred: true, edits }],
      };
    }
  },
});

function keeps(pool: Pool, recycle: number): string {
  if (recycle >= 0) return `pool_recycle=${recycle} keeps idle connections up to ${recycle} s`;
  if (writtenArgument(pool, 'pool_recycle') !== undefined)
    return `pool_recycle=${recycle} keeps idle connections for ever`;
  return `Without pool_recycle ${pool.libraryName} keeps idle connections for ever`;
}
