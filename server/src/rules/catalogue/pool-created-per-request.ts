/**
 * # pool-created-per-request
 *
 * A connection pool is built anew for each request, task or invocation.
 *
 * ## Why it matters
 *
 * A pool saves connections only while it lives. Built inside a request handler, it starts empty, connects for this one
 * request, and is thrown away with its connections still open: CPython closes them when the garbage collector comes round to
 * the engine; in Node `pg` closes them after ten seconds without work, `mysql2` and postgres.js not by themselves. Under load dozens
 * of pools pile up, and `max_connections` is reached by code whose pool has a size of 5.
 * Nothing that the pool was configured for happens: no reuse, no limit over all requests, no recycling.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from fastapi import FastAPI
 * from sqlalchemy import create_engine, text
 *
 * app = FastAPI()
 *
 * @app.get("/orders")
 * def orders():
 *     engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 *     with engine.connect() as connection:
 *         return connection.execute(text("select count(*) from orders")).scalar()
 * ```
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 * from sqlalchemy.orm import sessionmaker
 *
 * def get_session():
 *     engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 *     with sessionmaker(engine)() as session:
 *         yield session
 * ```
 * `app/orders.py`
 * ```python
 * from fastapi import APIRouter, Depends
 * from app.db import get_session
 *
 * router = APIRouter()
 *
 * @router.get("/orders")
 * def orders(session=Depends(get_session)):
 *     return session.execute("select 1").all()
 * ```
 *
 * `src/app.ts`
 * ```typescript
 * import express from 'express';
 * import { Pool } from 'pg';
 *
 * const app = express();
 *
 * app.get('/orders', async (req, res) => {
 *   const pool = new Pool({ connectionTimeoutMillis: 5000 });
 *   pool.on('error', console.error);
 *   const { rows } = await pool.query('select count(*) from orders');
 *   res.json(rows);
 * });
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from fastapi import FastAPI
 * from sqlalchemy import create_engine, text
 *
 * app = FastAPI()
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 *
 * @app.get("/orders")
 * def orders():
 *     with engine.connect() as connection:
 *         return connection.execute(text("select count(*) from orders")).scalar()
 * ```
 *
 * ```python
 * import os
 * from functools import lru_cache
 * from flask import Flask
 * from sqlalchemy import create_engine, text
 *
 * app = Flask(__name__)
 *
 * @lru_cache
 * def get_engine():
 *     return create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 *
 * @app.route("/orders")
 * def orders():
 *     with get_engine().connect() as connection:
 *         return str(connection.execute(text("select count(*) from orders")).scalar())
 * ```
 *
 * `src/app.ts`
 * ```typescript
 * import express from 'express';
 * import { Pool } from 'pg';
 *
 * const app = express();
 * const pool = new Pool({ connectionTimeoutMillis: 5000 });
 * pool.on('error', console.error);
 *
 * app.get('/orders', async (req, res) => {
 *   const { rows } = await pool.query('select count(*) from orders');
 *   res.json(rows);
 * });
 * ```
 *
 * ## Limits
 *
 * Seen are handlers by their decorator (FastAPI, Starlette, Flask, Quart, Sanic, Litestar, aiohttp, Django Ninja, REST
 * framework), by their base class or by the request they take, dependencies by `Depends`, tasks of Celery, Dramatiq, RQ and
 * Huey, and AWS Lambda handlers; and functions of the workspace that these call, three calls deep. A handler that a framework
 * is told of otherwise (a Django URL configuration for a view without a response in it, `add_url_rule`) is not seen.
 *
 * In JavaScript and TypeScript handlers are seen by what they are handed to (Express, Fastify, Koa, Hono and their like, tRPC
 * procedures, h3), by their export and place (routes of Next.js, `pages/api`, SvelteKit, Remix), by the types of their parameters, as
 * `(req, res)`, as server actions, by the decorators of Nest, as resolvers of GraphQL, as AWS Lambda's `handler(event)`; jobs by BullMQ, Bull, Agenda,
 * node-cron and `setInterval`. A handler may be exported or wrapped elsewhere in its file (`export { list as GET }`, `middy(list)`), and
 * methods are followed to the methods that call them, those of one word (`find`) in their own file. Constructors, fields and factories count where Nest is told
 * `Scope.REQUEST`. Server components are left alone: whether they run per request or per build, their code does not say. So
 * is everything for an edge runtime, and the pools of Neon and Vercel, which there must not outlive a request.
 *
 * What is put on an object of the request (`g` of Flask, `request.state`, a view's `self`) is not kept, whatever asks for it there; what
 * every request puts on the application (`request.app.state`, `current_app`) replaces what was kept.
 *
 * Not reported is what is kept or may be: results of `lru_cache`, globals, other attributes, items of a cache, everything under
 * `if x is None` or `if (!x)`, behind `??=`, and functions with decorators that are not known. Nor is a pool whose address depends on what the handler is
 * given: that is somebody else's database. A pool with `NullPool` keeps nothing and is no waste; a task that closes its pool
 * again, as one that starts an event loop of its own must, is left alone.
 *
 * Closing the engine at the end of the request is not the remedy: it still connects for every request.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/connections.html#basic-usage
 * - https://magicstack.github.io/asyncpg/current/usage.html#connection-pools
 * - https://node-postgres.com/guides/project-structure
 * - https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections
 */
import type { PoolPerUse } from '../../lifecycle/poolsPerUse.ts';
import { defineRule } from '../rule.ts';

export const poolCreatedPerRequest = defineRule({
  id: 'pool-created-per-request',
  group: 'lifecycle',
  severity: 'warning',
  fix: 'none',
  summary: 'A connection pool is built anew for each request, task or invocation.',
  contexts: ['app'],
  *check({ lifecycle }) {
    for (const each of lifecycle.poolsPerUse) {
      const { built, at, role, through, isClosedAgain } = each;
      if (isClosedAgain && (role === 'task' || role === 'celery task')) continue;
      yield {
        at,
        message: `${built.callable} builds a pool ${occasion(each)}, ${consequence(each)}. Build it once per process, at module level or when the application starts.`,
        related: through.map((step) => ({ at: step.at, message: `${step.name} leads here` })),
      };
    }
  },
});

function consequence({ built, isClosedAgain }: PoolPerUse): string {
  if (isClosedAgain) return 'so that each one connects anew and nothing is reused';
  return built.site.language === 'python'
    ? 'so that nothing is reused and its connections stay open until the garbage collector finds them'
    : 'so that nothing is reused and its connections stay open beside those of all the others';
}

function occasion({ role, runBy }: PoolPerUse): string {
  switch (role) {
    case 'request':
      return `for every request that ${runBy} handles`;
    case 'request scope':
      return `with every ${runBy}, of which each request gets its own`;
    case 'dependency':
      return `for every request that depends on ${runBy}`;
    case 'invocation':
      return `at every invocation of ${runBy}`;
    case 'action':
      return `for every call of the server action ${runBy}`;
    default:
      return `for every run of the task ${runBy}`;
  }
}
