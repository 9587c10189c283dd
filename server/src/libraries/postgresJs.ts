/** postgres.js: `postgres(url, options)` or `postgres(options)`. */

import { locate } from '../core/text.ts';
import { environmentTextOf } from '../declarations/environmentText.ts';
import { isCertainlyPassed, knownValueOf, writtenArgument } from '../declarations/parameters.ts';
import type { Pool, PoolProblem, PoolProblemFix } from '../declarations/pool.ts';
import { isScalar, resolveValue } from '../declarations/resolve.ts';
import { type Amount, unknownAmount } from '../declarations/resolved.ts';
import type { Argument, CallSite } from '../declarations/value.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import {
  newestPostgresJs,
  postgresJsFacts,
  postgresJsKeepAliveSeconds,
  postgresJsMisspelt,
  postgresJsOtherOptions,
  refusedInPostgresJsUrls,
} from '../facts/postgresJs.ts';
import { statementsUnless } from './driverSessions.ts';
import type { InterpretationContext, Library } from './library.ts';
import { type NodeDriver, nodePool, withQuery } from './nodePool.ts';
import { ignoredOptions } from './optionProblems.ts';
import { type Options, optionsAt, optionsIn } from './options.ts';
import { idleBoundBy } from './plainPool.ts';
import { setting } from './plainProblems.ts';
import { fix } from './results.ts';
import { sentEntries } from './startupParameters.ts';

export const postgresJsDriver: NodeDriver = {
  system: 'postgres-js',
  library: 'postgres.js',
  package: 'postgres',
  newest: newestPostgresJs,
  identity: { dialect: 'postgresql', driver: 'postgres' },
  facts: postgresJsFacts,
  others: postgresJsOtherOptions,
  size: 'max',
  limitOf,
  complete(parameters) {
    // Durations are turned into numbers, the size is not.
    for (const [name, parameter] of parameters) {
      const { value } = parameter;
      if (name === 'max' || !value.known || typeof value.value !== 'string' || value.value.trim() === '') continue;
      const number = Number(value.value);
      if (Number.isFinite(number)) parameters.set(name, { ...parameter, value: { ...value, value: number } });
    }
  },
  acquireWait: () => ({ kind: 'forever' }),
  acquireAdvice: 'Bound each query with a timer around it, or shed load before it reaches the pool.',
  idleLimit: idleBoundBy('idle_timeout', (value) => !value),
  keepAlive(options) {
    const value = options.get('keep_alive')?.value;
    if (value === undefined) return postgresJsKeepAliveSeconds;
    if (!value.known) return 1;
    return Number(value.value) > 0 ? Number(value.value) : undefined;
  },
  sessions(pool) {
    const statements = statementsUnless(pool, { option: 'prepare', off: false, code: false, driver: 'postgres.js' });
    const owner = { uri: pool.uri, ...pool.site.span };
    return { statements, startupParameters: sentEntries(pool.otherArguments.get('connection'), owner) };
  },
};

export const postgresJs: Library = {
  name: 'postgres.js',
  language: 'typescript',
  systems: ['postgres-js'],
  callables: new Set(['postgres']),
  tellingNames: new Set(),
  connectors: new Set(['postgres']),
  shownDefaults: ['max'],
  interpret(site, _path, context) {
    return [
      asText(
        nodePool(postgresJsDriver, 'postgres', withVariable(optionsOf(site, context), site, context), site, context),
      ),
    ];
  },
  problems: postgresJsProblems,
};

const sizeVariable = 'PGMAX';

/** `PGMAX`, where it is set: the text that it is. */
function withVariable(options: Options, site: CallSite, context: InterpretationContext): Options {
  if (options.hasUnread || options.byName.has('max')) return options;
  const at = locate(site.uri, site.calleeSpan);
  const value = { kind: 'environment', variable: sizeVariable, at } as const;
  if (!resolveValue(value, context.resolve).known) return options;
  const argument: Argument = { keyword: 'max', value, span: at, valueSpan: at };
  return { ...options, list: [...options.list, argument], byName: new Map([...options.byName, ['max', argument]]) };
}

/** Whatever text a variable holds, one connection is opened; also where it is not set and nothing stands in for it. */
function asText(pool: Pool): Pool {
  const max = pool.parameters.get('max');
  const written = max?.written?.value;
  if (max === undefined || max.value.known || written?.kind !== 'environment') return pool;
  if (written.fallback !== undefined && written.fallback.kind !== 'literal') return pool;
  if (typeof (written.fallback?.value ?? '') !== 'string') return pool;
  return { ...pool, peakPerProcess: 1, peakTerms: [{ parameter: 'max', amount: 1, value: max.value }] };
}

/** The URL comes first where there is one; what its query sets counts unless the options say otherwise. */
function optionsOf(site: CallSite, context: InterpretationContext): Options {
  const first = site.arguments[0];
  if (first === undefined || first.unpack !== undefined) return optionsAt(site, 0, context.resolve);
  if (!isUrl(first, site, context)) return optionsIn(first, context.resolve);
  return withUrl(optionsAt(site, 1, context.resolve), first, context);
}

const settings = new Set([...postgresJsFacts.map((fact) => fact.name), 'keep_alive']);

/** `max` in a URL is a mistake at any rate; one that cannot be read is taken to be without it. */
export function withUrl(options: Options, url: Argument, context: InterpretationContext): Options {
  const read = { ...options, text: url };
  return resolveValue(url.value, context.resolve).known ? withQuery(read, undefined, settings, context) : read;
}

/** A text, what comes out of the environment as text, or whatever has options after it. */
function isUrl(first: Argument, site: CallSite, context: InterpretationContext): boolean {
  const resolved = resolveValue(first.value, context.resolve);
  if (resolved.known) return isScalar(resolved.value);
  return site.arguments.length > 1 || resolved.variable !== undefined || environmentTextOf(first.value) !== undefined;
}

/** `Array(max)`: one slot for anything that is no number. */
function limitOf(value: unknown): Amount {
  if (typeof value !== 'number') return 1;
  return Number.isNaN(value) || value < 0
    ? unknownAmount('max is no length of a list: postgres.js throws RangeError')
    : value;
}

export function* postgresJsProblems(pool: Pool): Iterable<PoolProblem> {
  yield* size(pool);
  yield* ignoredOptions(pool, postgresJsMisspelt, 'postgres.js');
  const { at, query, queryAt } = pool.address;
  for (const name of Object.keys(query)) {
    if (at === undefined || !refusedInPostgresJsUrls.has(name)) continue;
    yield {
      rule: 'invalid-pool-arguments',
      at: queryAt?.[name] ?? at,
      message: `postgres.js sends ${name} to the server, which does not know it and refuses every connection. Take it out of the URL.`,
    };
  }
}

function* size(pool: Pool): Iterable<PoolProblem> {
  const written = writtenArgument(pool, 'max');
  if (written === undefined || !isCertainlyPassed(pool, written)) return;
  const at = written.valueSpan;
  const environment = environmentTextOf(written.value);
  const max = knownValueOf(pool, 'max');
  const isInUrl = pool.address.at?.start === written.span.start;
  if (isInUrl) {
    yield {
      rule: 'self-defeating-pool-setting',
      at: pool.address.queryAt?.['max'] ?? at,
      message:
        'max in the URL is a text, which postgres.js does not turn into a number: it opens one connection. Pass max: … as an option.',
    };
  } else if (environment?.variable === sizeVariable && written.span.start === pool.site.calleeSpan.start) {
    yield {
      rule: 'self-defeating-pool-setting',
      at,
      message:
        'PGMAX is set: postgres.js takes its text for max as it is and opens one connection. Pass max: … as a number instead.',
    };
  } else if (environment !== undefined) {
    yield {
      rule: 'self-defeating-pool-setting',
      at,
      message: `max is read from ${environment.variable} as text, which postgres.js does not turn into a number: whatever it says, one connection is opened. Wrap it in Number(…).`,
      fixes: wrapped(written, environment.isSafeToConvert),
    };
  } else if (
    typeof max === 'string' ||
    (pool.parameters.get('max')!.value.known && (max === undefined || max === null))
  ) {
    yield {
      rule: 'self-defeating-pool-setting',
      at,
      message: `max is ${typeof max === 'string' ? 'a text' : String(max)}: postgres.js opens one connection. Write a number.`,
      fixes: setting(pool, 'max', typeof max === 'string' && Number(max) > 0 ? Number(max) : advisedPoolSize),
    };
  } else if (max === 0) {
    yield {
      rule: 'self-defeating-pool-setting',
      at,
      message:
        'max: 0 leaves no connection: no query ever runs, and no error says so. Write the number of connections.',
      fixes: setting(pool, 'max', advisedPoolSize),
    };
  } else if (typeof max === 'number' && (Number.isNaN(max) || max < 0)) {
    yield {
      rule: 'invalid-pool-arguments',
      at,
      message: `max is ${max}: postgres.js throws RangeError. Write the number of connections.`,
    };
  }
}

/** Without a fallback Number(undefined) is NaN, which throws. */
function wrapped({ valueSpan }: Argument, hasFallback: boolean): PoolProblemFix[] {
  const { uri, start, end } = valueSpan;
  const after = hasFallback ? ')' : ` ?? ${advisedPoolSize})`;
  return fix('Wrap max in Number(…)', 'suggestion', [
    { uri, start, end: start, newText: 'Number(' },
    { uri, start: end, end, newText: after },
  ]);
}
