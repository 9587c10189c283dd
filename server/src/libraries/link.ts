/**
 * Finds every pool-building call of a workspace, with what callers pass filled in. Pure. Calls that stay the same from one
 * linking to the next stay the same objects, so that what was made of them can be kept.
 */
import type { PoolFactory } from '../declarations/source.ts';
import type { CallSite } from '../declarations/value.ts';
import { distinctInMeaning, fill, withoutPartial, withUnreadArguments } from './callers.ts';
import { heirKey, type Identity } from './identity.ts';
import type { LinkedSite, PlacedSetting } from './library.ts';
import { WorkspaceNames, type WorkspaceView } from './names.ts';
import { relinked } from './registry.ts';

type LibraryIdentity = Extract<Identity, { readonly kind: 'library' }>;

/** Calls of calls deeper than this are not followed. */
const deepestCalls = 3;

export class Linker {
  readonly names: WorkspaceNames;
  private readonly direct = new WeakMap<CallSite, CallSite>();
  private readonly unreadSites = new WeakMap<CallSite, CallSite>();
  private readonly linked = new WeakMap<CallSite, LinkedSite>();
  private readonly filled = new WeakMap<CallSite, WeakMap<PoolFactory, WeakMap<CallSite, CallSite>>>();
  /** Calls of functions by file and name of the function; made anew by each linking. */
  private callers = new Map<string, CallSite[]>();
  private settingsByName: Map<string, PlacedSetting[]> | undefined;

  constructor(private readonly view: WorkspaceView) {
    this.names = new WorkspaceNames(view);
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
    this.names.demands.clear();
    this.settingsByName = undefined;
    this.names.noteAttributes();
    this.callers = this.indexCallers();
    const linked: LinkedSite[] = [];
    const injected: [CallSite, LibraryIdentity][] = [];
    const built = new Set<string>();
    for (const model of this.view.models()) {
      if (this.view.isCopy(model.uri)) continue;
      for (const site of model.settings) linked.push(this.linkedSite(site, site.name));
      for (const site of model.callSites) {
        const direct = this.directSite(site);
        const identity = this.names.identityOf(direct);
        if (identity?.kind !== 'library') continue;
        if (site.injectedClass !== undefined) {
          injected.push([direct, identity]);
          continue;
        }
        if (identity.heir !== undefined && model.context === 'app') built.add(identity.heir);
        const known = identity.hasOwnConstructor ? this.unread(direct) : direct;
        for (const filled of this.fillParameters(known, 0))
          linked.push(this.linkedSite(filled, identity.path, identity.generatedFrom));
      }
    }
    // What the code builds itself is what the container hands out.
    for (const [site, { path, generatedFrom }] of injected)
      if (!built.has(heirKey(site.injectedClass!, site.uri))) linked.push(this.linkedSite(site, path, generatedFrom));
    const { reference, definition, moduleNames } = this.names;
    return relinked(linked, {
      contextOf: (uri) => (this.view.isOnlyTested(uri) ? 'test' : this.view.model(uri)?.context),
      resolve: { reference, definition, moduleNames, environment: () => undefined },
    });
  }

  private linkedSite(site: CallSite, path: string, generatedFrom?: string): LinkedSite {
    const linked = entryOf(this.linked, site, () => ({ site, path, generatedFrom }));
    if (linked.path === path && linked.generatedFrom === generatedFrom) return linked;
    this.linked.delete(site);
    return this.linkedSite(site, path, generatedFrom);
  }

  private directSite(site: CallSite): CallSite {
    return entryOf(this.direct, site, () => withoutPartial(site));
  }

  private unread(site: CallSite): CallSite {
    return entryOf(this.unreadSites, site, () => withUnreadArguments(site));
  }

  private indexCallers(): Map<string, CallSite[]> {
    const callers = new Map<string, CallSite[]>();
    for (const model of this.view.models()) {
      for (const call of model.factoryCalls) {
        const identity = this.names.identityOf(call);
        if (identity?.kind === 'library') continue;
        // `self.make_engine(…)`: methods are matched by name inside their own file.
        const method = /\.(\w+)$/.exec(call.calleeText)?.[1];
        const key = identity ? keyOf(identity.uri, identity.name) : method && keyOf(model.uri, method);
        if (key === undefined) continue;
        const list = callers.get(key);
        if (list === undefined) callers.set(key, [call]);
        else list.push(call);
      }
    }
    return callers;
  }

  /** The site once per caller of the function around it, where the arguments come from there. */
  private fillParameters(site: CallSite, depth: number): readonly CallSite[] {
    const owners = ownersAround(site);
    if (owners.size === 0 || depth >= deepestCalls) return [site];
    const factories = this.view.model(site.uri)?.factories.filter((each) => owners.has(each.owner)) ?? [];
    let sites: readonly CallSite[] = [site];
    for (const factory of factories) {
      const filled = sites.map((each) => this.fillFrom(each, factory, depth));
      sites = filled.length === 1 ? filled[0]! : distinctInMeaning(filled.flat());
    }
    return sites;
  }

  private fillFrom(site: CallSite, factory: PoolFactory, depth: number): readonly CallSite[] {
    const calls = this.callersThatCount(site.uri, factory.callName);
    const callers = calls.flatMap((call) => this.fillParameters(call, depth + 1));
    if (callers.length > 0) return distinctInMeaning(callers.map((caller) => this.filledBy(site, factory, caller)));
    // The attributes of an object that nobody is seen to build are looked up in its class.
    return factory.receiver === undefined ? [this.filledBy(site, factory, undefined)] : [site];
  }

  /** The same object as long as all three are. */
  private filledBy(site: CallSite, factory: PoolFactory, caller: CallSite | undefined): CallSite {
    const byFactory = entryOf(this.filled, site, () => new WeakMap<PoolFactory, WeakMap<CallSite, CallSite>>());
    const byCaller = entryOf(byFactory, factory, () => new WeakMap<CallSite, CallSite>());
    return entryOf(byCaller, caller ?? site, () => fill(site, factory, caller));
  }

  /**
   * Callers of the kind of code the function belongs to: an application's pools are those that its application code
   * asks for, not those of its tests. Scripts only where nothing else calls.
   */
  private callersThatCount(uri: string, name: string): CallSite[] {
    const own = this.view.model(uri)?.context;
    const calls = this.callers.get(keyOf(uri, name)) ?? [];
    const callers = calls.map((call) => ({ call, context: this.view.model(call.uri)?.context }));
    const alike = callers.filter(({ context }) => context === own || context === 'app');
    const counting = alike.length > 0 ? alike : callers.filter(({ context }) => context === 'script');
    return counting.map(({ call }) => call);
  }
}

function entryOf<K extends WeakKey, V>(map: WeakMap<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
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

function keyOf(uri: string, name: string): string {
  return `${name} ${uri}`;
}
