/** What statements such as `options["key"] = value` and `options.update(…)` make of what was there before. */
import type { Location } from '../../core/text.ts';
import {
  type Argument,
  type MappingEntry,
  type MappingValue,
  type Operator,
  plainText,
  unknown,
  type Value,
} from '../../declarations/value.ts';

/** A key as written. */
export interface KeyValue {
  readonly value: Value;
  readonly at: Location;
}

/** `before += right` and the like. */
export function augmented(before: Value, operator: string, right: Value, at: Location): Value {
  if (operator === '|') return withEntries(before, [{ value: right, span: right.at, spread: true }], at);
  return ['+', '-', '*', '/', '//'].includes(operator)
    ? { kind: 'operation', operator: operator as Operator, operands: [before, right], at }
    : unknown('it is changed in a way that is not followed here', at);
}

/** `before[key] = value`, also under other keys. */
export function withItem(before: Value, keys: readonly KeyValue[], value: Value, at: Location): Value {
  const last = keys.at(-1)!;
  return withEntries(before, under(keys.slice(0, -1), [entryFor(last, value)], at), at);
}

/** `del before[key]`. */
export function withoutItem(before: Value, keys: readonly KeyValue[], at: Location): Value {
  const last = keys.at(-1)!;
  return withEntries(before, under(keys.slice(0, -1), [removalOf(last, at)], at), at);
}

/** `before.update(…)`, `before["key"].pop(…)` and their like. */
export function afterMethod(
  before: Value,
  keys: readonly KeyValue[],
  method: string,
  list: readonly Argument[],
  at: Location,
): Value {
  if (method === 'clear' && keys.length === 0) return { kind: 'mapping', entries: [], complete: true, at };
  return withEntries(before, under(keys, entriesSetBy(method, list, at), at), at);
}

function entriesSetBy(method: string, list: readonly Argument[], at: Location): readonly MappingEntry[] {
  const [first, second] = list;
  switch (method) {
    case 'update':
    case 'from_mapping':
      return entriesOf(list);
    case 'setdefault':
      if (first === undefined) break;
      return [{ ...entryFor(keyOf(first), second?.value ?? { kind: 'literal', value: null, at }), onlyIfAbsent: true }];
    case 'pop':
      if (first === undefined) break;
      return [removalOf(keyOf(first), at)];
    case 'from_object':
      if (first === undefined) break;
      return [{ value: { kind: 'members', object: first.value, at: first.valueSpan }, span: first.span, spread: true }];
  }
  // Any key may have been written.
  return [{ value: unknown('it may be changed', at), span: at, spread: true }];
}

function keyOf(argument: Argument): KeyValue {
  return { value: argument.value, at: argument.valueSpan };
}

function entryFor(key: KeyValue, value: Value): MappingEntry {
  return { key: plainText(key.value), keySpan: key.at, value, span: value.at };
}

function removalOf(key: KeyValue, at: Location): MappingEntry {
  return { ...entryFor(key, unknown('it is taken away', at)), isRemoved: true };
}

/** The entries merged into what the keys before the last hold. */
function under(keys: readonly KeyValue[], entries: readonly MappingEntry[], at: Location): readonly MappingEntry[] {
  return keys.reduceRight<readonly MappingEntry[]>((inner, key) => {
    const span = inner[0]?.span ?? at;
    const value: Value = { kind: 'mapping', entries: inner, complete: true, at: span };
    return [{ ...entryFor(key, value), span, merge: true }];
  }, entries);
}

/** The entries that the arguments of `dict(…)` and `update(…)` make. */
export function entriesOf(list: readonly Argument[]): MappingEntry[] {
  return list.map(
    (each): MappingEntry =>
      each.keyword === undefined
        ? { value: each.value, span: each.span, spread: true }
        : { key: each.keyword, keySpan: each.keywordSpan, value: each.value, span: each.span },
  );
}

/** A mapping with more entries; what is not written as a mapping becomes the beginning of one. */
function withEntries(before: Value, entries: readonly MappingEntry[], at: Location): MappingValue {
  const content = before.kind === 'constant' ? before.value : before;
  if (content.kind === 'mapping') return { ...content, entries: [...content.entries, ...entries], at };
  return { kind: 'mapping', entries: [{ value: content, span: at, spread: true }, ...entries], complete: true, at };
}

/** A mapping that is changed where it cannot be followed: any of its entries may have been. */
export function mayBeChanged(before: MappingValue, at: Location): MappingValue {
  return withEntries(before, [{ value: unknown('it may be changed', at), span: at, spread: true }], at);
}
