/**
 * # pool-exceeds-server-concurrency
 *
 * The fleet may open more connections than the database server can work on at once.
 *
 * ## Why it matters
 *
 * A server runs about (cores × 2) + spindles queries at once to any use. More active connections take turns on the same
 * cores: throughput stays, every query takes longer, and memory is spent on sessions. Fewer connections with a queue in
 * front of them usually answer faster.
 *
 * ## Wrong
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0)
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100, cpu_cores: 4}
 * services:
 *   api: {database: main, server: gunicorn, workers: 4}
 * ```
 *
 * ## Right
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=2, max_overflow=0)
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100, cpu_cores: 4}
 * services:
 *   api: {database: main, server: gunicorn, workers: 4}
 * ```
 *
 * ## Limits
 *
 * Guidance, not arithmetic: a hint, once per database and only where the topology states `cpu_cores`. Connections that are
 * mostly idle, or wait for locks and clients, do no harm beyond their memory.
 *
 * ## References
 *
 * - https://wiki.postgresql.org/wiki/Number_Of_Database_Connections
 */

import { sizePlaceOf } from '../../declarations/parameters.ts';
import { explainUsefulConcurrency } from '../../fleet/explain.ts';
import { usefulConcurrency } from '../../fleet/recommend.ts';
import { defineRule } from '../rule.ts';

export const poolExceedsServerConcurrency = defineRule({
  id: 'pool-exceeds-server-concurrency',
  group: 'size',
  severity: 'hint',
  fix: 'none',
  summary: 'The fleet may open more connections than the database server can work on at once.',
  contexts: ['app'],
  *check({ fleets }) {
    for (const { database, total, services } of fleets.flatMap((fleet) => fleet.databases)) {
      const useful = usefulConcurrency(database);
      if (useful === null || total.value === 'unbounded' || total.atLeast <= useful) continue;
      const count = total.value === null ? `At least ${total.atLeast}` : String(total.value);
      yield {
        at: database.cpuCores?.at ?? database.at,
        message: `${count} connections can be open to ${database.name}; it works on about ${useful} queries at once: ${explainUsefulConcurrency(database)}. Beyond that queries take turns.`,
        related: services.flatMap((service) =>
          service.pools.map((share) => ({
            at: sizePlaceOf(share.pool),
            message: `a pool of ${share.service.name} on ${database.name}`,
          })),
        ),
      };
    }
  },
});
