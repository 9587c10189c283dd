/** The JSON of `poolproof fleet`; its shape is a contract. */
import type { DatabaseBudget, PoolShare, Total } from '../fleet/model.ts';
import { toJson } from './json.ts';
import { amountToJson, placeOf } from './poolView.ts';
import type { Report } from './report.ts';

export function presentFleetJson(report: Report): string {
  const databases = report.analysis.fleets.flatMap((fleet) => fleet.databases);
  return toJson({ version: 1, databases: databases.map((database) => describeDatabase(report, database)) });
}

function describeDatabase(report: Report, budget: DatabaseBudget): object {
  const { database, pooler, breaksAt } = budget;
  return {
    name: report.say(database.name),
    maxConnections: database.maxConnections?.value ?? null,
    reserved: database.reserved.value,
    budget: budget.budget,
    total: budget.total.value,
    rolloutTotal: budget.rolloutTotal.value,
    fits: budget.fits,
    fitsDuringRollout: budget.fitsDuringRollout,
    atLeast: budget.total.atLeast,
    unknown: budget.total.unknown.map((reason) => report.say(reason)),
    services: budget.services.map(({ service, processes, total, pools }) => ({
      name: report.say(service.name),
      processes: amountToJson(processes),
      total: total.value,
      pools: pools.map((share) => describePool(report, share)),
    })),
    breaksAt: breaksAt === null ? null : { service: report.say(breaksAt.service.name), replicas: breaksAt.replicas },
    pooler:
      pooler === null
        ? null
        : {
            clients: totalToJson(pooler.clients),
            maxClientConnections: pooler.maxClientConnections,
            serverConnections: amountToJson(pooler.serverConnections),
            fits: pooler.fits,
          },
  };
}

function describePool(report: Report, share: PoolShare): object {
  const { path, line } = report.place(placeOf(share.pool));
  return {
    path,
    line,
    peakPerProcess: amountToJson(share.peakPerProcess),
    recommended: share.recommendation.choices[0]?.parameters ?? null,
  };
}

function totalToJson(total: Total): number | 'unbounded' | null {
  return total.value;
}
