/**
 * # missing-pool-error-handler
 *
 * Nothing listens to the errors of a node-postgres pool.
 *
 * ## Why it matters
 *
 * A connection that lies idle in the pool can be lost: the database restarts or fails over, an administrator ends the session, a
 * network device forgets it. Nobody waits for a query on it, so that the pool emits the error as its own `error` event. In Node, an
 * `error` event that nobody listens to is thrown, and ends the process with every request in it. With a listener the pool drops that one
 * connection and goes on.
 *
 * ## Wrong
 *
 * ```typescript
 * import { Pool } from 'pg';
 *
 * export const pool = new Pool({ connectionTimeoutMillis: 5000 });
 * ```
 *
 * ```javascript
 * const { Pool } = require('pg');
 *
 * const pool = new Pool({ connectionTimeoutMillis: 5000 });
 * pool.on('connect', (client) => client.query("set timezone to 'UTC'"));
 *
 * module.exports = { query: (text, values) => pool.query(text, values) };
 * ```
 *
 * ## Right
 *
 * ```typescript
 * import { Pool } from 'pg';
 *
 * export const pool = new Pool({ connectionTimeoutMillis: 5000 });
 * pool.on('error', (error) => console.error('idle client error', error));
 * ```
 *
 * Prisma's adapter listens to the pool that it is given:
 *
 * ```typescript
 * import { PrismaPg } from '@prisma/adapter-pg';
 * import { Pool } from 'pg';
 *
 * const pool = new Pool({ connectionTimeoutMillis: 5000 });
 * export const adapter = new PrismaPg(pool);
 * ```
 *
 * ## Limits
 *
 * Spoken of are pools that a module builds and binds to a name. TypeORM, MikroORM, pg-promise and Prisma's adapter listen themselves;
 * Drizzle and Kysely do not. A pool that goes to code that is not followed is left alone, and so are all where a file listens to
 * something that may be a pool and cannot be told. An `uncaughtException` handler keeps the process alive and is no remedy: after it
 * runs, Node itself advises to end. `try` and `catch` around queries do not see this error.
 *
 * ## Fix safety
 *
 * Suggestion: the error is written to the console instead of ending the process; a project with a logger of its own wants that.
 *
 * ## References
 *
 * - https://node-postgres.com/apis/pool#error
 * - https://nodejs.org/api/events.html#error-events
 */
import { calleeOf } from '../../declarations/parameters.ts';
import type { ModuleObject } from '../../declarations/scriptObjects.ts';
import { defineRule } from '../rule.ts';

export const missingPoolErrorHandler = defineRule({
  id: 'missing-pool-error-handler',
  group: 'liveness',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'Nothing listens to the errors of a node-postgres pool: one lost idle connection ends the process.',
  contexts: ['app'],
  *check({ scriptObjects }) {
    for (const { uri, object, pool } of scriptObjects.unheardPools) {
      const { after } = object;
      yield {
        at: calleeOf(pool),
        message: `Nothing listens to error on ${object.name}: when an idle connection is lost, as in a restart of the database, node-postgres emits it there, and Node ends the process. Add ${object.name}.on('error', …).`,
        fixes: [
          {
            title: `Log errors of idle connections of ${object.name}`,
            safety: 'suggestion',
            preferred: true,
            edits: [{ uri, start: after, end: after, newText: listenerFor(object) }],
          },
        ],
      };
    }
  },
});

/** A pool that outlives a reload has the listener of the first time. */
function listenerFor({ name, isGuarded, style: { quote, semicolon, lineEnding } }: ModuleObject): string {
  const text = (content: string) => `${quote}${content}${quote}`;
  const condition = isGuarded ? `if (${name}.listenerCount(${text('error')}) === 0) ` : '';
  return `${lineEnding}${condition}${name}.on(${text('error')}, (error) => console.error(${text('idle client error')}, error))${semicolon}`;
}
