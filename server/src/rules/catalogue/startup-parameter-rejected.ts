/**
 * # startup-parameter-rejected
 *
 * A parameter that is sent when a connection is made, and that PgBouncer refuses.
 *
 * ## Why it matters
 *
 * PgBouncer shares server connections among clients, so it accepts at the start only what it can put back for the next one:
 * `client_encoding`, `DateStyle`, `TimeZone`, `standard_conforming_strings`, `application_name` and, from 1.20 on, `IntervalStyle`.
 * Anything else ends the login with `unsupported startup parameter`: asyncpg's `server_settings`, `options=-c statement_timeout=…`.
 * Where `ignore_startup_parameters` names it the login succeeds, and the parameter is dropped without a word.
 *
 * ## Wrong
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy.ext.asyncio import create_async_engine
 *
 * engine = create_async_engine(
 *     f"postgresql+asyncpg://shop:{os.environ['DB_PASSWORD']}@pooler:6432/shop",
 *     pool_size=5,
 *     max_overflow=0,
 *     pool_timeout=5,
 *     pool_pre_ping=True,
 *     connect_args={"server_settings": {"statement_timeout": "5000"}},
 * )
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     engine: postgresql
 *     max_connections: 100
 *     connect: [DATABASE_URL]
 *     pooler: {kind: pgbouncer, mode: transaction, default_pool_size: 20, max_client_conn: 500}
 * services:
 *   api: {database: main, server: uvicorn, workers: 2}
 * ```
 *
 * ## Right
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy.ext.asyncio import create_async_engine
 *
 * engine = create_async_engine(
 *     f"postgresql+asyncpg://shop:{os.environ['DB_PASSWORD']}@pooler:6432/shop",
 *     pool_size=5,
 *     max_overflow=0,
 *     pool_timeout=5,
 *     pool_pre_ping=True,
 *     connect_args={"server_settings": {"application_name": "shop"}},
 * )
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     engine: postgresql
 *     max_connections: 100
 *     connect: [DATABASE_URL]
 *     pooler: {kind: pgbouncer, mode: transaction, default_pool_size: 20, max_client_conn: 500}
 * services:
 *   api: {database: main, server: uvicorn, workers: 2}
 * ```
 *
 * ## Limits
 *
 * Only PgBouncer, as the topology states it. What `ignore_startup_parameters` and `track_extra_parameters` name is read from its
 * configuration file where the topology names one. A limit for a role holds behind a pooler as well: `ALTER ROLE … SET statement_timeout`.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/config.html#ignore_startup_parameters
 */
import { acceptsStartupParameter } from '../../facts/poolers.ts';
import { serverPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

export const startupParameterRejected = defineRule({
  id: 'startup-parameter-rejected',
  group: 'pooler',
  severity: 'warning',
  fix: 'none',
  summary: 'A startup parameter that the pooler refuses.',
  contexts: ['app'],
  *check({ pools }) {
    for (const { pool, pooler } of serverPools(pools)) {
      if (pooler?.kind !== 'pgbouncer') continue;
      for (const { name, at } of pool.sessions?.startupParameters ?? []) {
        const lower = name.toLowerCase();
        if (acceptsStartupParameter(name, pooler.version) || pooler.trackedParameters?.includes(lower)) continue;
        const isDropped = pooler.ignoredParameters?.includes(lower) === true;
        yield {
          at,
          severity: isDropped ? 'information' : undefined,
          message: isDropped
            ? `${name} is sent when a connection is made, and ${pooler.name} is told to drop it (ignore_startup_parameters): it has no effect. Set it for the role: ALTER ROLE … SET ${name}.`
            : `${name} is sent when a connection is made, and ${pooler.name} refuses it: "unsupported startup parameter". Set it for the role (ALTER ROLE … SET ${name}), or name it in ignore_startup_parameters, which drops it.`,
          related: pooler.at && [{ at: pooler.at, message: `${pooler.name} in front of ${pooler.database}` }],
        };
      }
    }
  },
});
