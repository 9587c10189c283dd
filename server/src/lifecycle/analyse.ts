/** What the functions of a workspace do with pools and connections, as rules report it. */
import type { Pool, SourceContext } from '../declarations/pool.ts';
import type { BuiltPool } from './builtPools.ts';
import { type EngineUnderLoops, enginesUnderLoops } from './eventLoops.ts';
import type { WorkspaceFunctions } from './functions.ts';
import { type DependenciesOf, type HeldOverWait, heldOverWaits } from './heldOverWaits.ts';
import { type EngineUsedAtImport, enginesUsedAtImport } from './importUses.ts';
import { type Leak, leaksIn } from './leaks.ts';
import { type PoolPerUse, poolsPerUse } from './poolsPerUse.ts';
import { Servers } from './servers.ts';

/** What was found in a file, with the kind of code it is. */
export type InContext<T> = T & { readonly context: SourceContext; readonly uri: string };

export interface LifecycleReport {
  readonly poolsPerUse: readonly InContext<PoolPerUse>[];
  readonly leaks: readonly InContext<Leak>[];
  readonly heldOverWaits: readonly InContext<HeldOverWait>[];
  readonly enginesUnderLoops: readonly InContext<EngineUnderLoops>[];
  readonly enginesUsedAtImport: readonly InContext<EngineUsedAtImport>[];
}

/** The report with each entry changed; those for which nothing is returned are left out. */
export function mapReport(
  report: LifecycleReport,
  change: <T extends { readonly context: SourceContext; readonly uri: string }>(each: T) => T | undefined,
): LifecycleReport {
  return {
    poolsPerUse: report.poolsPerUse.flatMap((each) => change(each) ?? []),
    leaks: report.leaks.flatMap((each) => change(each) ?? []),
    heldOverWaits: report.heldOverWaits.flatMap((each) => change(each) ?? []),
    enginesUnderLoops: report.enginesUnderLoops.flatMap((each) => change(each) ?? []),
    enginesUsedAtImport: report.enginesUsedAtImport.flatMap((each) => change(each) ?? []),
  };
}

export function analyseLifecycle(
  pools: readonly Pool[],
  built: readonly BuiltPool[],
  functions: WorkspaceFunctions,
  dependenciesOf: DependenciesOf,
): LifecycleReport {
  const servers = new Servers(pools, functions.resolver);
  const leaks = leaksIn(functions, servers.isOnServer, dependenciesOf);
  return {
    poolsPerUse: poolsPerUse(built, functions).map((each) => ({
      ...each,
      context: each.built.context,
      uri: each.built.uri,
    })),
    leaks: leaks
      .filter((each) => !functions.isProgram(each.uri))
      .map((each) => ({ ...each, context: functions.contextOf(each.uri) })),
    heldOverWaits: heldOverWaits(functions, servers.isOnServer, dependenciesOf).flatMap((each) => {
      const context = functions.contextOf(each.uri);
      return context === 'app' && !functions.isProgram(each.uri) ? [{ ...each, context }] : [];
    }),
    enginesUnderLoops: enginesUnderLoops(functions).flatMap((each) => {
      const context = functions.contextOf(each.uri);
      return context === 'app' ? [{ ...each, context }] : [];
    }),
    enginesUsedAtImport: enginesUsedAtImport(functions).flatMap((each) => {
      const context = functions.contextOf(each.uri);
      return context === 'app' && !functions.isProgram(each.uri) ? [{ ...each, context }] : [];
    }),
  };
}
