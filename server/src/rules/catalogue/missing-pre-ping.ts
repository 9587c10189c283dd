/**
 * # missing-pre-ping
 *
 * A SQLAlchemy pool keeps connections to a database server and does not test them before it hands them out.
 *
 * ## Why it matters
 *
 * A restart, a failover or a network device that forgets idle connections leaves the pool full of sockets that are dead
 * without knowing it. The first query on each of them fails, once per pooled connection of every process. With
 * `pool_pre_ping=True` the pool tests a connection when it is checked out and replaces it, and all older ones with it,
 * when the test fails.
 *
 * What the test costs depends on the driver: `SELECT 1` with psycopg2, an empty query with psycopg 3, a ping packet with the
 * MySQL drivers, and an empty query inside a transaction of its own (three round trips) with asyncpg.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0)
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0, pool_pre_ping=True)
 * ```
 *
 * ## Limits
 *
 * Pre-ping does not save a connection that dies in the middle of a transaction: that work is lost and must be repeated by the
 * application. Pools that keep nothing (`NullPool`) or one shared connection (`StaticPool`) are not reported, nor are SQLite and
 * other databases without a server. An explicit `pool_pre_ping=False` is information only: somebody decided.
 *
 * ## Fix safety
 *
 * Safe: adding `pool_pre_ping=True` changes no result, it adds a test per checkout.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/pooling.html#disconnect-handling-pessimistic
 */
import { placeOf, setParameters } from '../../declarations/parameters.ts';
import { sqlalchemyPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

export const missingPrePing = defineRule({
  id: 'missing-pre-ping',
  group: 'liveness',
  severity: 'warning',
  fix: 'safe',
  summary: 'A pool keeps connections and does not test them before use.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools }) {
    for (const { pool } of sqlalchemyPools(pools)) {
      if (pool.poolClassKind !== 'queue') continue;
      const parameter = pool.parameters.get('pool_pre_ping');
      // A value that cannot be read may well be true.
      if (parameter === undefined || !parameter.value.known || parameter.value.value) continue;
      const edits = setParameters(pool, { pool_pre_ping: 'True' });
      const isOff = parameter.written !== undefined;
      yield {
        at: placeOf(pool, 'pool_pre_ping'),
        severity: isOff ? 'information' : undefined,
        message: isOff
          ? 'pool_pre_ping is switched off: after a database restart or failover the first query on each pooled connection fails.'
          : 'No pool_pre_ping: after a database restart or failover the first query on each pooled connection fails. Add pool_pre_ping=True.',
        fixes: edits && [
          {
            title: isOff ? 'Set pool_pre_ping=True' : 'Add pool_pre_ping=True',
            safety: isOff ? 'suggestion' : 'safe',
            preferred: true,
            edits,
          },
        ],
      };
    }
  },
});
