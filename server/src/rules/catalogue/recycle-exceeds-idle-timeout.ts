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
 * | pool | what bounds the time without use |
 * | --- | --- |
 * | asyncpg, databases and Tortoise over it | `max_inactive_connection_lifetime`, 300 s; from asyncpg 0.32 only above `min_size` |
 * | psycopg_pool | `max_lifetime`, 3600 s, looked at when a connection comes back; `max_idle` closes only what is above `min_size` |
 * | aiopg, aiomysql, asyncmy | `pool_recycle`, time since the last use |
 * | peewee | `stale_timeout`, age |
 * | oracledb | `max_lifetime_session`, age; `timeout` closes only what is above `min` |
 * | psycopg2.pool, MySQL Connector | nothing |
 * | PgBouncer that the topology names | `server_idle_timeout`, 600 s, above `min_pool_size`; `server_lifetime`, age |
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
 * `tcp_keepalives_idle`; PgBouncer's `tcp_keepidle`), and where these cannot be read. A shorter `pool_recycle` costs a reconnect per connection and period.
 *
 * ## Fix safety
 *
 * Suggestion: connections are opened more often.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/pooling.html#setting-pool-recycle
 */

import { settingText } from '../../declarations/edits.ts';
import { calleeOf, durationText, placeOf, setDuration, writtenArgument } from '../../declarations/parameters.ts';
import type { IdleLimit, Pool } from '../../declarations/pool.ts';
import { isScalar } from '../../declarations/resolve.ts';
import { secondsBelow } from '../../facts/advice.ts';
import { isKeptAlive } from '../keepalive.ts';
import { connectionsKeptTooLong } from '../pgbouncer/timeouts.ts';
import { serverPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

export const recycleExceedsIdleTimeout = defineRule({
  id: 'recycle-exceeds-idle-timeout',
  group: 'liveness',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'The pool keeps an idle connection longer than the network lets it live.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools, pgbouncerFiles }) {
    for (const each of pgbouncerFiles) yield* connectionsKeptTooLong(each);
    for (const { pool, idleTimeout } of serverPools(pools)) {
      const kept = pool.idleLimit;
      if (idleTimeout === undefined || (kept.kind !== 'seconds' && kept.kind !== 'forever')) continue;
      const { seconds: limit, database } = idleTimeout;
      if ((kept.kind === 'seconds' && kept.seconds <= limit) || isKeptAlive(pool, limit)) continue;
      const below = kept.parameter === undefined ? undefined : secondsBelow(limit);
      const edits = below === undefined ? undefined : setDuration(pool, kept.parameter!, below);
      const advice = below === undefined ? '' : ` ${durationText(pool, kept.parameter!, below)} stays below.`;
      yield {
        at: kept.parameter === undefined ? calleeOf(pool) : placeOf(pool, kept.parameter),
        message: `${keeps(pool, kept)}, but the way to ${database} drops a connection after ${limit} s of silence: the next query on it fails or hangs.${advice}`,
        related: [{ at: idleTimeout.at, message: `${database}: idle connections are dropped after ${limit} s` }],
        fixes: edits && [
          {
            title: `Set ${durationText(pool, kept.parameter!, below!)}`,
            safety: 'suggestion',
            preferred: true,
            edits,
          },
        ],
      };
    }
  },
});

function keeps(pool: Pool, kept: Extract<IdleLimit, { parameter?: string }>): string {
  const { parameter } = kept;
  const isWritten = parameter !== undefined && writtenArgument(pool, parameter) !== undefined;
  if (kept.kind === 'seconds') {
    const whose = isWritten ? '' : `, the default of ${pool.libraryName},`;
    return `${writtenSetting(pool, kept.parameter)}${whose} keeps idle connections up to ${kept.seconds} s`;
  }
  if (isWritten) return `${writtenSetting(pool, parameter)} keeps idle connections for ever`;
  return parameter === undefined
    ? `${pool.libraryName} keeps idle connections for ever`
    : `Without ${parameter} ${pool.libraryName} keeps idle connections for ever`;
}

function writtenSetting(pool: Pool, name: string): string {
  const value = pool.parameters.get(name)?.value;
  const content = value?.known && isScalar(value.value) ? value.value : undefined;
  const isShown = content !== undefined && typeof content !== 'string';
  return isShown ? settingText(name, content, pool.site.language) : name;
}
