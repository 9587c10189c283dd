/**
 * # pooler-recommended
 *
 * Many instances, or serverless functions, connect to a database without a pooler in between.
 *
 * ## Why it matters
 *
 * Each instance has pools of its own, most of them idle most of the time, and the database keeps a session for every idle
 * connection. The more instances, the smaller each pool has to be to fit, until one has too few while the next has spare
 * ones. A pooler in transaction mode lets all of them share one small set of server connections. Serverless platforms start
 * instances at will, which no pool size can account for.
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
 *   main: {max_connections: 200}
 * services:
 *   api: {database: main, server: gunicorn, replicas: 8}
 * ```
 *
 * ## Right
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
 *   main:
 *     max_connections: 200
 *     pooler: {kind: pgbouncer, mode: transaction, default_pool_size: 20, max_client_conn: 500}
 * services:
 *   api: {database: main, server: gunicorn, replicas: 8}
 * ```
 *
 * ## Limits
 *
 * Information, from more than five instances on that have a pool on the database, or any serverless service. A pooler is one
 * more thing that can fail, and in transaction mode it forbids session state: where the sum fits with room to spare, doing
 * without is a sound choice.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/features.html
 */
import { instancesWithoutPooler } from '../../facts/advice.ts';
import { defineRule } from '../rule.ts';

export const poolerRecommended = defineRule({
  id: 'pooler-recommended',
  group: 'topology',
  severity: 'information',
  fix: 'none',
  summary: 'Many instances, or serverless functions, connect to a database without a pooler in between.',
  contexts: ['app'],
  *check({ fleets }) {
    for (const { database, services } of fleets.flatMap((fleet) => fleet.databases)) {
      if (database.pooler !== undefined) continue;
      const connecting = services.filter((share) => share.pools.length > 0).map((share) => share.service);
      const serverless = connecting.find((service) => service.server?.value === 'serverless');
      const instances = connecting.reduce((sum, service) => sum + service.replicas.steady, 0);
      if (serverless === undefined && instances <= instancesWithoutPooler) continue;
      const who =
        serverless === undefined ? `${instances} instances connect` : `${serverless.name} is serverless and connects`;
      yield {
        at: database.at,
        message: `${who} to ${database.name} without a pooler. A pooler in transaction mode lets them share a small set of connections.`,
        related: connecting.flatMap((service) => {
          const at = service === serverless ? service.server?.at : service.replicas.at;
          return at === undefined ? [] : [{ at, message: `${service.name}: ${service.replicas.steady} instances` }];
        }),
      };
    }
  },
});
