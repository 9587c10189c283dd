/** The pool of node-postgres. Whoever else builds one (pg-promise, Prisma's adapter) hands it the same options. */
import { settingText } from '../declarations/edits.ts';
import { knownValueOf, writtenArgument } from '../declarations/parameters.ts';
import type { Pool, PoolParameter, PoolProblem } from '../declarations/pool.ts';
import { type Amount, type Resolved, unknownAmount } from '../declarations/resolved.ts';
import type { CallSite } from '../declarations/value.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import { newestPg, pgFacts, pgMisspelt, pgOtherOptions, poolSettingsInUrls } from '../facts/pg.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { ignoredInUrl, ignoredOptions } from './optionProblems.ts';
import { type Options, optionsAt } from './options.ts';
import { assumedVersionOf, idleBoundBy, type Parameters, plainPool, waitBoundBy } from './plainPool.ts';
import { setting } from './plainProblems.ts';
import { fix } from './results.ts';

const callables = ['pg.Pool', 'pg.native.Pool', 'pg/native.Pool', 'pg-pool'];

export const nodePostgres: Library = {
  name: 'node-postgres',
  language: 'typescript',
  systems: ['node-postgres'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([...callables, 'pg.Client', 'pg.native.Client']),
  shownDefaults: ['max', 'connectionTimeoutMillis'],
  interpret(site, path, context) {
    return [pgPool(site, path, optionsAt(site, 0, context.resolve), context)];
  },
  problems: pgProblems,
};

function pgPool(site: CallSite, path: string, options: Options, context: InterpretationContext): Pool {
  const url = options.text ?? options.byName.get('connectionString');
  return plainPool(
    {
      system: 'node-postgres',
      library: 'node-postgres',
      version: assumedVersionOf(context.dependencies, 'pg', newestPg),
      callable: path === 'pg-pool' ? 'Pool' : path.split('.').at(-1)!,
      effective: options,
      address: driverAddress(url, options.byName, { dialect: 'postgresql', driver: 'pg' }, context),
      poolClass: 'Pool',
      insertion: options.insertion,
      ...pgBehaviour,
    },
    site,
    context,
  );
}

/** What a pool of node-postgres makes of its options. */
export const pgBehaviour = {
  facts: pgFacts,
  others: pgOtherOptions,
  complete: numbersInTexts,
  peak: (parameters: Parameters) => {
    const value: Resolved<unknown> = parameters.get('max')?.value ?? { known: false, reason: 'max is not known' };
    const amount = value.known
      ? limitOf(value.value)
      : unknownAmount(value.variable === undefined ? `max: ${value.reason}` : value.reason);
    return { amount, terms: [{ parameter: 'max', amount, value }] };
  },
  acquireWait: waitBoundBy('connectionTimeoutMillis', { forever: (value) => !value }),
  idleLimit: idleBoundBy('idleTimeoutMillis', (value) => !value),
};

/** `max || 10`, compared with a number of connections: a text that is no number is never reached. */
function limitOf(value: unknown): Amount {
  if (!value) return 10;
  const number = Number(value);
  if (Number.isNaN(number) || number === Number.POSITIVE_INFINITY) return 'unbounded';
  return Math.max(0, number);
}

/** Texts of digits work as the numbers they are; so does the alias of `max`. */
function numbersInTexts(parameters: Map<string, PoolParameter>): void {
  for (const [name, parameter] of parameters) {
    const { value } = parameter;
    if (!value.known || typeof value.value !== 'string' || value.value.trim() === '') continue;
    const number = Number(value.value);
    if (Number.isFinite(number)) parameters.set(name, { ...parameter, value: { ...value, value: number } });
  }
}

export function* pgProblems(pool: Pool): Iterable<PoolProblem> {
  yield* textForObject(pool);
  const max = knownValueOf(pool, 'max');
  const written = writtenArgument(pool, 'max');
  if (written !== undefined && typeof max === 'string' && pool.peakPerProcess === 'unbounded') {
    yield {
      rule: 'unbounded-pool',
      at: written.valueSpan,
      message: `max is a text that is no number: node-postgres compares it with the number of open connections, never reaches it, and opens a connection for every query that finds none free. Write a number.`,
      fixes: setting(pool, 'max', advisedPoolSize),
    };
  }
  if (written !== undefined && typeof max === 'number' && max < 0) {
    yield {
      rule: 'self-defeating-pool-setting',
      at: written.valueSpan,
      message: `${settingText('max', max, 'typescript')}: the pool counts as full from the start, and every query waits ${waits(pool)}. Write the number of connections it may open.`,
      fixes: setting(pool, 'max', advisedPoolSize),
    };
  }
  yield* ignoredOptions(pool, pgMisspelt, 'node-postgres');
  yield* ignoredInUrl(pool, poolSettingsInUrls, pgMisspelt, 'node-postgres reads no pool setting from a URL');
}

function waits(pool: Pool): string {
  return pool.acquireWait.kind === 'seconds' ? `${pool.acquireWait.seconds} s and fails` : 'for ever';
}

/** `new Pool('postgres://…')` */
function* textForObject(pool: Pool): Iterable<PoolProblem> {
  const first = pool.site.arguments[0];
  if (first === undefined || first.unpack !== undefined || pool.parameters.get('max')?.written !== undefined) return;
  if (pool.address.at === undefined || pool.address.at.start !== first.valueSpan.start) return;
  const { uri, start, end } = first.span;
  yield {
    rule: 'invalid-pool-arguments',
    at: first.valueSpan,
    message: `A text as the only argument: ${pool.callable} takes an object and throws TypeError. Write { connectionString: … }.`,
    fixes: fix('Pass it as connectionString', 'safe', [
      { uri, start, end: start, newText: '{ connectionString: ' },
      { uri, start: end, end, newText: ' }' },
    ]),
  };
}
