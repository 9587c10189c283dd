/** Knex, and Objection on it. */
import { isCertainlyPassed, knownValueOf, numberOf, placeOf, writtenArgument } from '../declarations/parameters.ts';
import type { AcquireWait, DatabaseAddress, IdleLimit, Pool, PoolProblem } from '../declarations/pool.ts';
import { isScalar, resolveScalar, resolveValue } from '../declarations/resolve.ts';
import type { CallSite } from '../declarations/value.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import { knexClients, knexFacts, knexMisspelt, knexOtherPoolKeys, newestKnex } from '../facts/knex.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { nestedOptions, type Options, optionsAt, optionsIn } from './options.ts';
import { assumedVersionOf, idleBoundBy, limitedBy, type Parameters, plainPool, waitBoundBy } from './plainPool.ts';
import { minimumAboveMaximum, setting } from './plainProblems.ts';
import { fix } from './results.ts';

const callables = ['knex', 'knex.knex', 'knex.default'];

export const knex: Library = {
  name: 'Knex',
  language: 'typescript',
  systems: ['knex'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set(callables),
  shownDefaults: ['min', 'max', 'acquireTimeoutMillis'],
  interpret(site, _path, context) {
    const pool = interpret(site, context);
    return pool === undefined ? [] : [pool];
  },
  problems: knexPoolProblems,
};

function interpret(site: CallSite, context: InterpretationContext): Pool | undefined {
  const options = optionsAt(site, 0, context.resolve);
  // With a pool of somebody else's, `pool` is not read; the pool counts where it is built.
  if (options.byName.has('connectionPool')) return undefined;
  // Without a connection it only builds SQL.
  if (!options.hasUnread && options.text === undefined && !options.byName.has('connection')) return undefined;
  const address = addressOf(options, context);
  if (address === undefined) return undefined;
  const inner = nestedOptions(options, 'pool', context.resolve);
  const bound = options.byName.get('acquireConnectionTimeout');
  const outer = bound && resolveScalar(bound.value, context.resolve);
  const pool = plainPool(
    {
      system: 'knex',
      library: 'Knex',
      version: assumedVersionOf(context.dependencies, 'knex', newestKnex),
      callable: 'knex',
      facts: knexFacts,
      others: knexOtherPoolKeys,
      driverArguments: undefined,
      effective: inner,
      address,
      poolClass: 'Pool',
      peak: limitedBy('max'),
      acquireWait: (parameters) =>
        shorter(waitBoundBy('acquireTimeoutMillis')(parameters), outer?.known ? outer.value : outer),
      idleLimit: idleLimitOfKnex,
      insertion: inner.insertion,
    },
    site,
    context,
  );
  return { ...pool, problems: poolInsideConnection(options, context) };
}

/** Knex hands `connection` to the driver, which knows no `pool`. */
function poolInsideConnection(options: Options, context: InterpretationContext): PoolProblem[] {
  const connection = options.byName.get('connection');
  const nested = connection && optionsIn(connection, context.resolve).byName.get('pool');
  if (nested === undefined) return [];
  return [
    {
      rule: 'ignored-pool-options',
      at: nested.keywordSpan ?? nested.span,
      message:
        'pool inside connection goes to the driver, which does not read it: the pool has its defaults, 2 to 10. Write it beside connection.',
    },
  ];
}

/** `acquireConnectionTimeout` counts where it is below the pool's own limit. */
function shorter(wait: AcquireWait, outer: unknown): AcquireWait {
  if (outer === undefined || wait.kind !== 'seconds') return wait;
  if (typeof outer !== 'number') return { kind: 'unknown' };
  return outer / 1000 < wait.seconds ? { ...wait, seconds: outer / 1000 } : wait;
}

/** What min keeps is never closed for idleness. */
export function idleLimitOfKnex(parameters: Parameters): IdleLimit {
  const minimum = parameters.get('min')?.value;
  if (!minimum?.known) return { kind: 'unknown' };
  return minimum.value === 0 ? idleBoundBy('idleTimeoutMillis', () => false)(parameters) : { kind: 'forever' };
}

/** Undefined for databases without a server. */
function addressOf(options: Options, context: InterpretationContext): DatabaseAddress | undefined {
  const written = options.byName.get('client') ?? options.byName.get('dialect');
  const resolved = written && resolveValue(written.value, context.resolve);
  const name = resolved?.known && isScalar(resolved.value) ? String(resolved.value) : undefined;
  const client = name === undefined ? undefined : knexClients[name];
  if (name !== undefined && client === undefined) return undefined;
  const connection = options.byName.get('connection');
  const parts = connection && optionsIn(connection, context.resolve);
  const isParts = parts !== undefined && parts.byName.size > 0;
  const url = isParts ? parts.byName.get('connectionString') : connection;
  const byName = isParts ? parts.byName : new Map();
  const address = driverAddress(url, byName, client ?? { dialect: '', driver: '' }, context);
  return client === undefined ? { ...address, dialect: undefined, driver: undefined } : address;
}

/** Also for what pools with Knex's pool. */
export function* knexPoolProblems(pool: Pool): Iterable<PoolProblem> {
  yield* minimumAboveMaximum(pool, 'min', 'max', 'the pool throws when it is built', (max) => max === 0);
  const max = writtenArgument(pool, 'max');
  const value = knownValueOf(pool, 'max');
  if (max !== undefined && typeof value === 'string') {
    yield {
      rule: 'invalid-pool-arguments',
      at: placeOf(pool, 'max'),
      message:
        'max is a text: the pool throws when it is built. Write a whole number, Number(…) for what comes from the environment.',
    };
  }
  if (max !== undefined && numberOf(pool, 'max') === 0) {
    yield {
      rule: 'self-defeating-pool-setting',
      at: placeOf(pool, 'max'),
      message: 'max: 0 makes no pool at all: every query fails. Write the number of connections it may open.',
      fixes: setting(pool, 'max', advisedPoolSize),
    };
  }
  for (const argument of pool.unrecognised) {
    if (!isCertainlyPassed(pool, argument)) continue;
    const name = argument.keyword!;
    const meant = Object.hasOwn(knexMisspelt, name) ? knexMisspelt[name] : undefined;
    const at = argument.keywordSpan ?? argument.span;
    const canRename =
      meant !== undefined && writtenArgument(pool, meant) === undefined && argument.keywordSpan !== undefined;
    yield {
      rule: 'invalid-pool-arguments',
      at,
      message: `The pool has no option ${name}: it throws when it is built.${meant === undefined ? ' Remove it.' : ` Did you mean ${meant}?`}`,
      fixes: canRename ? fix(`Rename to ${meant}`, 'suggestion', [{ ...at, newText: meant }]) : [],
    };
  }
}
