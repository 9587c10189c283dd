/** How many instances and processes of a service run, in steady state and while a deploy rolls. */
import { type Amount, unknownAmount } from '../declarations/resolved.ts';
import { serverFact } from '../facts/processModels.ts';
import type { Service } from '../topology/model.ts';
import { multiplyAmounts } from './amounts.ts';
import type { Quantity } from './model.ts';
import { counted, quantity } from './terms.ts';

/** Percentages with decimals must not round up over a mere error of representation. */
const roundingTolerance = 1e-9;

/** Instances that run while a deploy rolls: the steady ones and those that max_surge adds, rounded up. */
export function rolloutInstances(service: Service): number {
  const { replicas, maxSurge } = service;
  if (maxSurge === undefined) return replicas.steady;
  const added =
    maxSurge.kind === 'count'
      ? maxSurge.value
      : Math.ceil((replicas.steady * maxSurge.value) / 100 - roundingTolerance);
  return replicas.steady + added;
}

export function processesPerInstance(service: Service): Amount {
  const count = service.processesPerInstance;
  return count.known ? count.value : unknownAmount(`${service.name}: ${count.reason}`);
}

export function processesOf(service: Service, instances: number): Amount {
  return multiplyAmounts(processesPerInstance(service), instances);
}

/** The factors behind a pool's peak: "4 workers", "2 replicas". */
export function processFactors(service: Service, instances: number): readonly Quantity[] {
  const count = service.processesPerInstance;
  return [
    quantity(processesPerInstance(service), 'processes per instance', {
      text: count.known ? count.label : '? processes',
      at: count.at,
    }),
    quantity(instances, 'replicas', { text: counted(instances, 'replica'), at: service.replicas.at }),
  ];
}

/** What there are more of when a service grows. */
export interface GrowthUnit {
  /** "replica", "concurrent instance". */
  readonly noun: string;
  /** How many of them there are by the topology. */
  readonly steady: number;
  /** Processes that one of them adds. */
  readonly processesEach: Amount;
}

/** Replicas; of functions and cron jobs what runs at a time, because nobody sets their replicas. */
export function growthUnit(service: Service): GrowthUnit {
  const { concurrency, replicas } = service;
  const fact = serverFact(service.server?.value);
  if (concurrency && (fact?.processes === 'requests' || fact?.processes === 'runs')) {
    return { noun: fact.noun, steady: concurrency.value, processesEach: replicas.steady };
  }
  return { noun: 'replica', steady: replicas.steady, processesEach: processesPerInstance(service) };
}
