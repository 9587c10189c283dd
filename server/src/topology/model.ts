/** The deployment as the topology file states it. Every value keeps its place, so that messages can point at it. */
import type { Location } from '../core/text.ts';
import type { Amount } from '../declarations/resolved.ts';

/** A value of the topology file and where it stands. */
export interface Stated<T> {
  readonly value: T;
  readonly at: Location;
}

export interface Pooler {
  readonly kind: Stated<string>;
  readonly mode?: Stated<'session' | 'transaction' | 'statement'>;
  readonly config?: Stated<string>;
  readonly version?: Stated<string>;
  readonly instances: number;
  readonly statedInstances?: Stated<number>;
  readonly users?: Stated<number>;
  /** PgBouncer's own settings given in the topology file: default_pool_size and so on. */
  readonly settings: ReadonlyMap<string, Stated<number>>;
  /** What one process of it can open on the server, counted entry by entry in its configuration file. */
  readonly serverConnections?: Amount;
  /** Startup parameters that it is told to drop, by its configuration file or here, in lower case; absent where nobody knows. */
  readonly ignoredStartupParameters?: readonly string[];
  /** Those that it is told to track besides its own. */
  readonly trackedStartupParameters?: readonly string[];
  readonly at: Location;
}

export interface Database {
  readonly name: string;
  /** The key in the topology file. */
  readonly at: Location;
  readonly engine?: Stated<string>;
  readonly version?: Stated<string>;
  /** Absent: the budget is unknown. */
  readonly maxConnections?: Stated<number>;
  /** Connections kept free for administration; 10 where the file states none (then `at` is absent). */
  readonly reserved: { readonly value: number; readonly at?: Location };
  readonly superuserReserved?: Stated<number>;
  readonly reservedConnections?: Stated<number>;
  readonly cpuCores?: Stated<number>;
  /** 1 (an SSD) where the file states none. */
  readonly effectiveSpindles: { readonly value: number; readonly at?: Location };
  /** Seconds after which the path drops an idle connection: stated, or the provider's known value. */
  readonly idleTimeout?: Stated<number>;
  readonly provider?: Stated<string>;
  /** How code names this database: environment variables, Django aliases, hosts. */
  readonly connect: readonly Stated<string>[];
  readonly pooler?: Pooler;
}

export interface Replicas {
  /** Instances in steady state: the number, or the maximum of a range. */
  readonly steady: number;
  /** The lower end of a range; equals `steady` for a plain number. */
  readonly minimum: number;
  readonly at?: Location;
}

/** What runs beside the steady instances while a deploy rolls. */
export type MaxSurge =
  | { readonly kind: 'percent'; readonly value: number; readonly at?: Location; readonly platformDefault?: boolean }
  | { readonly kind: 'count'; readonly value: number; readonly at?: Location };

/** Number of processes per instance, or why it is not known. */
export type ProcessCount =
  | { readonly known: true; readonly value: number; readonly label: string; readonly at?: Location }
  | { readonly known: false; readonly reason: string; readonly at?: Location };

/** How many units of work one process runs at once; bounds what a pool can reach. */
export type ProcessConcurrency =
  | {
      readonly known: true;
      readonly value: number;
      readonly label: string;
      readonly stated: boolean;
      readonly at?: Location;
    }
  | { readonly known: false; readonly reason: string };

export interface Workload {
  readonly concurrentRequests: Stated<number>;
  readonly queriesPerRequest: Stated<number>;
}

export interface Service {
  readonly name: string;
  /** The key in the topology file. */
  readonly at: Location;
  /** Names of databases, in the file's order; one for `database:`. */
  readonly databases: readonly Stated<string>[];
  /** Globs relative to the topology file's folder; absent where the file states none (then it is everything). */
  readonly paths?: readonly Stated<string>[];
  readonly server?: Stated<string>;
  readonly workerClass?: Stated<string>;
  readonly workers?: Stated<number>;
  readonly threads?: Stated<number>;
  readonly concurrency?: Stated<number>;
  /** The most child processes of Celery's autoscaler, which decides over `concurrency`. */
  readonly autoscale?: Stated<number>;
  readonly replicas: Replicas;
  /** Absent: 0 extra instances. */
  readonly maxSurge?: MaxSurge;
  readonly platform?: Stated<string>;
  readonly workload?: Workload;
  /** What the deployment sets, for values the code reads from the environment. */
  readonly env: ReadonlyMap<string, Stated<string>>;
  /** Processes per instance. */
  readonly processesPerInstance: ProcessCount;
  readonly processConcurrency: ProcessConcurrency;
}

export interface ExtraConnections {
  readonly name: string;
  readonly database: Stated<string>;
  readonly connections: Stated<number>;
  readonly via?: Stated<string>;
  readonly at: Location;
}

/** Severity of a rule as a setting. */
export type RuleSetting = 'error' | 'warning' | 'information' | 'hint' | 'off';

/** Settings that the topology file carries for editor and command line alike. */
export interface ProjectSettings {
  readonly rules: ReadonlyMap<string, Stated<RuleSetting>>;
  readonly thresholds: ReadonlyMap<string, Stated<number>>;
  readonly testFiles?: Stated<string>;
  readonly exclude: readonly Stated<string>[];
}

/** One topology file, read. */
export interface Topology {
  readonly uri: string;
  /** The folder it governs, as a URI without trailing slash. */
  readonly folder: string;
  readonly databases: ReadonlyMap<string, Database>;
  readonly services: ReadonlyMap<string, Service>;
  readonly extraConnections: readonly ExtraConnections[];
  readonly settings: ProjectSettings;
}

/** Something wrong inside the topology file. */
export interface TopologyProblem {
  readonly rule: 'topology-invalid' | 'topology-unknown-reference';
  readonly message: string;
  readonly at: Location;
  /** A correction for a misspelt key or name. */
  readonly suggestion?: { readonly title: string; readonly newText: string; readonly at: Location };
}

export interface TopologyResult {
  /** Absent where the file cannot be read at all (syntax error, not a mapping): then the last good version stays in force. */
  readonly topology?: Topology;
  readonly problems: readonly TopologyProblem[];
}
