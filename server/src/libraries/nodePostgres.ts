/** The pool of node-postgres. Whoever else builds one (pg-promise, Neon, Prisma's adapter) hands it the same options. */

import { settingText } from '../declarations/edits.ts';
import { knownValueOf, writtenArgument } from '../declarations/parameters.ts';
import type { Pool, PoolProblem, PoolSystem, SessionUse } from '../declarations/pool.ts';
import type { Amount } from '../declarations/resolved.ts';
import type { ArgumentInsertion, CallSite } from '../declarations/value.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import { newestPg, pgFacts, pgMisspelt, pgOtherOptions, poolSettingsInUrls } from '../facts/pg.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { behaviourOf, keepAliveAfter, type NodeDriver, nodePool, numbersInTexts, withOtherSize } from './nodePool.ts';
import { ignoredInUrl, ignoredOptions } from './optionProblems.ts';
import { type Options, optionsAt } from './options.ts';
import { assumedVersionOf, idleBoundBy, plainPool, waitBoundBy } from './plainPool.ts';
import { setting } from './plainProblems.ts';
import { fix } from './results.ts';
import { sentAtStart, sentInOptions, sentInUrl } from './startupParameters.ts';

const callables = ['pg.Pool', 'pg.native.Pool', 'pg/native.Pool', 'pg-pool'];

/** What a pool of node-postgres makes of its options. */
export const pgDriver: NodeDriver = {
  system: 'node-postgres',
  library: 'node-postgres',
  package: 'pg',
  newest: newestPg,
  identity: { dialect: 'postgresql', driver: 'pg' },
  facts: pgFacts,
  others: pgOtherOptions,
  urlOption: 'connectionString',
  size: 'max',
  otherSize: 'poolSize',
  limitOf,
  complete(parameters) {
    numbersInTexts(parameters);
  },
  acquireWait: waitBoundBy('connectionTimeoutMillis', { forever: (value) => !value }),
  idleLimit: idleBoundBy('idleTimeoutMillis', (value) => !value),
  keepAlive(options) {
    const value = options.get('keepAlive')?.value;
    const isOff = value === undefined || (value.known && !value.value);
    return isOff ? undefined : keepAliveAfter(options, 'keepAliveInitialDelayMillis');
  },
  sessions,
};

export const pgBehaviour = behaviourOf(pgDriver);

/** The pool that another library makes out of a URL or of options that it hands on; its own arguments are none of the pool's. */
export function pgPoolWithin(
  system: PoolSystem,
  callable: string,
  options: Omit<Options, 'insertion'> & { readonly insertion?: ArgumentInsertion | null },
  site: CallSite,
  context: InterpretationContext,
): Pool {
  const url = options.text ?? options.byName.get('connectionString');
  const pool = plainPool(
    {
      system,
      library: 'node-postgres',
      version: assumedVersionOf(context.dependencies, 'pg', newestPg),
      callable,
      effective: withOtherSize(pgDriver, options, context),
      address: driverAddress(url, options.byName, { dialect: 'postgresql', driver: 'pg' }, context),
      poolClass: 'Pool',
      insertion: options.text === undefined ? options.insertion : null,
      ...pgBehaviour,
    },
    site,
    context,
  );
  const complete = { ...pool, sessions: sessions(pool) };
  return { ...complete, problems: [...pgPoolProblems({ ...pool, site: { ...site, arguments: [] } })] };
}

const startupOptions = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];

/** Parameters of a query are sent without naming the statement. */
function sessions(pool: Pool): SessionUse {
  const owner = { uri: pool.uri, ...pool.site.span };
  const startupParameters = [
    ...sentAtStart(pool.otherArguments, startupOptions, owner),
    ...sentInOptions(pool.otherArguments, owner),
    ...sentInUrl(pool.address),
  ];
  return { statements: { kind: 'none' }, startupParameters };
}

export const nodePostgres: Library = {
  name: 'node-postgres',
  language: 'typescript',
  systems: ['node-postgres'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([...callables, 'pg.Client', 'pg.native.Client']),
  shownDefaults: ['max', 'connectionTimeoutMillis'],
  interpret(site, _path, context) {
    return [nodePool(pgDriver, 'Pool', optionsAt(site, 0, context.resolve), site, context)];
  },
  *problems(pool) {
    yield* textForObject(pool);
    yield* pgPoolProblems(pool);
  },
};

/** `max || 10`, compared with a number of connections: a text that is no number is never reached. */
function limitOf(value: unknown): Amount {
  if (!value) return 10;
  const number = Number(value);
  if (Number.isNaN(number) || number === Number.POSITIVE_INFINITY) return 'unbounded';
  return Math.max(0, number);
}

/** What is wrong with the options of a pool of node-postgres, whoever builds it. */
export function* pgPoolProblems(pool: Pool): Iterable<PoolProblem> {
  const library = pool.libraryName;
  const max = knownValueOf(pool, 'max');
  const written = writtenArgument(pool, 'max');
  if (written !== undefined && typeof max === 'string' && pool.peakPerProcess === 'unbounded') {
    yield {
      rule: 'unbounded-pool',
      at: written.valueSpan,
      message: `max is a text that is no number: ${library} compares it with the number of open connections, never reaches it, and opens a connection for every query that finds none free. Write a number.`,
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
  yield* ignoredOptions(pool, pgMisspelt, library);
  yield* ignoredInUrl(pool, poolSettingsInUrls, pgMisspelt, `${library} reads no pool setting from a URL`);
}

function waits(pool: Pool): string {
  return pool.acquireWait.kind === 'seconds' ? `${pool.acquireWait.seconds} s and fails` : 'for ever';
}

/** `new Pool('postgres://…')` */
function* textForObject(pool: Pool): Iterable<PoolProblem> {
  const first = pool.site.arguments[0];
  if (first === undefined || first.unpack !== undefined || first.value.kind === 'mapping') return;
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
