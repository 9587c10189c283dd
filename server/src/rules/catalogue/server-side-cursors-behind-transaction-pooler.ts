/**
 * # server-side-cursors-behind-transaction-pooler
 *
 * Django's server-side cursors reach a pooler that takes the connection away between two statements.
 *
 * ## Why it matters
 *
 * On PostgreSQL `QuerySet.iterator()` opens a cursor on the server. Outside a transaction it is declared WITH HOLD and outlives its
 * statement. A pooler in transaction mode gives the connection to somebody else in the meantime: the next batch of rows comes from
 * another connection, where the cursor does not exist, and the cursor stays behind on the first.
 *
 * `DISABLE_SERVER_SIDE_CURSORS` makes `iterator()` fetch all rows at once.
 *
 * ## Wrong
 *
 * `shop/settings.py`
 * ```python
 * DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "pgbouncer"}}
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     max_connections: 100
 *     pooler: {kind: pgbouncer, mode: transaction, default_pool_size: 20, max_client_conn: 500}
 * services:
 *   web: {database: main, server: gunicorn, workers: 2, threads: 2}
 * ```
 *
 * ## Right
 *
 * `shop/settings.py`
 * ```python
 * DATABASES = {
 *     "default": {
 *         "ENGINE": "django.db.backends.postgresql",
 *         "HOST": "pgbouncer",
 *         "DISABLE_SERVER_SIDE_CURSORS": True,
 *     }
 * }
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     max_connections: 100
 *     pooler: {kind: pgbouncer, mode: transaction, default_pool_size: 20, max_client_conn: 500}
 * services:
 *   web: {database: main, server: gunicorn, workers: 2, threads: 2}
 * ```
 *
 * ## Limits
 *
 * It speaks where the topology file names the pooler and its mode, or the host gives both away. Whether the code uses `iterator()` is not
 * looked at: Django uses it itself, and so do packages. Inside `atomic()` a cursor works behind a pooler too.
 *
 * ## Fix safety
 *
 * Safe: the rows are the same; `iterator()` holds all of them in memory.
 *
 * ## References
 *
 * - https://docs.djangoproject.com/en/stable/ref/databases/#transaction-pooling-server-side-cursors
 */
import { calleeOf, isKnownFalsy, placeOf, setParameters, writtenArgument } from '../../declarations/parameters.ts';
import { titleOf } from '../../libraries/django/problems.ts';
import { serverPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

const name = 'DISABLE_SERVER_SIDE_CURSORS';
/** Backends without such cursors. */
const otherDialects = new Set(['mysql', 'oracle', 'mssql']);

export const serverSideCursorsBehindTransactionPooler = defineRule({
  id: 'server-side-cursors-behind-transaction-pooler',
  group: 'pooler',
  severity: 'warning',
  fix: 'safe',
  summary: "Django's server-side cursors reach a pooler in transaction mode.",
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools }) {
    for (const { pool, pooler } of serverPools(pools)) {
      if (pool.system !== 'django' || pooler === undefined || pooler.mode === 'session' || pooler.pins) continue;
      if (otherDialects.has(pool.address.dialect ?? '') || !isKnownFalsy(pool, name)) continue;
      const isOff = writtenArgument(pool, name) !== undefined;
      const edits = setParameters(pool, { [name]: true });
      yield {
        at: isOff ? placeOf(pool, name) : calleeOf(pool),
        message: `${pooler.name} in ${pooler.mode} mode takes the connection away between statements, and QuerySet.iterator() leaves its cursor behind on it. Set ${name} to True.`,
        related: pooler.at && [{ at: pooler.at, message: `${pooler.name} in ${pooler.mode} mode` }],
        fixes: edits && [
          { title: titleOf(pool, name, true), safety: isOff ? 'suggestion' : 'safe', preferred: true, edits },
        ],
      };
    }
  },
});
