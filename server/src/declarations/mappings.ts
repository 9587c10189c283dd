/** What a mapping holds in the end: spreads unpacked, later entries in the place of earlier ones, branches merged. */
import { membersAsMapping } from './members.ts';
import type { Resolver } from './resolver.ts';
import { type ArgumentInsertion, type MappingEntry, type MappingValue, unknown, type Value } from './value.ts';

export interface ResolvedMapping {
  readonly type: 'mapping';
  readonly entries: readonly MappingEntry[];
  /** False where a key that is not listed may still be there. */
  readonly complete: boolean;
  /** How an entry is added; absent where there is no one literal to add it to. */
  readonly insertion?: ArgumentInsertion;
}

export function isMapping(content: unknown): content is ResolvedMapping {
  return typeof content === 'object' && content !== null && (content as { type?: unknown }).type === 'mapping';
}

export function flattenMapping(mapping: MappingValue, resolver: Resolver): ResolvedMapping {
  const { byKey, complete } = added(mapping, { byKey: new Map(), complete: true }, resolver);
  return { type: 'mapping', entries: [...byKey.values()], complete, insertion: mapping.insertion };
}

/** What is known of a mapping after some of its entries. */
interface Content {
  readonly byKey: ReadonlyMap<string, MappingEntry>;
  readonly complete: boolean;
}

const underCondition = 'it is set under a condition';

/** The entries of one mapping on top of what was there before. */
function added(mapping: MappingValue, before: Content, resolver: Resolver): Content {
  let byKey = new Map(before.byKey);
  let complete = before.complete && mapping.complete;
  // Of many keys that are not known each changes only what was added since the last one.
  let certain = new Set(byKey.keys());
  const become = (content: Content) => {
    byKey = new Map(content.byKey);
    complete = content.complete;
    certain = new Set(byKey.keys());
  };
  const changeAny = () => {
    for (const key of certain) byKey.set(key, mayBeChanged(byKey.get(key)!));
    certain.clear();
    complete = false;
  };
  const set = (key: string, entry: MappingEntry) => {
    byKey.set(key, entry);
    certain.add(key);
  };
  for (const entry of mapping.entries) {
    const { key } = entry;
    if (entry.spread) become(spread(entry.value, { byKey, complete }, resolver));
    else if (key === undefined) changeAny();
    else if (entry.isRemoved) {
      byKey.delete(key);
      certain.delete(key);
    } else if (entry.onlyIfAbsent) {
      const held = byKey.get(key);
      if (held === undefined) set(key, complete ? entry : { ...entry, value: unknown(underCondition, entry.value.at) });
      else if (held.mayBeAbsent) set(key, { ...entry, value: unknown(underCondition, entry.value.at) });
    } else if (entry.merge) {
      const held = byKey.get(key);
      set(key, held === undefined ? inUnseen(entry) : merged(held, entry));
    } else {
      byKey.delete(key);
      set(key, entry);
    }
  }
  return { byKey, complete };
}

function spread(value: Value, before: Content, resolver: Resolver): Content {
  const head = resolver.head(value);
  switch (head.kind) {
    case 'mapping':
      return added(head, before, resolver);
    case 'conditional': {
      const [whenTrue, whenFalse] = [head.whenTrue, head.whenFalse].map((each) => spread(each, before, resolver));
      return either([whenTrue!, whenFalse!], head.isStrict ? head.test : undefined);
    }
    case 'members': {
      const members = membersAsMapping(head, resolver);
      return members === undefined ? anyChanged(before) : added(members, before, resolver);
    }
    case 'alternatives':
      return either(head.values.map((each) => spread(each, before, resolver)));
  }
  const resolved = resolver.resolve(head);
  if (resolved.known && isMapping(resolved.value)) {
    const { entries, complete } = resolved.value;
    return added({ kind: 'mapping', entries, complete, at: head.at }, before, resolver);
  }
  // Nothing is what JavaScript spreads out of null, undefined and false.
  if (resolved.known && !resolved.value) return before;
  // `...(x && { max: 5 })`
  if (head.kind === 'operation' && head.operator === '&&')
    return either([before, spread(head.operands[1]!, before, resolver)]);
  return anyChanged(before);
}

/** Any key may have been written: what was there is not known any more, and more may be there. */
function anyChanged({ byKey }: Content): Content {
  const changed = new Map<string, MappingEntry>();
  for (const [key, entry] of byKey) changed.set(key, mayBeChanged(entry));
  return { byKey: changed, complete: false };
}

function mayBeChanged(entry: MappingEntry): MappingEntry {
  return { ...entry, value: unknown('it may be changed', entry.value.at) };
}

/** One of several, after a test where there is one. */
function either(contents: readonly Content[], test?: Value): Content {
  const byKey = new Map<string, MappingEntry>();
  for (const key of new Set(contents.flatMap((each) => [...each.byKey.keys()]))) {
    const entries = contents.map((each) => each.byKey.get(key));
    const [first] = entries.filter((each) => each !== undefined);
    if (entries.every((each) => each === first)) byKey.set(key, first!);
    else if (entries.some((each) => each === undefined))
      byKey.set(key, { ...first!, value: unknown(underCondition, first!.value.at), mayBeAbsent: true });
    else
      byKey.set(key, {
        ...first!,
        value: eitherValue(
          entries.map((each) => each!.value),
          test,
        ),
        mayBeAbsent: entries.some((each) => each!.mayBeAbsent),
      });
  }
  return { byKey, complete: contents.every((each) => each.complete) };
}

function eitherValue(values: readonly Value[], test: Value | undefined): Value {
  const [whenTrue, whenFalse] = values;
  const { at } = whenTrue!;
  if (values.length === 2 && test !== undefined)
    return { kind: 'conditional', test, whenTrue: whenTrue!, whenFalse: whenFalse!, isStrict: true, at };
  return { kind: 'alternatives', values, at };
}

/** What a key holds with more entries in it; the key stays where it was written first. */
function merged(held: MappingEntry, more: MappingEntry): MappingEntry {
  const before: MappingEntry = { value: held.value, span: held.span, spread: true };
  const after: MappingEntry = { value: more.value, span: more.span, spread: true };
  const { at } = held.value;
  const insertion = insertionOf(held.value);
  return { ...held, value: { kind: 'mapping', entries: [before, after], complete: true, at, insertion } };
}

function insertionOf(value: Value): ArgumentInsertion | undefined {
  if (value.kind === 'constant') return insertionOf(value.value);
  return value.kind === 'mapping' ? value.insertion : undefined;
}

/** Entries of a mapping that is not in sight: it may hold others. */
function inUnseen(more: MappingEntry): MappingEntry {
  return more.value.kind === 'mapping' ? { ...more, value: { ...more.value, complete: false } } : more;
}
