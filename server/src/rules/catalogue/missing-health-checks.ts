/**
 * # missing-health-checks
 *
 * A pool hands out connections without testing whether the server still has them.
 *
 * ## Why it matters
 *
 * After a restart or a failover of the database every connection that the pool holds is dead, and it does not know. Each of
 * them fails one request before it is replaced. A test when a connection is handed out replaces it first.
 *
 * psycopg_pool tests nothing unless `check` says how; the classes bring `check_connection` for it, which costs one empty query.
 *
 * Django keeps the connection of each thread where `CONN_MAX_AGE` is not 0, and all of them in its own pool
 * (`OPTIONS["pool"]`). `CONN_HEALTH_CHECKS` tests one that is used again, once per request.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from psycopg_pool import ConnectionPool
 *
 * pool = ConnectionPool(os.environ["DATABASE_URL"], min_size=2, max_size=10, timeout=10, open=False)
 * ```
 *
 * `shop/settings.py`
 * ```python
 * DATABASES = {
 *     "default": {
 *         "ENGINE": "django.db.backends.postgresql",
 *         "CONN_MAX_AGE": 600,
 *     }
 * }
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from psycopg_pool import ConnectionPool
 *
 * pool = ConnectionPool(
 *     os.environ["DATABASE_URL"],
 *     min_size=2,
 *     max_size=10,
 *     timeout=10,
 *     open=False,
 *     check=ConnectionPool.check_connection,
 * )
 * ```
 *
 * `shop/settings.py`
 * ```python
 * DATABASES = {
 *     "default": {
 *         "ENGINE": "django.db.backends.postgresql",
 *         "CONN_MAX_AGE": 600,
 *         "CONN_HEALTH_CHECKS": True,
 *     }
 * }
 * ```
 *
 * ## Limits
 *
 * A test does not save a connection that dies in the middle of a transaction: that work is lost and must be repeated by the
 * application. An explicit `check=None` or `CONN_HEALTH_CHECKS` False is information only: somebody decided. psycopg_pool has `check`
 * from 3.2 on, Django `CONN_HEALTH_CHECKS` from 4.1. Null pools keep no connection and have nothing to test; outside requests, as in
 * a management command, Django tests nothing. For SQLAlchemy the rule is `missing-pre-ping`.
 *
 * ## Fix safety
 *
 * Safe for Django: a test per request changes no result. A suggestion for psycopg_pool, where it adds a round trip per checkout.
 *
 * ## References
 *
 * - https://www.psycopg.org/psycopg3/docs/advanced/pool.html#connection-quality
 * - https://docs.djangoproject.com/en/stable/ref/settings/#conn-health-checks
 */
import { problemsOf } from '../problems.ts';
import { defineRule } from '../rule.ts';

export const missingHealthChecks = defineRule({
  id: 'missing-health-checks',
  group: 'liveness',
  severity: 'warning',
  fix: 'safe',
  summary: 'A pool hands out connections without testing whether the server still has them.',
  contexts: ['app'],
  asksPoolByPool: true,
  check: ({ pools }) => problemsOf(pools, 'missing-health-checks'),
});
