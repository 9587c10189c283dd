/** What libraries find wrong with the pools they know, for the rules that report it. */
import type { Pool, PoolProblem, PoolProblemRule } from '../declarations/pool.ts';
import { libraryOfSystem } from '../libraries/registry.ts';
import { serverPools } from './pools.ts';
import type { PoolInContext } from './rule.ts';

/** Several rules ask about the same pool; a pool never changes. */
const known = new WeakMap<Pool, readonly PoolProblem[]>();

export function* problemsOf(pools: readonly PoolInContext[], rule: PoolProblemRule): Iterable<PoolProblem> {
  for (const { pool } of serverPools(pools)) {
    let problems = known.get(pool);
    if (problems === undefined) {
      problems = [...(libraryOfSystem(pool.system)?.problems?.(pool) ?? []), ...(pool.problems ?? [])];
      known.set(pool, problems);
    }
    for (const problem of problems) if (problem.rule === rule) yield problem;
  }
}
