/**
 * # invalid-pool-arguments
 *
 * A combination of arguments that raises an exception when it runs.
 *
 * ## Why it matters
 *
 * Some raise when the engine is created, some only at the first connect, or at the first checkout that has to wait: after
 * the tests have passed.
 *
 * | arguments | what happens |
 * | --- | --- |
 * | `NullPool`, `StaticPool` or `AssertionPool` with `pool_size`, `max_overflow`, `pool_timeout` or `pool_use_lifo`; `SingletonThreadPool` with the last three | TypeError at once |
 * | a sync pool class in an async engine, or the other way round (from 2.0.28) | ArgumentError at once |
 * | an async-only driver in a sync engine | MissingGreenlet at the first connect |
 * | a sync-only driver in an async engine | InvalidRequestError at once |
 * | `max_overflow` below -1 | RecursionError at a checkout |
 * | a text or None where a number is compared | TypeError, sooner or later |
 * | `future=False` (from 2.0) | ArgumentError at once |
 * | a pool argument in the URL's query | the driver's error at the first connect |
 * | a misspelt argument, or one of the driver's | TypeError at once |
 * | Django: a pool beside a `CONN_MAX_AGE` that is not 0, `None` included | ImproperlyConfigured at the first query |
 * | Django: a pool without psycopg 3 | ImproperlyConfigured at the first query |
 * | Django: settings of the pool that it does not know, or that Django sets itself | TypeError at the first query |
 * | Django: a pool on MySQL, or before 5.1 | the driver's error at the first connect |
 * | a setting under the name another library gives it: `create_pool(pool_size=5)` of asyncpg, `ConnectionPool(maxconn=5)` | TypeError, some at the first connect only |
 * | psycopg_pool: arguments of the driver beside `kwargs` | TypeError at once |
 * | asyncpg: pool settings in the DSN | the server takes them for settings of its own and refuses |
 * | a size below what the library takes; MySQL Connector: above 32 | ValueError, AttributeError |
 * | `QueuePool(pool_timeout=5)`: pool classes have their settings without prefix | TypeError at once |
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 * from sqlalchemy.pool import NullPool
 *
 * engine = create_engine(os.environ["DATABASE_URL"], poolclass=NullPool, pool_size=5)
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(
 *     os.environ["DATABASE_URL"],
 *     pool_size=os.environ["POOL_SIZE"],
 *     max_overflow=0,
 *     pool_timeout=10,
 *     pool_pre_ping=True,
 * )
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, pool_max_overflow=0)
 * ```
 *
 * ```python
 * import os
 * from psycopg_pool import ConnectionPool
 *
 * pool = ConnectionPool(os.environ["DATABASE_URL"], max_size=5, prepare_threshold=None)
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from psycopg_pool import ConnectionPool
 *
 * pool = ConnectionPool(os.environ["DATABASE_URL"], max_size=5, kwargs={"prepare_threshold": None})
 * ```
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
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=int(os.environ["POOL_SIZE"]), max_overflow=0)
 * ```
 *
 * ## Limits
 *
 * An argument that SQLAlchemy does not know may belong to a dialect: only names that are near a pool parameter, and known
 * mix-ups, are reported. `engine_from_config` turns texts into numbers itself and is not reported for them. Arguments in a
 * dictionary that is changed later, or passed on in a way that cannot be read, are no finding. In tests an async driver in a
 * sync engine is none either: it raises only when it connects.
 *
 * ## Fix safety
 *
 * Safe where only one reading is possible: the correct name of a misspelt argument, a number in place of its text,
 * `int(…)` around a variable that is text, and taking out `future=False`. Removing sizes or the pool class is a suggestion.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_engine
 * - https://docs.sqlalchemy.org/en/20/core/pooling.html
 */
import { problemsOf } from '../problems.ts';
import { defineRule, everyContext } from '../rule.ts';

export const invalidPoolArguments = defineRule({
  id: 'invalid-pool-arguments',
  group: 'arguments',
  severity: 'error',
  fix: 'safe',
  summary: 'A combination of arguments that raises an exception when it runs.',
  contexts: everyContext,
  asksPoolByPool: true,
  check: ({ pools }) => problemsOf(pools, 'invalid-pool-arguments'),
});
