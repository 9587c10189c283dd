/**
 * # connection-held-during-io
 *
 * A connection or transaction is held while the code waits for something else than the database.
 *
 * ## Why it matters
 *
 * A pool is as fast as its connections come back. One that is held over an HTTP request of 2 s serves nobody for 2 s: with a pool of
 * 15 that is 7 requests a second at most, however idle the database is, and when the other side hangs, so does
 * everything here. An open transaction keeps its locks that long as well, and old row versions from being cleaned up.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * import requests
 * from sqlalchemy import create_engine, text
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 *
 * def notify(order_id):
 *     with engine.begin() as conn:
 *         url = conn.execute(text("select hook from orders where id = :id"), {"id": order_id}).scalar_one()
 *         requests.post(url, json={"order": order_id}, timeout=5)
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * import requests
 * from sqlalchemy import create_engine, text
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 *
 * def notify(order_id):
 *     with engine.begin() as conn:
 *         url = conn.execute(text("select hook from orders where id = :id"), {"id": order_id}).scalar_one()
 *     requests.post(url, json={"order": order_id}, timeout=5)
 * ```
 *
 * ## Limits
 *
 * Seen are calls of requests, httpx, aiohttp, urllib, subprocess, sleeps of a second and more, OpenAI, Anthropic and other models, boto3
 * and e-mail, made in the function itself while a connection, a block of one, `transaction.atomic()` or a session is certainly
 * held: taken there, or handed in by a dependency of FastAPI. A session of SQLAlchemy holds nothing before its first query, nor
 * after `commit` or `rollback`. Functions of the same file are followed one call deep, where they wait whenever they are called; those that are
 * handed the connection are not, and a session that was passed to one counts as unknown. Information, because holding it can be meant: an
 * advisory lock, a row that nobody else may take.
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/orm/session_basics.html#when-do-i-construct-a-session-when-do-i-commit-it-and-when-do-i-close-it
 */
import type { HeldOverWait } from '../../lifecycle/heldOverWaits.ts';
import { defineRule } from '../rule.ts';

export const connectionHeldDuringIo = defineRule({
  id: 'connection-held-during-io',
  group: 'lifecycle',
  severity: 'information',
  fix: 'none',
  summary: 'A connection or transaction is held while the code waits for something else than the database.',
  contexts: ['app'],
  *check({ lifecycle }) {
    for (const held of lifecycle.heldOverWaits) {
      if (held.kind === 'a streaming response') continue;
      yield {
        at: held.at,
        message: `${what(held)} while ${held.text} ${wait(held)}: nobody else gets it until that is done. ${advice(held)}`,
        related: held.takenAt === undefined ? [] : [{ at: held.takenAt, message: 'taken here' }],
      };
    }
  },
});

/** "sleeps", "waits for an HTTP request" */
function wait({ kind }: HeldOverWait): string {
  return kind === 'a sleep' ? 'sleeps' : `waits for ${kind}`;
}

function what({ fact, variable, through }: HeldOverWait): string {
  if (through !== undefined) return `The session that ${through} used stays in its transaction and holds a connection`;
  if (fact.noun === 'transaction') return 'An open transaction holds its connection';
  const name = variable ?? `the ${fact.noun}`;
  return fact.noun === 'session' ? `${name} is in a transaction and holds a connection` : `${name} is held`;
}

function advice({ fact, takenAt }: HeldOverWait): string {
  if (takenAt !== undefined) return 'Do that before the block or after it.';
  return fact.noun === 'session' ? 'Commit or close the session before, or wait first.' : 'Do that first.';
}
