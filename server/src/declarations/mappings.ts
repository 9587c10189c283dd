/** What a mapping holds in the end: spreads unpacked, later entries in the place of earlier ones. */
import type { Resolved } from './resolved.ts';
import { type ArgumentInsertion, type MappingEntry, type MappingValue, unknown, type Value } from './value.ts';

export interface ResolvedMapping {
  readonly type: 'mapping';
  readonly entries: readonly MappingEntry[];
  /** False where a key that is not listed may still be there. */
  readonly complete: boolean;
  /** How an entry is added; absent where there is no one literal to add it to. */
  readonly insertion?: ArgumentInsertion;
}

/** Where a spread cannot be read the mapping is incomplete, and what stood before it is not known any more. */
export function flattenMapping(mapping: MappingValue, resolve: (value: Value) => Resolved<unknown>): ResolvedMapping {
  const byKey = new Map<string, MappingEntry>();
  let complete = mapping.complete;
  for (const entry of mapping.entries) {
    if (entry.spread) {
      const inner = resolve(entry.value);
      if (inner.known && isMapping(inner.value)) {
        if (!inner.value.complete) complete = false;
        for (const each of inner.value.entries) if (each.key !== undefined) byKey.set(each.key, each);
        continue;
      }
      // Nothing is what JavaScript spreads out of null, undefined and false.
      if (inner.known && !inner.value) continue;
      const possible = inner.known ? undefined : mappingsUnderCondition(entry.value, resolve);
      if (possible === undefined) {
        complete = false;
        byKey.clear();
        continue;
      }
      for (const each of possible) {
        if (!each.complete) complete = false;
        for (const { key, ...rest } of each.entries) {
          if (key !== undefined) byKey.set(key, { ...rest, key, value: unknown(underCondition, rest.value.at) });
        }
      }
    } else if (entry.key === undefined) {
      complete = false;
    } else if (entry.merge) {
      const held = byKey.get(entry.key);
      byKey.set(entry.key, held === undefined ? inUnseen(entry) : merged(held, entry));
    } else {
      byKey.delete(entry.key);
      byKey.set(entry.key, entry);
    }
  }
  return { type: 'mapping', entries: [...byKey.values()], complete, insertion: mapping.insertion };
}

const underCondition = 'it is set under a condition';

/** `...(x && { max: 5 })`, `...(x ? a : b)`: the mappings it may be; undefined where it may be something else. */
function mappingsUnderCondition(
  value: Value,
  resolve: (value: Value) => Resolved<unknown>,
): ResolvedMapping[] | undefined {
  const mappings: ResolvedMapping[] = [];
  for (const each of possibleValues(value) ?? [value]) {
    const resolved = resolve(each);
    if (!resolved.known) return undefined;
    if (isMapping(resolved.value)) mappings.push(resolved.value);
    else if (resolved.value) return undefined;
  }
  return mappings;
}

function possibleValues(value: Value): readonly Value[] | undefined {
  if (value.kind === 'constant') return possibleValues(value.value);
  if (value.kind === 'conditional') return [value.whenTrue, value.whenFalse];
  if (value.kind === 'alternatives') return value.values;
  return value.kind === 'operation' && value.operator === '&&' ? [value.operands[1]!] : undefined;
}

function isMapping(content: unknown): content is ResolvedMapping {
  return typeof content === 'object' && content !== null && (content as { type?: unknown }).type === 'mapping';
}

/** What a key of a mapping without spreads holds; undefined where the mapping does not have the key. */
export function entryAt(mapping: MappingValue, key: string): MappingEntry | undefined {
  let found: MappingEntry | undefined;
  for (const entry of mapping.entries) {
    if (entry.key !== key) continue;
    found = entry.merge && found !== undefined ? merged(found, entry) : entry;
  }
  return found;
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
