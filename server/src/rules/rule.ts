/** The shape of a rule: one file each, everything about it together. */
import type { Location } from '../core/text.ts';
import type { ForkNote } from '../declarations/forks.ts';
import type { PgbouncerFile, PgbouncerUserlist } from '../declarations/pgbouncer.ts';
import type { PgbouncerInForce } from '../declarations/pgbouncerInForce.ts';
import type { CredentialSighting, Pool, SourceContext, Suppression, VersionEvidence } from '../declarations/pool.ts';
import type { SessionStateSighting } from '../declarations/sessionState.ts';
import type { Fleet, PoolShare } from '../fleet/model.ts';
import type { PoolerUsers } from '../fleet/pgbouncerPools.ts';
import type { PoolerInFront } from '../fleet/poolerInFront.ts';
import type { LifecycleReport } from '../lifecycle/analyse.ts';
import type { ScriptObjectReport } from '../lifecycle/scriptObjects.ts';
import type { ManifestFact } from '../topology/drift.ts';
import type { Database, Pooler, TopologyProblem } from '../topology/model.ts';
import type { Fix, FixSafety, RelatedLocation, Severity } from './finding.ts';

export interface Thresholds {
  /** Seconds from which a wait for a connection counts as too long. */
  readonly acquireTimeoutSeconds: number;
  /** Overflow connections above which `overflow-too-large` speaks. */
  readonly maxOverflow: number;
  /** Connections per process from which `pool-too-large` speaks, where no topology says better. */
  readonly poolSizeWithoutTopology: number;
}

/** One pool with everything the topology says of it. */
export interface PoolInContext {
  readonly pool: Pool;
  readonly context: SourceContext;
  /** Smallest idle timeout on the path to the databases this pool may talk to, in seconds, with its place. */
  readonly idleTimeout?: { readonly seconds: number; readonly at: Location; readonly database: string };
  /** True where a topology governs the file and names a service for it. */
  readonly hasTopology: boolean;
  /** True where every database this pool may talk to is reached without a pooler, by the topology. */
  readonly isWithoutPooler: boolean;
  /** The pooler this pool connects to, by the topology or by its address. */
  readonly pooler?: PoolerInFront;
  /** True where a service that runs this pool is a long-running server by the topology. */
  readonly isLongRunning: boolean;
  /** This pool as each service runs it; empty where no topology counts it. */
  readonly shares: readonly PoolShare[];
}

/** One pgbouncer.ini with what the workspace says of it. */
export interface PgbouncerInContext {
  readonly file: PgbouncerFile;
  /** The version that reads it: the topology's, or the newest that the facts know. */
  readonly version: string;
  /** Absent where the newest version is only assumed. */
  readonly versionEvidence?: VersionEvidence;
  /** The topology's pooler whose `config` the file is. */
  readonly pooler?: Pooler;
  /** The topology's databases that name the file as their pooler's. */
  readonly databases: readonly Database[];
  /** Who connects: as the topology states it, by the user list beside the file, else one. */
  readonly users: PoolerUsers;
  /** True where another file includes one of this name: it may be no more than a part. */
  readonly isIncluded: boolean;
  /** What the file alone sets; what its includes may set is not known. */
  readonly inForce: PgbouncerInForce;
  /** The same with those includes that the workspace holds. */
  readonly whole: PgbouncerInForce;
}

export interface SessionStateBehindPooler extends SessionStateSighting {
  readonly context: SourceContext;
  readonly pooler: PoolerInFront;
}

/** A suppression comment and how often each rule it names silenced something; for a bare `ignore` all rules together. */
export interface SuppressionUse {
  readonly suppression: Suppression;
  readonly used: ReadonlySet<string>;
}

/** Everything rules may look at. Nothing here knows a tree, a file system or a protocol. */
export interface RuleInput {
  /** Distinct pools of the workspace part that is analysed. */
  readonly pools: readonly PoolInContext[];
  readonly credentials: readonly (CredentialSighting & { readonly context: SourceContext })[];
  /** What application code says of processes that fork. */
  readonly forkNotes: ReadonlySet<ForkNote>;
  /** What functions do with pools and connections. */
  readonly lifecycle: LifecycleReport;
  /** What JavaScript modules do with pools and clients that they build once. */
  readonly scriptObjects: ScriptObjectReport;
  /** SQL that leaves something behind in a session, where every database of its services is behind one pooler. */
  readonly sessionStates: readonly SessionStateBehindPooler[];
  readonly fleets: readonly Fleet[];
  readonly pgbouncerFiles: readonly PgbouncerInContext[];
  readonly pgbouncerUserlists: readonly PgbouncerUserlist[];
  readonly topologyProblems: readonly TopologyProblem[];
  /** Read when a rule asks: most analyses need no manifest. */
  readonly manifestFacts: () => readonly ManifestFact[];
  /** The same of those alone that run a PgBouncer. */
  readonly poolerFacts: () => readonly ManifestFact[];
  /** Filled only for the rules about suppressions, which run last. */
  readonly suppressionUses: readonly SuppressionUse[];
  readonly thresholds: (uri: string) => Thresholds;
  /** A path for messages, relative to the workspace. */
  readonly displayPath: (uri: string) => string;
}

/** What a check found: a place, what to say there, and what would mend it. */
export interface RuleResult {
  readonly at: Location;
  readonly message: string;
  /** Where the grade differs from the rule's own. */
  readonly severity?: Severity;
  readonly help?: string;
  readonly related?: readonly RelatedLocation[];
  readonly fixes?: readonly Fix[];
  readonly tags?: readonly ('unnecessary' | 'deprecated')[];
}

export type RuleGroup =
  | 'credentials'
  | 'liveness'
  | 'timeouts'
  | 'size'
  | 'arguments'
  | 'lifecycle'
  | 'pooler'
  | 'pgbouncer'
  | 'topology'
  | 'suppression';

export interface Rule {
  /** Kebab-case, names the problem, never renamed. */
  readonly id: string;
  readonly group: RuleGroup;
  /** The severity it has where a result does not grade itself. */
  readonly severity: Severity;
  /** The strongest kind of fix it offers, or none. */
  readonly fix: FixSafety | 'none';
  /** One line: what is wrong when it fires. */
  readonly summary: string;
  /** Contexts in which it speaks; everywhere else it is silent. */
  readonly contexts: readonly SourceContext[];
  /**
   * True where what it says of a pool follows from that pool and the thresholds alone: it is then given one pool at a time, and
   * everything but pools once more, and not asked again about a pool that has not changed.
   */
  readonly asksPoolByPool?: boolean;
  readonly check: (input: RuleInput) => Iterable<RuleResult>;
}

export const everyContext: readonly SourceContext[] = ['app', 'test', 'script', 'migration', 'example'];

export function defineRule(rule: Rule): Rule {
  return rule;
}
