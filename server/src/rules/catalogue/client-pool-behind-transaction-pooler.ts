/**
 * # client-pool-behind-transaction-pooler
 *
 * An application keeps a pool of connections to a pooler that keeps a pool of connections to the server.
 *
 * ## Why it matters
 *
 * In transaction mode a client holds a server connection only while a transaction runs, so connections to the pooler are cheap, and the
 * pooler alone limits what the server gets. A pool in the application limits a second time: requests wait for a client connection while
 * server connections are free, idle client connections count against `max_client_conn`, and two sizes have to be tuned against each other.
 *
 * `NullPool`, or a pool of one, is what the pooler's own documentation assumes. A small pool in the application is right where connecting
 * is dear (TLS, a slow authentication) and its sum stays well below `max_client_conn`; then ignore this finding on purpose.
 *
 * ## Wrong
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(
 *     os.environ["DATABASE_URL"], pool_size=5, max_overflow=0, pool_timeout=5, pool_pre_ping=True
 * )
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     engine: postgresql
 *     max_connections: 100
 *     connect: [DATABASE_URL]
 *     pooler: {kind: pgbouncer, mode: transaction, default_pool_size: 20, max_client_conn: 500}
 * services:
 *   api: {database: main, server: gunicorn, workers: 2}
 * ```
 *
 * ## Right
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 * from sqlalchemy.pool import NullPool
 *
 * engine = create_engine(os.environ["DATABASE_URL"], poolclass=NullPool)
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main:
 *     engine: postgresql
 *     max_connections: 100
 *     connect: [DATABASE_URL]
 *     pooler: {kind: pgbouncer, mode: transaction, default_pool_size: 20, max_client_conn: 500}
 * services:
 *   api: {database: main, server: gunicorn, workers: 2}
 * ```
 *
 * ## Limits
 *
 * Information: two pools in a row are no fault, they are a choice. A pool of one is silent, and so is a pool whose size is not known.
 * It is not true that a pool in the application breaks transaction pooling: it only adds a queue.
 *
 * ## Fix safety
 *
 * Suggestion: with a pool of one, requests of one process take turns.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/features.html
 * - https://docs.sqlalchemy.org/en/20/core/pooling.html#switching-pool-implementations
 */
import { settingText } from '../../declarations/edits.ts';
import { numberOf, parameterWithRole, setParameters, sizePlaceOf } from '../../declarations/parameters.ts';
import type { Pool } from '../../declarations/pool.ts';
import { formatAmount } from '../../fleet/terms.ts';
import type { Fix } from '../finding.ts';
import { serverPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

export const clientPoolBehindTransactionPooler = defineRule({
  id: 'client-pool-behind-transaction-pooler',
  group: 'pooler',
  severity: 'information',
  fix: 'suggestion',
  summary: 'A pool in front of a pooler in transaction mode: two pools in a row.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools }) {
    for (const { pool, pooler } of serverPools(pools)) {
      if (pooler?.mode !== 'transaction' || pool.poolClassKind !== 'queue') continue;
      const peak = pool.peakPerProcess;
      if (peak !== 'unbounded' && !(typeof peak === 'number' && peak > 1)) continue;
      yield {
        at: sizePlaceOf(pool),
        message: `Two pools in a row: this one keeps up to ${peak === 'unbounded' ? 'any number of' : formatAmount(peak)} connections per process to ${pooler.name}, which pools them again in transaction mode. ${pool.poolClass === 'QueuePool' || pool.poolClass === 'AsyncAdaptedQueuePool' ? 'NullPool, or a pool of 1,' : 'A pool of 1'} leaves the limit to the pooler.`,
        related: pooler.at && [{ at: pooler.at, message: `${pooler.name} in transaction mode` }],
        fixes: poolOfOne(pool),
      };
    }
  },
});

function poolOfOne(pool: Pool): Fix[] {
  const [size, ...others] = pool.peakTerms.map((term) => term.parameter);
  if (size === undefined) return [];
  const values: Record<string, number> = { [size]: 1 };
  for (const name of others) values[name] = 0;
  const minimum = parameterWithRole(pool, 'minimum');
  if (minimum !== undefined && (numberOf(pool, minimum.name) ?? 0) > 1) values[minimum.name] = 1;
  const edits = setParameters(pool, values);
  if (edits === undefined || edits.length === 0) return [];
  const text = Object.entries(values).map(([name, value]) => settingText(name, value, pool.site.language));
  return [{ title: `Set ${text.join(', ')} (the pooler pools)`, safety: 'suggestion', preferred: true, edits }];
}
