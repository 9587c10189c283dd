/**
 * # session-state-behind-transaction-pooler
 *
 * A statement leaves something behind in its session, and the pooler gives the session to somebody else after the transaction.
 *
 * ## Why it matters
 *
 * In transaction mode a server connection belongs to a client for one transaction. A session advisory lock is then held by a connection that
 * others use, and released by nobody. `SET search_path` or `SET ROLE` answers the next client's queries with the wrong schema or the wrong
 * rights. `LISTEN` waits on a connection that the client no longer has. A cursor `WITH HOLD` or a temporary table is gone in the next
 * statement, or found by a stranger.
 *
 * ## Wrong
 *
 * `app/db.py`
 * ```python
 * def lock(cursor, key):
 *     cursor.execute("SELECT pg_advisory_lock(%s)", (key,))
 * ```
 * `app/tenants.ts`
 * ```typescript
 * export const enter = (client, schema) => client.query(`SET search_path TO ${schema}`);
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     engine: postgresql
 *     max_connections: 100
 *     pooler: {kind: pgbouncer, mode: transaction, default_pool_size: 20, max_client_conn: 500}
 * services:
 *   api: {database: main, server: gunicorn, workers: 2}
 * ```
 *
 * ## Right
 *
 * `app/db.py`
 * ```python
 * def lock(cursor, key):
 *     cursor.execute("SELECT pg_advisory_xact_lock(%s)", (key,))
 * ```
 * `app/tenants.ts`
 * ```typescript
 * export const enter = (client, schema) => client.query(`SET LOCAL search_path TO ${schema}`);
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     engine: postgresql
 *     max_connections: 100
 *     pooler: {kind: pgbouncer, mode: transaction, default_pool_size: 20, max_client_conn: 500}
 * services:
 *   api: {database: main, server: gunicorn, workers: 2}
 * ```
 *
 * ## Limits
 *
 * Only literals that are handed to a call, or in JavaScript to a tag, that sends SQL, in files of services whose databases are all behind a pooler in transaction mode. Silent in
 * a file that makes a connection of its own, which may go past the pooler: that is where `LISTEN` and session locks belong. `SET LOCAL`,
 * `NOTIFY`, transaction-level advisory locks and `ON COMMIT DROP` are safe, and so are the parameters that the pooler tracks, and what
 * a block over SQLAlchemy's `engine.connect()` sets without a commit: its rollback takes it back. RDS Proxy breaks none of it: it pins the
 * server connection to the client, which is told as information.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/features.html#sql-feature-map-for-pooling-modes
 */
import type { SessionStateKind } from '../../declarations/sessionState.ts';
import { acceptsStartupParameter } from '../../facts/poolers.ts';
import type { PoolerInFront } from '../../fleet/poolerInFront.ts';
import { defineRule } from '../rule.ts';

export const sessionStateBehindTransactionPooler = defineRule({
  id: 'session-state-behind-transaction-pooler',
  group: 'pooler',
  severity: 'warning',
  fix: 'none',
  summary: 'A statement leaves something behind in a session that the pooler gives to somebody else.',
  contexts: ['app'],
  *check({ sessionStates }) {
    for (const { at, state, context, pooler } of sessionStates) {
      if (context !== 'app' || pooler.mode === 'session' || state.kind === 'named-statement') continue;
      if (state.kind === 'set' && isTracked(state.parameter, pooler)) continue;
      yield {
        at,
        severity: pooler.pins ? 'information' : undefined,
        message: pooler.pins
          ? `${describe(state)} ${pooler.name} keeps the server connection for this client from then on (it pins it), and nobody else shares it. ${advise(state)}`
          : `${describe(state)} ${pooler.name} in ${pooler.mode} mode gives the session to somebody else after the transaction. ${advise(state)}`,
        related: pooler.at && [{ at: pooler.at, message: `${pooler.name} in front of ${pooler.database}` }],
      };
    }
  },
});

/** Parameters that the pooler puts back for each client. */
function isTracked(parameter: string, { version, trackedParameters }: PoolerInFront): boolean {
  return acceptsStartupParameter(parameter, version) || trackedParameters?.includes(parameter.toLowerCase()) === true;
}

/** What stays in the session; a named statement is told elsewhere. */
type LeftBehind = Exclude<SessionStateKind, { readonly kind: 'named-statement' }>;

function describe(state: LeftBehind): string {
  switch (state.kind) {
    case 'listen':
      return 'LISTEN waits on one session;';
    case 'advisory-lock':
      return `${state.function} locks for the session;`;
    case 'set':
      return state.isCall
        ? `set_config('${state.parameter}', …, false) holds for the session;`
        : `SET ${state.parameter} holds for the session;`;
    case 'with-hold':
      return 'A cursor WITH HOLD outlives its transaction;';
    case 'temporary-table':
      return 'A temporary table outlives its transaction;';
  }
}

function advise(state: LeftBehind): string {
  switch (state.kind) {
    case 'listen':
      return 'Listen on a connection to the server itself.';
    case 'advisory-lock':
      return `Use ${state.function.replace('advisory_lock', 'advisory_xact_lock')}, or a connection to the server itself.`;
    case 'set':
      return state.isCall
        ? 'Pass true, so that it ends with the transaction.'
        : 'Use SET LOCAL in the transaction, or ALTER ROLE.';
    case 'with-hold':
      return 'Read it inside one transaction.';
    case 'temporary-table':
      return 'Create it ON COMMIT DROP, inside one transaction.';
  }
}
