/**
 * Joins the files of a workspace: names imported from elsewhere, re-exports, functions that build pools out of their
 * parameters. Pure; what it needs from files that were not read that far, it asks for in `demands`.
 */
import type { Location } from '../core/text.ts';
import type { Member } from '../declarations/definitions.ts';
import type { PoolFactory, SourceModel } from '../declarations/source.ts';
import {
  type Argument,
  type CallSite,
  qualifiedName,
  type ReferenceValue,
  unknown,
  type Value,
} from '../declarations/value.ts';
import { distinctInMeaning, fill } from './callers.ts';
import type { LinkedSite, PlacedSetting } from './library.ts';
import type { ResolvedModule } from './modules.ts';
import { isLibraryModule, libraryOf, relinked } from './registry.ts';

export interface WorkspaceView {
  readonly model: (uri: string) => SourceModel | undefined;
  readonly models: () => Iterable<SourceModel>;
  readonly resolveModule: (fromUri: string, module: string, name: string, level: number) => ResolvedModule | undefined;
}

/** Calls of calls deeper than this are not followed. */
const deepestCalls = 3;
/** Names handed on from module to module more often than this are a circle. */
const longestImportChain = 12;

type Identity =
  | { kind: 'library'; path: string; hasOwnConstructor?: boolean }
  | { kind: 'function'; uri: string; name: string };

export class Linker {
  /** Files that names lead to and that have not been read yet. */
  readonly demands = new Set<string>();
  private settingsByName: Map<string, PlacedSetting[]> | undefined;

  constructor(private readonly view: WorkspaceView) {}

  /** The value an imported name stands for; undefined where its module is not in the workspace. */
  readonly reference = (reference: ReferenceValue): Value | undefined => {
    const found = this.referenceTo(reference);
    const isElsewhere = found === undefined || (found.kind === 'unknown' && found.isAbsent);
    return reference.otherwise !== undefined && isElsewhere ? this.reference(reference.otherwise) : found;
  };

  private referenceTo(reference: ReferenceValue): Value | undefined {
    if (reference.level === 0 && (reference.module === '' || isLibraryModule(reference.module))) return undefined;
    const target = this.view.resolveModule(reference.at.uri, reference.module, reference.name, reference.level);
    if (target === undefined) return undefined;
    const bound = this.boundInPackage(reference, target);
    if (bound !== undefined) return bound;
    if (target.rest === '') return unknown('it is a module', reference.at);
    const exported = this.exported(target, reference.at);
    return exported ?? unknown(`${qualifiedName(reference)} has not been read yet`, reference.at);
  }

  /** `from app.config import settings`, where the package binds a name that is also a module of its own. */
  private boundInPackage({ module, name, level, at }: ReferenceValue, target: ResolvedModule): Value | undefined {
    const parts = name.split('.');
    const taken = parts.length - (target.rest === '' ? 0 : target.rest.split('.').length);
    if (name === '' || taken !== 1) return undefined;
    const around = this.view.resolveModule(at.uri, module, '', level);
    if (around?.rest !== '' || around.uri === target.uri || !around.uri.endsWith('/__init__.py')) return undefined;
    const value = this.exported({ uri: around.uri, rest: name }, at);
    const bound = value?.kind === 'attribute' ? rootOf(value) : value;
    if (bound === undefined || bound.kind === 'unknown') return undefined;
    // `from . import settings` binds the module itself.
    const isModule =
      bound.kind === 'reference' && this.resolve(bound)?.uri === target.uri && this.resolve(bound)?.rest === '';
    return isModule ? undefined : value;
  }

  private resolve({ at, module, name, level }: ReferenceValue): ResolvedModule | undefined {
    return this.view.resolveModule(at.uri, module, name, level);
  }

  /** The value of a name of a file, attributes after it included; undefined where the file has not been read. */
  private exported({ uri, rest }: ResolvedModule, at: Location): Value | undefined {
    const [name, ...attributes] = rest.split('.');
    const value = this.modelOf(uri)?.exports.value(name!);
    if (value === undefined) return undefined;
    const isItself = value.kind === 'reference' || value.kind === 'call' || value.kind === 'unknown';
    const named: Value = isItself || value.kind === 'constant' ? value : { kind: 'constant', name: name!, value, at };
    return attributes.reduce<Value>((object, each) => attributeOf(object, each, at), named);
  }

  /** The class, function or member that a file defines. */
  readonly definition = (uri: string, path: string): Member | undefined => this.modelOf(uri)?.exports.definition(path);

  /** The names that a module of the workspace binds. */
  readonly moduleNames = (module: ReferenceValue): readonly string[] | undefined => {
    const target = this.resolve(module);
    return target?.rest === '' ? this.modelOf(target.uri)?.exports.names?.() : undefined;
  };

  private modelOf(uri: string): SourceModel | undefined {
    const model = this.view.model(uri);
    if (model === undefined) this.demands.add(uri);
    return model;
  }

  /** What a callee is in the end: a library's callable or a function of the workspace. */
  private identify(callee: Value, depth = 0): Identity | undefined {
    if (callee.kind === 'constant') return this.identify(callee.value, depth + 1);
    if (depth > longestImportChain) return undefined;
    // `pgp(options)` of pg-promise is a callable in turn.
    if (callee.kind === 'call') {
      const called = this.identify(callee.callee, depth + 1);
      const path = called?.kind === 'library' ? `${called.path}()` : '';
      return libraryOf(path) === undefined ? undefined : { kind: 'library', path };
    }
    if (callee.kind === 'function')
      return { kind: 'function', uri: callee.definition.uri, name: callee.definition.name };
    if (callee.kind === 'attribute') {
      // `Database.connect`: a method is known by its own name, in the file of its class.
      const owner = this.identify(callee.object, depth + 1);
      return owner?.kind === 'function' ? { ...owner, name: callee.name } : undefined;
    }
    if (callee.kind !== 'reference') return undefined;
    const { otherwise } = callee;
    if (otherwise !== undefined)
      return this.identify({ ...callee, otherwise: undefined }, depth + 1) ?? this.identify(otherwise, depth + 1);
    const path = qualifiedName(callee);
    if (callee.module === '' && callee.level === 0)
      return (
        this.libraryBase(callee, depth) ?? {
          kind: 'function',
          uri: callee.at.uri,
          name: callee.name.split('.').at(-1)!,
        }
      );
    const library = callee.level === 0 ? libraryOf(path) : undefined;
    if (library !== undefined && library.mayBeShadowed !== true) return { kind: 'library', path };
    const target = this.view.resolveModule(callee.at.uri, callee.module, callee.name, callee.level);
    if (target === undefined) return library && { kind: 'library', path };
    if (target.rest === '') return undefined;
    const exported = this.exported(target, callee.at);
    if (exported === undefined) return undefined;
    // A module of the workspace that has no such name is not the one that is imported.
    if (exported.kind === 'unknown' && library !== undefined) return { kind: 'library', path };
    return this.identify(exported, depth + 1);
  }

  /** `class Database(SQLAlchemy)`: what it builds; its own constructor may pass anything on. */
  private libraryBase({ at, name }: ReferenceValue, depth: number): Identity | undefined {
    const definition = this.definition(at.uri, name);
    if (definition?.kind !== 'class') return undefined;
    for (const base of definition.bases) {
      const identity = this.identify(base, depth + 1);
      if (identity?.kind !== 'library') continue;
      return definition.members.has('__init__') ? { ...identity, hasOwnConstructor: true } : identity;
    }
    return undefined;
  }

  /** Every setting of the workspace under a name, with the kind of code its file is. */
  readonly settings = (name: string): readonly PlacedSetting[] => {
    if (this.settingsByName === undefined) {
      this.settingsByName = new Map();
      for (const { settings, context } of this.view.models()) {
        for (const site of settings) {
          const list = this.settingsByName.get(site.name);
          if (list === undefined) this.settingsByName.set(site.name, [{ site, context }]);
          else list.push({ site, context });
        }
      }
    }
    return this.settingsByName.get(name) ?? [];
  };

  /** Every pool-building call of the workspace, one per caller where the caller decides. */
  link(): LinkedSite[] {
    const linked: LinkedSite[] = [];
    for (const model of this.view.models()) {
      for (const site of model.settings) linked.push({ site, path: site.name });
      for (const site of model.callSites) {
        const direct = this.withoutPartial(site);
        const identity = this.identify(direct.callee);
        if (identity?.kind !== 'library') continue;
        const known = identity.hasOwnConstructor ? withUnreadArguments(direct) : direct;
        for (const filled of this.fillParameters(known, 0)) linked.push({ site: filled, path: identity.path });
      }
    }
    return relinked(linked, (uri) => this.view.model(uri)?.context);
  }

  /** `make = partial(create_engine, pool_pre_ping=True); make(url)`: both argument lists together. */
  private withoutPartial(site: CallSite): CallSite {
    if (site.callee.kind !== 'call' || site.callee.callee.kind !== 'reference') return site;
    const [first, ...bound] = site.callee.arguments;
    const maker = qualifiedName(site.callee.callee);
    if (first === undefined) return site;
    if (maker === 'functools.lru_cache' || maker === 'functools.cache') return { ...site, callee: first.value };
    if (maker !== 'functools.partial') return site;
    const positional = (each: Argument) => each.keyword === undefined && each.unpack === undefined;
    const overridden = new Set(site.arguments.map((each) => each.keyword));
    const kept = bound.filter((each) => each.keyword === undefined || !overridden.has(each.keyword));
    return {
      ...site,
      callee: first.value,
      arguments: [...kept.filter(positional), ...site.arguments, ...kept.filter((each) => !positional(each))],
    };
  }

  /** The site once per caller of the function around it, where the arguments come from there. */
  private fillParameters(site: CallSite, depth: number): CallSite[] {
    const owners = ownersAround(site);
    const factories = this.view.model(site.uri)?.factories.filter((each) => owners.has(each.owner)) ?? [];
    if (factories.length === 0 || depth >= deepestCalls) return [site];
    return factories.reduce<CallSite[]>(
      (sites, factory) => distinctInMeaning(sites.flatMap((each) => this.fillFrom(each, factory, depth))),
      [site],
    );
  }

  private fillFrom(site: CallSite, factory: PoolFactory, depth: number): CallSite[] {
    const callers = this.callersThatCount(site.uri, factory.callName);
    // The attributes of an object that nobody is seen to build are looked up in its class.
    if (callers.length === 0) return factory.receiver === undefined ? [fill(site, factory, undefined)] : [site];
    return callers.flatMap((call) => this.fillParameters(call, depth + 1).map((caller) => fill(site, factory, caller)));
  }

  /**
   * Callers of the kind of code the function belongs to: an application's pools are those that its application code
   * asks for, not those of its tests. Scripts only where nothing else calls.
   */
  private callersThatCount(uri: string, name: string): CallSite[] {
    const own = this.view.model(uri)?.context;
    const callers = this.callersOf(uri, name).map((call) => ({ call, context: this.view.model(call.uri)?.context }));
    const alike = callers.filter(({ context }) => context === own || context === 'app');
    const counting = alike.length > 0 ? alike : callers.filter(({ context }) => context === 'script');
    return counting.map(({ call }) => call);
  }

  private callersOf(uri: string, name: string): CallSite[] {
    const callers: CallSite[] = [];
    for (const model of this.view.models()) {
      for (const call of model.factoryCalls) {
        if (!call.calleeText.endsWith(name) && call.callee.kind !== 'reference') continue;
        const identity = this.identify(call.callee);
        const isSame = identity?.kind === 'function' && identity.uri === uri && identity.name === name;
        // `self.make_engine(…)`: methods are matched by name inside their own file.
        const isMethodCall = identity === undefined && model.uri === uri && call.calleeText.endsWith(`.${name}`);
        if (isSame || isMethodCall) callers.push(call);
      }
    }
    return callers;
  }
}

function rootOf(value: Value): Value {
  return value.kind === 'attribute' ? rootOf(value.object) : value;
}

/** An attribute of a whole module is a name of it: `export * as sizes from './sizes'`. */
function attributeOf(object: Value, name: string, at: Location): Value {
  const isModule = object.kind === 'reference' && object.name === '' && object.module !== '';
  return isModule ? { ...object, name } : { kind: 'attribute', object, name, at };
}

/** The functions around a call, and the constructors of the objects they belong to. */
function ownersAround(site: CallSite): ReadonlySet<string> {
  const owners = new Set<string>();
  for (let around = site.enclosing; around !== undefined; around = around.outer) {
    owners.add(around.owner);
    if (around.construction !== undefined) owners.add(around.construction.owner);
  }
  return owners;
}

function withUnreadArguments(site: CallSite): CallSite {
  const at = { uri: site.uri, ...site.span };
  const value = unknown('a constructor of its own passes them on', at);
  return { ...site, arguments: [{ value, span: at, valueSpan: at, unpack: 'mapping' }] };
}
