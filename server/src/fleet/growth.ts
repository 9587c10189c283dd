/** What more replicas do: where the fleet breaks, and what would fit at each number of them. */

import type { Amount } from '../declarations/resolved.ts';
import { addAmounts, multiplyAmounts, sumAmounts } from './amounts.ts';
import type { BreakingPoint, DatabaseBudget, PoolShare, ServiceShare, Total } from './model.ts';
import { type GrowthUnit, growthUnit } from './processes.ts';
import { isSameSetting } from './recommend.ts';

/**
 * The service whose growth breaks the budget nearest to its present replicas; of two equally near ones the one that
 * holds more connections. Null where something is unknown or has no limit, and where the rest alone breaks the budget,
 * so that no number of replicas is to blame.
 */
export function breakingPoint(
  budget: number | null,
  total: Total,
  services: readonly ServiceShare[],
): BreakingPoint | null {
  if (budget === null || typeof total.value !== 'number') return null;
  let nearest: (BreakingPoint & { distance: number; held: number }) | null = null;
  for (const share of services) {
    const unit = growthUnit(share.service);
    const perUnit = openedPerUnit(unit, share.pools);
    if (typeof perUnit !== 'number' || perUnit === 0) continue;
    const held = perUnit * unit.steady;
    const room = budget - (total.value - held);
    if (room < 0) continue;
    const replicas = Math.floor(room / perUnit) + 1;
    const distance = Math.abs(replicas - unit.steady);
    if (nearest === null || distance < nearest.distance || (distance === nearest.distance && held > nearest.held)) {
      nearest = { service: share.service, replicas, distance, held };
    }
  }
  return nearest === null ? null : { service: nearest.service, replicas: nearest.replicas };
}

/** What one replica of a service opens, or whatever there are more of when it grows. */
function openedPerUnit(unit: GrowthUnit, pools: readonly PoolShare[]): Amount {
  const peak = sumAmounts(pools.map((pool) => pool.peakPerProcess));
  return multiplyAmounts(peak, unit.processesEach);
}

export interface ReplicaColumn {
  /** Of a function or a cron job, what runs at a time. */
  readonly replicas: number;
  /** True for the replicas that the topology states. */
  readonly isStated: boolean;
  /** What this pool opens then. */
  readonly opens: Amount;
  /** The largest size that fits then, without overflow; 0 where none does, null where that is not known. */
  readonly largestSize: number | null;
}

/** Columns of the table; the stated replicas stand in the middle where they are more than that. */
const columns = 5;

/** What one pool opens and what fits at 1 to 5 replicas of its service, or at the numbers around a larger one. */
export function replicaTable(share: PoolShare, database: DatabaseBudget): readonly ReplicaColumn[] {
  const unit = growthUnit(share.service);
  const stated = unit.steady;
  const first = stated <= columns ? 1 : stated - Math.floor(columns / 2);
  const perUnit = openedPerUnit(unit, [share]);
  return Array.from({ length: columns }, (_, index) => {
    const replicas = first + index;
    return {
      replicas,
      isStated: replicas === stated,
      opens: multiplyAmounts(perUnit, replicas),
      largestSize: largestSize(share, database, replicas),
    };
  });
}

function largestSize(share: PoolShare, database: DatabaseBudget, replicas: number): number | null {
  if (database.budget === null || database.pooler !== null || share.pool.peakTerms.length === 0) return null;
  let others: Amount = sumAmounts(database.extras.map((extra) => extra.connections.value));
  let processes: Amount = 0;
  for (const each of database.services.flatMap((service) => service.pools)) {
    const unit = growthUnit(each.service);
    const running = multiplyAmounts(unit.processesEach, each.service === share.service ? replicas : unit.steady);
    if (each === share || isSameSetting(each, share)) processes = addAmounts(processes, running);
    else others = addAmounts(others, multiplyAmounts(each.peakPerProcess, running));
  }
  // A pool that may belong here makes the rest of the sum unknown.
  if (database.unassigned.length > 0 || typeof others !== 'number' || typeof processes !== 'number') return null;
  return processes === 0 ? null : Math.max(0, Math.floor((database.budget - others) / processes));
}
