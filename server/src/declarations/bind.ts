/** What a function's parameters stand for in one call. */
import type { Location } from '../core/text.ts';
import { type Argument, type FunctionParameter, type MappingEntry, unknown, type Value } from './value.ts';

/** `hasNoCaller`: nothing is passed because no call is in sight; then what has no default stays a parameter. */
export function bindParameters(
  parameters: readonly FunctionParameter[],
  passed: readonly Argument[],
  at: Location,
  hasNoCaller = false,
): Map<string, Value> {
  const bindings = new Map<string, Value>();
  const positional = passed.filter((each) => each.keyword === undefined && each.unpack === undefined);
  const keywords = new Map(
    passed.flatMap((each) => (each.keyword === undefined ? [] : [[each.keyword, each] as const])),
  );
  const unpacked = passed.filter((each) => each.unpack === 'mapping');
  const hasUnpackedList = passed.some((each) => each.unpack === 'sequence');
  let position = 0;
  for (const { name, fallback, keywordOnly, variadic } of parameters) {
    if (variadic !== undefined) continue;
    const given = keywordOnly ? undefined : positional[position++];
    const argument = given ?? keywords.get(name);
    keywords.delete(name);
    const isNone = fallback?.kind === 'literal' && (fallback.value ?? null) === null;
    const declared = fallback && named(name, fallback);
    if (argument !== undefined) bindings.set(name, argument.value);
    // Without a caller in sight, None says no more than that the caller decides.
    else if (hasNoCaller && isNone) continue;
    else if (hasUnpackedList && !keywordOnly)
      bindings.set(name, unknown(`${name} is passed in a way that cannot be read`, at));
    else if (unpacked.length > 0) bindings.set(name, fromUnpacked(name, unpacked, declared, at));
    else if (declared !== undefined) bindings.set(name, declared);
    else if (!hasNoCaller) bindings.set(name, unknown(`${name} is not passed`, at));
  }
  const rest = parameters.find((each) => each.variadic === 'mapping');
  if (rest !== undefined) {
    const entries = [...keywords.values()].map(
      (each): MappingEntry => ({ key: each.keyword!, keySpan: each.keywordSpan, value: each.value, span: each.span }),
    );
    const taken = parameters.map(
      (each): MappingEntry => ({ key: each.name, value: unknown('it is a parameter', at), span: at, isRemoved: true }),
    );
    const spreads = unpacked.length === 0 ? [] : [...unpacked.map(spreadOf), ...taken];
    bindings.set(rest.name, { kind: 'mapping', entries: [...entries, ...spreads], complete: !hasNoCaller, at });
  }
  return bindings;
}

function named(name: string, value: Value): Value {
  return { kind: 'constant', name, value, at: value.at };
}

/** What a key of `**options` holds, or the default. */
function fromUnpacked(name: string, unpacked: readonly Argument[], fallback: Value | undefined, at: Location): Value {
  const object: Value = { kind: 'mapping', entries: unpacked.map(spreadOf), complete: true, at };
  const key: Value = { kind: 'literal', value: name, at };
  return { kind: 'item', object, key, fallback: fallback ?? unknown(`${name} is not passed`, at), at };
}

function spreadOf(each: Argument): MappingEntry {
  return { value: each.value, span: each.span, spread: true };
}
