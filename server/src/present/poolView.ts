/** A pool as listings show it: as the service sees it in which it is largest. */

import type { Location } from '../core/text.ts';
import type { Pool, PoolParameter } from '../declarations/pool.ts';
import { type Amount, isUnknown } from '../declarations/resolved.ts';
import type { PoolInContext } from '../rules/rule.ts';

export interface PoolView {
  readonly pool: Pool;
  readonly peakPerProcess: Amount;
  /** The callable's name at the call: where the pool is. */
  readonly at: Location;
}

export function viewPool({ pool, shares }: PoolInContext): PoolView {
  const [first, ...rest] = shares;
  let largest: Pick<PoolView, 'pool' | 'peakPerProcess'> = first ?? { pool, peakPerProcess: pool.peakPerProcess };
  for (const share of rest) if (isLarger(share.peakPerProcess, largest.peakPerProcess)) largest = share;
  return { pool: largest.pool, peakPerProcess: largest.peakPerProcess, at: placeOf(pool) };
}

export function placeOf(pool: Pool): Location {
  return { uri: pool.uri, ...pool.site.calleeSpan };
}

/** Unbounded is more than anything; what is not known may be more than any number. */
function isLarger(amount: Amount, than: Amount): boolean {
  if (than === 'unbounded' || amount === 'unbounded') return than !== 'unbounded';
  if (isUnknown(amount) || isUnknown(than)) return !isUnknown(than);
  return amount > than;
}

/** True where nothing is pooled: each thread that uses the database has a connection of its own. */
export function isPerThread(pool: Pool): boolean {
  return pool.poolClassKind === 'per-thread';
}

/** The number, "unbounded", or null where it is not known. */
export function amountToJson(amount: Amount): number | 'unbounded' | null {
  return isUnknown(amount) ? null : amount;
}

/**
 * Numbers and truth values as they are, texts where the parameter is a choice between words or the text is a number (any
 * other could be one that nobody wants shown), names of classes and functions by their last part; null for what has no short form. */
export function plainValue({ value, fact }: PoolParameter): string | number | boolean | null {
  if (!value.known) return null;
  const content = value.value;
  if (typeof content === 'boolean') return content;
  if (typeof content === 'string') {
    return fact?.unit === 'choice' || /^-?\d{1,6}(?:\.\d+)?$/.test(content) ? content : null;
  }
  if (typeof content === 'number') return Number.isFinite(content) ? content : null;
  if (typeof content === 'object' && content !== null && 'path' in content && typeof content.path === 'string') {
    return content.path;
  }
  return null;
}

/** True where settings are written in a text elsewhere, and what reads it stands for all of them: `env("DATABASE_URL")`. */
export function standsForUrl({ address, site, parameters }: Pool): boolean {
  const { at } = address;
  if (site.language !== 'prisma' || at === undefined || address.source !== 'environment') return false;
  return [...parameters.values()].every(({ written }) => written === undefined || written.span.start === at.start);
}
