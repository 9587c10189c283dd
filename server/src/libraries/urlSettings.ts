/** Pool settings that were written into the URL, where the driver gets them instead of the pool. */
import { type Location, spanContains, type TextEdit } from '../core/text.ts';
import { settingText } from '../declarations/edits.ts';
import { setParameters, writtenArgument } from '../declarations/parameters.ts';
import type { Pool, PoolProblemFix } from '../declarations/pool.ts';
import { fix } from './results.ts';

/**
 * Takes a parameter out of the URL and passes it as the setting that was meant. Empty where the URL is not a literal in the
 * call, where the value is no number, and where the setting is passed already.
 */
export function moveOutOfUrl(pool: Pool, name: string, setting: string): PoolProblemFix[] {
  const { query, queryAt, at } = pool.address;
  const value = query[name];
  const place = queryAt?.[name];
  if (place === undefined || at === undefined || value === undefined || !/^-?\d{1,9}$/.test(value)) return [];
  if (place.uri !== pool.uri || !spanContains(pool.site.span, at) || !spanContains(at, place)) return [];
  if (writtenArgument(pool, setting) !== undefined) return [];
  const passed = setParameters(pool, { [setting]: Number(value) });
  if (passed === undefined) return [];
  const title = `Pass ${setting}=${Number(value)} instead`;
  return [{ title, safety: 'suggestion', preferred: true, edits: [removal(pool.address.queryAt!, name), ...passed] }];
}

/**
 * Takes a parameter that nobody reads out of the URL, in the call or in the environment file, and sets the option that was
 * meant where that is possible.
 */
export function outOfUrl(pool: Pool, name: string, setting: string | undefined): PoolProblemFix[] {
  const places = pool.address.queryAt ?? pool.address.queryInFile;
  if (places?.[name] === undefined) return [];
  const taken = removal(places, name);
  const value = setting === undefined ? undefined : asOption(pool, name, setting);
  const passed = value === undefined ? undefined : setParameters(pool, { [setting!]: value });
  const title =
    passed === undefined || value === undefined
      ? `Take ${name} out of the URL`
      : `Set ${settingText(setting!, value, pool.site.language)} instead`;
  return fix(title, 'suggestion', [taken, ...(passed ?? [])]);
}

/** The value in the unit of the option: in URLs times are seconds, unless their names say otherwise. Nothing sets no limit. */
function asOption(pool: Pool, name: string, setting: string): number | undefined {
  const text = pool.address.query[name] ?? '';
  if (!/^[1-9]\d{0,8}$/.test(text) || writtenArgument(pool, setting) !== undefined) return undefined;
  const isMilliseconds = pool.parameters.get(setting)?.fact?.unit === 'milliseconds';
  return Number(text) * (isMilliseconds && !/millis|ms$/i.test(name) ? 1000 : 1);
}

/** A parameter with the separator that belongs to it. */
function removal(query: Readonly<Record<string, Location>>, name: string): TextEdit {
  const places = Object.entries(query).sort(([, a], [, b]) => a.start - b.start);
  const index = places.findIndex(([key]) => key === name);
  const [, place] = places[index]!;
  const next = places[index + 1]?.[1];
  const previous = places[index - 1]?.[1];
  if (next !== undefined) return { ...place, end: next.start, newText: '' };
  return { ...place, start: previous === undefined ? place.start - 1 : previous.end, newText: '' };
}
