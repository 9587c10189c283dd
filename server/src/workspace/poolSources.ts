/** Pool declarations of the workspace, each able to say what it is for one service. */

import type { Pool } from '../declarations/pool.ts';
import type { EnvironmentVariable, ResolveContext } from '../declarations/resolve.ts';
import type { SourceModel } from '../declarations/source.ts';
import type { CallSite } from '../declarations/value.ts';
import type { PoolSource } from '../fleet/link.ts';
import type { DependencyView, LinkedSite } from '../libraries/library.ts';
import type { Linker } from '../libraries/link.ts';
import { libraryOf } from '../libraries/registry.ts';
import type { Service } from '../topology/model.ts';
import type { DeploymentVariables } from './deploymentVariables.ts';

export interface PoolSourceContext {
  readonly model: (uri: string) => SourceModel | undefined;
  readonly linker: Pick<Linker, 'reference' | 'definition' | 'moduleNames' | 'settings'>;
  readonly dependencies: (uri: string) => DependencyView;
  readonly deploymentVariables: DeploymentVariables;
  readonly environmentFile: (uri: string, variable: string) => EnvironmentVariable | undefined;
  readonly boundsAcquire: boolean;
  readonly methodCalls: (name: string) => readonly CallSite[];
  readonly displayPath: (uri: string) => string;
}

/** The pools of one declaration; none where it builds none after all. */
export function poolSourcesOf(linked: LinkedSite, context: PoolSourceContext): PoolSource[] {
  const library = libraryOf(linked.path);
  const model = context.model(linked.site.uri);
  if (library === undefined || model === undefined) return [];
  const uri = linked.site.uri;
  const interpret = (service: Service | undefined): readonly Pool[] => {
    const resolve: ResolveContext = {
      reference: context.linker.reference,
      definition: context.linker.definition,
      moduleNames: context.linker.moduleNames,
      environment: (variable) => {
        const set = service?.env.get(variable);
        if (set !== undefined) return { value: set.value, origin: context.displayPath(set.at.uri), at: set.at };
        const deployed = service && context.deploymentVariables(service).get(variable);
        return deployed ?? context.environmentFile(uri, variable);
      },
    };
    return library.interpret(linked.site, linked.path, {
      resolve,
      dependencies: context.dependencies(uri),
      sourceContext: model.context,
      boundsAcquire: context.boundsAcquire,
      settings: context.linker.settings,
      methodCalls: context.methodCalls,
    });
  };
  const byService = new Map<Service, readonly Pool[]>();
  const poolsFor = (service: Service): readonly Pool[] => {
    let pools = byService.get(service);
    if (pools === undefined) byService.set(service, (pools = interpret(service)));
    return pools;
  };
  return interpret(undefined).map((alone) => ({
    // A setting may be declared in one file and complete in another.
    uri: alone.uri,
    owners: linked.site.calledFrom ?? [uri],
    context: alone.context,
    resolveFor(service) {
      if (service === undefined) return alone;
      if (service.env.size === 0 && context.deploymentVariables(service).size === 0) return alone;
      return poolsFor(service).find((pool) => pool.key === alone.key) ?? alone;
    },
  }));
}
