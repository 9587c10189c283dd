/** What fits: the largest sizes one pool may have, everything else on its database as it is. */
import { settingText } from '../declarations/edits.ts';
import type { PeakTerm } from '../declarations/pool.ts';
import type { Amount, Origin } from '../declarations/resolved.ts';
import type { Database, Service } from '../topology/model.ts';
import type { MeasuredPool } from './measure.ts';
import type { Recommendation, RecommendedSize, Total } from './model.ts';

/** Headroom over the measured need, for bursts (the topology specification's workload guidance). */
const workloadHeadroom = 1.5;

export interface SizingProblem {
  /** The pool that is to be sized. */
  readonly measured: MeasuredPool;
  /** Processes of every service whose pool takes its size from the same declaration. */
  readonly processes: Amount;
  /** Everything else on the database. */
  readonly others: Pick<Total, 'value' | 'atLeast'>;
  /** Connections the database accepts; null where that is not known. */
  readonly budget: number | null;
}

/**
 * share = (budget − others) ÷ processes. Preferred is pool_size = floor(share) without overflow; then, where they fit,
 * the pool_size its author wrote without overflow, and the author's overflow with the pool_size that is left for it.
 */
export function recommendSize(problem: SizingProblem): Recommendation {
  const { measured, processes, others, budget } = problem;
  const none: Recommendation = { share: null, others: others.atLeast, processes, choices: [] };
  if (budget === null || typeof others.value !== 'number' || typeof processes !== 'number' || processes === 0) {
    return none;
  }
  const known = others.value;
  const sizes = sizesWithin(Math.floor((budget - known) / processes), measured);
  return {
    ...none,
    share: (budget - known) / processes,
    choices: sizes.map((size) => toChoice(size, measured, known, processes)),
  };
}

/** What is said for a pool that is one of a pooler's clients: the server's budget does not size it. */
export function noRecommendation(measured: MeasuredPool): Recommendation {
  return { share: null, others: 0, processes: measured.processes, choices: [] };
}

interface Sizes {
  readonly size: number;
  readonly overflow: number;
}

/** `limit` is the most connections one process may open. */
function sizesWithin(limit: number, measured: MeasuredPool): readonly Sizes[] {
  const [size, overflow] = measured.pool.peakTerms;
  if (size === undefined) return [];
  const today = sizesToday(measured);
  if (today !== undefined && today.size + today.overflow <= limit) return [today];
  if (limit < 1) return [];
  const choices: Sizes[] = [{ size: limit, overflow: 0 }];
  if (isWritten(size) && typeof size.amount === 'number' && size.amount >= 1 && size.amount < limit) {
    choices.push({ size: size.amount, overflow: 0 });
  }
  // An overflow that is the library's default was nobody's choice; it is kept only to say which unknown size fits.
  const isKept = overflow !== undefined && (isWritten(overflow) || !size.value.known);
  if (isKept && typeof overflow.amount === 'number' && overflow.amount > 0 && overflow.amount < limit) {
    choices.push({ size: limit - overflow.amount, overflow: overflow.amount });
  }
  return choices;
}

/** Undefined where the sizes are not known, or are not what makes the peak. */
function sizesToday({ pool, peakPerProcess }: MeasuredPool): Sizes | undefined {
  const [size, overflow] = pool.peakTerms;
  const today = { size: size?.amount, overflow: overflow?.amount ?? 0 };
  if (typeof today.size !== 'number' || typeof today.overflow !== 'number') return undefined;
  return today.size + today.overflow === peakPerProcess ? { size: today.size, overflow: today.overflow } : undefined;
}

function isWritten(term: PeakTerm): boolean {
  return term.value.known && term.value.source !== 'default';
}

function toChoice(sizes: Sizes, measured: MeasuredPool, others: number, processes: number): RecommendedSize {
  const [size, overflow] = measured.pool.peakTerms;
  const parameters: Record<string, number> = { [size!.parameter]: sizes.size };
  if (overflow !== undefined) parameters[overflow.parameter] = sizes.overflow;
  return {
    parameters,
    total: others + (sizes.size + sizes.overflow) * processes,
    label: Object.entries(parameters)
      .map(([name, value]) => settingText(name, value, measured.pool.site.language))
      .join(', '),
  };
}

/** For each pool those that {@link isSameSetting} holds of, itself included. */
export function groupBySetting(measured: readonly MeasuredPool[]): (pool: MeasuredPool) => readonly MeasuredPool[] {
  const bySite = new Map<string, MeasuredPool[]>();
  const siteOf = ({ pool }: MeasuredPool) => `${pool.uri} ${pool.site.span.start}`;
  for (const each of measured) {
    const list = bySite.get(siteOf(each));
    if (list === undefined) bySite.set(siteOf(each), [each]);
    else list.push(each);
  }
  return (pool) => bySite.get(siteOf(pool))!.filter((each) => each === pool || isSameSetting(each, pool));
}

/**
 * True where two services run one declaration with the same sizes from the same place, so that one edit changes both.
 * Where each service sets its own environment variable, each has its own size.
 */
export function isSameSetting(left: MeasuredPool, right: MeasuredPool): boolean {
  const a = left.pool;
  const b = right.pool;
  if (a.uri !== b.uri || a.site.span.start !== b.site.span.start || a.site.span.end !== b.site.span.end) return false;
  return (
    a.peakTerms.length === b.peakTerms.length &&
    a.peakTerms.every((term, index) => comesFromSamePlace(term, b.peakTerms[index]!))
  );
}

function comesFromSamePlace(left: PeakTerm, right: PeakTerm): boolean {
  if (!left.value.known || !right.value.known) return left.value.known === right.value.known;
  if (left.value.value !== right.value.value) return false;
  return originKey(left.value.origins[0]) === originKey(right.value.origins[0]);
}

function originKey(origin: Origin | undefined): string {
  return origin === undefined ? '' : `${origin.source} ${origin.at?.uri} ${origin.at?.start}`;
}

/** Queries the server works on at once to any use: (cores × 2) + spindles. Guidance; null where no cores are stated. */
export function usefulConcurrency(database: Database): number | null {
  return database.cpuCores === undefined ? null : database.cpuCores.value * 2 + database.effectiveSpindles.value;
}

/** Connections the stated workload needs: (concurrent requests ÷ queries per request) × 1.5. Null without a workload. */
export function workloadNeed(service: Service): number | null {
  const workload = service.workload;
  if (workload === undefined || workload.queriesPerRequest.value === 0) return null;
  return (workload.concurrentRequests.value * workloadHeadroom) / workload.queriesPerRequest.value;
}
