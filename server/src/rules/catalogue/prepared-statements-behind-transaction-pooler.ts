/**
 * # prepared-statements-behind-transaction-pooler
 *
 * The driver gives its prepared statements names, and the pooler in front of the database hands every transaction to whichever
 * server connection is free.
 *
 * ## Why it matters
 *
 * A named statement lives in one server connection. In transaction mode the next transaction may run on another one, where the
 * name is unknown, or known already from somebody else: `prepared statement "…" does not exist` or `already exists`, under load
 * and not in tests. asyncpg, psycopg 3 and others prepare statements without being asked.
 *
 * PgBouncer follows named statements from 1.21 on where `max_prepared_statements` is above 0; that is the default from 1.24 on.
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
 * )
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     engine: postgresql
 *     max_connections: 100
 *     connect: [DATABASE_URL]
 *     pooler: {kind: pgbouncer, mode: transaction, version: "1.20", default_pool_size: 20, max_client_conn: 500}
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
 *     connect_args={"statement_cache_size": 0},
 * )
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     engine: postgresql
 *     max_connections: 100
 *     connect: [DATABASE_URL]
 *     pooler: {kind: pgbouncer, mode: transaction, version: "1.20", default_pool_size: 20, max_client_conn: 500}
 * services:
 *   api: {database: main, server: uvicorn, workers: 2}
 * ```
 *
 * ## Limits
 *
 * Silent where the pooler can follow, where its mode is not known, and where nobody says that there is one: the topology file, or an
 * address that its provider uses for a pooler. `prepared_statement_cache_size=0` alone does not help with SQLAlchemy and asyncpg: the
 * names are still created. `statement_cache_size=0` is enough from asyncpg 0.31 on; before, SQLAlchemy's `prepared_statement_name_func`
 * is needed besides. Of node-postgres' queries those with a `name` are prepared; they are looked for in files that import it or build
 * pools, and not where a file makes a connection of its own. RDS Proxy pins instead, so nothing breaks. With psycopg 3, `prepare_threshold=0` means at once, not never.
 *
 * ## Fix safety
 *
 * Suggestion: statements are planned anew each time. Raising `max_prepared_statements` on a PgBouncer that can follow keeps them.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/config.html#max_prepared_statements
 * - https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#prepared-statement-name-with-pgbouncer
 * - https://www.psycopg.org/psycopg3/docs/advanced/prepare.html#using-prepared-statements-with-pgbouncer
 */

import { defaultPreparedStatements, newestPgbouncer } from '../../facts/poolers.ts';
import type { PoolerInFront } from '../../fleet/poolerInFront.ts';
import type { Fix, RelatedLocation } from '../finding.ts';
import { serverPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

export const preparedStatementsBehindTransactionPooler = defineRule({
  id: 'prepared-statements-behind-transaction-pooler',
  group: 'pooler',
  severity: 'error',
  fix: 'suggestion',
  summary: 'Named prepared statements in front of a pooler that does not follow them.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools, sessionStates }) {
    for (const { at, state, context, pooler, removal } of sessionStates) {
      if (state.kind !== 'named-statement' || context !== 'app') continue;
      if (pooler.mode === 'session' || pooler.followsStatements !== false) continue;
      yield {
        at,
        message: `A query with a name is a prepared statement, and ${notFollowed(pooler)} Leave the name out.`,
        related: placeOf(pooler),
        fixes: [
          ...(removal
            ? [{ title: 'Remove name', safety: 'suggestion' as const, preferred: true, edits: removal }]
            : []),
          ...switchedOn(pooler),
        ],
      };
    }
    for (const { pool, pooler } of serverPools(pools)) {
      const statements = pool.sessions?.statements;
      if (pooler === undefined || pooler.mode === 'session' || pooler.followsStatements !== false) continue;
      if (statements?.kind !== 'named') continue;
      yield {
        at: statements.at,
        message: `${statements.driver} names its prepared statements, and ${notFollowed(pooler)} Set ${statements.remedy}.`,
        related: placeOf(pooler),
        fixes: [...statements.fixes, ...switchedOn(pooler)],
      };
    }
  },
});

/** The other way: PgBouncer follows them where its configuration file lets it. */
function switchedOn({ statementsOffAt: at, name }: PoolerInFront): Fix[] {
  if (at === undefined) return [];
  const limit = String(defaultPreparedStatements(newestPgbouncer));
  const title = `Set max_prepared_statements to ${limit} (${name} follows them)`;
  return [{ title, safety: 'suggestion', preferred: false, edits: [{ ...at, newText: limit }] }];
}

function notFollowed({ name, mode, because }: PoolerInFront): string {
  return `${name} in ${mode} mode does not follow them (${because}): they do not exist, or exist already, on the next server connection.`;
}

function placeOf({ at, name, mode }: PoolerInFront): RelatedLocation[] | undefined {
  return at && [{ at, message: `${name} in ${mode} mode` }];
}
