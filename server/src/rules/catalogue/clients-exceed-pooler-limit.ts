/**
 * # clients-exceed-pooler-limit
 *
 * The pools in front of a pooler can open more connections to it than it accepts.
 *
 * ## Why it matters
 *
 * A pooler refuses clients above its limit as a server does: PgBouncer answers `no more connections allowed (max_client_conn)`, by default from
 * the 101st on. Pools in applications keep idle connections, so that the limit is reached without load.
 *
 * ## Wrong
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(
 *     os.environ["DATABASE_URL"], pool_size=10, max_overflow=0, pool_timeout=5, pool_pre_ping=True
 * )
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     engine: postgresql
 *     max_connections: 100
 *     connect: [DATABASE_URL]
 *     pooler: {kind: pgbouncer, mode: session, default_pool_size: 20, max_client_conn: 50}
 * services:
 *   api: {database: main, server: gunicorn, workers: 4, replicas: 2}
 * ```
 *
 * ## Right
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(
 *     os.environ["DATABASE_URL"], pool_size=10, max_overflow=0, pool_timeout=5, pool_pre_ping=True
 * )
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     engine: postgresql
 *     max_connections: 100
 *     connect: [DATABASE_URL]
 *     pooler: {kind: pgbouncer, mode: session, default_pool_size: 20, max_client_conn: 200}
 * services:
 *   api: {database: main, server: gunicorn, workers: 4, replicas: 2}
 * ```
 *
 * ## Limits
 *
 * Only where the limit is stated, in the topology file or in the configuration file that it names. File descriptors bound the limit as
 * well: a higher `max_client_conn` needs a higher `LimitNOFILE`. What the pooler opens on the server is checked separately.
 *
 * ## Fix safety
 *
 * Suggestion: a higher limit takes memory and file descriptors; smaller pools in the applications may be the better answer.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/config.html#max_client_conn
 */
import { explainCapacity } from '../../fleet/explain.ts';
import { defineRule } from '../rule.ts';

export const clientsExceedPoolerLimit = defineRule({
  id: 'clients-exceed-pooler-limit',
  group: 'pooler',
  severity: 'error',
  fix: 'suggestion',
  summary: 'The pools in front of a pooler can open more than its client limit.',
  contexts: ['app'],
  *check({ fleets }) {
    for (const { database, pooler, services, extras } of fleets.flatMap((fleet) => fleet.databases)) {
      const stated = database.pooler;
      if (pooler === null || stated === undefined || pooler.fits !== false || pooler.maxClientConnections === null)
        continue;
      const limit = stated.settings.get('max_client_conn');
      const shares = services.flatMap((service) => service.pools);
      const sums = [
        ...shares.map((share) => explainCapacity(share)),
        ...extras
          .filter((extra) => extra.via?.value === 'pooler')
          .map((extra) => `${extra.name} ${extra.connections.value}`),
      ];
      const { value, atLeast } = pooler.clients;
      const count = value === 'unbounded' ? 'without limit' : value === null ? `at least ${atLeast}` : String(value);
      const each = stated.instances > 1 ? ` (${limit?.value} × ${stated.instances} instances)` : '';
      const needed = typeof value === 'number' ? Math.ceil(value / stated.instances) : undefined;
      yield {
        at: limit?.at ?? stated.at,
        message: `Clients of the pooler of ${database.name} can open ${count} connections; it accepts ${pooler.maxClientConnections}${each}. ${sums.join('; ')}.`,
        related: shares.slice(0, 10).map((share) => ({
          at: { uri: share.pool.uri, ...share.pool.site.calleeSpan },
          message: explainCapacity(share),
        })),
        fixes:
          limit === undefined || needed === undefined
            ? []
            : [
                {
                  title: `Set max_client_conn to ${needed}`,
                  safety: 'suggestion',
                  preferred: true,
                  edits: [{ ...limit.at, newText: String(needed) }],
                },
              ],
      };
    }
  },
});
