/** Properties of objects and conditional values, decided where what they ask is known. */
import { asDefault, isScalar, known, missing, type ResolvedContent } from './content.ts';
import type { AttributeValue, ConditionalValue } from './deferred.ts';
import { isMapping } from './mappings.ts';
import type { Resolved } from './resolved.ts';
import type { Resolver } from './resolver.ts';
import type { MappingEntry, Value } from './value.ts';

type Resolve = (value: Value) => Resolved<ResolvedContent>;

export function resolveAttribute(value: AttributeValue, resolve: Resolve): Resolved<ResolvedContent> {
  const object = resolve(value.object);
  if (!object.known) return object;
  const { value: content } = object;
  const notFollowed = missing(`property ${value.name} is not followed here`, value.at);
  if (isScalar(content)) return notFollowed;
  if (content.type === 'symbol') return { ...object, value: { type: 'symbol', path: `${content.path}.${value.name}` } };
  if (content.type === 'sequence') {
    const item = content.items[Number(value.name)];
    return item === undefined ? notFollowed : resolve(item);
  }
  if (content.type !== 'mapping') return notFollowed;
  const entry = content.entries.find((each) => each.key === value.name);
  if (entry === undefined && !content.complete) return missing(`whether ${value.name} is set is not known`, value.at);
  const found = entry && resolve(entry.value);
  const isUnset = found === undefined || (found.known && found.value === undefined);
  if (isUnset && value.fallback !== undefined) return resolve(value.fallback);
  if (found === undefined) return known(undefined, 'literal', [], undefined);
  if (!found.known) {
    const { variable } = found;
    if (variable === undefined || value.fallback === undefined) return found;
    return asDefault(resolve(value.fallback), { variable }, value.fallback.at);
  }
  return found;
}

/** A condition that nothing decided beforehand. */
export function resolveConditional(
  { test, whenTrue, whenFalse, isStrict, at }: ConditionalValue,
  { resolve, flatten }: Resolver,
): Resolved<ResolvedContent> {
  const alternatives: Value = { kind: 'alternatives', values: [whenTrue, whenFalse], at };
  if (isStrict) {
    const [a, b] = [resolve(whenTrue), resolve(whenFalse)];
    const areMappings = a.known && b.known && isMapping(a.value) && isMapping(b.value);
    if (!areMappings) return resolve(alternatives);
    const either: MappingEntry = {
      value: { kind: 'conditional', test, whenTrue, whenFalse, isStrict, at },
      span: at,
      spread: true,
    };
    return known(flatten({ kind: 'mapping', entries: [either], complete: true, at }), 'literal', [], undefined);
  }
  const { holds, variable } = decide(test, resolve);
  if (holds === undefined) return resolve(alternatives);
  const chosen = holds ? whenTrue : whenFalse;
  const resolved = resolve(chosen);
  return variable === undefined ? resolved : asDefault(resolved, { variable }, chosen.at);
}

/** Whether a condition holds. Where an environment variable that nothing visible sets decides, it is taken as not set. */
function decide(test: Value, resolve: Resolve): { holds?: boolean; variable?: string } {
  if (test.kind === 'operation' && (test.operator === '!' || test.operator === 'not')) {
    const inner = decide(test.operands[0]!, resolve);
    return inner.holds === undefined ? inner : { ...inner, holds: !inner.holds };
  }
  const resolved = resolve(test);
  if (resolved.known) return isScalar(resolved.value) ? { holds: Boolean(resolved.value) } : {};
  const asks = test.kind === 'constant' ? test.value : test;
  const isLookUp = asks.kind === 'environment' || asks.kind === 'convert' || asks.kind === 'attribute';
  return isLookUp && resolved.variable !== undefined ? { holds: false, variable: resolved.variable } : {};
}
