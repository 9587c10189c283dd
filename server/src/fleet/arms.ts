/** Pools that a condition builds instead of one another: only those of the arm that opens most count. */
import type { ConditionArm } from '../declarations/callSite.ts';
import { sumAmounts } from './amounts.ts';
import type { MeasuredPool } from './measure.ts';

/**
 * Capacity is what the settings allow, so the larger arm is in the sum; the other cannot be open beside it. Where an arm
 * is unknown none can be told to be the larger, and all stay.
 */
export function onlyOneArm(measured: readonly MeasuredPool[]): readonly MeasuredPool[] {
  const inConditions = measured.filter(({ pool }) => pool.site.arms !== undefined);
  if (inConditions.length < 2) return measured;
  const dropped = new Set<MeasuredPool>();
  const depth = Math.max(...inConditions.map(({ pool }) => pool.site.arms!.length));
  // Innermost first: what an inner condition leaves is what its arm of the outer one opens.
  for (let level = depth - 1; level >= 0; level--) {
    const left = inConditions.filter((each) => !dropped.has(each) && each.pool.site.arms!.length > level);
    for (const arms of byCondition(left, level)) for (const each of smallerArms(arms)) dropped.add(each);
  }
  return measured.filter((each) => !dropped.has(each));
}

/** The pools of each arm, for each condition of one service at one level. */
function byCondition(measured: readonly MeasuredPool[], level: number): readonly (readonly MeasuredPool[])[][] {
  const conditions = new Map<string, Map<number, MeasuredPool[]>>();
  for (const each of measured) {
    const { condition, arm }: ConditionArm = each.pool.site.arms![level]!;
    const key = `${each.service.name} ${condition}`;
    const arms = conditions.get(key) ?? new Map<number, MeasuredPool[]>();
    arms.set(arm, [...(arms.get(arm) ?? []), each]);
    conditions.set(key, arms);
  }
  return [...conditions.values()].map((arms) => [...arms.values()]);
}

function smallerArms(arms: readonly (readonly MeasuredPool[])[]): readonly MeasuredPool[] {
  const totals = arms.map((pools) => sumAmounts(pools.map(({ total }) => total)));
  const sizes = totals.map((total) => (total === 'unbounded' ? Number.POSITIVE_INFINITY : total));
  if (sizes.some((each) => typeof each !== 'number')) return [];
  const largest = (sizes as number[]).indexOf(Math.max(...(sizes as number[])));
  return arms.flatMap((pools, index) => (index === largest ? [] : pools));
}
