/**
 * # streaming-response-holds-connection
 *
 * A session of a dependency stays open, with its connection, as long as a client reads a streaming or file response.
 *
 * ## Why it matters
 *
 * FastAPI ends dependencies with `yield` after the response was sent: before 0.106, and again from 0.118. A response that streams
 * is sent as long as the client reads: a slow download, or a chat that is open for minutes, keeps a connection of the pool that
 * long, though nothing is asked of it. A pool of 15 ends at 15 such clients.
 *
 * ## Wrong
 *
 * `requirements.txt`
 * ```text
 * fastapi==0.122.0
 * sqlalchemy==2.0.44
 * psycopg2==2.9.10
 * ```
 * `shop/main.py`
 * ```python
 * import os
 * from fastapi import Depends, FastAPI
 * from fastapi.responses import FileResponse
 * from sqlalchemy import create_engine
 * from sqlalchemy.orm import Session, sessionmaker
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 * SessionLocal = sessionmaker(bind=engine)
 * app = FastAPI()
 *
 * def get_db():
 *     with SessionLocal() as db:
 *         yield db
 *
 * @app.get("/invoices/{number}")
 * def invoice(number: int, db: Session = Depends(get_db)):
 *     path = db.execute("select path from invoices where number = :n", {"n": number}).scalar_one()
 *     return FileResponse(path)
 * ```
 *
 * ## Right
 *
 * `requirements.txt`
 * ```text
 * fastapi==0.122.0
 * sqlalchemy==2.0.44
 * psycopg2==2.9.10
 * ```
 * `shop/main.py`
 * ```python
 * import os
 * from fastapi import Depends, FastAPI
 * from fastapi.responses import FileResponse
 * from sqlalchemy import create_engine
 * from sqlalchemy.orm import Session, sessionmaker
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 * SessionLocal = sessionmaker(bind=engine)
 * app = FastAPI()
 *
 * def get_db():
 *     with SessionLocal() as db:
 *         yield db
 *
 * @app.get("/invoices/{number}")
 * def invoice(number: int, db: Session = Depends(get_db, scope="function")):
 *     path = db.execute("select path from invoices where number = :n", {"n": number}).scalar_one()
 *     return FileResponse(path)
 * ```
 *
 * ## Limits
 *
 * Seen are `StreamingResponse`, `FileResponse` and `EventSourceResponse` that a function returns, and sessions or connections that a dependency with
 * `yield` hands to it, or to one of its dependencies, which has used it. It is silent where the session is not in use at that point
 * (never asked, committed, rolled back, closed), where the body that is sent takes the session along, with
 * `scope="function"` (from 0.121), and for FastAPI 0.106 to 0.117, which end the dependency first. Where no requirement names FastAPI's
 * version, the newest is assumed.
 *
 * A body that itself needs the database opens a session of its own in its generator, for as short as it can.
 *
 * ## References
 *
 * - https://fastapi.tiangolo.com/advanced/advanced-dependencies/#dependencies-with-yield-httpexception-except-and-background-tasks
 * - https://fastapi.tiangolo.com/release-notes/
 */
import { knowsScope } from '../../facts/lifecycle/fastapi.ts';
import type { HeldOverWait } from '../../lifecycle/heldOverWaits.ts';
import { defineRule } from '../rule.ts';

export const streamingResponseHoldsConnection = defineRule({
  id: 'streaming-response-holds-connection',
  group: 'lifecycle',
  severity: 'warning',
  fix: 'none',
  summary: 'A session of a dependency stays open as long as a client reads a streaming or file response.',
  contexts: ['app'],
  *check({ lifecycle }) {
    for (const held of lifecycle.heldOverWaits) {
      const { framework } = held;
      if (framework === undefined) continue;
      const version = framework.evidence === undefined ? `${framework.version}, which is assumed,` : framework.version;
      yield {
        at: held.at,
        message: `${what(held)} until the client has read the ${held.text}: FastAPI ${version} ends the dependency after the body. ${advice(held, framework.version)}`,
        related:
          framework.evidence === undefined ? [] : [{ at: framework.evidence.at, message: framework.evidence.text }],
      };
    }
  },
});

function what({ variable, through }: HeldOverWait): string {
  return through === undefined
    ? `${variable} holds a connection`
    : `The session that ${through} has used holds a connection`;
}

function advice({ variable, through }: HeldOverWait, version: string): string {
  const name = through === undefined ? `${variable}` : 'it';
  const close = through === undefined ? `Close ${name} before it returns` : 'Commit or close it in that dependency';
  return knowsScope(version) ? `${close}, or ask for it with Depends(…, scope="function").` : `${close}.`;
}
