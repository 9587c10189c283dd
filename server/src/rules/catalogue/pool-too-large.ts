/**
 * # pool-too-large
 *
 * One process alone may open as many connections as a PostgreSQL server accepts by default.
 *
 * ## Why it matters
 *
 * PostgreSQL accepts 100 connections unless somebody raised it, and a service rarely runs in one process. A pool of 100
 * is more than the fleet can have, and far more than the server can work on at once: about two per core.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=100, max_overflow=0)
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=10, max_overflow=0)
 * ```
 *
 * ## Limits
 *
 * It speaks only where no topology file counts the pool. With one, the real sum is compared with the real limit and this
 * rule has nothing to add. The threshold is the setting `pool_size_without_topology` (default 100). A size that fits depends on
 * processes and replicas, so there is no fix: create a topology file to see it. A pool to MySQL or MariaDB is held against the
 * 151 connections that those accept; about other databases, whose limit is far away, the rule is silent.
 *
 * ## References
 *
 * - https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS
 */

import { sizePlaceOf } from '../../declarations/parameters.ts';
import { maxConnectionsOfMysql } from '../../facts/mysql.ts';
import { maxConnections } from '../../facts/postgresql.ts';
import { serverPools } from '../pools.ts';
import { defineRule } from '../rule.ts';

export const poolTooLarge = defineRule({
  id: 'pool-too-large',
  group: 'size',
  severity: 'warning',
  fix: 'none',
  summary: 'One process alone may open as many connections as a server accepts by default.',
  contexts: ['app'],
  asksPoolByPool: true,
  *check({ pools, thresholds }) {
    for (const { pool, hasTopology } of serverPools(pools)) {
      const peak = pool.peakPerProcess;
      const threshold = thresholds(pool.uri).poolSizeWithoutTopology;
      const server = serverOf(pool.address.dialect);
      if (hasTopology || typeof peak !== 'number' || server === undefined) continue;
      // A threshold of the project's own counts as it stands.
      if (peak < (threshold === maxConnections ? server.accepts : threshold)) continue;
      const terms = pool.peakTerms.flatMap(({ parameter, amount }) =>
        amount === 0 ? [] : [`${parameter} ${String(amount)}`],
      );
      const sum = terms.length > 1 ? ` (${terms.join(' + ')})` : '';
      yield {
        at: sizePlaceOf(pool),
        message: `One process may open ${peak} connections${sum}; a ${server.name} server accepts ${server.accepts} by default, for all processes together. Create a topology file to see what fits.`,
      };
    }
  },
});

/** What a server accepts where nobody set it; undefined where that is no number to compare with. */
function serverOf(dialect: string | undefined): { readonly name: string; readonly accepts: number } | undefined {
  switch (dialect) {
    case undefined:
    case '':
    case 'postgresql':
      return { name: 'PostgreSQL', accepts: maxConnections };
    case 'mysql':
      return { name: 'MySQL', accepts: maxConnectionsOfMysql };
    case 'mariadb':
      return { name: 'MariaDB', accepts: maxConnectionsOfMysql };
    default:
      return undefined;
  }
}
