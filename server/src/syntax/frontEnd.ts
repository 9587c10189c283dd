/** What a language adds: how its files become documents, and documents the model that everything later reads. */
import type { LineIndex } from '../core/text.ts';
import type { SourceContext } from '../declarations/pool.ts';
import type { SourceModel } from '../declarations/source.ts';
import type { Language } from '../declarations/value.ts';
import type { GrammarName, LanguageParser } from './parser.ts';

export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
  /** The whole text after the change with its lines, where somebody has them already. */
  readonly after?: { readonly text: string; readonly lines: LineIndex };
}

/** A file's text with whatever trees its language keeps of it. The owner calls `release` when it no longer needs them. */
export interface SourceDocument {
  readonly uri: string;
  readonly text: string;
  readonly lines: LineIndex;
  edit(change: TextChange): void;
  /** Frees every tree; they are parsed again on demand. */
  release(): void;
}

/** Words that make the function around them worth reading. */
export interface LifecycleWords {
  /** Last names of what hands out a connection or session, where something takes the result. */
  readonly takes: ReadonlySet<string>;
  /** Names of the workspace that count wherever they stand. */
  readonly names: ReadonlySet<string>;
  /**
   * A function counts that mentions one of `waits`, and besides calls one of `holds` or mentions one of `provides`: a
   * connection may be held over a wait.
   */
  readonly waits: ReadonlySet<string>;
  readonly holds: ReadonlySet<string>;
  /** Functions of the workspace that hand a connection to those that a framework calls, and types that stand for them. */
  readonly provides: ReadonlySet<string>;
  /** Names of modules that each of the workspace's names can be imported from. */
  readonly modules: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What extraction looks for: names that libraries give their callables, and functions of other files that build pools. */
export interface ExtractionRequest {
  /** By the file's place. */
  readonly context: SourceContext;
  /** Last names of library callables: `create_engine`. */
  readonly callables: ReadonlySet<string>;
  /** Last names that mean a library only in files that import its package, by that package: `Pool` of `asyncpg`. */
  readonly importedCallables: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names that are objects of a package for everybody who imports it, by that package. */
  readonly sharedObjects: ReadonlyMap<string, ReadonlySet<string>>;
  /** Dotted names whose `password=` or URL argument reaches a database. */
  readonly connectors: ReadonlySet<string>;
  /** Names of settings that declare pools without a call: `DATABASES`. */
  readonly settingNames: ReadonlySet<string>;
  /** Methods whose calls count on any object. */
  readonly methodNames: ReadonlySet<string>;
  /** Functions of other files that build pools out of their parameters, and which arguments those depend on. */
  readonly factoryNames: ReadonlyMap<string, AskedArguments>;
  /** Names of modules that each of them can be imported from. */
  readonly factoryModules: ReadonlyMap<string, ReadonlySet<string>>;
  /** Besides calls that may build a pool. The same object as long as the words are the same. */
  readonly lifecycle: LifecycleWords;
}

/** What of a call has to be read: calls of a query function can be thousands, and their texts long. */
export type AskedArguments =
  | 'all'
  | { readonly keywords: ReadonlySet<string>; readonly positions: ReadonlySet<number> };

export interface FrontEnd {
  readonly language: Language;
  /** The grammar a file of this language is parsed with; may differ by file name. */
  readonly grammarOf: (uri: string) => GrammarName;
  readonly open: (uri: string, text: string, parser: LanguageParser) => SourceDocument;
  /** `document` is one that `open` of the same front end made. */
  readonly extract: (document: SourceDocument, request: ExtractionRequest) => SourceModel;
}
