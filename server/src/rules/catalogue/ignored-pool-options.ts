/**
 * # ignored-pool-options
 *
 * A setting that does nothing, or the opposite of what it says.
 *
 * ## Why it matters
 *
 * The code reads as if connections were tested or replaced, and they are not; or as if something were off that is on.
 *
 * `NullPool` keeps no connection, so there is never one to test (`pool_pre_ping`) or to replace (`pool_recycle`).
 * `pool_pre_ping` and `pool_use_lifo` are looked at for truth: the text `"false"`, as it comes out of an environment variable or
 * an INI file, is true. `engine_from_config` converts neither of them.
 *
 * In Django's `DATABASES` only keys in capitals count, `CONN_MAX_AGE` belongs into each alias, and an empty dictionary as `pool`
 * is no pool.
 *
 * Flask-SQLAlchemy no longer reads `SQLALCHEMY_POOL_SIZE`, `SQLALCHEMY_POOL_TIMEOUT`, `SQLALCHEMY_POOL_RECYCLE` and
 * `SQLALCHEMY_MAX_OVERFLOW` from 3.0 on, and from then on `SQLALCHEMY_ENGINE_OPTIONS` are for the default engine alone: a bind
 * keeps SQLAlchemy's defaults unless it is a dictionary with options of its own, or `engine_options` are passed to the constructor.
 *
 * oracledb looks at `wait_timeout` only with `getmode=POOL_GETMODE_TIMEDWAIT`; without it `acquire()` waits for ever.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 * from sqlalchemy.pool import NullPool
 *
 * engine = create_engine(os.environ["DATABASE_URL"], poolclass=NullPool, pool_pre_ping=True)
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(
 *     os.environ["DATABASE_URL"],
 *     pool_size=5,
 *     max_overflow=0,
 *     pool_pre_ping=os.getenv("PRE_PING", "false"),
 * )
 * ```
 *
 * `shop/settings.py`
 * ```python
 * DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"pool": {}}}}
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 * from sqlalchemy.pool import NullPool
 *
 * engine = create_engine(os.environ["DATABASE_URL"], poolclass=NullPool)
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(
 *     os.environ["DATABASE_URL"],
 *     pool_size=5,
 *     max_overflow=0,
 *     pool_pre_ping=os.getenv("PRE_PING", "false") == "true",
 * )
 * ```
 *
 * ## Limits
 *
 * `pool_reset_on_return` works under `NullPool` too. What raises instead of being ignored is `invalid-pool-arguments`.
 *
 * ## Fix safety
 *
 * Suggestion: taking out what does nothing changes nothing, but somebody may have meant the pool class to change instead.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/pooling.html#sqlalchemy.pool.NullPool
 * - https://docs.djangoproject.com/en/stable/ref/databases/#connection-pool
 * - https://flask-sqlalchemy.readthedocs.io/en/stable/config/
 */
import { problemsOf } from '../problems.ts';
import { defineRule } from '../rule.ts';

export const ignoredPoolOptions = defineRule({
  id: 'ignored-pool-options',
  group: 'arguments',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'A setting that does nothing, or the opposite of what it says.',
  contexts: ['app'],
  asksPoolByPool: true,
  check: ({ pools }) => problemsOf(pools, 'ignored-pool-options'),
});
