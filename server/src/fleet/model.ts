/** The fleet's arithmetic as data: what every presenter shows and every fleet rule judges. */
import type { Location } from '../core/text.ts';
import type { Pool } from '../declarations/pool.ts';
import type { Amount } from '../declarations/resolved.ts';
import type { Database, ExtraConnections, Service, Topology } from '../topology/model.ts';

/**
 * A sum that explains itself. `amount` is derived from the children; leaves say where they come from. Rendered by
 * explain.ts as "(5 + 10) × 4 workers × 2 replicas".
 */
export type Term =
  | { readonly kind: 'quantity'; readonly amount: Amount; readonly label: string; readonly at?: Location }
  | { readonly kind: 'sum'; readonly amount: Amount; readonly terms: readonly Term[] }
  | { readonly kind: 'product'; readonly amount: Amount; readonly terms: readonly Term[] };

/** A total in which some parts may be unknown. */
export interface Total {
  /** Null when any part is unknown. */
  readonly value: number | 'unbounded' | null;
  /** What the known parts add up to. Equals `value` where everything is known. */
  readonly atLeast: number;
  /** Inputs that are missing, for a person: "POOL_SIZE has no default (app/db.py)". */
  readonly unknown: readonly string[];
}

/** What fits for one pool of one service, everything else as it is. */
export interface Recommendation {
  /** (budget − everything else) ÷ processes, before rounding down. Null where an input is unknown. */
  readonly share: number | null;
  /** Everything else's connections on that database. */
  readonly others: number;
  /** Sizes that fit; the first is preferred. Empty where no setting of at least 1 fits. */
  readonly choices: readonly RecommendedSize[];
}

export interface RecommendedSize {
  readonly parameters: Readonly<Record<string, number>>;
  /** The database's fleet total with this choice. */
  readonly total: number;
  /** "pool_size=11, max_overflow=0" */
  readonly label: string;
}

/** One pool as one service runs it against one database. */
export interface PoolShare {
  readonly pool: Pool;
  readonly service: Service;
  readonly database: Database;
  readonly peakPerProcess: Amount;
  /** Processes in steady state: processes per instance × instances. */
  readonly processes: Amount;
  /** (pool_size + max_overflow) × workers × replicas. */
  readonly term: Term;
  readonly total: Amount;
  /** During a rolling deploy. */
  readonly rolloutTotal: Amount;
  /** The most connections the process model can use; null where concurrency is unknown. */
  readonly reach: number | null;
  /** True where the topology states what bounds the reach, so that a capacity finding becomes a warning. */
  readonly reachIsStated: boolean;
  readonly recommendation: Recommendation;
}

export interface ServiceShare {
  readonly service: Service;
  readonly processes: Amount;
  readonly total: Total;
  readonly rolloutTotal: Total;
  readonly pools: readonly PoolShare[];
}

export interface BreakingPoint {
  readonly service: Service;
  /** The smallest number of replicas at which the fleet total exceeds the budget, everything else as it is. */
  readonly replicas: number;
}

export interface DatabaseBudget {
  readonly database: Database;
  /** max_connections − reserved; null when max_connections is not stated. */
  readonly budget: number | null;
  readonly services: readonly ServiceShare[];
  readonly extras: readonly ExtraConnections[];
  readonly total: Total;
  readonly rolloutTotal: Total;
  /** Null when unknown; false also when the known part alone exceeds the budget or a pool has no limit. */
  readonly fits: boolean | null;
  readonly fitsDuringRollout: boolean | null;
  readonly breaksAt: BreakingPoint | null;
  /** The whole sum, service by service. */
  readonly term: Term;
  /** Connections the process models can use at most at once; null where any is unknown. */
  readonly reach: number | null;
  /** True where every pool's reach is stated in the topology. */
  readonly reachIsStated: boolean;
}

/** A pool that belongs to a service but whose database could not be decided among several. */
export interface UnassignedPool {
  readonly pool: Pool;
  readonly service: Service;
  readonly candidates: readonly Database[];
}

export interface Fleet {
  readonly topology: Topology;
  readonly databases: readonly DatabaseBudget[];
  readonly unassigned: readonly UnassignedPool[];
  /** Services that claim everything although there are several. */
  readonly servicesWithoutPaths: readonly Service[];
  /** Globs that match no file of the workspace. */
  readonly pathsThatMatchNothing: readonly {
    readonly service: Service;
    readonly glob: string;
    readonly at: Location;
  }[];
}
