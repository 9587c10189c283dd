/** Findings of an analysis, for the next one: a pool that is the same is not asked again, and what is said again is the same object. */
import { haveSameItems, saysTheSame } from '../core/same.ts';
import type { Finding } from './finding.ts';
import type { PoolInContext, Rule } from './rule.ts';

export class FindingMemory {
  private grounds: readonly unknown[] = [];
  private ofPools = new WeakMap<PoolInContext, readonly Finding[]>();
  private last = new Map<Rule, readonly Finding[]>();

  /** What all findings rest on: where any of it is another object than last time, nothing is remembered. */
  restOn(grounds: readonly unknown[]): void {
    if (haveSameItems(grounds, this.grounds)) return;
    this.grounds = grounds;
    this.ofPools = new WeakMap();
    this.last = new Map();
  }

  /** What the rules that are asked about one pool at a time say of it. */
  ofPool(pool: PoolInContext, find: () => readonly Finding[]): readonly Finding[] {
    let findings = this.ofPools.get(pool);
    if (findings === undefined) this.ofPools.set(pool, (findings = find()));
    return findings;
  }

  /** The findings, each as the object it was last time where it says the same. */
  again(rule: Rule, findings: readonly Finding[]): readonly Finding[] {
    const before = this.last.get(rule) ?? [];
    const kept = findings.map((each, index) => (saysTheSame(each, before[index]) ? before[index]! : each));
    this.last.set(rule, kept);
    return kept;
  }
}
