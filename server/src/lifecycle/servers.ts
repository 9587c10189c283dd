/** Whether a connection leads to a database server, by the pool it comes from. */
import type { CallStep } from '../declarations/lifecycle.ts';
import type { Pool } from '../declarations/pool.ts';
import { connectionFacts, engineMakers, sessionFactories } from '../facts/lifecycle/connections.ts';
import { systemOfPath } from '../facts/lifecycle/scriptConnections.ts';
import type { LibraryObject, Resolved, Resolver } from './resolve.ts';

export class Servers {
  private readonly byName = new Map<string, Pool>();
  /** What is known of an engine that cannot be told from others: all that the workspace has are on a server. */
  private readonly areAllOnServers: boolean;

  constructor(
    private readonly pools: readonly Pool[],
    private readonly resolver: Resolver,
  ) {
    const engines = pools.filter((each) => /sqlalchemy/.test(each.system) && each.context === 'app');
    this.areAllOnServers = engines.length > 0 && engines.every((each) => each.address.isNetworkDatabase);
    for (const pool of pools) this.byName.set(`${pool.uri} ${lastOf(pool.name)}`, pool);
  }

  /** `callee` is what was called to get the connection or session, by the call given. */
  readonly isOnServer = (callee: LibraryObject, call: Pick<CallStep, 'arguments'>, uri: string): boolean => {
    const system = systemOfPath.find(([path]) => path.test(callee.path))?.[1];
    // What kind of database a data source is of that somebody hands in, the name of the file may tell.
    if (system !== undefined) return this.isOnServers(system) && !/sqlite/i.test(uri);
    const engine = this.engineOf(callee, call, uri);
    if (engine === 'none needed') return true;
    const pool = engine?.kind === 'library' && engine.named && this.byName.get(keyOf(engine.named));
    return pool ? pool.address.isNetworkDatabase : this.areAllOnServers;
  };

  private isOnServers(system: string): boolean {
    const own = this.pools.filter((each) => each.system === system && each.context === 'app');
    return own.length > 0 && own.every((each) => each.address.isNetworkDatabase);
  }

  /** Pools of drivers need no engine: each is of one database. */
  private engineOf(
    callee: LibraryObject,
    call: Pick<CallStep, 'arguments'>,
    uri: string,
  ): Resolved | 'none needed' | undefined {
    const { of } = callee;
    if (of?.kind === 'library' && engineMakers.has(of.path)) return of;
    if (sessionFactories.has(callee.path)) return this.resolver.argument(callee, 'bind', 0);
    if (connectionFacts.get(callee.path)?.noun === 'session') {
      const bind =
        call.arguments.find((each) => each.name === 'bind') ?? call.arguments.find((each) => each.name === undefined);
      return bind && this.resolver.resolve(uri, bind.origin);
    }
    return 'none needed';
  }
}

function keyOf({ uri, name }: { uri: string; name: string }): string {
  return `${uri} ${lastOf(name)}`;
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
