/** What drivers send when a connection is made, and how to take it out: a pooler refuses most of it. */
import { type Location, spanContains, type TextEdit } from '../core/text.ts';
import { removeItem } from '../declarations/edits.ts';
import type { Pool, PoolParameter, PoolProblemFix, StartupParameter } from '../declarations/pool.ts';
import type { ArgumentRemoval } from '../declarations/value.ts';

/** An argument of a call, or an entry of a mapping. */
interface Item {
  readonly span: Location;
  readonly removal?: ArgumentRemoval;
}

/** Options that a driver sends by their own names. `owner` is the code that only this pool uses. */
export function sentAtStart(options: ReadonlyMap<string, PoolParameter>, names: readonly string[], owner: Location) {
  return names.flatMap((name): StartupParameter[] => {
    const option = options.get(name);
    const value = option?.value.known ? option.value.value : undefined;
    if (option?.written === undefined || !value || !['string', 'number', 'boolean'].includes(typeof value)) return [];
    const { keywordSpan, span } = option.written;
    const fixes = removed(name, removalFrom(option.written, itemsOf(options), owner));
    return [{ name, at: keywordSpan ?? span, fixes }];
  });
}

/** The entries of a mapping that is sent as it is: asyncpg's `server_settings`, postgres.js' `connection`. */
export function sentEntries(parameter: PoolParameter | undefined, owner: Location): StartupParameter[] {
  const content = parameter?.value.known ? parameter.value.value : undefined;
  if (content === undefined || content === null || typeof content !== 'object' || !('entries' in content)) return [];
  const { entries } = content as {
    entries: readonly (Item & { readonly key?: string; readonly keySpan?: Location; readonly isRemoved?: boolean })[];
  };
  return entries.flatMap((entry): StartupParameter[] => {
    const { key, keySpan, span, isRemoved } = entry;
    if (key === undefined || isRemoved) return [];
    return [{ name: key, at: keySpan ?? span, fixes: removed(key, removalFrom(entry, entries, owner)) }];
  });
}

/** libpq's `options`, among the arguments that the driver gets. `fallback` is the place where the text stands in no literal. */
export function sentInOptions(
  driver: ReadonlyMap<string, PoolParameter> | undefined,
  owner: Location,
  fallback?: Location,
): StartupParameter[] {
  const options = driver?.get('options');
  const text = options?.value.known && typeof options.value.value === 'string' ? options.value.value : '';
  const literal = options?.value.known ? options.value.literal : undefined;
  const at = literal ?? fallback;
  if (at === undefined) return [];
  return namesInOptions(text).map((name) => {
    const shorter = withoutOption(text, name, literal, owner);
    const whole = options!.written && removalFrom(options!.written, itemsOf(driver!), owner);
    return { name, at, isInOptions: true, fixes: removed(name, shorter === 'nothing is left' ? whole : shorter) };
  });
}

/** The same in a URL, which holds them percent-encoded and is left as it is. */
export function sentInUrl(address: Pool['address']): StartupParameter[] {
  const at = address.queryAt?.['options'] ?? address.at;
  const text = address.query['options'];
  if (at === undefined || text === undefined) return [];
  return namesInOptions(decoded(text)).map((name) => ({ name, at, isInOptions: true, fixes: [] }));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return '';
  }
}

const option = /(?:^|\s+)(?:-c\s*|--)([A-Za-z_][\w.-]*)\s*=(?:\\.|[^\s\\])*/g;

/** `-c statement_timeout=5000 -c search_path=shop` names both. */
function namesInOptions(options: string): string[] {
  return [...options.matchAll(option)].map((match) => nameOf(match));
}

function nameOf([, name]: RegExpMatchArray): string {
  return name!.replaceAll('-', '_');
}

/** Takes one option out of the text. Undefined where the literal is not the text in plain quotes. */
function withoutOption(
  text: string,
  name: string,
  literal: Location | undefined,
  owner: Location,
): TextEdit[] | undefined | 'nothing is left' {
  const matches = [...text.matchAll(option)];
  if (matches.every((match) => nameOf(match) === name) && text.replaceAll(option, '').trim() === '')
    return 'nothing is left';
  if (literal === undefined || !isWithin(literal, owner) || literal.end - literal.start !== text.length + 2)
    return undefined;
  const start = literal.start + 1;
  return matches
    .filter((match) => nameOf(match) === name)
    .map((match) => {
      const end = match.index + match[0].length;
      // The first takes the white space behind it along, the others have taken the one before.
      const isFirst = text.slice(0, match.index).trim() === '';
      const space = isFirst ? /^\s*/.exec(text.slice(end))![0].length : 0;
      return { uri: literal.uri, start: start + match.index, end: start + end + space, newText: '' };
    });
}

function itemsOf(options: ReadonlyMap<string, PoolParameter>): Item[] {
  return [...options.values()].flatMap(({ written }) => written ?? []);
}

/** Undefined where it stands in what others may use as well. */
function removalFrom(item: Item, siblings: readonly Item[], owner: Location): TextEdit[] | undefined {
  return isWithin(item.span, owner) ? removeItem(item, siblings) : undefined;
}

function isWithin(place: Location, owner: Location): boolean {
  return place.uri === owner.uri && spanContains(owner, place);
}

function removed(name: string, edits: readonly TextEdit[] | undefined): PoolProblemFix[] {
  if (edits === undefined || edits.length === 0) return [];
  return [{ title: `Remove ${name}, to be set for the role`, safety: 'suggestion', preferred: true, edits }];
}
