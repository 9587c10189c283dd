/** What one pool of one service can open on its database, and what its processes can use of that. */
import type { Pool } from '../declarations/pool.ts';
import { type Amount, isUnknown, unknownAmount } from '../declarations/resolved.ts';
import type { ProcessConcurrency, Service, Topology } from '../topology/model.ts';
import { addAmounts, minimumAmount, multiplyAmounts } from './amounts.ts';
import type { PoolLink } from './link.ts';
import type { PoolShare, Term } from './model.ts';
import { processesOf, processFactors, rolloutInstances } from './processes.ts';
import { product, quantity, sum } from './terms.ts';
import { threadsPerProcess } from './threads.ts';

/** A pool's share before anybody asked what would fit. */
export type MeasuredPool = Omit<PoolShare, 'recommendation' | 'rolloutRecommendation'>;

export function measurePool(link: PoolLink, topology: Topology): MeasuredPool {
  const { service, pool } = link;
  const peakPerProcess = peakIn(service, pool);
  const peak = peakTerm(service, pool, peakPerProcess, pathWithin(topology, pool.uri));
  const term = ofAll(pool, product([peak, ...processFactors(service, service.replicas.steady)]), topology);
  const rolloutTerm = ofAll(pool, product([peak, ...processFactors(service, rolloutInstances(service))]), topology);
  const processes = processesOf(service, service.replicas.steady);
  return {
    ...link,
    peakPerProcess,
    processes,
    rolloutProcesses: processesOf(service, rolloutInstances(service)),
    term,
    total: term.amount,
    rolloutTerm,
    rolloutTotal: rolloutTerm.amount,
    reach: isOneOfMany(pool) ? null : reachOf(service, pool, peakPerProcess, processes),
    reachIsStated: service.processConcurrency.known && service.processConcurrency.stated,
  };
}

/** A declaration that builds a pool for each of several keys, whose number the source does not say: at least one. */
export function isOneOfMany({ site }: Pool): boolean {
  const { keyedBy } = site;
  if (keyedBy === undefined) return false;
  const key = keyedBy.kind === 'constant' ? keyedBy.value : keyedBy;
  return key.kind !== 'literal';
}

function ofAll(pool: Pool, one: Term, topology: Topology): Term {
  if (!isOneOfMany(pool)) return one;
  const reason = `how many pools are built here is not known (${pathWithin(topology, pool.uri)})`;
  return sum([one, quantity(unknownAmount(reason), 'others of its kind')]);
}

/**
 * A pool that keeps nothing opens a connection per checkout, as many as its process runs units of work at once; one that is
 * none opens one per thread.
 */
function peakIn(service: Service, pool: Pool): Amount {
  const concurrency = decidingConcurrency(service, pool);
  if (concurrency === undefined) return pool.peakPerProcess;
  return concurrency.known ? concurrency.value : unknownAmount(concurrency.reason);
}

/** What decides the peak where the pool has no size. */
function decidingConcurrency(service: Service, pool: Pool): ProcessConcurrency | undefined {
  if (pool.poolClassKind === 'per-thread') return threadsPerProcess(service, pool);
  return pool.poolClassKind === 'null' ? service.processConcurrency : undefined;
}

/** "5 + 10" where the settings add up to the peak, else the peak as one number. */
function peakTerm(service: Service, pool: Pool, peak: Amount, path: string): Term {
  const settings = pool.peakTerms.map((each) =>
    quantity(withPath(each.amount, path), each.parameter, {
      symbol: each.value.known ? undefined : (each.value.variable ?? each.parameter),
      at: pool.parameters.get(each.parameter)?.written?.valueSpan,
    }),
  );
  const areCounts = settings.every((each) => typeof each.amount !== 'number' || each.amount >= 0);
  if (settings.length > 0 && areCounts && sameAmount(settings.map((each) => each.amount).reduce(addAmounts), peak)) {
    return settings.length === 1 ? settings[0]! : sum(settings);
  }
  const concurrency = decidingConcurrency(service, pool);
  if (!concurrency?.known) return quantity(withPath(peak, path), 'per process');
  const { label, at } = concurrency;
  return pool.poolClassKind === 'per-thread' ? quantity(peak, label, { text: label, at }) : quantity(peak, label);
}

function sameAmount(left: Amount, right: Amount): boolean {
  return left === right || (isUnknown(left) && isUnknown(right));
}

function withPath(amount: Amount, path: string): Amount {
  return isUnknown(amount) ? unknownAmount(`${amount.unknown} (${path})`) : amount;
}

/** One unit of work holds one connection at a time; capacity beyond that is a promise the process cannot use. */
function reachOf(service: Service, pool: Pool, peak: Amount, processes: Amount): number | null {
  const concurrency = decidingConcurrency(service, pool) ?? service.processConcurrency;
  if (!concurrency.known) return null;
  const reach = multiplyAmounts(minimumAmount(peak, concurrency.value), processes);
  return typeof reach === 'number' ? reach : null;
}

/** A file's path within the folder that the topology governs, for messages. */
export function pathWithin(topology: Topology, uri: string): string {
  const folder = `${topology.folder}/`;
  const path = uri.startsWith(folder) ? uri.slice(folder.length) : uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
