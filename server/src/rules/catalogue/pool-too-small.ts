/**
 * # pool-too-small
 *
 * A service's pools hold fewer connections than its stated workload needs.
 *
 * ## Why it matters
 *
 * Requests that find no free connection wait, and fail after `pool_timeout`, while the database has room. The need is taken
 * as (concurrent requests ÷ queries per request) × 1.5, the half for bursts.
 *
 * ## Wrong
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=3, max_overflow=0)
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100}
 * services:
 *   api:
 *     database: main
 *     server: uvicorn
 *     workers: 4
 *     replicas: 2
 *     workload: {concurrent_requests: 100, queries_per_request: 3}
 * ```
 *
 * ## Right
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=7, max_overflow=0)
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100}
 * services:
 *   api:
 *     database: main
 *     server: uvicorn
 *     workers: 4
 *     replicas: 2
 *     workload: {concurrent_requests: 100, queries_per_request: 3}
 * ```
 *
 * ## Limits
 *
 * Information, and only where the topology states a `workload`. It is silent where the processes could not use more
 * connections at a time (sync workers, threads): then more processes would help, not a larger pool. Where the need exceeds
 * what the database has left, the answer is a pooler, not a larger pool.
 *
 * ## Fix safety
 *
 * Suggestion: the fleet opens more connections. It is offered only where they fit.
 *
 * ## References
 *
 * - https://wiki.postgresql.org/wiki/Number_Of_Database_Connections
 */

import { setParameters, sizePlaceOf } from '../../declarations/parameters.ts';
import { explainCapacity, explainWorkload } from '../../fleet/explain.ts';
import type { PoolShare } from '../../fleet/model.ts';
import { workloadNeed } from '../../fleet/recommend.ts';
import type { Fix } from '../finding.ts';
import { fittingPerProcess } from '../fleetFindings.ts';
import { defineRule } from '../rule.ts';

export const poolTooSmall = defineRule({
  id: 'pool-too-small',
  group: 'size',
  severity: 'information',
  fix: 'suggestion',
  summary: "A service's pools hold fewer connections than its stated workload needs.",
  contexts: ['app'],
  *check({ fleets }) {
    for (const { services } of fleets.flatMap((fleet) => fleet.databases)) {
      for (const { service, total, pools } of services) {
        const need = workloadNeed(service);
        if (need === null || typeof total.value !== 'number' || total.value >= need) continue;
        // With several pools the workload's share of each is not known.
        const [share] = pools;
        if (share === undefined || pools.length > 1 || isBoundByProcesses(share)) continue;
        const perProcess = typeof share.processes === 'number' ? Math.ceil(need / share.processes) : undefined;
        const ceiling = fittingPerProcess(share.recommendation);
        const isTooMuch = perProcess !== undefined && ceiling !== undefined && perProcess > ceiling;
        yield {
          at: sizePlaceOf(share.pool),
          message: `${explainCapacity(share)}; its workload needs about ${Math.ceil(need)}: ${explainWorkload(service)}. ${isTooMuch ? `Only ${ceiling} per process fit: use a pooler.` : `About ${perProcess} per process would do.`}`,
          related: [{ at: service.workload!.concurrentRequests.at, message: `workload of ${service.name}` }],
          fixes: isTooMuch || ceiling === undefined ? [] : enlarge(share, perProcess!),
        };
      }
    }
  },
});

function isBoundByProcesses({ service, peakPerProcess }: PoolShare): boolean {
  const concurrency = service.processConcurrency;
  return concurrency.known && typeof peakPerProcess === 'number' && concurrency.value <= peakPerProcess;
}

function enlarge(share: PoolShare, size: number): Fix[] {
  const [first, ...others] = share.pool.peakTerms.map((term) => term.parameter);
  if (first === undefined) return [];
  const edits = setParameters(share.pool, { [first]: size, ...Object.fromEntries(others.map((name) => [name, 0])) });
  if (edits === undefined) return [];
  const title = [`Set ${first} to ${size}`, ...others.map((name) => `${name} to 0`)].join(', ');
  return [{ title, safety: 'suggestion', preferred: true, edits }];
}
