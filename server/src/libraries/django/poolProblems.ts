/** What Django's own pool refuses: persistent connections, other drivers, settings that it sets itself. */
import { editDistance } from '../../core/nearest.ts';
import type { TextEdit } from '../../core/text.ts';
import { calleeOf, isCertainlyPassed, numberOf, setParameters, versionNote } from '../../declarations/parameters.ts';
import type { Pool, PoolProblem } from '../../declarations/pool.ts';
import { isScalar } from '../../declarations/resolve.ts';
import type { Argument } from '../../declarations/value.ts';
import { hasNativePool, poolArgumentsOfDjango } from '../../facts/django.ts';
import { psycopgPoolLowest, psycopgPoolMisspelt } from '../../facts/psycopgPool.ts';
import { belowLowest, minimumAboveMaximum, notANumber } from '../plainProblems.ts';
import { fix } from '../results.ts';
import { nativePoolKey } from './pools.ts';

export function* nativePoolProblems(pool: Pool): Iterable<PoolProblem> {
  const { dialect } = pool.address;
  const written = pool.otherArguments.get(nativePoolKey)?.written;
  if (dialect === undefined) return;
  if (written !== undefined && isEmpty(pool)) {
    if (hasNativePool(dialect, pool.libraryVersion)) yield emptyPool(written);
    return;
  }
  if (pool.poolClass !== 'ConnectionPool') return;
  const at = written?.span ?? pool.address.at ?? calleeOf(pool);
  if (!hasNativePool(dialect, pool.libraryVersion)) {
    yield { rule: 'invalid-pool-arguments', at, message: withoutPool(pool, dialect) };
    return;
  }
  yield* persistentBesidePool(pool, at);
  if (dialect === 'oracle') {
    yield* minimumAboveMaximum(pool, 'min', 'max', 'oracledb raises an error at the first query');
    return;
  }
  yield* olderDriver(pool, at);
  yield* unknownSettings(pool);
  yield* minimumAboveMaximum(pool, 'min_size', 'max_size', 'ValueError at the first query');
  yield* belowLowest(pool, psycopgPoolLowest, 'ValueError');
  yield* notANumber(pool, {
    min_size: { raises: 'at the first query', mayBeNone: false },
    max_size: { raises: 'at the first query', mayBeNone: true },
    timeout: { raises: 'when a thread waits for a connection', mayBeNone: false, converter: 'float' },
  });
}

function isEmpty(pool: Pool): boolean {
  const value = pool.otherArguments.get(nativePoolKey)?.value;
  if (!value?.known || isScalar(value.value)) return false;
  const content = value.value as { readonly type: string; readonly entries?: readonly unknown[]; complete?: boolean };
  return content.type === 'mapping' && content.complete === true && content.entries?.length === 0;
}

function emptyPool({ span, valueSpan }: Argument): PoolProblem {
  return {
    rule: 'ignored-pool-options',
    at: span,
    message:
      'An empty dictionary is no pool: it counts as false, and each thread opens a connection of its own. True is a pool with the defaults.',
    fixes: fix('Write True for the default sizes', 'suggestion', [{ ...valueSpan, newText: 'True' }]),
  };
}

function withoutPool(pool: Pool, dialect: string): string {
  if (dialect !== 'postgresql' && dialect !== 'oracle')
    return `Django has pools for PostgreSQL and Oracle only: here "pool" goes to the driver, which rejects it at the first connect.`;
  const since = dialect === 'oracle' ? '5.2' : '5.1';
  return `Django ${pool.libraryVersion} has no pool, which came with ${since}: "pool" goes to the driver, which rejects it at the first connect.`;
}

function* persistentBesidePool(pool: Pool, at: PoolProblem['at']): Iterable<PoolProblem> {
  const age = pool.parameters.get('CONN_MAX_AGE');
  if (age?.written === undefined || !age.value.known || age.value.value === 0) return;
  const { value } = age.value;
  if (value !== null && typeof value !== 'number') return;
  yield {
    rule: 'invalid-pool-arguments',
    at: age.written.valueSpan,
    message: `A pool and persistent connections exclude each other: with CONN_MAX_AGE=${value ?? 'None'} the first query raises ImproperlyConfigured. The pool keeps connections; set CONN_MAX_AGE to 0.`,
    related: [{ at, message: 'the pool' }],
    fixes: fix('Set CONN_MAX_AGE to 0', 'suggestion', setParameters(pool, { CONN_MAX_AGE: 0 })),
  };
}

function* olderDriver(pool: Pool, at: PoolProblem['at']): Iterable<PoolProblem> {
  if (pool.address.driver !== 'psycopg2') return;
  yield {
    rule: 'invalid-pool-arguments',
    at,
    message:
      "Django's pool needs psycopg 3, and the dependencies name psycopg2 only: the first query raises ImproperlyConfigured. Depend on psycopg[pool].",
  };
}

/** Letters a key may differ by and still be the one that was meant. */
const mostEdits = 2;
/** Longer ones are compared with nothing, so that hostile text costs nothing. */
const longestWord = 64;

function* unknownSettings(pool: Pool): Iterable<PoolProblem> {
  for (const name of poolArgumentsOfDjango(pool.libraryVersion)) {
    const argument = pool.otherArguments.get(name)?.written;
    if (argument === undefined || !isCertainlyPassed(pool, argument)) continue;
    const isCheck = name === 'check';
    yield {
      rule: 'invalid-pool-arguments',
      at: argument.keywordSpan ?? argument.span,
      message: `Django sets ${name} of the pool itself: given twice it raises TypeError at the first query. Remove it${isCheck ? '; CONN_HEALTH_CHECKS switches the check on' : ''}.${isCheck ? versionNote(pool) : ''}`,
    };
  }
  for (const argument of pool.unrecognised) {
    const name = argument.keyword!;
    if (!isCertainlyPassed(pool, argument)) continue;
    const meant = psycopgPoolMisspelt[name] ?? nearest(name, pool);
    yield {
      rule: 'invalid-pool-arguments',
      at: argument.keywordSpan ?? argument.span,
      message: `psycopg_pool has no setting ${name}: the first query raises TypeError.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
      fixes: fix(`Change to ${meant}`, 'suggestion', meant === undefined ? undefined : renamed(pool, argument, meant)),
    };
  }
}

/** Under its right name a size counts: a minimum above it has to go down. */
function renamed(pool: Pool, argument: Argument, meant: string): readonly TextEdit[] | undefined {
  const rename = keyRenamed(argument, meant);
  if (rename === undefined || pool.parameters.get(meant)?.written !== undefined) return undefined;
  const { value } = argument;
  const size = value.kind === 'literal' && typeof value.value === 'number' ? value.value : undefined;
  if (meant !== 'max_size' || size === undefined || size >= (numberOf(pool, 'min_size') ?? 0)) return [rename];
  const lowered = setParameters(pool, { min_size: size });
  return lowered && [rename, ...lowered];
}

/** The edit that gives an entry another key, in its quotes where it has any. */
export function keyRenamed(argument: Argument, meant: string): TextEdit | undefined {
  const span = argument.keywordSpan ?? argument.span;
  const { length } = argument.keyword!;
  if (span.end - span.start === length) return { ...span, newText: meant };
  if (span.end - span.start !== length + 2) return undefined;
  return { ...span, start: span.start + 1, end: span.end - 1, newText: meant };
}

function nearest(word: string, pool: Pool): string | undefined {
  if (word.length > longestWord) return undefined;
  const known = [...pool.parameters.keys()].filter((name) => name === name.toLowerCase());
  const near = known.filter((name) => editDistance(word.toLowerCase(), name) <= mostEdits);
  return near.length === 1 ? near[0] : undefined;
}
