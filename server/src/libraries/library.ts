/** What a library adds: how its calls are recognised and what they mean. One file per library, one line in the registry. */
import type { Pool, PoolProblem, PoolSystem, SourceContext, VersionEvidence } from '../declarations/pool.ts';
import type { ResolveContext } from '../declarations/resolve.ts';
import type { SettingSite } from '../declarations/source.ts';
import type { Argument, CallSite, Language } from '../declarations/value.ts';

/** The version a file's dependencies name, or the newest known where they name none (then without evidence). */
export interface AssumedVersion {
  readonly version: string;
  readonly evidence?: VersionEvidence;
}

/** What the workspace shows about a file's dependencies. */
export interface DependencyView {
  /** The requirement on a package (normalised name), as far as it bounds the version. */
  readonly requirement: (
    packageName: string,
  ) => { readonly version?: string; readonly below?: string; readonly evidence: VersionEvidence } | undefined;
  /** Normalised names of all packages; undefined where no dependency file governs the source. */
  readonly packages: ReadonlySet<string> | undefined;
  /** Those that the nearest dependency file alone names, where packages of a workspace have one each. */
  readonly ownPackages?: ReadonlySet<string>;
}

/** A setting with the kind of code its file is. */
export interface PlacedSetting {
  readonly site: SettingSite;
  readonly context: SourceContext;
}

export interface InterpretationContext {
  readonly resolve: ResolveContext;
  readonly dependencies: DependencyView;
  readonly sourceContext: SourceContext;
  /** Every setting of the workspace under a name. */
  readonly settings: (name: string) => readonly PlacedSetting[];
  /** Python modules that manifests name as the settings of what they deploy, `config.settings.production`. */
  readonly settingsModules: () => readonly string[];
  /** True where code of the workspace bounds the wait for a connection itself, whatever pool it is of. */
  readonly boundsAcquire: boolean;
  /** Calls of a method in application code, whatever object it is called on. */
  readonly methodCalls: (name: string) => readonly CallSite[];
}

/** A call that builds a pool, with everything its callers pass filled in. */
export interface LinkedSite {
  readonly site: CallSite;
  /** Dotted name of the library callable. */
  readonly path: string;
  /** The file that the code is generated from which stands for the library. */
  readonly generatedFrom?: string;
}

/** What may decide which declarations count. */
export interface RelinkView {
  readonly contextOf: (uri: string) => SourceContext | undefined;
  /** Follows names through the workspace; no environment is set. */
  readonly resolve: ResolveContext;
}

export interface Library {
  /** Name for messages. */
  readonly name: string;
  readonly language: Language;
  readonly systems: readonly PoolSystem[];
  /** Dotted names of callables that build a pool. */
  readonly callables: ReadonlySet<string>;
  /**
   * Last names of callables that say enough to be looked for in every file, so that a name handed on by another module of
   * the workspace is found too. The others (`Pool`, `connect`) are looked for only in files that import their package. All
   * are telling where this is absent.
   */
  readonly tellingNames?: ReadonlySet<string>;
  /** True for a package called like folders of applications are: a module of that name in the workspace is meant instead. */
  readonly mayBeShadowed?: boolean;
  /** Dotted names among the callables that are no functions: a package builds them for everybody who imports them. */
  readonly sharedObjects?: ReadonlySet<string>;
  /** Dotted names of callables whose URL or `password=` argument reaches a database. */
  readonly connectors: ReadonlySet<string>;
  /** False for arguments that its callables cannot be called with, where a call may mean another library as well. */
  readonly takes?: (list: readonly Argument[]) => boolean;
  /** Settings worth showing where nobody wrote them, in this order. */
  readonly shownDefaults: readonly string[];
  /** Methods whose calls, wherever they stand, decide about pools that are declared elsewhere: Piccolo's `start_connection_pool`. */
  readonly methodNames?: ReadonlySet<string>;
  /** Names of settings that declare pools without a call: Django's `DATABASES`. */
  readonly settingNames?: ReadonlySet<string>;
  /**
   * The pools a declaration builds, told apart by their `key`; none where it builds none. `path` is the callable's dotted
   * name, or the setting's.
   */
  readonly interpret: (site: CallSite, path: string, context: InterpretationContext) => readonly Pool[];
  /** Changes which declarations count, and for which files, where others of the workspace decide that: Prisma's clients. */
  readonly relink?: (linked: readonly LinkedSite[], view: RelinkView) => LinkedSite[];
  /** What is wrong with a pool's settings in ways that only its library knows; each is reported by the rule it names. */
  readonly problems?: (pool: Pool) => Iterable<PoolProblem>;
}
