/**
 * # unbounded-pool
 *
 * Nothing limits how many connections a pool opens.
 *
 * ## Why it matters
 *
 * Every request that finds no free connection opens another one. Under load one process alone can take all connections of
 * the database, and every other client is refused. A limit makes requests wait for each other instead.
 *
 * `max_overflow=-1` removes the limit in every version. `pool_size=0` removes it from SQLAlchemy 2.0 on, whatever
 * `max_overflow` says; before, it meant a limit of `max_overflow`. Neither switches pooling off: that is `NullPool`.
 *
 * | pool | what sets no limit |
 * | --- | --- |
 * | psycopg2.pool | `maxconn` below `minconn`, or negative: the number in use is compared with it for equality |
 * | aiopg, aiomysql | `maxsize=0` |
 * | peewee | `max_connections` 0 or None |
 * | oracledb | `getmode=POOL_GETMODE_FORCEGET`, which goes beyond `max` |
 * | psycopg_pool | a null pool without `max_size`: information, since its author may want just that |
 * | Piccolo | no `start_connection_pool`: a connection per query and per transaction |
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=-1)
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=0)
 * ```
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * shop = host=10.0.0.5
 *
 * [pgbouncer]
 * default_pool_size = 0
 * ```
 *
 * ```python
 * import os
 * from psycopg2.pool import ThreadedConnectionPool
 *
 * pool = ThreadedConnectionPool(5, 2, os.environ["DATABASE_URL"])
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from psycopg2.pool import ThreadedConnectionPool
 *
 * pool = ThreadedConnectionPool(2, 5, os.environ["DATABASE_URL"])
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0)
 * ```
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=0)
 * ```
 * `requirements.txt`
 * ```text
 * sqlalchemy==1.4.54
 * ```
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * shop = host=10.0.0.5
 *
 * [pgbouncer]
 * default_pool_size = 0
 * max_db_connections = 40
 * ```
 *
 * ## Limits
 *
 * For `pool_size=0` the version decides; where no requirement names one, the newest is assumed and the message says so. PgBouncer's sizes
 * of 0 are no limit since 1.24; before, such a pool stays at one connection.
 *
 * ## Fix safety
 *
 * Suggestion: requests above the limit wait for a free connection.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_engine.params.pool_size
 * - https://www.psycopg.org/docs/pool.html
 */

import { numberOf, placeOf, setParameters, versionNote, writtenArgument } from '../../declarations/parameters.ts';
import type { Pool } from '../../declarations/pool.ts';
import { advisedPoolSize } from '../../facts/advice.ts';
import type { Fix } from '../finding.ts';
import { fixesFor } from '../fleetFindings.ts';
import { unboundedPools } from '../pgbouncer/unbounded.ts';
import { sqlalchemyPools } from '../pools.ts';
import { problemsOf } from '../problems.ts';
import { defineRule, type PoolInContext } from '../rule.ts';

export const unboundedPool = defineRule({
  id: 'unbounded-pool',
  group: 'size',
  severity: 'error',
  fix: 'suggestion',
  summary: 'Nothing limits how many connections a pool opens.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools, pgbouncerFiles }) {
    yield* problemsOf(pools, 'unbounded-pool');
    for (const each of pgbouncerFiles) yield* unboundedPools(each);
    for (const each of sqlalchemyPools(pools)) {
      const { pool } = each;
      if (pool.peakPerProcess !== 'unbounded') continue;
      const byOverflow = numberOf(pool, 'max_overflow') === -1;
      yield {
        at: placeOf(pool, byOverflow ? 'max_overflow' : 'pool_size'),
        message: byOverflow
          ? 'max_overflow=-1 sets no limit: under load one process can take every connection the database has. Set a limit, max_overflow=0 for pool_size alone.'
          : `pool_size=0 sets no limit from ${pool.libraryName} 2.0 on, and max_overflow is ignored: under load one process can take every connection the database has. Set a size.${versionNote(pool)}`,
        fixes: limit(each, byOverflow),
      };
    }
  },
});

function limit({ pool, shares }: PoolInContext, byOverflow: boolean): readonly Fix[] {
  const fitting = shares.length === 1 ? fixesFor(shares[0]!) : [];
  if (fitting.length > 0) return fitting;
  const parameters = parametersFor(pool, byOverflow);
  const edits = setParameters(pool, parameters);
  if (edits === undefined) return [];
  const title = `Set ${Object.entries(parameters)
    .map(([name, value]) => `${name} to ${value}`)
    .join(', ')}`;
  return [{ title, safety: 'suggestion', preferred: true, edits }];
}

/** A size of 0 has to become one as well, or the limit would be none. */
function parametersFor(pool: Pool, byOverflow: boolean): Record<string, number> {
  const hasSize = (numberOf(pool, 'pool_size') ?? 0) > 0;
  const overflow: Record<string, number> =
    writtenArgument(pool, 'max_overflow') === undefined ? { max_overflow: 0 } : {};
  if (!byOverflow) return { pool_size: advisedPoolSize, ...overflow };
  return hasSize ? { max_overflow: 0 } : { pool_size: advisedPoolSize, max_overflow: 0 };
}
