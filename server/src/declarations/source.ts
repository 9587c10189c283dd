/** What one file contributes: kept per (uri, version), linked with the other files later. */
import type { LineIndex } from '../core/text.ts';
import type { Member } from './definitions.ts';
import type { ForkNote } from './forks.ts';
import type { FileLifecycle } from './lifecycle.ts';
import type { CredentialSighting, SourceContext, Suppression } from './pool.ts';
import type { ScriptObjects } from './scriptObjects.ts';
import type { SessionStateSighting } from './sessionState.ts';
import type { CallSite, FunctionParameter, Value } from './value.ts';

/** A function of the workspace in which a pool is built out of the function's parameters. */
export interface PoolFactory {
  /** Which function, as its parameters name it. */
  readonly owner: string;
  /** What callers write: the function's name, or the class's where the object that it builds decides. */
  readonly callName: string;
  /** Other files may import it under any name. */
  readonly isDefaultExport?: boolean;
  readonly parameters: readonly FunctionParameter[];
  /** Names of the parameters that the pool depends on; all of them where that is not told. */
  readonly asked?: readonly string[];
  /** True where the first parameter is the instance or the class, which callers do not pass. */
  readonly isMethod: boolean;
  /** The parameter that stands for the object whose attributes decide, where callers build that object. */
  readonly receiver?: string;
}

/** What a file says of its module-level names when it is asked. */
export interface Exports {
  /** Unknown and absent where the module does not define the name. */
  readonly value: (name: string) => Value;
  /** The class, function or member of a class under a dotted name. */
  readonly definition: (path: string) => Member | undefined;
  /** Every name the module binds; undefined where it brings in names of others whole. */
  readonly names?: () => readonly string[] | undefined;
}

/** What a setting belongs to. */
export type SettingHolder =
  /** A module: `DATABASES = …`. The value is the one that the whole module leaves. */
  | { readonly kind: 'module' }
  /** A class body. `ancestors` are the last names of its bases and of theirs, as far as this file shows them. */
  | { readonly kind: 'class'; readonly name: string; readonly ancestors: readonly string[] }
  /** Something that is filled by key: `app.config["NAME"] = …`, `app.config.update(NAME=…)`. */
  | {
      readonly kind: 'entry';
      readonly isConditional: boolean;
      /** `config.setdefault("NAME", …)` */
      readonly isFallback: boolean;
      /** `config["NAME"]["key"] = …`: the value is a mapping whose entries are added to what the setting holds. */
      readonly isPartial: boolean;
    };

export interface AttributeSet {
  /** The imported name. */
  readonly object: string;
  readonly attribute: string;
}

/** A setting that declares pools, or says something of them, without a call; its one argument is the value. */
export interface SettingSite extends CallSite {
  /** `DATABASES` */
  readonly name: string;
  readonly holder: SettingHolder;
}

/** Code that a tool writes into the workspace, in the place of a package's own. */
export interface GeneratedModule {
  /** Where it is written to, relative to the folder of this file. */
  readonly path: string;
  /** `@prisma/client` */
  readonly package: string;
}

export interface SourceModel {
  readonly uri: string;
  readonly lines: LineIndex;
  readonly context: SourceContext;
  /** Calls of library callables, and calls of names imported from elsewhere that may turn out to be such. */
  readonly callSites: readonly CallSite[];
  /** Settings of this file under the names that libraries know. */
  readonly settings: readonly SettingSite[];
  /** Calls of the methods that were asked for, on whatever object. */
  readonly methodCalls?: readonly CallSite[];
  /** Functions of this file whose pools depend on their parameters. */
  readonly factories: readonly PoolFactory[];
  /** Other names under which this file hands on factories that it imports. */
  readonly factoryAliases?: readonly string[];
  /** Classes of this file that are built as what they extend. */
  readonly heirs?: readonly string[];
  /** Calls of factories, of this file or of others by name. */
  readonly factoryCalls: readonly CallSite[];
  readonly exports: Exports;
  /** Attributes that statements of this file set on what it imports: `config.POOL_SIZE = 50`. */
  readonly attributesSet?: readonly AttributeSet[];
  /** True where the file bounds a wait for a connection in code: `acquire(timeout=…)`, `asyncio.timeout(…)` around one. */
  readonly boundsAcquire?: boolean;
  /** What the file says of processes that fork; absent where it says nothing. */
  readonly forkNotes?: readonly ForkNote[];
  /** What functions do with pools and connections; absent for languages in which nobody reads that. */
  readonly lifecycle?: FileLifecycle;
  /** What becomes of pools and clients that the module builds; absent for other languages, and where there is nothing to say. */
  readonly scriptObjects?: ScriptObjects;
  /** SQL that leaves something behind in the server session. */
  readonly sessionStates?: readonly SessionStateSighting[];
  /** Code that is generated from this file, which need not be there. */
  readonly generatedModules?: readonly GeneratedModule[];
  readonly credentials: readonly CredentialSighting[];
  readonly suppressions: readonly Suppression[];
}

/** The name under which `require` and `import * as` ask for a JavaScript module as a whole. */
export const wholeModule = '*';

/** What the default export of a JavaScript module goes by where callers are searched: its user names it freely. */
export function defaultExportOf(module: string): string {
  return `default of ${module}`;
}

/** The module whose default export such a name means; undefined for other names. */
export function moduleOfDefault(name: string): string | undefined {
  return /^default of (.*)$/.exec(name)?.[1];
}
