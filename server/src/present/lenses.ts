/** One line over each pool, and the defaults nobody wrote after its last argument. */
import type { Location } from '../core/text.ts';
import type { Pool } from '../declarations/pool.ts';
import { isUnknown } from '../declarations/resolved.ts';
import { explainInOneLine } from '../fleet/explain.ts';
import type { DatabaseBudget, PoolShare } from '../fleet/model.ts';
import { libraryOfSystem } from '../libraries/registry.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { PoolInContext } from '../rules/rule.ts';
import { pgbouncerLensesOf } from './pgbouncer/lenses.ts';
import { isPerThread } from './poolView.ts';
import { shownValue } from './values.ts';

export interface PoolLens {
  readonly at: Location;
  readonly text: string;
  /** What a click does. */
  readonly action: 'fixes' | 'createTopology' | 'fleet';
}

export function lensesOf(analysis: Analysis, uri: string): PoolLens[] {
  const lenses: PoolLens[] = pgbouncerLensesOf(analysis, uri);
  for (const entry of analysis.pools) {
    const { pool } = entry;
    if (pool.uri !== uri || !pool.address.isNetworkDatabase || entry.context === 'test') continue;
    const at = { uri, start: pool.site.calleeSpan.start, end: pool.site.calleeSpan.end };
    const which = isOneOfSeveral(analysis, pool) ? `${pool.key}: ` : '';
    for (const share of entry.shares) {
      const database = budgetOf(analysis, share);
      if (database === undefined) continue;
      const service = entry.shares.length > 1 ? `${share.service.name}: ` : '';
      lenses.push({
        at,
        text: `${which}${service}${explainInOneLine(share, database)}`,
        action: database.fits === false || database.fitsDuringRollout === false ? 'fixes' : 'fleet',
      });
    }
    if (entry.shares.length > 0) continue;
    const { text, action } = alone(analysis, entry);
    lenses.push({ at, text: `${which}${text}`, action });
  }
  // Each client of a schema is a pool of its datasource.
  return lenses.filter(
    (lens, index) => lenses.findIndex((each) => each.at.start === lens.at.start && each.text === lens.text) === index,
  );
}

/** True where one call builds several pools, which their keys tell apart. */
function isOneOfSeveral(analysis: Analysis, { uri, key, site }: Pool): boolean {
  if (key === '') return false;
  return analysis.pools.some(
    ({ pool }) => pool.uri === uri && pool.key !== key && pool.site.calleeSpan.start === site.calleeSpan.start,
  );
}

function alone(analysis: Analysis, { pool }: PoolInContext): Pick<PoolLens, 'text' | 'action'> {
  const peak = pool.peakPerProcess;
  const perProcess = isPerThread(pool)
    ? '1 per thread'
    : isUnknown(peak)
      ? `unknown: ${peak.unknown}`
      : peak === 'unbounded'
        ? 'no limit per process'
        : `${peak} per process`;
  if (analysis.isBeingRead) return { text: `${perProcess} · reading the workspace`, action: 'fleet' };
  return analysis.fleets.length === 0
    ? { text: `${perProcess} · create topology file`, action: 'createTopology' }
    : { text: perProcess, action: 'fleet' };
}

function budgetOf(analysis: Analysis, share: PoolShare): DatabaseBudget | undefined {
  return analysis.fleets.flatMap((fleet) => fleet.databases).find((each) => each.database === share.database);
}

export interface DefaultHint {
  /** Offset after the last argument. */
  readonly offset: number;
  readonly text: string;
  readonly tooltip: string;
}

/** Defaults in force that matter and that nobody wrote. */
export function defaultHintsOf(analysis: Analysis, uri: string): DefaultHint[] {
  const hints: DefaultHint[] = [];
  const seen = new Set<string>();
  for (const { pool } of analysis.pools) {
    const { site, key, optionsAt, address } = pool;
    const file = optionsAt === undefined ? pool.uri : (site.insertion.uri ?? pool.uri);
    const place = `${site.span.start} ${key}`;
    if (file !== uri || !address.isNetworkDatabase || seen.has(place)) continue;
    seen.add(place);
    const offset = offsetOfHints(pool, uri);
    for (const name of pool.shownDefaults ?? libraryOfSystem(pool.system)?.shownDefaults ?? []) {
      const parameter = pool.parameters.get(name);
      if (parameter === undefined || parameter.written !== undefined || !parameter.value.known) continue;
      const { fact, insertion } = parameter;
      // In a text there is no room for it, and in another file it is that file's.
      if (insertion?.style?.kind === 'query' || (insertion?.uri ?? uri) !== uri) continue;
      hints.push({
        offset: insertion?.offset ?? offset,
        text: `${name}: ${shownValue(parameter.value, pool.site.language, fact?.unit)}`,
        tooltip: `Default of ${pool.libraryName} ${pool.libraryVersion}, not written here. ${fact?.meaning ?? ''}`,
      });
    }
  }
  return hints;
}

/** After the last argument; where options stand apart from the call, where another would go. */
function offsetOfHints({ site, optionsAt }: Pool, uri: string): number {
  const last = site.arguments.filter((each) => each.span.uri === uri).at(-1);
  return optionsAt === undefined && last !== undefined ? last.span.end : site.insertion.offset;
}
