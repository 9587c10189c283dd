/** Combinations of SQLAlchemy arguments that raise when they run, one small check each. */
import { removeArguments } from '../../declarations/edits.ts';
import {
  isCertainlyPassed,
  knownValueOf,
  listed,
  numberOf,
  setParameters,
  versionNote,
  writtenArgument,
} from '../../declarations/parameters.ts';
import type { Pool } from '../../declarations/pool.ts';
import { qualifiedName, type Value } from '../../declarations/value.ts';
import {
  asyncOnlyDrivers,
  classDependentArguments,
  futureFalseRaises,
  isRemoved,
  lowestMaxOverflow,
  numberArguments,
  poolClasses,
  poolClassLoopIsChecked,
  resetOnReturnValues,
  syncOnlyDrivers,
} from '../../facts/sqlalchemy.ts';
import { textOrNoneForNumber } from '../numberArguments.ts';
import { fix, type Result, raises } from '../results.ts';
import { misspeltKeywords, poolArgumentsInUrl } from './invalidNames.ts';

export type ArgumentCheck = (pool: Pool) => Iterable<Result>;

function* classRefusesArguments(pool: Pool): Iterable<Result> {
  const known = poolClasses[pool.poolClass];
  const classArgument = writtenArgument(pool, 'poolclass');
  if (known === undefined || classArgument === undefined || !isCertainlyPassed(pool, classArgument)) return;
  const refused = classDependentArguments.flatMap((name) => {
    const written = writtenArgument(pool, name);
    if (written === undefined || known.accepts.includes(name) || !isCertainlyPassed(pool, written)) return [];
    return [{ name, written }];
  });
  const [first] = refused.sort((a, b) => a.written.span.start - b.written.span.start);
  if (first === undefined) return;
  const names = refused.map((each) => each.name);
  yield {
    at: first.written.keywordSpan ?? first.written.span,
    message: `${pool.poolClass} takes no ${listed(names)}: ${raises(pool, 'TypeError')}. Remove ${names.length > 1 ? 'them' : 'it'}, or the pool class.`,
    related: pool.poolClassAt && [{ at: pool.poolClassAt, message: `the pool class ${pool.poolClass}` }],
    fixes: [
      ...fix(
        `Remove ${listed(names)}`,
        'suggestion',
        removeArguments(
          pool.site,
          refused.map((each) => each.written),
        ),
      ),
      ...fix(`Remove poolclass=${pool.poolClass}`, 'suggestion', removeArguments(pool.site, [classArgument]), false),
    ],
  };
}

function* classBelongsToOtherKindOfEngine(pool: Pool): Iterable<Result> {
  const written = writtenArgument(pool, 'poolclass');
  const loop = poolClasses[pool.poolClass]?.loop;
  if (written === undefined || loop === undefined || loop === 'both' || !isCertainlyPassed(pool, written)) return;
  if (!poolClassLoopIsChecked(pool.libraryVersion)) return;
  const isAsync = isAsyncEngine(pool);
  if ((loop === 'async') === isAsync) return;
  const right = isAsync ? 'AsyncAdaptedQueuePool' : 'QueuePool';
  yield {
    at: written.valueSpan,
    message: `${pool.poolClass} cannot serve ${isAsync ? 'an async' : 'a sync'} engine: ${raises(pool, 'ArgumentError')}. Leave poolclass out; ${right} is the default.${versionNote(pool)}`,
    fixes: fix(`Remove poolclass=${pool.poolClass}`, 'suggestion', removeArguments(pool.site, [written])),
  };
}

/** `AsyncEngine(create_engine("postgresql+asyncpg://…"))` is an async engine too. */
function isAsyncEngine(pool: Pool): boolean {
  return pool.system === 'sqlalchemy-async' || pool.site.passedTo === 'AsyncEngine';
}

/** Only where a requirement names the version: an older one still has the class. */
function* classIsGone(pool: Pool): Iterable<Result> {
  const at = pool.poolClassAt;
  if (at === undefined || pool.versionEvidence === undefined || !isRemoved(pool.poolClass, pool.libraryVersion)) return;
  const written = writtenArgument(pool, 'poolclass');
  yield {
    at,
    message: `${pool.poolClass} is gone from SQLAlchemy 2.1: importing it raises ImportError. Leave poolclass out; AsyncAdaptedQueuePool is the default of an async engine.`,
    fixes: fix(`Remove poolclass=${pool.poolClass}`, 'suggestion', written && removeArguments(pool.site, [written])),
  };
}

function* driverBelongsToOtherKindOfEngine(pool: Pool): Iterable<Result> {
  const { driver, source, at, query } = pool.address;
  if (driver === undefined || source !== 'literal' || at === undefined) return;
  if (pool.otherArguments.has('creator') || pool.otherArguments.has('async_creator')) return;
  if (pool.otherArguments.has('module')) return;
  // A test may build such an engine and never connect.
  const mayConnect = pool.context !== 'test';
  if (mayConnect && !isAsyncEngine(pool) && asyncOnlyDrivers.has(driver) && query['async_fallback'] === undefined) {
    yield {
      at,
      message: `${driver} is an async driver: a sync engine raises MissingGreenlet when it first connects. Use create_async_engine, or a sync driver.`,
    };
  } else if (pool.system === 'sqlalchemy-async' && syncOnlyDrivers.has(driver)) {
    yield {
      at,
      message: `${driver} is a sync driver: ${raises(pool, 'InvalidRequestError')}. Name an async driver in the URL, or use create_engine.${versionNote(pool)}`,
    };
  }
}

function* overflowBelowMinusOne(pool: Pool): Iterable<Result> {
  const overflow = numberOf(pool, 'max_overflow');
  const written = writtenArgument(pool, 'max_overflow');
  if (overflow === undefined || written === undefined || overflow >= lowestMaxOverflow) return;
  yield {
    at: written.valueSpan,
    message: `max_overflow=${overflow}: a checkout raises RecursionError. ${lowestMaxOverflow} means no limit, 0 makes pool_size the limit; nothing lower is valid.`,
    fixes: fix('Set max_overflow=0', 'suggestion', setParameters(pool, { max_overflow: 0 })),
  };
}

function* otherThanNumbers(pool: Pool): Iterable<Result> {
  yield* textOrNoneForNumber(pool, numberArguments, { isFromConfig: pool.coercesTexts });
  const timeout = numberOf(pool, 'pool_timeout');
  const written = writtenArgument(pool, 'pool_timeout');
  if (timeout !== undefined && written !== undefined && timeout < 0)
    yield {
      at: written.valueSpan,
      message: `pool_timeout=${timeout}: ValueError ${numberArguments['pool_timeout']!.raises}. 0 fails at once, None waits for ever.`,
    };
}

function* valuesThatAreNone(pool: Pool): Iterable<Result> {
  const classArgument = writtenArgument(pool, 'poolclass');
  if (classArgument !== undefined && typeof knownValueOf(pool, 'poolclass') === 'string')
    yield {
      at: classArgument.valueSpan,
      message: `poolclass is a text: ${raises(pool, 'AttributeError')}. Pass the class itself.`,
    };
  const reset = writtenArgument(pool, 'pool_reset_on_return');
  const value = knownValueOf(pool, 'pool_reset_on_return');
  const isPlain =
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (reset !== undefined && isPlain && !resetOnReturnValues.includes(value))
    yield {
      at: reset.valueSpan,
      message: `pool_reset_on_return knows "rollback", "commit" and None: ${raises(pool, 'ArgumentError')}.`,
      fixes: fix('Set pool_reset_on_return="rollback"', 'suggestion', [{ ...reset.valueSpan, newText: '"rollback"' }]),
    };
  const future = pool.otherArguments.get('future');
  if (future?.value.known && future.value.value === false && futureFalseRaises(pool.libraryVersion))
    yield {
      at: future.written!.valueSpan,
      message: `future=False is gone from ${pool.libraryName} 2.0 on: ${raises(pool, 'ArgumentError')}. Leave it out.${versionNote(pool)}`,
      fixes: fix('Remove future=False', 'safe', removeArguments(pool.site, [future.written!])),
    };
}

function* poolObjectBesideArguments(pool: Pool): Iterable<Result> {
  const given = pool.otherArguments.get('pool')?.written;
  if (given === undefined || !isPoolObject(given.value)) return;
  const refused = [...pool.parameters.values()].flatMap(({ name, written }) =>
    written === undefined || !isCertainlyPassed(pool, written) ? [] : [{ name, written }],
  );
  const [first] = refused;
  if (first === undefined) return;
  yield {
    at: first.written.keywordSpan ?? first.written.span,
    message: `With pool=… the pool exists already, and ${listed(refused.map((each) => each.name))} cannot be set: ${raises(pool, 'TypeError')}.`,
  };
}

/** `QueuePool(…)`, also under a name; anything else may turn out to be None. */
export function isPoolObject(value: Value): boolean {
  if (value.kind === 'constant') return isPoolObject(value.value);
  if (value.kind !== 'call' || value.callee.kind !== 'reference') return false;
  return poolClasses[qualifiedName(value.callee).split('.').at(-1)!] !== undefined;
}

export const invalidArgumentChecks: readonly ArgumentCheck[] = [
  classRefusesArguments,
  classBelongsToOtherKindOfEngine,
  classIsGone,
  driverBelongsToOtherKindOfEngine,
  overflowBelowMinusOne,
  otherThanNumbers,
  valuesThatAreNone,
  poolArgumentsInUrl,
  misspeltKeywords,
  poolObjectBesideArguments,
];
