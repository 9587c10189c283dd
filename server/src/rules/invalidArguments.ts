/** Combinations of SQLAlchemy arguments that raise when they run, one small check each. */
import { editDistance } from '../core/nearest.ts';
import type { Location } from '../core/text.ts';
import type { Pool } from '../declarations/pool.ts';
import type { Argument } from '../declarations/value.ts';
import {
  ambiguousMisspellings,
  asyncOnlyDrivers,
  classDependentArguments,
  driverArguments,
  driversThatRejectUnknownOptions,
  futureFalseRaises,
  lowestMaxOverflow,
  misspeltArguments,
  numberArguments,
  parameterFact,
  poolClasses,
  poolClassLoopIsChecked,
  resetOnReturnValues,
  syncOnlyDrivers,
} from '../facts/sqlalchemy.ts';
import { removeArguments } from './edits.ts';
import { environmentTextOf } from './environmentText.ts';
import type { Fix, FixSafety } from './finding.ts';
import {
  isCertainlyPassed,
  knownValueOf,
  listed,
  numberOf,
  setParameters,
  versionNote,
  writtenArgument,
} from './parameters.ts';
import type { RuleResult } from './rule.ts';

type Check = (pool: Pool) => Iterable<RuleResult>;

function fix(title: string, safety: FixSafety, edits: Fix['edits'] | undefined, preferred = true): Fix[] {
  return edits === undefined ? [] : [{ title, safety, preferred, edits }];
}

/** "create_engine" as the library calls it, for messages. */
function raises(pool: Pool, error: string): string {
  return `${pool.callable} raises ${error}`;
}

function* classRefusesArguments(pool: Pool): Iterable<RuleResult> {
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

function* classBelongsToOtherKindOfEngine(pool: Pool): Iterable<RuleResult> {
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

function* driverBelongsToOtherKindOfEngine(pool: Pool): Iterable<RuleResult> {
  const { driver, source, at, query } = pool.address;
  if (driver === undefined || source !== 'literal' || at === undefined) return;
  if (pool.otherArguments.has('creator') || pool.otherArguments.has('async_creator')) return;
  if (pool.otherArguments.has('module')) return;
  if (!isAsyncEngine(pool) && asyncOnlyDrivers.has(driver) && query['async_fallback'] === undefined) {
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

function* overflowBelowMinusOne(pool: Pool): Iterable<RuleResult> {
  const overflow = numberOf(pool, 'max_overflow');
  const written = writtenArgument(pool, 'max_overflow');
  if (overflow === undefined || written === undefined || overflow >= lowestMaxOverflow) return;
  yield {
    at: written.valueSpan,
    message: `max_overflow=${overflow}: a checkout raises RecursionError. ${lowestMaxOverflow} means no limit, 0 makes pool_size the limit; nothing lower is valid.`,
    fixes: fix('Set max_overflow=0', 'suggestion', setParameters(pool, { max_overflow: 0 })),
  };
}

function* textOrNoneForNumber(pool: Pool): Iterable<RuleResult> {
  const isFromConfig = pool.callable.endsWith('engine_from_config');
  for (const [name, { raises: when, mayBeNone }] of Object.entries(numberArguments)) {
    const parameter = pool.parameters.get(name);
    const written = parameter?.written;
    if (parameter === undefined || written === undefined || !isCertainlyPassed(pool, written)) continue;
    const environment = environmentTextOf(written.value);
    const value = parameter.value.known ? parameter.value.value : undefined;
    if (environment !== undefined && !isFromConfig) {
      yield {
        at: written.valueSpan,
        message: `${name} is read from ${environment.variable} as text: TypeError ${when}. Wrap it in int(…).`,
        fixes: fix(
          `Wrap ${name} in int(…)`,
          environment.isSafeToConvert ? 'safe' : 'suggestion',
          wrap(written.valueSpan, 'int(', ')'),
        ),
      };
    } else if (typeof value === 'string') {
      const number = value.trim();
      const error = isFromConfig ? 'ValueError when the engine is created' : `TypeError ${when}`;
      const isWholeLiteral = parameter.value.known && parameter.value.source === 'literal' && /^\d{1,9}$/.test(number);
      yield {
        at: written.valueSpan,
        message: `${name} is a text where a number is compared: ${error}.${isWholeLiteral ? ` Write ${name}=${Number(number)}.` : ''}`,
        fixes: isWholeLiteral
          ? fix(`Set ${name}=${Number(number)}`, 'safe', setParameters(pool, { [name]: Number(number) }))
          : [],
      };
    } else if (value === null && !mayBeNone) {
      yield {
        at: written.valueSpan,
        message: `${name}=None: TypeError ${when}. Leave ${name} out to have the library's default.`,
        fixes: fix(`Remove ${name}=None`, 'suggestion', removeArguments(pool.site, [written])),
      };
    }
  }
  const timeout = numberOf(pool, 'pool_timeout');
  const written = writtenArgument(pool, 'pool_timeout');
  if (timeout !== undefined && written !== undefined && timeout < 0)
    yield {
      at: written.valueSpan,
      message: `pool_timeout=${timeout}: ValueError ${numberArguments['pool_timeout']!.raises}. 0 fails at once, None waits for ever.`,
    };
}

function wrap(span: Location, before: string, after: string): Fix['edits'] {
  const { uri, start, end } = span;
  return [
    { uri, start, end: start, newText: before },
    { uri, start: end, end, newText: after },
  ];
}

function* valuesThatAreNone(pool: Pool): Iterable<RuleResult> {
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

function* poolArgumentsInUrl(pool: Pool): Iterable<RuleResult> {
  const { driver, query, queryAt, at } = pool.address;
  if (driver === undefined || at === undefined || !driversThatRejectUnknownOptions.has(driver)) return;
  for (const name of Object.keys(query)) {
    const meant = parameterFact.has(name) ? name : nearestParameter(name);
    if (meant === undefined) continue;
    yield {
      at: queryAt?.[name] ?? at,
      message: `${name} in the URL goes to ${driver}, which rejects it at the first connect. Pass ${meant} to ${pool.callable} instead.`,
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

function* misspeltKeywords(pool: Pool): Iterable<RuleResult> {
  for (const argument of pool.unrecognised) {
    const name = argument.keyword!;
    if (!isCertainlyPassed(pool, argument)) continue;
    const meant = misspeltArguments[name] ?? nearestParameter(name);
    if (driverArguments.has(name)) yield driverArgument(pool, argument, name);
    else if (meant !== undefined) yield misspelt(pool, argument, name, meant);
  }
}

function misspelt(pool: Pool, argument: Argument, name: string, meant: string): RuleResult {
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

function driverArgument(pool: Pool, argument: Argument, name: string): RuleResult {
  const isKeyword = pool.site.arguments.some((each) => each.span.start === argument.span.start);
  const canMove = isKeyword && !pool.hasUnreadArguments && !pool.otherArguments.has('connect_args');
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

function* poolObjectBesideArguments(pool: Pool): Iterable<RuleResult> {
  const given = pool.otherArguments.get('pool');
  if (!given?.value.known || given.value.value === null) return;
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

export const invalidArgumentChecks: readonly Check[] = [
  classRefusesArguments,
  classBelongsToOtherKindOfEngine,
  driverBelongsToOtherKindOfEngine,
  overflowBelowMinusOne,
  textOrNoneForNumber,
  valuesThatAreNone,
  poolArgumentsInUrl,
  misspeltKeywords,
  poolObjectBesideArguments,
];
