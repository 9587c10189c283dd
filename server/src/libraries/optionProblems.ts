/** Options that a library takes without a word and never reads. */
import { settingText } from '../declarations/edits.ts';
import { isCertainlyPassed, writtenArgument } from '../declarations/parameters.ts';
import type { Pool, PoolProblem } from '../declarations/pool.ts';
import { fix } from './results.ts';
import { outOfUrl } from './urlSettings.ts';

/** Keys that no part of the library reads, where they are names of its settings in other libraries. */
export function* ignoredOptions(
  pool: Pool,
  misspelt: Readonly<Record<string, string>>,
  library: string,
): Iterable<PoolProblem> {
  for (const argument of pool.unrecognised) {
    const name = argument.keyword!;
    const meant = Object.hasOwn(misspelt, name) ? misspelt[name] : undefined;
    if (meant === undefined || !isCertainlyPassed(pool, argument)) continue;
    const at = argument.keywordSpan ?? argument.span;
    const isTaken = writtenArgument(pool, meant) !== undefined;
    const isShorthand = argument.keywordSpan?.start === argument.valueSpan.start;
    yield {
      rule: 'ignored-pool-options',
      at,
      tags: ['unnecessary'],
      message: `${library} has no option ${name} and drops it without a word: ${isTaken ? `${meant} is what counts` : inForce(pool, meant)}. Did you mean ${meant}?`,
      fixes:
        isTaken || isShorthand || pool.hasUnreadArguments
          ? []
          : fix(`Rename to ${meant}`, 'suggestion', [{ ...at, newText: meant }]),
    };
  }
}

/** "max stays at its default of 10". */
function inForce(pool: Pool, name: string): string {
  const value = pool.parameters.get(name)?.value;
  return value?.known
    ? `${settingText(name, value.value as number, pool.site.language)} is in force`
    : `${name} is not set by it`;
}

/** Pool settings in a URL that the library does not look at. */
export function* ignoredInUrl(
  pool: Pool,
  names: ReadonlySet<string>,
  misspelt: Readonly<Record<string, string>>,
  why: string,
): Iterable<PoolProblem> {
  const { at, query, queryAt } = pool.address;
  if (at === undefined) return;
  for (const name of Object.keys(query)) {
    if (!names.has(name)) continue;
    const meant = pool.parameters.has(name) ? name : Object.hasOwn(misspelt, name) ? misspelt[name] : undefined;
    yield {
      rule: 'ignored-pool-options',
      at: queryAt?.[name] ?? at,
      message: `${name} in the URL does nothing: ${why}.${meant === undefined ? '' : ` Set ${meant} in the options instead.`}`,
      fixes: outOfUrl(pool, name, meant),
    };
  }
}

/** Options that the library has nothing for. `why` completes "…: ". */
export function* withoutMeaning(pool: Pool, names: ReadonlySet<string>, why: string): Iterable<PoolProblem> {
  for (const argument of pool.unrecognised) {
    if (!names.has(argument.keyword!) || !isCertainlyPassed(pool, argument)) continue;
    yield {
      rule: 'ignored-pool-options',
      at: argument.keywordSpan ?? argument.span,
      tags: ['unnecessary'],
      message: `${argument.keyword} does nothing: ${why}. Remove it.`,
    };
  }
}
