/** The aliases of `DATABASES`, each with the settings it may have. */
import type { Location } from '../../core/text.ts';
import type { ResolvedMapping } from '../../declarations/mappings.ts';
import { isScalar, type ResolveContext, resolveValue } from '../../declarations/resolve.ts';
import type { Argument, ArgumentInsertion, MappingEntry, Value } from '../../declarations/value.ts';
import { aliasKeys } from '../../facts/django.ts';
import { waysOf } from './choices.ts';
import { urlKey } from './databaseUrl.ts';
import { type Engine, engineOf } from './engine.ts';

/** The settings of an alias, by their keys. */
export interface AliasSettings {
  readonly byKey: ReadonlyMap<string, MappingEntry>;
  /** False where a key that is not listed may still be set. */
  readonly complete: boolean;
  readonly insertion?: ArgumentInsertion;
  readonly engine: Engine;
}

export interface Alias {
  readonly name: string;
  /** The key in `DATABASES`, wherever that stands. */
  readonly keyAt: Location;
  /** The ways in which conditions may leave it; only those that lead to a database server where any does. */
  readonly ways: readonly AliasSettings[];
}

/** Empty where the value is none of Django's. */
export function aliasesOf(value: Value, context: ResolveContext): Alias[] {
  const found = new Map<string, { keyAt: Location; values: Value[] }>();
  for (const way of waysOf(value, context)) {
    const content = resolveValue(way, context);
    if (!content.known || isScalar(content.value) || content.value.type !== 'mapping') continue;
    for (const entry of content.value.entries) {
      if (entry.key === undefined) continue;
      const alias = found.get(entry.key);
      if (alias === undefined) found.set(entry.key, { keyAt: entry.keySpan ?? entry.span, values: [entry.value] });
      else alias.values.push(entry.value);
    }
  }
  const aliases = [...found].map(([name, { keyAt, values }]) => ({ name, keyAt, ways: settingsOf(values, context) }));
  const isDjango = aliases.some(({ name, ways }) => name === 'default' || ways.some(isDjangoAlias));
  return isDjango ? aliases : [];
}

function isDjangoAlias({ byKey }: AliasSettings): boolean {
  return byKey.has('ENGINE') || byKey.has(urlKey);
}

const nothingKnown: AliasSettings = { byKey: new Map(), complete: false, engine: { isServer: undefined } };

function settingsOf(values: readonly Value[], context: ResolveContext): AliasSettings[] {
  const all = values
    .flatMap((each) => waysOf(each, context))
    .map((way): AliasSettings => {
      const content = resolveValue(way, context);
      if (!content.known || isScalar(content.value) || content.value.type !== 'mapping') return nothingKnown;
      return settingsIn(content.value, context);
    });
  const onServers = all.filter((each) => each.engine.isServer !== false);
  return onServers.length > 0 ? onServers : all.slice(0, 1);
}

function settingsIn(mapping: ResolvedMapping, context: ResolveContext): AliasSettings {
  const byKey = new Map<string, MappingEntry>();
  for (const entry of mapping.entries) if (entry.key !== undefined) byKey.set(entry.key, entry);
  return { byKey, complete: mapping.complete, insertion: mapping.insertion, engine: engineOf(byKey, context) };
}

/** Where a value is the same in every way it is that value, else one that depends on a condition. */
export function argumentAt(key: string, ways: readonly AliasSettings[], fallback: Value): Argument | undefined {
  const entries = ways.map((way) => way.byKey.get(key));
  const first = entries.find((each) => each !== undefined);
  if (first === undefined) return undefined;
  const values = entries.flatMap((each) =>
    each === undefined ? [fallback] : each.mayBeAbsent ? [each.value, fallback] : [each.value],
  );
  const value: Value = values.length === 1 ? values[0]! : { kind: 'alternatives', values, at: first.value.at };
  return asArgument(key, first, value);
}

export function asArgument(key: string, entry: MappingEntry, value: Value = entry.value): Argument {
  return { keyword: key, keywordSpan: entry.keySpan, value, span: entry.span, valueSpan: entry.value.at };
}

/** Keys that mean one of Django's in other letters, with what is meant. */
export function keysInOtherLetters(way: AliasSettings): { readonly entry: MappingEntry; readonly meant: string }[] {
  return [...way.byKey].flatMap(([key, entry]) => {
    const meant = key.toUpperCase();
    return key !== meant && aliasKeys.has(meant) && !way.byKey.has(meant) ? [{ entry, meant }] : [];
  });
}
