/** Joins a project's files: gives the linker what it asks for, and reads further files where names lead to them. */
import { moduleOfDefault, type SourceModel } from '../declarations/source.ts';
import type { PoolSource } from '../fleet/link.ts';
import { GeneratedCode } from '../libraries/generated.ts';
import { Linker } from '../libraries/link.ts';
import { type ResolvedModule, resolveModule } from '../libraries/modules.ts';
import { resolveScriptModule } from '../libraries/scriptModules.ts';
import { analyseLifecycle } from '../lifecycle/analyse.ts';
import { builtPools } from '../lifecycle/builtPools.ts';
import { WorkspaceFunctions } from '../lifecycle/functions.ts';
import { Memory, TracingView } from '../lifecycle/memory.ts';
import { Resolver } from '../lifecycle/resolve.ts';
import { analyseScriptObjects } from '../lifecycle/scriptObjects.ts';
import { type FileAccess, foreseen, type TextTest } from './fileAccess.ts';
import type { FileSet } from './fileSet.ts';
import { Importers } from './importers.ts';
import { type PoolSourceContext, PoolSources } from './poolSources.ts';
import type { FactoryName, Sources } from './sources.ts';
import type { SpecialFiles } from './specialFiles.ts';
import { TextSearch } from './textSearch.ts';
import { callersOf } from './words.ts';

/** Rounds of searching for calls of functions that build pools, and calls of the functions with these calls. */
const callRounds = 2;

export class Linking {
  private readonly linker: Linker;
  private readonly poolSources = new PoolSources();
  private readonly memory = new Memory();
  private readonly generated = new GeneratedCode();
  private readonly importers: Importers;
  /** Where names lead, null for nowhere, as long as no file comes or goes: the same are asked for again and again. */
  private readonly resolved = new Map<string, ResolvedModule | null>();
  private resolvedAt = -1;

  constructor(
    private readonly root: string,
    private readonly access: FileAccess,
    private readonly sources: Sources,
    /** Every source file there is, read or not. */
    private readonly files: FileSet,
    private readonly special: SpecialFiles,
  ) {
    this.importers = new Importers(root, access, files);
    this.linker = new Linker({
      model: sources.model,
      models: () => sources.models(),
      resolveModule: (...place) => this.resolveModule(...place),
      generatedPackage: (fromUri, module) => this.generated.packageOf(fromUri, module, special.nodePackages),
      isCopy: (uri) => this.generated.holdsCopy(uri),
      isOnlyTested: this.importers.isOnlyTested,
      // Package files too say what a module name means.
      filesVersion: () => files.changes + special.changes + this.generated.version,
    });
  }

  /** Every pool declaration; what has not changed since the last time is the same object. */
  pools(context: Omit<PoolSourceContext, 'linker'>): PoolSource[] {
    this.generated.update(this.sources.models());
    const complete = { ...context, linker: this.linker };
    return this.linker.link().flatMap((linked) => this.poolSources.of(linked, complete));
  }

  /**
   * Every model, what functions do with these pools, and which names of files that takes which have not been read for them.
   * `isAllTold` is true where tests and scripts are told what they do, like applications.
   */
  lifecycle(pools: readonly PoolSource[], isAllTold: boolean) {
    const models = [...this.sources.models()];
    this.memory.update(models, this.files.changes + this.special.changes);
    const view = new TracingView({
      lifecycle: (uri) => this.sources.model(uri)?.lifecycle,
      resolveModule: this.resolveModule,
    });
    const resolver = new Resolver(view);
    const isTold = ({ uri, context }: SourceModel) =>
      isAllTold || context === 'app' || this.sources.languageOf(uri) !== 'typescript';
    const functions = new WorkspaceFunctions(models, resolver, view, this.memory, isTold);
    const alone = pools.map((each) => each.resolveFor(undefined));
    const { pathOf } = this.linker.names;
    const scriptObjects = analyseScriptObjects({
      models,
      pools: alone,
      reference: this.linker.names.reference,
      definition: this.linker.names.definition,
      pathOf,
      isOnlyTested: this.importers.isOnlyTested,
      ownPackages: (uri) => this.special.dependencies(uri, this.root, 'typescript').ownPackages,
    });
    return {
      models,
      lifecycle: analyseLifecycle(alone, builtPools(alone, models, pathOf), functions, (uri) =>
        this.special.dependencies(uri, this.root, 'python'),
      ),
      scriptObjects,
      demands: resolver.demands,
    };
  }

  private readonly resolveModule = (fromUri: string, module: string, name: string, level: number) => {
    const version = this.files.changes + this.special.changes;
    if (version !== this.resolvedAt) this.resolved.clear();
    this.resolvedAt = version;
    const key = `${level} ${module} ${name} ${fromUri}`;
    let found = this.resolved.get(key);
    if (found === undefined) this.resolved.set(key, (found = this.findModule(fromUri, module, name, level) ?? null));
    return found ?? undefined;
  };

  private findModule(fromUri: string, module: string, name: string, level: number): ResolvedModule | undefined {
    const exists = (uri: string) => this.files.has(uri);
    if (this.sources.languageOf(fromUri) !== 'typescript')
      return resolveModule(fromUri, module, name, level, exists, this.root);
    // A module of JavaScript has no modules inside.
    return module === '' ? undefined : resolveScriptModule(fromUri, module, name, exists, this.special.nodePackages);
  }

  /** Reads what linking asked for, and more; true where anything new was read. */
  async meet(more: Iterable<string>): Promise<boolean> {
    let isAnyNew = false;
    for (const uri of new Set([...this.linker.names.demands, ...more])) {
      const read = await this.access.read(uri);
      if (read.kind !== 'text') continue;
      await this.sources.ready(uri);
      this.sources.load(uri, read.text);
      isAnyNew = true;
    }
    return isAnyNew;
  }

  /** Functions that build pools are called by name in files without any other word; so are those that call them. */
  async searchFactoryCalls(): Promise<void> {
    for (let round = 0; round < callRounds; round++) {
      const fresh: FactoryName[] = [];
      for (let inFile = 0; inFile < callRounds; inFile++) {
        const found = this.sources.newFactoryNames();
        if (found.length === 0) break;
        fresh.push(...found);
        // A function is called in its own file, too.
        const own = new Map<string, string[]>();
        for (const { uri, callName } of found) own.set(uri, [...(own.get(uri) ?? []), callName]);
        for (const [uri, names] of own)
          await this.readAgain([uri], { test: (text) => names.some((each) => occursTwice(text, each)) });
      }
      if (fresh.length === 0) return;
      // What begins with an underscore is the business of its file.
      const pattern = callersOf(fresh.filter((each) => !each.callName.startsWith('_')));
      await this.readAgain(this.files, pattern);
    }
  }

  /** Finds out which modules with pools or clients only tests import. */
  lookForImporters(): Promise<void> {
    return this.importers.look(this.sources.models());
  }

  /** Reads closed files again, for names that were not known before. */
  private async readAgain(uris: Iterable<string>, pattern: TextTest): Promise<void> {
    const closed = [...uris].filter((uri) => !this.sources.isOpen(uri));
    const files =
      pattern instanceof TextSearch
        ? foreseen(this.access, closed, () => pattern)
        : closed.map((uri) => ({ uri, isUninteresting: false }));
    for (const { uri, isUninteresting } of files) {
      if (isUninteresting || this.sources.isOpen(uri)) continue;
      const read = this.access.readMatching(uri, pattern);
      const result = read instanceof Promise ? await read : read;
      if (result.kind !== 'text') continue;
      await this.sources.ready(uri);
      this.sources.load(uri, result.text);
    }
  }
}

/** A function that is named where it is defined alone is not called there. What a module exports by default has no name to look for. */
function occursTwice(text: string, name: string): boolean {
  if (moduleOfDefault(name) !== undefined) return true;
  const first = text.indexOf(name);
  return first !== -1 && text.includes(name, first + name.length);
}
