/** What goes wrong with the settings of many libraries in the same way, one check each. */

import { editDistance } from '../core/nearest.ts';
import type { TextEdit } from '../core/text.ts';
import { settingText } from '../declarations/edits.ts';
import {
  isCertainlyPassed,
  numberOf,
  parameterWithRole,
  placeOf,
  setParameters,
  versionNote,
  writtenArgument,
} from '../declarations/parameters.ts';
import type { Pool, PoolProblem, PoolProblemFix } from '../declarations/pool.ts';
import type { Argument } from '../declarations/value.ts';
import { advisedRecycleSeconds } from '../facts/advice.ts';
import type { NumberArgument } from '../facts/numberArgument.ts';
import { textOrNoneForNumber } from './numberArguments.ts';
import { fix } from './results.ts';
import { moveOutOfUrl } from './urlSettings.ts';

/** Numbers that are texts or None, as a problem. */
export function* notANumber(pool: Pool, numbers: Readonly<Record<string, NumberArgument>>): Iterable<PoolProblem> {
  for (const result of textOrNoneForNumber(pool, numbers)) yield { rule: 'invalid-pool-arguments', ...result };
}

/**
 * A minimum above the maximum, either of them possibly the library's default. `consequence` says what happens:
 * "create_pool raises ValueError". A maximum of which `isNoLimit` holds is none.
 */
export function* minimumAboveMaximum(
  pool: Pool,
  minimum: string,
  maximum: string,
  consequence: string,
  isNoLimit: (value: number) => boolean = () => false,
): Iterable<PoolProblem> {
  const low = numberOf(pool, minimum);
  const high = numberOf(pool, maximum);
  if (low === undefined || high === undefined || low <= high || isNoLimit(high) || high < 1) return;
  const isLowWritten = isChosen(pool, minimum);
  const isHighWritten = isChosen(pool, maximum);
  if (!isLowWritten && !isHighWritten) return;
  const at = placeOf(pool, isHighWritten ? maximum : minimum);
  const setting = (name: string, value: number) => settingText(name, value, pool.site.language);
  const message =
    isLowWritten && isHighWritten
      ? `${setting(minimum, low)} is above ${setting(maximum, high)}: ${consequence}. Lower ${minimum} or raise ${maximum}.`
      : isHighWritten
        ? `${setting(maximum, high)} is below ${minimum}, which is ${low} where it is left out: ${consequence}. Write ${minimum} too.`
        : `${setting(minimum, low)} is above ${maximum}, which is ${high} where it is left out: ${consequence}. Write ${maximum} too.`;
  // What its author wrote stays; where both are written, the limit does.
  const lower = fix(
    `Set ${setting(minimum, high)}`,
    'suggestion',
    setParameters(pool, { [minimum]: high }),
    isHighWritten,
  );
  const raise = fix(
    `Set ${setting(maximum, low)}`,
    'suggestion',
    setParameters(pool, { [maximum]: low }),
    !isHighWritten,
  );
  yield { rule: 'min-exceeds-max', at, message, fixes: isHighWritten ? [...lower, ...raise] : [...raise, ...lower] };
}

/** True where somebody wrote the value, in the call or anywhere else. */
function isChosen(pool: Pool, name: string): boolean {
  const parameter = pool.parameters.get(name);
  return parameter?.written !== undefined || (parameter?.value.known === true && parameter.value.source !== 'default');
}

/** Numbers below the lowest that the library takes. */
export function* belowLowest(
  pool: Pool,
  lowest: Readonly<Record<string, number>>,
  error: string,
  name: (parameter: string) => string = (parameter) => parameter,
): Iterable<PoolProblem> {
  for (const [parameter, bound] of Object.entries(lowest)) {
    const value = numberOf(pool, parameter);
    const written = writtenArgument(pool, parameter);
    if (value === undefined || written === undefined || value >= bound || !isCertainlyPassed(pool, written)) continue;
    yield {
      rule: 'invalid-pool-arguments',
      at: written.valueSpan,
      message: `${settingText(name(parameter), value, pool.site.language)}: ${pool.callable} raises ${error}. ${bound} is the lowest that is valid.`,
    };
  }
}

export interface UnknownKeywords {
  /** What is written by mistake, with what is meant. */
  readonly misspelt: Readonly<Record<string, string>>;
  /** Settings of other pools that this library has nothing for. */
  readonly none?: ReadonlySet<string>;
  /** Settings that go to the driver, and the argument that takes them there. */
  readonly driver?: { readonly names: ReadonlySet<string>; readonly into: string };
  /** "TypeError": what the callable raises for a keyword it does not know. */
  readonly error: string;
}

/** Keywords that the library does not know and raises for. One that nobody can have meant otherwise is renamed. */
export function* unknownKeywords(
  pool: Pool,
  { misspelt, none, driver, error }: UnknownKeywords,
): Iterable<PoolProblem> {
  for (const argument of pool.unrecognised) {
    const name = argument.keyword!;
    if (!isCertainlyPassed(pool, argument)) continue;
    const at = argument.keywordSpan ?? argument.span;
    const meant = misspelt[name] ?? nearest(name, pool);
    if (driver?.names.has(name)) {
      yield {
        rule: 'invalid-pool-arguments',
        at,
        message: `${name} belongs to the database driver: ${pool.callable} raises ${error}. Pass ${driver.into}={"${name}": …}.`,
      };
    } else if (meant !== undefined) {
      const isFree = writtenArgument(pool, meant) === undefined && !pool.hasUnreadArguments;
      const isKeyword = pool.site.arguments.some((each) => each.span.start === argument.span.start);
      const edits = isFree && isKeyword ? renamed(pool, argument, meant) : undefined;
      yield {
        rule: 'invalid-pool-arguments',
        at,
        message: `${pool.callable} has no argument ${name}: it raises ${error}. Did you mean ${meant}?`,
        fixes: fix(`Change to ${meant}`, 'suggestion', edits),
      };
    } else if (none?.has(name)) {
      yield {
        rule: 'invalid-pool-arguments',
        at,
        message: `${pool.callable} has no argument ${name} and nothing like it: it raises ${error}. Remove it.`,
      };
    }
  }
}

/** Under its right name a size counts: a minimum above it has to go down. */
function renamed(pool: Pool, argument: Argument, meant: string): readonly TextEdit[] | undefined {
  const rename = { ...(argument.keywordSpan ?? argument.span), newText: meant };
  const minimum = parameterWithRole(pool, 'minimum')?.name;
  const { value } = argument;
  const size = value.kind === 'literal' && typeof value.value === 'number' ? value.value : undefined;
  if (minimum === undefined || pool.parameters.get(meant)?.fact?.role !== 'size' || size === undefined) return [rename];
  if ((numberOf(pool, minimum) ?? 0) <= size) return [rename];
  const lowered = setParameters(pool, { [minimum]: size });
  return lowered && [rename, ...lowered];
}

/** Letters a keyword may differ by and still be the one that was meant. */
const mostEdits = 2;
/** Shorter words are near to too much. */
const shortestWord = 7;

/** Longer ones are compared with nothing, so that hostile text costs nothing. */
const longestWord = 64;

/** The one setting that is nearest; none where two are equally near (`min_size` and `max_size` differ by two letters). */
function nearest(word: string, pool: Pool): string | undefined {
  if (word.length < shortestWord || word.length > longestWord) return undefined;
  const distances = [...pool.parameters.keys()]
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name) }))
    .filter(({ distance }) => distance <= mostEdits)
    .sort((a, b) => a.distance - b.distance);
  return distances[0]?.distance === distances[1]?.distance ? undefined : distances[0]?.name;
}

/** Pool settings in a URL whose reader does not know them. `consequence`: what becomes of them. */
export function* settingsInUrl(
  pool: Pool,
  misspelt: Readonly<Record<string, string>>,
  consequence: string,
): Iterable<PoolProblem> {
  const { at, query, queryAt } = pool.address;
  if (at === undefined) return;
  for (const name of Object.keys(query)) {
    const meant = pool.parameters.has(name) ? name : misspelt[name];
    if (meant === undefined) continue;
    yield {
      rule: 'invalid-pool-arguments',
      at: queryAt?.[name] ?? at,
      message: `${name} in the URL is no setting of the pool: ${consequence}. Pass ${meant} to ${pool.callable} instead.`,
      fixes: moveOutOfUrl(pool, name, meant),
    };
  }
}

/** A size for which the library sets no limit. */
export function* withoutLimit(pool: Pool, size: string, advised: number, message: string): Iterable<PoolProblem> {
  if (pool.peakPerProcess !== 'unbounded') return;
  yield {
    rule: 'unbounded-pool',
    at: placeOf(pool, size),
    message: `${message}: under load one process can take every connection the database has. Set ${settingText(size, advised, pool.site.language)} or what fits.${versionNote(pool)}`,
    fixes: setting(pool, size, advised),
  };
}

/** A fix that sets one setting. */
export function setting(pool: Pool, name: string, value: number | string): PoolProblemFix[] {
  return fix(
    `Set ${settingText(name, value, pool.site.language)}`,
    'suggestion',
    setParameters(pool, { [name]: value }),
  );
}

/** A pool that hands connections out untested, where a setting could test them; `fix` is the code that sets it. */
export function* untested(
  pool: Pool,
  check: string,
  { fix: code, message, messageWhereOff }: { fix?: string; message: string; messageWhereOff: string },
): Iterable<PoolProblem> {
  const parameter = pool.parameters.get(check);
  if (!parameter?.value.known || parameter.value.value !== null) return;
  const isOff = parameter.written !== undefined;
  yield {
    rule: 'missing-health-checks',
    at: placeOf(pool, check),
    severity: isOff ? 'information' : undefined,
    message: isOff ? messageWhereOff : message,
    fixes: code === undefined ? [] : setting(pool, check, code),
  };
}

/** An idle limit of 0: every connection that comes back is replaced. */
export function* recycleOfZero(pool: Pool): Iterable<PoolProblem> {
  if (numberOf(pool, 'pool_recycle') !== 0) return;
  yield {
    rule: 'self-defeating-pool-setting',
    at: placeOf(pool, 'pool_recycle'),
    message: `pool_recycle=0 replaces every connection that was not in use a moment ago: the pool keeps connections and uses none of them. -1 never replaces them, ${advisedRecycleSeconds} does so after ${advisedRecycleSeconds} s without use.`,
    fixes: setting(pool, 'pool_recycle', advisedRecycleSeconds),
  };
}

/** Misspelt settings that the pool hands on to a driver, which knows them as little. */
export function* driverKeywords(
  pool: Pool,
  misspelt: Readonly<Record<string, string>>,
  consequence: string,
): Iterable<PoolProblem> {
  for (const { name, written } of pool.otherArguments.values()) {
    const meant = misspelt[name];
    if (meant === undefined || written === undefined || !isCertainlyPassed(pool, written)) continue;
    const isFree = writtenArgument(pool, meant) === undefined && !pool.hasUnreadArguments;
    const isKeyword = pool.site.arguments.some((each) => each.span.start === written.span.start);
    yield {
      rule: 'invalid-pool-arguments',
      at: written.keywordSpan ?? written.span,
      message: `${name} is no setting of the pool: ${consequence}. Did you mean ${meant}?`,
      fixes: fix(`Change to ${meant}`, 'suggestion', isFree && isKeyword ? renamed(pool, written, meant) : undefined),
    };
  }
}
