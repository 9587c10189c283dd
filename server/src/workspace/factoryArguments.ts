/** Which arguments of calls of pool-building functions count, by the functions' names. */
import type { PoolFactory } from '../declarations/source.ts';
import type { AskedArguments } from '../syntax/frontEnd.ts';

export class FactoryArguments {
  readonly byName: ReadonlyMap<string, AskedArguments>;
  private readonly known = new Map<string, AskedArguments>();

  constructor() {
    this.byName = this.known;
  }

  /** Takes in a name under which a file hands on one of its functions that build pools. */
  add(callName: string, factories: readonly PoolFactory[]): void {
    const named = factories.filter((each) => each.callName === callName);
    const asked = named.length === 0 ? ['all' as const] : named.map(askedBy);
    const before = this.known.get(callName);
    this.known.set(callName, union(before === undefined ? asked : [before, ...asked]));
  }
}

function askedBy({ asked, parameters, isMethod }: PoolFactory): AskedArguments {
  if (asked === undefined) return 'all';
  const positions = new Set<number>();
  for (const [index, { name, variadic }] of parameters.entries()) {
    if (!asked.includes(name)) continue;
    if (variadic !== undefined) return 'all';
    positions.add(index);
    // The instance is passed or not, depending on how the method is called.
    if (isMethod) positions.add(index - 1);
  }
  return { keywords: new Set(asked), positions };
}

function union(all: readonly AskedArguments[]): AskedArguments {
  const keywords = new Set<string>();
  const positions = new Set<number>();
  for (const each of all) {
    if (each === 'all') return 'all';
    for (const keyword of each.keywords) keywords.add(keyword);
    for (const position of each.positions) positions.add(position);
  }
  return { keywords, positions };
}
