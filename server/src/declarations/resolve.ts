/**
 * Turns a value as written into a value as known, for one environment. Pure: the environment and the other modules of
 * the workspace are look-ups that the caller supplies.
 */
import type { Location } from '../core/text.ts';
import { asDefault, isSame, isScalar, known, missing, type ResolvedContent } from './content.ts';
import { convert } from './conversions.ts';
import { flattenMapping } from './mappings.ts';
import { combine, firstDecides, isShortCircuit, truthOf } from './operators.ts';
import { resolveAttribute, resolveConditional } from './resolveDeferred.ts';
import type { KnownValue, Origin, Resolved, UnknownResolved, ValueSource } from './resolved.ts';
import type { CallValue, Operator, ReferenceValue, Scalar, Value } from './value.ts';
import { qualifiedName } from './value.ts';

export interface EnvironmentVariable {
  readonly value: string;
  /** "poolproof.yaml" or ".env", for "where does this come from". */
  readonly origin: string;
  readonly at?: Location;
}

/** What resolution may look up. */
export interface ResolveContext {
  /** What the deployment or an environment file sets; undefined where nothing visible does. */
  readonly environment: (variable: string) => EnvironmentVariable | undefined;
  /** The value a name of another workspace module stands for; undefined where the module is not in the workspace. */
  readonly reference: (reference: ReferenceValue) => Value | undefined;
  /** What a call returns, where a library knows. */
  readonly call?: (call: CallValue) => Value | undefined;
}

export { isScalar, type ResolvedContent } from './content.ts';

/** Deeper chains of names than this are a loop or not worth following. */
const deepestChain = 24;

/** Resolves a value; never throws. */
export function resolveValue(value: Value, context: ResolveContext, depth = 0): Resolved<ResolvedContent> {
  if (depth > deepestChain) return missing('it is defined in terms of itself', value.at);
  const inner = (each: Value) => resolveValue(each, context, depth + 1);
  switch (value.kind) {
    case 'literal':
      return known(value.value, 'literal', [], value.at);
    case 'constant': {
      const resolved = resolveValue(value.value, context, depth + 1);
      if (!resolved.known) return resolved;
      const source: ValueSource = resolved.source === 'literal' ? 'constant' : resolved.source;
      const origin: Origin = { source, label: value.name, at: value.value.at };
      return { ...resolved, source, origins: [origin, ...resolved.origins] };
    }
    case 'environment':
      return resolveEnvironment(value, context, depth);
    case 'convert':
      return resolveConversion(value, context, depth);
    case 'operation':
      return resolveOperation(value.operator, value.operands, value.at, context, depth);
    case 'text':
      return resolveText(value.parts, value.at, context, depth);
    case 'sequence':
      return known<ResolvedContent>({ type: 'sequence', items: value.items }, 'literal', [], undefined);
    case 'mapping':
      return known<ResolvedContent>(flattenMapping(value, inner), 'literal', [], undefined);
    case 'reference': {
      const target = context.reference(value);
      if (target !== undefined) return resolveValue(target, context, depth + 1);
      if (value.level > 0) return missing(`${qualifiedName(value)} could not be read`, value.at);
      return known<ResolvedContent>({ type: 'symbol', path: qualifiedName(value) }, 'literal', [], undefined);
    }
    case 'call': {
      const result = context.call?.(value);
      if (result !== undefined) return inner(result);
      return known<ResolvedContent>({ type: 'call', call: value }, 'literal', [], undefined);
    }
    case 'parameter':
      return missing(`parameter ${value.name} of ${value.functionName} depends on the caller`, value.at);
    case 'alternatives':
      return resolveAlternatives(value.values, value.at, context, depth);
    case 'attribute':
      return resolveAttribute(value, inner);
    case 'conditional':
      return resolveConditional(value, inner);
    case 'unknown':
      return missing(value.reason, value.at);
  }
}

/** Like {@link resolveValue}, for settings that only make sense as a scalar. */
export function resolveScalar(value: Value, context: ResolveContext): Resolved<Scalar> {
  const resolved = resolveValue(value, context);
  if (!resolved.known) return resolved;
  if (isScalar(resolved.value)) return resolved as KnownValue<Scalar>;
  if (resolved.value.type === 'symbol') return missing(`${resolved.value.path} is not followed here`, value.at);
  return withoutCall(resolved, value.at) as UnknownResolved;
}

/** Like {@link resolveValue}, for settings that may be names, lists or mappings, but not what a call will return. */
export function resolveArgument(value: Value, context: ResolveContext): Resolved<ResolvedContent> {
  const resolved = resolveValue(value, context);
  return resolved.known ? withoutCall(resolved, value.at) : resolved;
}

function withoutCall(resolved: KnownValue<ResolvedContent>, at: Location): Resolved<ResolvedContent> {
  return !isScalar(resolved.value) && resolved.value.type === 'call'
    ? missing('it is the result of a call that is not followed here', at)
    : resolved;
}

function resolveEnvironment(
  value: Extract<Value, { kind: 'environment' }>,
  context: ResolveContext,
  depth: number,
): Resolved<ResolvedContent> {
  const set = context.environment(value.variable);
  if (set !== undefined) {
    const { variable } = value;
    const origin: Origin = { source: 'environment', label: `${variable} in ${set.origin}`, variable, at: set.at };
    return known(set.value, 'environment', [origin], undefined);
  }
  if (value.fallback === undefined || (value.fallback.kind === 'literal' && (value.fallback.value ?? null) === null)) {
    return missing(`${value.variable} has no default`, value.at, value.variable);
  }
  const fallback = resolveValue(value.fallback, context, depth + 1);
  if (!fallback.known) return { ...fallback, variable: fallback.variable ?? value.variable };
  return asDefault(fallback, value.variable, value.fallback.at);
}

function resolveConversion(
  value: Extract<Value, { kind: 'convert' }>,
  context: ResolveContext,
  depth: number,
): Resolved<ResolvedContent> {
  const inner = resolveValue(value.value, context, depth + 1);
  if (!inner.known) return inner;
  if (!isScalar(inner.value)) return missing('it is converted from something that is not a plain value', value.at);
  const converted = convert(inner.value, value.to);
  if (converted === undefined) return missing(`it cannot be converted to ${value.to}`, value.at);
  // A literal inside int("5") is a string; replacing it by a number would change more than the number.
  return { ...inner, value: converted, literal: typeof inner.value === 'number' ? inner.literal : undefined };
}

function resolveOperation(
  operator: Operator,
  operands: readonly Value[],
  at: Location,
  context: ResolveContext,
  depth: number,
): Resolved<ResolvedContent> {
  const first = resolveValue(operands[0]!, context, depth + 1);
  const isDefault = operator === 'or' || operator === '||' || operator === '??';
  if (isDefault && !first.known && first.variable !== undefined) {
    // `os.getenv("X") or 5`: without the variable the right side holds, exactly as a fallback would.
    return asDefault(resolveValue(operands[1]!, context, depth + 1), first.variable, operands[1]!.at);
  }
  if (!first.known) return first;
  if (isShortCircuit(operator)) {
    const decides = firstDecides(operator, first.value);
    if (decides === undefined) return missing('it depends on a condition', at);
    return decides ? first : resolveValue(operands[1]!, context, depth + 1);
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
  const second = resolveValue(operands[1]!, context, depth + 1);
  if (!second.known) return second;
  if (operator === 'replace') {
    const third = resolveValue(operands[2]!, context, depth + 1);
    if (!third.known) return third;
    if (typeof first.value !== 'string' || typeof second.value !== 'string' || typeof third.value !== 'string') {
      return missing('a replacement in it cannot be followed', at);
    }
    return { ...first, value: first.value.replaceAll(second.value, third.value), literal: undefined };
  }
  const combined = combine(operator, first.value, second.value);
  if (combined === undefined) return missing('it is computed in a way that is not followed here', at);
  const source = [first.source, second.source].find((each) => each !== 'literal') ?? 'literal';
  return known(combined, source, [...first.origins, ...second.origins], at);
}

function resolveText(
  parts: readonly Value[],
  at: Location,
  context: ResolveContext,
  depth: number,
): Resolved<ResolvedContent> {
  let text = '';
  let source: ValueSource = 'literal';
  const origins: Origin[] = [];
  for (const part of parts) {
    const resolved = resolveValue(part, context, depth + 1);
    if (!resolved.known) return resolved;
    if (!isScalar(resolved.value)) return missing('a part of the text is not a plain value', at);
    text += resolved.value === null ? 'None' : String(resolved.value);
    if (resolved.source !== 'literal') source = resolved.source;
    origins.push(...resolved.origins);
  }
  return known(text, source, origins, undefined);
}

function resolveAlternatives(
  values: readonly Value[],
  at: Location,
  context: ResolveContext,
  depth: number,
): Resolved<ResolvedContent> {
  let agreed: KnownValue<ResolvedContent> | undefined;
  for (const value of values) {
    const resolved = resolveValue(value, context, depth + 1);
    if (!resolved.known) return resolved;
    if (agreed === undefined) agreed = resolved;
    else if (!isSame(agreed.value, resolved.value)) {
      return missing('it depends on a condition', at);
    }
  }
  return agreed === undefined ? missing('nothing assigns it', at) : { ...agreed, literal: undefined };
}
