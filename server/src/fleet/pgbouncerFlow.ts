/**
 * How many connections fit through limits of two kinds at once: each user's over all entries, and each entry's over all users. A
 * largest flow from users through pools to entries; limits of one kind alone would promise too much.
 */
import { type Amount, isUnknown } from '../declarations/resolved.ts';
import { addAmounts, minimumAmount } from './amounts.ts';

/** The pools of one user, or of users that are alike, in one entry. */
export interface PoolEdge {
  /** Users with the same key share a limit. */
  readonly user: string;
  readonly userLimit: Amount;
  readonly entry: string;
  readonly entryLimit: Amount;
  readonly capacity: Amount;
}

/** More than anybody writes down; beyond, the simpler bound is good enough. */
const mostEdges = 2000;

export function largestFlow(edges: readonly PoolEdge[]): Amount {
  const amounts = edges.flatMap((edge) => [edge.capacity, edge.userLimit, edge.entryLimit]);
  const byEntries = boundBy(
    edges,
    (edge) => edge.entry,
    (edge) => edge.entryLimit,
  );
  if (edges.every((edge) => edge.userLimit === 'unbounded')) return byEntries;
  const byUsers = boundBy(
    edges,
    (edge) => edge.user,
    (edge) => edge.userLimit,
  );
  if (amounts.some(isUnknown) || edges.length > mostEdges) return minimumAmount(byEntries, byUsers);
  const flow = new Network(edges).largestFlow();
  return flow === Number.POSITIVE_INFINITY ? 'unbounded' : flow;
}

/** The sum over all users, or all entries, of what each lets through. */
function boundBy(
  edges: readonly PoolEdge[],
  keyOf: (edge: PoolEdge) => string,
  limitOf: (edge: PoolEdge) => Amount,
): Amount {
  const groups = new Map<string, { capacity: Amount; limit: Amount }>();
  for (const edge of edges) {
    const group = groups.get(keyOf(edge));
    groups.set(keyOf(edge), { capacity: addAmounts(group?.capacity ?? 0, edge.capacity), limit: limitOf(edge) });
  }
  return [...groups.values()].map(({ capacity, limit }) => minimumAmount(capacity, limit)).reduce(addAmounts, 0);
}

const source = 's';
const sink = 't';

/** Shortest augmenting paths (Edmonds and Karp). */
class Network {
  private readonly residual = new Map<string, Map<string, number>>();

  constructor(edges: readonly PoolEdge[]) {
    for (const { user, userLimit, entry, entryLimit, capacity } of edges) {
      this.set(source, `u${user}`, numberOf(userLimit));
      this.set(`u${user}`, `e${entry}`, numberOf(capacity));
      this.set(`e${entry}`, sink, numberOf(entryLimit));
    }
  }

  largestFlow(): number {
    let flow = 0;
    for (let path = this.shortestPath(); path !== undefined; path = this.shortestPath()) {
      const amount = Math.min(...path.map(([from, to]) => this.left(from, to)));
      if (amount === Number.POSITIVE_INFINITY) return amount;
      for (const [from, to] of path) {
        this.set(from, to, this.left(from, to) - amount);
        this.set(to, from, this.left(to, from) + amount);
      }
      flow += amount;
    }
    return flow;
  }

  private shortestPath(): [string, string][] | undefined {
    const cameFrom = new Map<string, string>([[source, source]]);
    const queue = [source];
    for (const node of queue) {
      for (const [next, left] of this.residual.get(node) ?? []) {
        if (left <= 0 || cameFrom.has(next)) continue;
        cameFrom.set(next, node);
        queue.push(next);
      }
    }
    if (!cameFrom.has(sink)) return undefined;
    const path: [string, string][] = [];
    for (let node = sink; node !== source; node = cameFrom.get(node)!) path.push([cameFrom.get(node)!, node]);
    return path;
  }

  private left(from: string, to: string): number {
    return this.residual.get(from)?.get(to) ?? 0;
  }

  private set(from: string, to: string, left: number): void {
    const row = this.residual.get(from) ?? new Map<string, number>();
    this.residual.set(from, row.set(to, left));
  }
}

function numberOf(amount: Amount): number {
  return typeof amount === 'number' ? amount : Number.POSITIVE_INFINITY;
}
