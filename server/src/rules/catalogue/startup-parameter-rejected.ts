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
 * Inside `options` it looks from 1.20 on; before, it refuses `options` whatever is in it.
 * Where `ignore_startup_parameters` names it, or `options` for what is in them, the login succeeds, and the parameter is dropped without a word.
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
 * `options` in a URL and a mapping that other code may use are left as they are. Naming the parameter in `ignore_startup_parameters`
 * lets clients in and drops it: nothing limits the statements then.
 *
 * ## Fix safety
 *
 * Suggestion: the parameter is no longer sent, which behind this pooler it never was with success; connections that go past the pooler
 * lose it too. Slonik, which sends two time limits by itself, is told to send none. What it should do belongs to the role.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/config.html#ignore_startup_parameters
 */
import { acceptsStartupParameter, looksIntoOptions } from '../../facts/poolers.ts';
import { serverPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

export const startupParameterRejected = defineRule({
  id: 'startup-parameter-rejected',
  group: 'pooler',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'A startup parameter that the pooler refuses.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools }) {
    for (const { pool, pooler } of serverPools(pools)) {
      if (pooler?.kind !== 'pgbouncer') continue;
      for (const parameter of pool.sessions?.startupParameters ?? []) {
        const { at } = parameter;
        const isWhole = parameter.isInOptions === true && !looksIntoOptions(pooler.version);
        // Before, what is inside does not matter.
        const name = isWhole ? 'options' : parameter.name;
        const lower = name.toLowerCase();
        if (acceptsStartupParameter(name, pooler.version) || pooler.trackedParameters?.includes(lower)) continue;
        const names = parameter.isInOptions === true ? [lower, 'options'] : [lower];
        const isDropped = names.some((each) => pooler.ignoredParameters?.includes(each));
        const remedy = isWhole
          ? 'what is in it for the role (ALTER ROLE … SET)'
          : `it for the role (ALTER ROLE … SET ${name})`;
        yield {
          at,
          severity: isDropped ? 'information' : undefined,
          message: isDropped
            ? `${name} is sent when a connection is made, and ${pooler.name} is told to drop it (ignore_startup_parameters): it has no effect. Set ${remedy}.`
            : `${name} is sent when a connection is made, and ${pooler.name} refuses it: "unsupported startup parameter". Set ${remedy}, or name it in ignore_startup_parameters, which drops it.`,
          fixes: isWhole ? [] : parameter.fixes,
          related: pooler.at && [{ at: pooler.at, message: `${pooler.name} in front of ${pooler.database}` }],
        };
      }
    }
  },
});
