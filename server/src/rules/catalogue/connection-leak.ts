/**
 * # connection-leak
 *
 * A connection or session is taken and, on some way out of the function, not given back.
 *
 * ## Why it matters
 *
 * A pool hands out a fixed number of connections. One that is not given back is missing until the process ends, or in Python until
 * the garbage collector happens to find it: after as many errors as the pool has connections, every further request waits, and
 * fails with `QueuePool limit reached` or `connection pool exhausted`, or in Node waits for ever, although the database is idle. It
 * is mostly the way nobody tests: the exception between taking the connection and giving it back.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from psycopg2.pool import ThreadedConnectionPool
 *
 * pool = ThreadedConnectionPool(5, 10, os.environ["DATABASE_URL"])
 *
 * def count_orders():
 *     conn = pool.getconn()
 *     with conn.cursor() as cursor:
 *         cursor.execute("select count(*) from orders")
 *         total = cursor.fetchone()[0]
 *     pool.putconn(conn)
 *     return total
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine, text
 * from sqlalchemy.orm import sessionmaker
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 * SessionLocal = sessionmaker(bind=engine)
 *
 * def get_session():
 *     session = SessionLocal()
 *     yield session
 *     session.close()
 * ```
 *
 * `src/orders.ts`
 * ```typescript
 * import { Pool } from 'pg';
 *
 * const pool = new Pool({ connectionTimeoutMillis: 5000 });
 * pool.on('error', console.error);
 *
 * export async function countOrders() {
 *   const client = await pool.connect();
 *   const { rows } = await client.query('select count(*) from orders');
 *   client.release();
 *   return rows[0];
 * }
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from psycopg2.pool import ThreadedConnectionPool
 *
 * pool = ThreadedConnectionPool(5, 10, os.environ["DATABASE_URL"])
 *
 * def count_orders():
 *     conn = pool.getconn()
 *     try:
 *         with conn.cursor() as cursor:
 *             cursor.execute("select count(*) from orders")
 *             return cursor.fetchone()[0]
 *     finally:
 *         pool.putconn(conn)
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine, text
 * from sqlalchemy.orm import sessionmaker
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 * SessionLocal = sessionmaker(bind=engine)
 *
 * def get_session():
 *     with SessionLocal() as session:
 *         yield session
 * ```
 *
 * `src/orders.ts`
 * ```typescript
 * import { Pool } from 'pg';
 *
 * const pool = new Pool({ connectionTimeoutMillis: 5000 });
 * pool.on('error', console.error);
 *
 * export async function countOrders() {
 *   const client = await pool.connect();
 *   try {
 *     const { rows } = await client.query('select count(*) from orders');
 *     return rows[0];
 *   } finally {
 *     client.release();
 *   }
 * }
 * ```
 *
 * ## Limits
 *
 * Followed is a variable of one function, through `if`, loops, `try`, `with`, early returns and `match`. Silent is whatever
 * else may give the connection back: one that is returned, stored on an object or in a collection, taken along by an inner
 * function, handed to an `ExitStack`, or passed to other code where the function itself never gives it back. A release under a
 * condition counts as a release. Functions called `main`, commands and scripts that end by themselves are left alone, and so is
 * code at module level. A function that listens for notifications, or takes an advisory lock that it does not give back, keeps its
 * connection on purpose.
 *
 * A session of SQLAlchemy holds a connection from its first query until `commit`, `rollback` or `close`; one that is never
 * closed after a commit holds nothing and is not reported.
 *
 * In JavaScript these are clients of node-postgres, pg-promise, mysql, mysql2, mariadb and postgres.js, query runners of TypeORM, and transactions of
 * Sequelize and Knex that end by hand, taken with `await` into a variable. Only what is waited for counts as able to fail, and a function
 * that gives the connection back in a `finally` or `catch` is not told of a failure before the `try`. Of `pool.getConnection(callback)` and
 * `pool.connect(callback)` the callbacks of its queries are followed one inside the other; what is thrown there ends the process and
 * counts as no way out. Two callbacks that follow one another, functions with a name inside, listeners and loops are not followed. The
 * same holds for `pool.connect().then(…)`, where a query whose failure nothing handles is a way out. A connection that nothing
 * takes (`await pool.connect();` to try the database) is reported at module level too. A function that ends the pool itself is left alone.
 *
 * A connection without a pool (`psycopg2.connect`, `pymysql.connect` and their like) is information: CPython closes it when nothing refers
 * to it any more, mostly when the function ends. After an exception that is as long as somebody keeps the exception or its traceback, and PyPy
 * waits for its garbage collector. What SQLAlchemy's connections and sessions refer to refers to them: they wait for it in CPython too.
 *
 * `with conn:` over a psycopg2 connection ends the transaction and does not give the connection back.
 *
 * ## Fix safety
 *
 * A suggestion. In Python what stands between taking the connection and giving it back goes into a `with` over the call, where that does
 * what the release does, else into a `try` with the release in its `finally`; a `try` that is there already gets the `finally`. psycopg's own
 * blocks commit: they are used where the code commits last anyhow. Texts over several lines stay as they are. In JavaScript and TypeScript
 * everything that follows in the block goes into a `try`, and the release into its `finally`; in a callback of a query the release goes
 * before each `return` that lacks it. Offered where the connection is taken by a
 * statement of its own, nothing but its block uses it or gives it back, and it is certain that nothing else changes: not for sessions that
 * nothing closes, because objects of a session that is closed load nothing any more.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/orm/session_basics.html#closing
 * - https://www.psycopg.org/docs/pool.html
 * - https://magicstack.github.io/asyncpg/current/api/index.html#asyncpg.pool.Pool.release
 * - https://node-postgres.com/apis/pool#poolconnect
 * - https://typeorm.io/docs/query-runner/
 */
import { editsAt } from '../../lifecycle/blockEdits.ts';
import { finallyEdits, releaseEdits } from '../../lifecycle/finallyEdits.ts';
import type { Leak } from '../../lifecycle/leaks.ts';
import type { Fix } from '../finding.ts';
import { defineRule } from '../rule.ts';

export const connectionLeak = defineRule({
  id: 'connection-leak',
  group: 'lifecycle',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'A connection or session is taken and, on some way out of the function, not given back.',
  contexts: ['app'],
  *check({ lifecycle }) {
    for (const leak of lifecycle.leaks) {
      const { variable } = leak;
      if (variable === undefined) {
        yield { at: leak.at, message: unheld(leak) };
        continue;
      }
      yield {
        at: leak.at,
        // Without a pool nobody misses it, and CPython mostly closes it in time.
        severity: leak.fact.isPooled ? undefined : 'information',
        message: `${what(leak, variable)}: ${consequence(leak)}. ${advice(leak, variable)}`,
        related: leak.leftAt === undefined ? [] : [{ at: leak.leftAt, message: `left here with ${variable} open` }],
        fixes: fixOf(leak, variable),
      };
    }
  },
});

function fixOf({ before, block, enclosure: placed, fact, uri }: Leak, variable: string): Fix[] {
  if (before !== undefined) {
    const edits = releaseEdits(before.insertions, { uri, start: before.start }, before.release);
    return [
      { title: `Give ${variable} back before the callback returns`, safety: 'suggestion', preferred: true, edits },
    ];
  }
  if (block !== undefined) {
    const { plan, start } = block;
    const title = plan.form === 'with' ? `Use a with block for ${variable}` : inFinally(variable, fact);
    return [{ title, safety: 'suggestion', preferred: true, edits: editsAt(plan, { uri, start }) }];
  }
  if (placed === undefined) return [];
  const { enclosure, start } = placed;
  const edits = finallyEdits(enclosure, { uri, start }, variable, fact);
  return [{ title: inFinally(variable, fact), safety: 'suggestion', preferred: true, edits }];
}

function inFinally(variable: string, { isPooled }: Leak['fact']): string {
  return isPooled ? `Give ${variable} back in a finally` : `Close ${variable} in a finally`;
}

function unheld({ source }: Leak): string {
  return `Nothing takes the connection that ${source === '' ? 'the pool' : source} hands out here: the pool misses it for good. To try the database, ask ${source === '' ? 'the pool' : source}.query('select 1'), which gives its connection back.`;
}

/** What happens, to which variable, where. */
function what({ functionName, isNever, end, fact }: Leak, variable: string): string {
  const given = fact.noun === 'transaction' ? 'ended' : fact.isPooled ? 'given back' : 'closed';
  if (isNever) return `Nothing in ${functionName} ${ends(variable, fact)}`;
  switch (end.kind) {
    case 'raise':
      return end.call === undefined
        ? `${variable} is not ${given} when ${functionName} is left by an exception`
        : `${variable} is not ${given} when ${end.call.text} raises`;
    case 'return':
      return `${variable} is not ${given} where ${functionName} returns early`;
    default:
      return `${variable} is not ${given} on every way through ${functionName}`;
  }
}

function ends(variable: string, { noun, isPooled }: Leak['fact']): string {
  if (noun === 'transaction') return `ends ${variable}`;
  return isPooled ? `gives ${variable} back` : `closes ${variable}`;
}

function consequence({ fact, end }: Leak): string {
  if (!fact.isPooled)
    return end.kind === 'raise'
      ? 'it stays open as long as the exception is kept, and outside of CPython until the garbage collector finds it'
      : 'CPython closes it as soon as nothing refers to it, other Pythons when their garbage collector finds it';
  return fact.forgotten === 'lost'
    ? 'the pool misses the connection for good'
    : 'the pool misses the connection until the garbage collector finds it';
}

function advice({ fact, source, isAsync, isHanded, isNever, end }: Leak, variable: string): string {
  const remedy = fact.remedy.replace('{name}', variable).replace('{pool}', source === '' ? 'pool' : source);
  const isAwaited = fact.isReleaseAwaited ?? isAsync;
  const release = `${isAwaited ? 'await ' : ''}${remedy}`;
  if (isHanded && isNever) return `Call ${release} in the callback of its last query.`;
  if (isHanded && end.kind !== 'raise') return `Call ${release} there as well.`;
  if (fact.managed !== undefined) return `Call ${release} there, or use ${fact.managed}, which ends by itself.`;
  if (fact.hasBlock && end.kind !== 'raise')
    return `Use a ${isAwaited ? 'async ' : ''}with block, or ${release} in a finally.`;
  return `Call ${release} in a finally.`;
}
