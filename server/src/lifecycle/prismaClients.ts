/** Which clients of Prisma hold connections. */
import { someValue } from '../declarations/traverse.ts';
import { type CallSite, qualifiedName, type Value } from '../declarations/value.ts';
import { adaptersWithoutConnections, proxyOption } from '../facts/prisma.ts';

/** A client that asks over HTTP has nothing that stays open. */
export function holdsNoConnection({ arguments: list }: CallSite): boolean {
  return list.some(({ value, keyword }) => {
    if (keyword === proxyOption) return true;
    const options = value.kind === 'constant' ? value.value : value;
    if (options.kind === 'mapping' && options.entries.some((each) => each.key === proxyOption)) return true;
    return someValue(value, (each) => each.kind === 'call' && isAdapterWithoutConnections(each.callee));
  });
}

function isAdapterWithoutConnections(callee: Value): boolean {
  return callee.kind === 'reference' && adaptersWithoutConnections.has(qualifiedName(callee));
}
