/** Everything of a workspace that keeps connections once it is built: pools, and clients that pool by themselves. */
import type { Pool, SourceContext } from '../declarations/pool.ts';
import type { SourceModel } from '../declarations/source.ts';
import { someValue } from '../declarations/traverse.ts';
import type { CallSite, Value } from '../declarations/value.ts';
import { adaptersBoundToRequests, boundToRequests } from '../facts/lifecycle/scriptFrameworks.ts';
import { clientPath } from '../facts/prisma.ts';
import { holdsNoConnection } from './prismaClients.ts';

export interface BuiltPool {
  readonly uri: string;
  readonly context: SourceContext;
  readonly site: CallSite;
  /** The callable as its library names it: `create_engine`, `PrismaClient`. */
  readonly callable: string;
}

/** `pathOf` tells the library callable that a callee is in the end. */
export function builtPools(
  pools: readonly Pool[],
  models: readonly SourceModel[],
  pathOf: (callee: Value) => string | undefined,
): BuiltPool[] {
  const built: BuiltPool[] = pools.filter(keepsConnections);
  // What a datasource's client connects to without a server costs nothing of this.
  const schemas = pools.filter((each) => each.system === 'prisma' && each.site.language === 'prisma');
  if (schemas.length > 0 && schemas.every((each) => !each.address.isNetworkDatabase)) return built;
  for (const { uri, context, callSites } of models) {
    for (const site of callSites) {
      if (site.language !== 'typescript') continue;
      if (pathOf(site.callee) === clientPath && !holdsNoConnection(site) && !isBoundToRequests(site))
        built.push({ uri, context, site, callable: 'PrismaClient' });
    }
  }
  return built;
}

/** A client for the edge, or over an adapter whose connections may not outlive a request, or that needs no server. */
function isBoundToRequests({ callee, arguments: list }: CallSite): boolean {
  if (callee.kind === 'reference' && /\/(?:edge|wasm)$/.test(callee.module)) return true;
  return list.some(({ value }) =>
    someValue(value, (each) => each.kind === 'reference' && adaptersBoundToRequests.test(each.module)),
  );
}

function keepsConnections({ address, poolClassKind, system, site }: Pool): boolean {
  if (!address.isNetworkDatabase || poolClassKind !== 'queue' || boundToRequests.has(system)) return false;
  // An adapter makes its pool when its client connects, and a datasource is one.
  return system !== 'prisma' || site.language === 'python';
}
