/** Conversions and operators on values that have to be resolved first. */
import { decideComparison, isComparison } from './conditions.ts';
import { asDefault, isScalar, known, longestText, missing, originsOf, type ResolvedContent } from './content.ts';
import { convert } from './conversions.ts';
import { combine, firstDecides, isShortCircuit, truthOf } from './operators.ts';
import type { Resolved } from './resolved.ts';
import type { Resolver } from './resolver.ts';
import type { ConversionValue, OperationValue } from './value.ts';

export function resolveConversion(value: ConversionValue, resolver: Resolver): Resolved<ResolvedContent> {
  const inner = resolver.resolve(value.value);
  if (!inner.known) return inner;
  if (!isScalar(inner.value)) return missing('it is converted from something that is not a plain value', value.at);
  const converted = convert(inner.value, value.to);
  if (converted === undefined) return missing(`it cannot be converted to ${value.to}`, value.at);
  // A literal inside int("5") is a string; replacing it by a number would change more than the number.
  return { ...inner, value: converted, literal: typeof inner.value === 'number' ? inner.literal : undefined };
}

export function resolveOperation(
  { operator, operands, at }: OperationValue,
  resolver: Resolver,
): Resolved<ResolvedContent> {
  const first = resolver.resolve(operands[0]!);
  const isFallback = operator === 'rescue' || (isShortCircuit(operator) && operator !== 'and' && operator !== '&&');
  if (isFallback && !first.known && first.isUnset) {
    // `os.getenv("X") or 5`: without the variable the right side holds, exactly as a fallback would.
    return asDefault(resolver.resolve(operands[1]!), { variable: first.variable! }, operands[1]!.at);
  }
  if (isComparison(operator)) {
    const { holds, isDefault } = decideComparison(operator, operands, resolver);
    // What a switch is set to where nobody set it says little about a deployment.
    if (holds === undefined || isDefault) return missing('it is a condition', at);
    return known(holds, 'literal', [], undefined);
  }
  if (!first.known || operator === 'rescue') return first;
  if (isShortCircuit(operator)) {
    const decides = firstDecides(operator, first.value);
    if (decides === undefined) return missing('it depends on a condition', at);
    return decides ? first : resolver.resolve(operands[1]!);
  }
  if (operator === 'not' || operator === '!') {
    const holds = truthOf(first.value, operator === 'not' ? 'python' : 'javascript');
    return holds === undefined ? missing('it is a condition', at) : { ...first, value: !holds, literal: undefined };
  }
  if (operator === 'negate') {
    if (typeof first.value !== 'number') return missing('its sign cannot be read', at);
    // The whole expression is the literal: an edit must replace the minus as well.
    return { ...first, value: -first.value, literal: first.literal && at };
  }
  const second = resolver.resolve(operands[1]!);
  if (!second.known) return second;
  if (operator === 'replace') {
    const third = resolver.resolve(operands[2]!);
    if (!third.known) return third;
    if (typeof first.value !== 'string' || typeof second.value !== 'string' || typeof third.value !== 'string') {
      return missing('a replacement in it cannot be followed', at);
    }
    const replaced = first.value.replaceAll(second.value, third.value);
    if (replaced.length > longestText) return missing('the text is too long', at);
    return { ...first, value: replaced, literal: undefined };
  }
  const combined = combine(operator, first.value, second.value);
  if (combined === undefined) return missing('it is computed in a way that is not followed here', at);
  const source = [first.source, second.source].find((each) => each !== 'literal') ?? 'literal';
  const isDefault = first.isDefault || second.isDefault;
  if (typeof combined === 'string' && combined.length > longestText) return missing('the text is too long', at);
  return { ...known(combined, source, originsOf(first.origins, second.origins), at), isDefault };
}
