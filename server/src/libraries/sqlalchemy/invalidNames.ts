/** Arguments under names that SQLAlchemy or the driver does not know. */
import { editDistance } from '../../core/nearest.ts';
import { standsInCall } from '../../declarations/edits.ts';
import { isCertainlyPassed, writtenArgument } from '../../declarations/parameters.ts';
import type { Pool } from '../../declarations/pool.ts';
import type { Argument } from '../../declarations/value.ts';
import { driversThatRejectUnknownOptions, parameterFact } from '../../facts/sqlalchemy.ts';
import { ambiguousMisspellings, driverArguments, misspeltArguments } from '../../facts/sqlalchemyNames.ts';
import { fix, type Result, raises } from '../results.ts';
import { moveOutOfUrl } from '../urlSettings.ts';

export function* poolArgumentsInUrl(pool: Pool): Iterable<Result> {
  const { driver, query, queryAt, at } = pool.address;
  if (driver === undefined || at === undefined || !driversThatRejectUnknownOptions.has(driver)) return;
  for (const name of Object.keys(query)) {
    const meant = parameterFact.has(name) ? name : nearestParameter(name);
    if (meant === undefined) continue;
    yield {
      at: queryAt?.[name] ?? at,
      message: `${name} in the URL goes to ${driver}, which rejects it at the first connect. Pass ${meant} to ${pool.callable} instead.`,
      fixes: moveOutOfUrl(pool, name, meant),
    };
  }
}

/** Letters a parameter may differ by and still be the one that was meant. */
const mostEdits = 2;
/** Shorter words are near to too much. */
const shortestWord = 7;

function nearestParameter(word: string): string | undefined {
  if (word.length < shortestWord) return undefined;
  return [...parameterFact.keys()].find((name) => editDistance(word.toLowerCase(), name) <= mostEdits);
}

export function* misspeltKeywords(pool: Pool): Iterable<Result> {
  for (const argument of pool.unrecognised) {
    const name = argument.keyword!;
    if (!isCertainlyPassed(pool, argument)) continue;
    const meant = misspeltArguments[name] ?? nearestParameter(name);
    if (driverArguments.has(name)) yield driverArgument(pool, argument, name);
    else if (meant !== undefined) yield misspelt(pool, argument, name, meant);
  }
}

function misspelt(pool: Pool, argument: Argument, name: string, meant: string): Result {
  const at = argument.keywordSpan ?? argument.span;
  const isFree = writtenArgument(pool, meant) === undefined && !pool.hasUnreadArguments;
  const isKeyword = pool.site.arguments.some((each) => each.span.start === argument.span.start);
  return {
    at,
    message: `${pool.callable} has no argument ${name}: it raises TypeError. Did you mean ${meant}?`,
    fixes:
      isFree && isKeyword
        ? fix(`Change to ${meant}`, ambiguousMisspellings.has(name) ? 'suggestion' : 'safe', [
            { ...at, newText: meant },
          ])
        : [],
  };
}

function driverArgument(pool: Pool, argument: Argument, name: string): Result {
  const canMove =
    standsInCall(pool.site, argument) && !pool.hasUnreadArguments && !pool.otherArguments.has('connect_args');
  const { uri, start, end } = argument.span;
  return {
    at: argument.keywordSpan ?? argument.span,
    message: `${name} belongs to the database driver: ${raises(pool, 'TypeError')}. Pass connect_args={"${name}": …}.`,
    fixes: canMove
      ? fix(`Move ${name} into connect_args`, 'suggestion', [
          { uri, start, end: argument.valueSpan.start, newText: `connect_args={"${name}": ` },
          { uri, start: end, end, newText: '}' },
        ])
      : [],
  };
}
