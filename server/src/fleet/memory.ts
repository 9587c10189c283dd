/** What was measured for pools that are still the same, so that the next fleet consists of the same objects where it is the same. */
import { haveSameItems, saysTheSame } from '../core/same.ts';
import type { Pool } from '../declarations/pool.ts';
import type { Topology } from '../topology/model.ts';
import type { FleetLinks, PoolLink } from './link.ts';
import { type MeasuredPool, measurePool } from './measure.ts';
import type { Fleet, PoolShare } from './model.ts';

interface Measured {
  readonly topology: Topology;
  readonly measured: MeasuredPool;
}

interface Computed {
  readonly links: FleetLinks;
  readonly pathsThatMatchNothing: Fleet['pathsThatMatchNothing'];
  readonly fleet: Fleet;
}

/** Services that run one pool, times topologies that count it. */
const mostKept = 20;

export class FleetMemory {
  private readonly measured = new WeakMap<Pool, Measured[]>();
  private readonly shares = new WeakMap<MeasuredPool, PoolShare>();
  private readonly fleets = new WeakMap<Topology, Computed>();

  measure(link: PoolLink, topology: Topology): MeasuredPool {
    let all = this.measured.get(link.pool);
    if (all === undefined) this.measured.set(link.pool, (all = []));
    const isSame = ({ measured, topology: known }: Measured) =>
      known === topology && measured.service === link.service && measured.database === link.database;
    const found = all.find(isSame);
    if (found !== undefined) return found.measured;
    const measured = measurePool(link, topology);
    // Of topologies that were edited since only the last few are worth keeping.
    if (all.length >= mostKept) all.shift();
    all.push({ topology, measured });
    return measured;
  }

  /** The share that was there before, where it says the same of the same pool. */
  share(measured: MeasuredPool, sizing: Pick<PoolShare, 'recommendation' | 'rolloutRecommendation'>): PoolShare {
    const before = this.shares.get(measured);
    const isSame =
      before !== undefined &&
      saysTheSame(sizing.recommendation, before.recommendation) &&
      saysTheSame(sizing.rolloutRecommendation, before.rolloutRecommendation);
    if (isSame) return before;
    const share = { ...measured, ...sizing };
    this.shares.set(measured, share);
    return share;
  }

  /** The fleet of the same topology and the same pools. */
  fleet(
    topology: Topology,
    links: FleetLinks,
    pathsThatMatchNothing: Fleet['pathsThatMatchNothing'],
    compute: () => Fleet,
  ): Fleet {
    const known = this.fleets.get(topology);
    const isSame =
      known !== undefined &&
      known.pathsThatMatchNothing === pathsThatMatchNothing &&
      areSame(links.links, known.links.links) &&
      links.unassigned.length + known.links.unassigned.length === 0;
    if (isSame) return known.fleet;
    const fleet = compute();
    this.fleets.set(topology, { links, pathsThatMatchNothing, fleet });
    return fleet;
  }
}

function areSame(now: readonly PoolLink[], before: readonly PoolLink[]): boolean {
  const parts = (links: readonly PoolLink[]) =>
    links.flatMap(({ pool, service, database }) => [pool, service, database]);
  return haveSameItems(parts(now), parts(before));
}
