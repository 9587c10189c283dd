/** The fleet's arithmetic as data: what every presenter shows and every fleet rule judges. */
import type { Location } from '../core/text.ts';
import type { Pool } from '../declarations/pool.ts';
import type { Amount } from '../declarations/resolved.ts';
import type { Database, ExtraConnections, Service, Topology } from '../topology/model.ts';

/**
 * A sum that explains itself. `amount` is derived from the children; leaves say where they come from. Rendered by
 * terms.ts as "(5 + 10) × 4 workers × 2 replicas".
 */
export type Term = Quantity | CompoundTerm;

export interface Quantity {
  readonly kind: 'quantity';
  readonly amount: Amount;
  /** What the number is: `pool_size`, `replicas`, `metabase`. */
  readonly label: string;
  /** The number with its noun where it is shown so: "4 workers". A 1 with a noun may be left out of a product. */
  readonly text?: string;
  /** Shown in place of a number that is not known: the environment variable that would decide it. */
  readonly symbol?: string;
  readonly at?: Location;
}

export interface CompoundTerm {
  readonly kind: 'sum' | 'product';
  readonly amount: Amount;
  readonly terms: readonly Term[];
}

/** What is compared with the budget: the stated instances, or those that run while a deploy rolls. */
export type Phase = 'steady' | 'rollout';

/** A total in which some parts may be unknown. */
export interface Total {
  /** Null when a part is unknown; "unbounded" as soon as one part is, because the others cannot lower it. */
  readonly value: number | 'unbounded' | null;
  /** What the finite known parts add up to. Equals `value` where everything is known. */
  readonly atLeast: number;
  /** Inputs that are missing, for a person: "POOL_SIZE has no default (app/db.py)". */
  readonly unknown: readonly string[];
}

/** What fits for one pool of one service, everything else as it is. */
export interface Recommendation {
  /**
   * (budget − everything else) ÷ processes, before rounding down. Null where an input is unknown, where something else
   * has no limit, or where the pool is one of a pooler's clients.
   */
  readonly share: number | null;
  /** Everything else's connections on that database; its known part where some of it is unknown. */
  readonly others: number;
  /** The processes the share is divided by: those of every service that takes its size from this same declaration. */
  readonly processes: Amount;
  /**
   * Sizes that fit; the first is preferred. Today's sizes alone where these fit already. Empty where no setting of at
   * least 1 fits, where the share is null, and where the pool has no size to set.
   */
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
  /** Processes while a deploy rolls. */
  readonly rolloutProcesses: Amount;
  /** (pool_size + max_overflow) × workers × replicas. */
  readonly term: Term;
  readonly total: Amount;
  /** The same with the instances of a rolling deploy. */
  readonly rolloutTerm: Term;
  readonly rolloutTotal: Amount;
  /** The most connections the process model can use at once; null where concurrency or capacity is unknown. */
  readonly reach: number | null;
  /** True where the topology states what bounds the reach, so that a capacity finding becomes a warning. */
  readonly reachIsStated: boolean;
  /** What fits in steady state. */
  readonly recommendation: Recommendation;
  /** What fits during a rolling deploy as well. */
  readonly rolloutRecommendation: Recommendation;
}

/** One service on one database. Behind a pooler its totals are the pooler's clients, not the server's connections. */
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

/** The two sides of a pooler, checked separately. */
export interface PoolerBudget {
  /** What the pools in front of it, and the extra connections that go through it, can open. */
  readonly clients: Total;
  readonly rolloutClients: Total;
  /** max_client_conn × instances; null where it is not stated. */
  readonly maxClientConnections: number | null;
  /** Connections it can open to the server. */
  readonly serverConnections: Amount;
  /** The same while a deploy rolls, where more clients may wait. */
  readonly rolloutServerConnections: Amount;
  /** Clients against the client limit, in steady state. */
  readonly fits: boolean | null;
}

export interface DatabaseBudget {
  readonly database: Database;
  /** max_connections − reserved; null when max_connections is not stated. */
  readonly budget: number | null;
  readonly services: readonly ServiceShare[];
  /** Pools that may connect here; while there are any, the total is unknown. */
  readonly unassigned: readonly UnassignedPool[];
  readonly extras: readonly ExtraConnections[];
  /** Direct connections; with a pooler the direct extras and the pooler's server side. */
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
  /** Null where the services connect to the server itself. */
  readonly pooler: PoolerBudget | null;
}

/** A pool that belongs to a service but whose database could not be decided. */
export interface UnassignedPool {
  readonly pool: Pool;
  readonly service: Service;
  /** Databases it may talk to; empty where the topology has none of its dialect. Their totals are unknown. */
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
