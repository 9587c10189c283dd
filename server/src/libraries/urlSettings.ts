/** Pool settings that were written into the URL, where the driver gets them instead of the pool. */
import { spanContains, type TextEdit } from '../core/text.ts';
import { setParameters, writtenArgument } from '../declarations/parameters.ts';
import type { Pool, PoolProblemFix } from '../declarations/pool.ts';

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
  return [{ title, safety: 'suggestion', preferred: true, edits: [removal(pool, name), ...passed] }];
}

/** A parameter with the separator that belongs to it. */
function removal({ address }: Pool, name: string): TextEdit {
  const places = Object.entries(address.queryAt!).sort(([, a], [, b]) => a.start - b.start);
  const index = places.findIndex(([key]) => key === name);
  const [, place] = places[index]!;
  const next = places[index + 1]?.[1];
  const previous = places[index - 1]?.[1];
  if (next !== undefined) return { ...place, end: next.start, newText: '' };
  return { ...place, start: previous === undefined ? place.start - 1 : previous.end, newText: '' };
}
