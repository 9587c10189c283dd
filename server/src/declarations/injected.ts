/** Providers of dependency injection containers: objects that stand for what they build. */
import type { Location } from '../core/text.ts';
import { objectProvider, providerKinds } from '../facts/injection.ts';
import type { Resolver } from './resolver.ts';
import { type CallValue, qualifiedName, type Value } from './value.ts';

/** What a provider gives when it is called (`''`) or asked for what it provides; undefined where `call` makes none. */
export function followInjected(call: CallValue, name: string, at: Location, resolver: Resolver): Value | undefined {
  if (name !== '' && name !== 'provided') return undefined;
  const built = providedBy(call, resolver);
  return built?.kind === 'call' ? { ...built, at } : built;
}

/** `providers.Singleton(Settings, debug=True)`: the call of what it is given. */
export function providedBy(value: Value, resolver: Resolver): Value | undefined {
  if (value.kind !== 'call') return undefined;
  const callee = resolver.head(value.callee);
  const [first, ...rest] = value.arguments;
  if (callee.kind !== 'reference' || first === undefined || first.unpack !== undefined) return undefined;
  const path = qualifiedName(callee);
  if (path === objectProvider) return first.value;
  if (!providerKinds.has(path)) return undefined;
  const list = rest.map((each) => ({ ...each, value: injected(each.value, resolver) }));
  return { kind: 'call', callee: first.value, arguments: list, at: value.at };
}

/** What a provider is given stands for what it provides in turn. */
export function injected(value: Value, resolver: Resolver): Value {
  const head = value.kind === 'call' ? value : resolver.head(value);
  return providedBy(head, resolver) ?? value;
}
