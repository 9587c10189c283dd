/** Source files of every language: open documents with their trees, closed files with their models only. */
import { contextOf } from '../declarations/context.ts';
import { defaultExportOf, type SourceModel } from '../declarations/source.ts';
import type { CallSite, Language } from '../declarations/value.ts';
import { searchedNames } from '../libraries/registry.ts';
import type { SearchedKind } from '../lifecycle/searched.ts';
import type { FrontEnd, SourceDocument, TextChange } from '../syntax/frontEnd.ts';
import type { ParserSource } from '../syntax/parser.ts';
import { frontEndOf } from '../syntax/registry.ts';
import { FactoryArguments } from './factoryArguments.ts';
import { LifecycleNames } from './lifecycleNames.ts';

interface Entry {
  /** Present while the document is open. */
  file?: SourceDocument;
  model?: SourceModel;
  /** Extraction threw on the text as it stands; it is not tried again before the text changes. */
  hasFailed?: boolean;
}

export type ExtractionFailure = (uri: string, error: unknown) => void;

/** A pool-building function, and by which names other files can import its module. */
export interface FactoryName {
  /** The file that defines it. */
  readonly uri: string;
  readonly callName: string;
  readonly modules: readonly string[];
  readonly kind: SearchedKind;
  /** A class: only who builds one is searched for. */
  readonly isClass?: boolean;
}

/** Folders that say nothing about what they hold. */
const plainFolders = new Set(['src', 'lib', 'dist', 'index', 'packages', 'apps']);

/** The module itself and the packages that may hand its names on. */
function moduleNames(uri: string, importedAs: (uri: string) => readonly string[] = () => []): string[] {
  const parts = uri.replace(/\.\w+$/, '').split('/');
  const last = parts.at(-1);
  if (last === '__init__' || last === 'index') parts.pop();
  const isPython = /\.pyw?$/.test(uri);
  // A package of JavaScript goes by a name of its own, often that of a folder further up.
  if (isPython) return parts.slice(-2);
  const folders = parts.slice(-4).filter((part) => !plainFolders.has(part));
  return [...new Set([...importedAs(uri), ...folders])];
}

/** What callers of the functions of a file are searched by. */
function searchedNamesOf({ uri, factories }: SourceModel): string[] {
  const module = moduleNames(uri).at(-1);
  return factories.flatMap(({ callName, isDefaultExport }) =>
    isDefaultExport && module !== undefined ? [callName, defaultExportOf(module)] : [callName],
  );
}

export class Sources {
  private readonly entries = new Map<string, Entry>();
  /** The keys of `entries`, sorted; made anew when files come or go. */
  private order: readonly string[] | undefined;
  /** Made anew when any file is read; with thousands of them asking each takes longer than reading one. */
  private list: readonly SourceModel[] | undefined;
  /** Factories whose callers have been searched for, by name and file. */
  private readonly factories = new Map<string, FactoryName>();
  private readonly asked = new FactoryArguments();
  private readonly callModules = new Map<string, Set<string>>();
  private readonly lifecycleNames = new LifecycleNames();
  /** How many names there were when a file was asked for its own. */
  private readonly askedAt = new WeakMap<SourceModel, number>();

  constructor(
    private readonly grammars: ParserSource,
    readonly languageOf: (uri: string) => Language | undefined,
    private readonly pathOf: (uri: string) => string,
    private readonly onFailure: ExtractionFailure,
    /** Names of its package and of aliases by which a module of JavaScript may be imported. */
    private readonly importedAs: (uri: string) => readonly string[],
  ) {}

  model = (uri: string): SourceModel | undefined => {
    const entry = this.entries.get(uri);
    if (entry === undefined) return undefined;
    if (entry.model === undefined && entry.file !== undefined && !entry.hasFailed && this.canParse(uri))
      this.takeModel(entry, this.extract(entry.file, entry));
    return entry.model;
  };

  private takeModel(entry: Entry, model: SourceModel | undefined): void {
    entry.model = model;
    this.list = undefined;
  }

  /** In the order of their URIs, so that no result depends on the order in which files were opened. */
  models(): readonly SourceModel[] {
    if (this.list !== undefined) return this.list;
    this.order ??= [...this.entries.keys()].sort();
    const models = this.order.map(this.model).filter((model) => model !== undefined);
    this.list = models;
    return models;
  }

  /** True where application code bounds a wait for a connection itself. */
  boundsAcquire(): boolean {
    for (const model of this.models()) if (model.context === 'app' && model.boundsAcquire === true) return true;
    return false;
  }

  /** Calls of a method in application code, in the order of their files. */
  readonly methodCalls = (name: string): CallSite[] => {
    const calls: CallSite[] = [];
    for (const model of this.models()) {
      if (model.context !== 'app') continue;
      for (const call of model.methodCalls ?? []) if (call.calleeText.split('.').at(-1) === name) calls.push(call);
    }
    return calls;
  };

  private canParse(uri: string): boolean {
    return this.grammars.isLoaded(this.frontEndOf(uri).grammarOf(uri));
  }

  /** Resolves when open documents can be parsed, and the file named as well; before that they have no models. */
  async ready(uri?: string): Promise<void> {
    if (uri !== undefined) this.grammars.parser(this.frontEndOf(uri).grammarOf(uri));
    await this.grammars.ready();
  }

  isOpen(uri: string): boolean {
    return this.entries.get(uri)?.file !== undefined;
  }

  /** The text of an open document. */
  openText(uri: string): string | undefined {
    return this.entries.get(uri)?.file?.text;
  }

  open(uri: string, text: string): void {
    const entry = this.entry(uri);
    entry.file?.release();
    entry.file = this.document(uri, text);
    this.takeModel(entry, undefined);
    entry.hasFailed = false;
  }

  /** Applies one change to an open document. */
  edit(uri: string, change: TextChange): void {
    const entry = this.entries.get(uri);
    if (entry?.file === undefined) return;
    entry.file.edit(change);
    this.takeModel(entry, undefined);
    entry.hasFailed = false;
  }

  lineIndexOf(uri: string) {
    const entry = this.entries.get(uri);
    return entry?.file?.lines ?? entry?.model?.lines;
  }

  /** The document was closed; what is on disk holds again. */
  close(uri: string): void {
    const entry = this.entries.get(uri);
    entry?.file?.release();
    if (entry !== undefined) entry.file = undefined;
  }

  /** Reads a closed file: extract, then free the trees. */
  load(uri: string, text: string): void {
    const entry = this.entry(uri);
    if (entry.file !== undefined) return;
    const file = this.document(uri, text);
    this.takeModel(entry, this.extract(file, entry));
    file.release();
  }

  remove(uri: string): void {
    this.entries.get(uri)?.file?.release();
    if (this.entries.delete(uri)) this.order = this.list = undefined;
  }

  /** Files on which the extraction failed. */
  failed(): string[] {
    return [...this.entries].flatMap(([uri, entry]) => (entry.hasFailed ? [uri] : []));
  }

  /** Names of pool-building functions that no file has been searched for yet; open documents are read again for them. */
  newFactoryNames(): FactoryName[] {
    const fresh = new Map<string, FactoryName>();
    for (const model of this.models()) {
      const known = this.lifecycleNames.size;
      if (model.context !== 'app' || this.askedAt.get(model) === known) continue;
      this.askedAt.set(model, known);
      const heirs = new Set(model.heirs);
      const factories = new Set([...searchedNamesOf(model), ...(model.factoryAliases ?? []), ...heirs]);
      const modules = moduleNames(model.uri, this.importedAs);
      // What hands out connections is called far more often than what builds pools.
      const near = moduleNames(model.uri);
      const add = (callName: string, kind: SearchedKind) => {
        const key = `${callName} ${kind} ${model.uri}`;
        if (this.factories.has(key)) return;
        const names = kind === 'builder' ? modules : near;
        const factory = { uri: model.uri, callName, modules: names, kind, isClass: heirs.has(callName) };
        this.factories.set(key, factory);
        fresh.set(key, factory);
      };
      for (const callName of factories) {
        this.asked.add(callName, heirs.has(callName) ? [] : model.factories);
        const known = this.callModules.get(callName) ?? new Set();
        this.callModules.set(callName, known);
        for (const each of modules) known.add(each);
        add(callName, 'builder');
      }
      for (const { name, kind } of this.lifecycleNames.in(model, modules)) add(name, kind);
    }
    if (fresh.size > 0)
      for (const entry of this.entries.values()) if (entry.file !== undefined) this.takeModel(entry, undefined);
    return [...fresh.values()];
  }

  get knownFactories(): FactoryName[] {
    return [...this.factories.values()];
  }

  clear(): void {
    for (const entry of this.entries.values()) entry.file?.release();
    this.entries.clear();
    this.order = this.list = undefined;
  }

  private entry(uri: string): Entry {
    let entry = this.entries.get(uri);
    if (entry === undefined) {
      entry = {};
      this.entries.set(uri, entry);
      this.order = undefined;
    }
    return entry;
  }

  private document(uri: string, text: string): SourceDocument {
    const frontEnd = this.frontEndOf(uri);
    return frontEnd.open(uri, text, this.grammars.parser(frontEnd.grammarOf(uri)));
  }

  private frontEndOf(uri: string): FrontEnd {
    const language = this.languageOf(uri);
    if (language === undefined) throw new Error('not a source file');
    return frontEndOf(language);
  }

  private extract(file: SourceDocument, entry: Entry): SourceModel | undefined {
    try {
      entry.hasFailed = false;
      const frontEnd = this.frontEndOf(file.uri);
      return frontEnd.extract(file, {
        ...searchedNames(frontEnd.language),
        context: contextOf(this.pathOf(file.uri)),
        factoryNames: this.asked.byName,
        factoryModules: this.callModules,
        lifecycle: this.lifecycleNames.wordsFor(frontEnd.language),
      });
    } catch (error) {
      entry.hasFailed = true;
      this.onFailure(file.uri, error);
      return undefined;
    }
  }
}
