/**
 * # engine-across-event-loops
 *
 * An asynchronous engine keeps connections, and tasks use it under one event loop after another.
 *
 * ## Why it matters
 *
 * A connection of asyncpg or psycopg belongs to the event loop in which it was opened. `asyncio.run` in the body of a Celery task starts a loop
 * and ends it; the pool keeps the connection for the next task, whose loop is another: `attached to a different loop`, `Event loop
 * is closed`, or a task that hangs. The first task of each worker succeeds, so that it passes the tests. `pool_pre_ping` does not help, its
 * ping is the first thing that fails.
 *
 * ## Wrong
 *
 * ```python
 * import asyncio
 * import os
 * from celery import Celery
 * from sqlalchemy import text
 * from sqlalchemy.ext.asyncio import create_async_engine
 *
 * app = Celery("shop", broker=os.environ["BROKER_URL"])
 * engine = create_async_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 *
 * async def clean_up():
 *     async with engine.begin() as conn:
 *         await conn.execute(text("delete from carts where expired"))
 *
 * @app.task
 * def clean():
 *     asyncio.run(clean_up())
 * ```
 *
 * ## Right
 *
 * ```python
 * import asyncio
 * import os
 * from celery import Celery
 * from sqlalchemy import NullPool, text
 * from sqlalchemy.ext.asyncio import create_async_engine
 *
 * app = Celery("shop", broker=os.environ["BROKER_URL"])
 * engine = create_async_engine(os.environ["DATABASE_URL"], poolclass=NullPool)
 *
 * async def clean_up():
 *     async with engine.begin() as conn:
 *         await conn.execute(text("delete from carts where expired"))
 *
 * @app.task
 * def clean():
 *     asyncio.run(clean_up())
 * ```
 *
 * ## Limits
 *
 * Followed are tasks of Celery that call `asyncio.run`, `anyio.run`, `async_to_sync` or `run_until_complete` of a new loop, and from there
 * functions of the workspace, five calls deep. The engine must be at module level; sessions count where their factory names it. Silent
 * where any of these functions disposes of an engine, where the engine is built in the task, and for `get_event_loop()`, which is the same
 * loop each time. Scripts that call `asyncio.run` once are no case, nor are other queues: RQ forks a process for each job.
 *
 * Where the web application shares the engine, NullPool is for the workers alone: give them an engine of their own, or
 * dispose of the engine at the end of each task.
 *
 * ## Fix safety
 *
 * A suggestion: every checkout then opens a connection and closes it. Sizes, waits, pings and ages of the pool go, because NullPool refuses
 * them or has no use for them. Offered where all arguments are written in the call, and not where the topology says that a long-running
 * server uses the engine without a pooler.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#using-multiple-asyncio-event-loops
 */
import { locate } from '../../core/text.ts';
import { addSettings, removeArguments, replaceArgument, settingText, standsInCall } from '../../declarations/edits.ts';
import type { Importing } from '../../declarations/importing.ts';
import { writtenArgument } from '../../declarations/parameters.ts';
import { classDependentArguments } from '../../facts/sqlalchemy.ts';
import type { Fix } from '../finding.ts';
import { serverPools } from '../pools.ts';
import { defineRule, type PoolInContext } from '../rule.ts';

export const engineAcrossEventLoops = defineRule({
  id: 'engine-across-event-loops',
  group: 'arguments',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'An asynchronous engine keeps connections, and tasks use it under one event loop after another.',
  contexts: ['app'],
  *check({ lifecycle, pools }) {
    if (lifecycle.enginesUnderLoops.length === 0) return;
    for (const each of serverPools(pools)) {
      const { pool } = each;
      if (pool.system !== 'sqlalchemy-async' || pool.poolClassKind !== 'queue' || pool.site.enclosing !== undefined)
        continue;
      const uses = lifecycle.enginesUnderLoops.filter(
        ({ engine }) => engine.uri === pool.uri && engine.name === pool.name,
      );
      const [first] = uses;
      if (first === undefined) continue;
      const more = uses.length === 1 ? '' : ` and ${uses.length - 1} more`;
      yield {
        at: locate(pool.uri, pool.site.calleeSpan),
        message: `This engine keeps connections of event loops that have ended: ${first.runner} in the task ${first.taskName}${more} starts a loop for each task, and a connection works in its own alone. Pass poolclass=NullPool to the engine that the tasks use, or dispose of it at the end of each.`,
        related: uses.map(({ at, runner, taskName }) => ({ at, message: `${runner} in ${taskName}` })),
        fixes: withoutPool(each, first.nullPool),
      };
    }
  },
});

/** What NullPool does not accept, and what does nothing with it. */
const ofKeptConnections = [...classDependentArguments, 'pool_pre_ping', 'pool_recycle'];

function withoutPool({ pool, isLongRunning, isWithoutPooler }: PoolInContext, nullPool: Importing | undefined): Fix[] {
  const { site } = pool;
  if (nullPool === undefined || nullPool.from > site.span.start || pool.hasUnreadArguments) return [];
  if (writtenArgument(pool, 'poolclass') !== undefined || site.builtBy !== undefined) return [];
  // A server that connects for each checkout is a finding as well.
  if (isLongRunning && isWithoutPooler) return [];
  const [first, ...others] = ofKeptConnections.flatMap((name) => writtenArgument(pool, name) ?? []);
  const text = settingText('poolclass', nullPool.text, site.language);
  if (first !== undefined && !standsInCall(site, first)) return [];
  const edits =
    first === undefined
      ? addSettings(site, site.insertion, [['poolclass', nullPool.text]])
      : [...replaceArgument(first, text), ...(removeArguments(site, others) ?? [])];
  if (others.length > 0 && removeArguments(site, others) === undefined) return [];
  const { edit } = nullPool;
  const imported = edit ? [{ uri: pool.uri, start: edit.offset, end: edit.offset, newText: edit.text }] : [];
  const title = 'Use NullPool, which keeps no connection';
  return [{ title, safety: 'suggestion', preferred: true, edits: [...imported, ...edits] }];
}
