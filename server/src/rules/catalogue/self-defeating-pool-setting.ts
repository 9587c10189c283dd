/**
 * # self-defeating-pool-setting
 *
 * A value that turns pooling against itself.
 *
 * ## Why it matters
 *
 * | setting | what it does |
 * | --- | --- |
 * | `pool_recycle=0` | every checkout finds its connection too old and opens a new one |
 * | `pool_reset_on_return=None` | open transactions and locks go to the next request |
 * | `pool_use_lifo=True` without pre-ping | the connections at the end of the line fall idle, are cut by the network, and fail at the next peak |
 * | `pool_size` below 0, or 0 with `max_overflow=0` before 2.0 | fewer connections than it says, or none at all |
 * | `StaticPool` on a server | all threads share one connection, and each other's transactions |
 * | `SingletonThreadPool` on a server | a connection per thread, for as long as the thread lives, without a limit |
 * | psycopg2 `minconn` far below `maxconn` | every connection above `minconn` is closed when it comes back and opened anew for the next request |
 * | psycopg2 `maxconn=0`, asyncmy `maxsize=0` | no connection at all, where the author may have meant no limit |
 * | aiopg, aiomysql, asyncmy `pool_recycle=0` | every connection that was idle is replaced |
 * | `creator=pool.getconn` under `QueuePool` | a pool on a pool: connections that the lower pool counts as used for ever |
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0, pool_recycle=0)
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 * from sqlalchemy.pool import StaticPool
 *
 * engine = create_engine(os.environ["DATABASE_URL"], poolclass=StaticPool)
 * ```
 *
 * ```python
 * import os
 * from psycopg2.pool import ThreadedConnectionPool
 *
 * pool = ThreadedConnectionPool(1, 20, os.environ["DATABASE_URL"])
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from psycopg2.pool import ThreadedConnectionPool
 *
 * pool = ThreadedConnectionPool(10, 20, os.environ["DATABASE_URL"])
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0, pool_recycle=1800)
 * ```
 *
 * ## Limits
 *
 * `pool_reset_on_return=None` is right where every connection is in AUTOCOMMIT; then nothing is said. `StaticPool` is right
 * for an in-memory SQLite, which gets no finding. `minconn` counts as far below where `maxconn` is five times as much and five more, and
 * where it is 0; it is opened at once, so a high one costs at the start. Tests may share one connection on purpose and are left alone.
 *
 * ## Fix safety
 *
 * Suggestion: the program behaves differently, which is the purpose.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/pooling.html
 */

import { sqlalchemyPools } from '../pools.ts';
import { problemsOf } from '../problems.ts';
import { defineRule } from '../rule.ts';
import { selfDefeatingChecks } from '../selfDefeating.ts';

export const selfDefeatingPoolSetting = defineRule({
  id: 'self-defeating-pool-setting',
  group: 'arguments',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'A value that turns pooling against itself.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools }) {
    yield* problemsOf(pools, 'self-defeating-pool-setting');
    for (const each of sqlalchemyPools(pools)) for (const check of selfDefeatingChecks) yield* check(each);
  },
});
