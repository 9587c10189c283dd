/** The numbers behind the status bar item. */
import type { DatabaseBudget } from '../fleet/model.ts';
import { headline, tableOf } from '../present/fleetReport.ts';
import { maskUrls } from '../present/mask.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { FleetStatus } from './protocol.ts';

export function statusOf(analyses: readonly Analysis[]): FleetStatus {
  const entries = analyses.flatMap((analysis) =>
    analysis.fleets.flatMap((fleet) => fleet.databases.map((budget) => ({ analysis, budget }))),
  );
  const tightest = entries.reduce<number | null>(
    (best, entry, index) => (best === null || fullness(entry.budget) > fullness(entries[best]!.budget) ? index : best),
    null,
  );
  return {
    databases: entries.map(({ budget }) => ({
      name: maskUrls(budget.database.name),
      total: budget.total.value,
      atLeast: budget.total.atLeast,
      budget: budget.budget,
      over: budget.fits === false,
    })),
    tightest,
    pools: analyses
      .flatMap((analysis) => analysis.pools)
      .filter((each) => each.context === 'app' && each.pool.address.isNetworkDatabase).length,
    tooltip: maskUrls(
      entries
        .map(
          ({ analysis, budget }) => `**${budget.database.name}** ${headline(budget)}\n\n${tableOf(analysis, budget)}`,
        )
        .join('\n\n'),
    ),
  };
}

/** Share of the budget in use; what is known to be over comes before what is not known. */
function fullness({ total, budget, fits }: DatabaseBudget): number {
  if (total.value === 'unbounded') return Number.POSITIVE_INFINITY;
  if (budget === null || budget === 0) return fits === false ? 2 : -1;
  return total.atLeast / budget;
}
