/** Connections that a framework hands to a function, from a generator that it waits for. */
import type { CallStep } from '../declarations/lifecycle.ts';
import type { Origin } from '../declarations/origin.ts';
import { type ConnectionFact, connectionFacts, holdingBlocks } from '../facts/lifecycle/connections.ts';
import type { LibraryObject, Named, Resolver } from './resolve.ts';

export interface Provided {
  readonly fact: ConnectionFact;
  readonly callee: LibraryObject;
  readonly call: Pick<CallStep, 'arguments'>;
  /** The file the call stands in. */
  readonly uri: string;
}

/** Generators that hand on what another one yields, at most. */
const deepest = 3;

/** What a dependency yields, where that is one connection or session. */
export function providedBy(target: Named, resolver: Resolver, depth = 0): Provided | undefined {
  const placed = depth > deepest ? undefined : resolver.functionOf(target);
  if (placed === undefined || !placed.life.isGenerator) return undefined;
  const [only, ...more] = placed.life.yields;
  return only === undefined || more.length > 0 ? undefined : takenBy(only, target.uri, resolver, depth);
}

function takenBy(origin: Origin, uri: string, resolver: Resolver, depth: number): Provided | undefined {
  if (origin.kind === 'entered') return takenBy(origin.of, uri, resolver, depth);
  if (origin.kind !== 'result') return undefined;
  const callee = resolver.resolve(uri, origin.of);
  if (callee?.kind === 'library') {
    const fact = connectionFacts.get(callee.path) ?? holdingBlocks.get(callee.path);
    return fact && { fact, callee, call: { arguments: origin.arguments }, uri };
  }
  return callee?.kind === 'function' ? providedBy(callee, resolver, depth + 1) : undefined;
}
