/** Pool declarations of the workspace, each able to say what it is for one service. Kept while what they rest on is the same. */
import type { Pool } from '../declarations/pool.ts';
import type { EnvironmentVariable, ResolveContext } from '../declarations/resolve.ts';
import type { SourceModel } from '../declarations/source.ts';
import type { CallSite } from '../declarations/value.ts';
import type { PoolSource } from '../fleet/link.ts';
import type { DependencyView, LinkedSite, PlacedSetting } from '../libraries/library.ts';
import type { Linker } from '../libraries/link.ts';
import type { Kept } from '../libraries/names.ts';
import { configuredValue } from '../libraries/nestConfiguration.ts';
import { libraryOf } from '../libraries/registry.ts';
import type { Service } from '../topology/model.ts';
import type { DeploymentVariables } from './deploymentVariables.ts';

export interface PoolSourceContext {
  readonly model: (uri: string) => SourceModel | undefined;
  readonly linker: Pick<Linker, 'names' | 'settings'>;
  readonly dependencies: (uri: string) => DependencyView;
  readonly deploymentVariables: DeploymentVariables;
  readonly environmentFile: (uri: string, variable: string) => EnvironmentVariable | undefined;
  readonly boundsAcquire: boolean;
  readonly settingsModules: () => readonly string[];
  readonly methodCalls: (name: string) => readonly CallSite[];
  readonly displayPath: (uri: string) => string;
  /** Changes with everything but source files: topologies, dependencies, environment files, manifests. */
  readonly surroundings: number;
}

export class PoolSources {
  private readonly declarations = new WeakMap<LinkedSite, Declaration>();

  /** The pools of one declaration; none where it builds none after all. */
  of(linked: LinkedSite, context: PoolSourceContext): readonly PoolSource[] {
    const before = this.declarations.get(linked);
    if (before?.holdsIn(context)) return before.sources;
    const declaration = new Declaration(linked, context);
    this.declarations.set(linked, declaration);
    return declaration.sources;
  }
}

class Declaration {
  readonly sources: readonly PoolSource[];
  private readonly answers: Kept<unknown>[] = [];
  private readonly settings = new Map<string, readonly CallSite[]>();
  private readonly methodCalls = new Map<string, readonly CallSite[]>();
  private readonly byService = new Map<Service, readonly Pool[]>();

  constructor(
    private readonly linked: LinkedSite,
    private context: PoolSourceContext,
  ) {
    const { site } = linked;
    this.sources = this.interpret(undefined).map((alone) => ({
      // A setting may be declared in one file and complete in another.
      uri: alone.uri,
      owners: site.calledFrom ?? [site.uri],
      context: alone.context,
      resolveFor: (service) => this.poolFor(alone, service),
    }));
  }

  /** True where nothing that the pools rest on has changed; what services set is looked up in `context` from then on. */
  holdsIn(context: PoolSourceContext): boolean {
    const { surroundings, boundsAcquire } = this.context;
    if (context.surroundings !== surroundings || context.boundsAcquire !== boundsAcquire) return false;
    for (const answer of this.answers) if (!context.linker.names.holds(answer)) return false;
    for (const [name, sites] of this.settings)
      if (!areSame(sitesOf(context.linker.settings(name)), sites)) return false;
    for (const [name, sites] of this.methodCalls) if (!areSame(context.methodCalls(name), sites)) return false;
    this.context = context;
    return true;
  }

  private poolFor(alone: Pool, service: Service | undefined): Pool {
    if (service === undefined) return alone;
    if (service.env.size === 0 && this.context.deploymentVariables(service).size === 0) return alone;
    let pools = this.byService.get(service);
    if (pools === undefined) this.byService.set(service, (pools = this.interpret(service)));
    return pools.find((pool) => pool.key === alone.key) ?? alone;
  }

  private interpret(service: Service | undefined): readonly Pool[] {
    const { linked, context } = this;
    const { names } = context.linker;
    const answer = names.trace(() => {
      const library = libraryOf(linked.path);
      const model = context.model(linked.site.uri);
      if (library === undefined || model === undefined) return [];
      return library.interpret(linked.site, linked.path, {
        resolve: this.resolveContext(service),
        dependencies: context.dependencies(linked.site.uri),
        sourceContext: linked.site.runsAsProgram && model.context === 'app' ? 'script' : model.context,
        boundsAcquire: context.boundsAcquire,
        settings: this.settingsNamed,
        settingsModules: context.settingsModules,
        methodCalls: this.methodCallsNamed,
      });
    });
    this.answers.push(answer);
    return answer.value;
  }

  private resolveContext(service: Service | undefined): ResolveContext {
    const { context } = this;
    const { reference, definition, moduleNames } = context.linker.names;
    return {
      reference,
      definition,
      moduleNames,
      call: (call) => configuredValue(call, this.settingsNamed, reference),
      environment: (variable) => {
        const set = service?.env.get(variable);
        if (set !== undefined) return { value: set.value, origin: context.displayPath(set.at.uri), at: set.at };
        const deployed = service && context.deploymentVariables(service).get(variable);
        return deployed ?? context.environmentFile(this.linked.site.uri, variable);
      },
    };
  }

  private readonly settingsNamed = (name: string): readonly PlacedSetting[] => {
    const found = this.context.linker.settings(name);
    this.settings.set(name, sitesOf(found));
    return found;
  };

  private readonly methodCallsNamed = (name: string): readonly CallSite[] => {
    const found = this.context.methodCalls(name);
    this.methodCalls.set(name, found);
    return found;
  };
}

function sitesOf(settings: readonly PlacedSetting[]): readonly CallSite[] {
  return settings.map((each) => each.site);
}

function areSame(now: readonly CallSite[], before: readonly CallSite[]): boolean {
  return now.length === before.length && now.every((each, index) => each === before[index]);
}
