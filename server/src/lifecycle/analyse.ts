/** What the functions of a workspace do with pools and connections, as rules report it. */
import type { SourceContext } from '../declarations/pool.ts';
import type { BuiltPool } from './builtPools.ts';
import type { WorkspaceFunctions } from './functions.ts';
import { type PoolPerUse, poolsPerUse } from './poolsPerUse.ts';

/** What was found in a file, with the kind of code it is. */
export type InContext<T> = T & { readonly context: SourceContext; readonly uri: string };

export interface LifecycleReport {
  readonly poolsPerUse: readonly InContext<PoolPerUse>[];
}

/** The report with each entry changed; those for which nothing is returned are left out. */
export function mapReport(
  report: LifecycleReport,
  change: <T extends { readonly context: SourceContext; readonly uri: string }>(each: T) => T | undefined,
): LifecycleReport {
  return { poolsPerUse: report.poolsPerUse.flatMap((each) => change(each) ?? []) };
}

export function analyseLifecycle(built: readonly BuiltPool[], functions: WorkspaceFunctions): LifecycleReport {
  return {
    poolsPerUse: poolsPerUse(built, functions).map((each) => ({
      ...each,
      context: each.built.context,
      uri: each.built.uri,
    })),
  };
}
