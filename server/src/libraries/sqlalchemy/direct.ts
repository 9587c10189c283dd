/** Pools of SQLAlchemy that are built without an engine: `QueuePool(connect, pool_size=5)`, whose settings have no prefix. */
import { removeArguments } from '../../declarations/edits.ts';
import { numberOf, placeOf } from '../../declarations/parameters.ts';
import type { Pool, PoolClassKind, PoolProblem } from '../../declarations/pool.ts';
import type { CallSite } from '../../declarations/value.ts';
import { advisedPoolSize, advisedRecycleSeconds } from '../../facts/advice.ts';
import type { ParameterFact } from '../../facts/parameter.ts';
import { numberArguments, parameterFacts, poolClasses, zeroPoolSizeIsUnlimited } from '../../facts/sqlalchemy.ts';
import { addressOf } from '../address.ts';
import { flattenArguments } from '../arguments.ts';
import type { AssumedVersion, InterpretationContext } from '../library.ts';
import { idleBoundBy, type Parameters, plainPool, waitBoundBy } from '../plainPool.ts';
import { notANumber, setting, unknownKeywords } from '../plainProblems.ts';
import { fix } from '../results.ts';
import { peak } from './capacity.ts';

/** Names that both have: the size and the overflow. */
const sameName = new Set(['pool_size', 'max_overflow']);
const ownName = (name: string) => (sameName.has(name) ? name : name.replace(/^pool_/, ''));

const facts: readonly ParameterFact[] = parameterFacts
  .filter((fact) => fact.name !== 'poolclass')
  .map((fact) => ({
    ...fact,
    name: ownName(fact.name),
    fallback: fact.name === 'pool_reset_on_return' ? true : fact.fallback,
  }));

/** Names of engine arguments that the classes reject, with the classes' own. */
const prefixed: Readonly<Record<string, string>> = Object.fromEntries(
  parameterFacts.filter((fact) => fact.name !== ownName(fact.name)).map((fact) => [fact.name, ownName(fact.name)]),
);

const numbers = Object.fromEntries(
  Object.entries(numberArguments).map(([name, each]) => [
    ownName(name),
    { ...each, raises: each.raises.replace('engine', 'pool') },
  ]),
);

const otherArguments = new Set(['creator', 'echo', 'logging_name', 'events', 'dialect', '_dispatch']);

export const directPools: readonly string[] = Object.keys(poolClasses).flatMap((name) =>
  ['sqlalchemy.pool', 'sqlalchemy.pool.impl', 'sqlalchemy'].map((module) => `${module}.${name}`),
);

export function directPool(
  site: CallSite,
  path: string,
  version: AssumedVersion,
  context: InterpretationContext,
): Pool {
  const callable = path.split('.').at(-1)!;
  const { kind, accepts } = poolClasses[callable]!;
  const leading = kind === 'queue' ? ['creator', 'pool_size', 'max_overflow', 'timeout', 'use_lifo'] : ['creator'];
  const accepted = new Set(accepts.map(ownName));
  const isInForce = ({ name }: ParameterFact) =>
    accepted.has(name) || !(sameName.has(name) || name === 'timeout' || name === 'use_lifo');
  return plainPool(
    {
      system: poolClasses[callable]!.loop === 'async' ? 'sqlalchemy-async' : 'sqlalchemy',
      library: 'SQLAlchemy',
      version,
      callable,
      facts: facts.filter(isInForce),
      effective: flattenArguments(site.arguments, leading, context.resolve),
      address: addressOf(undefined, context),
      poolClass: callable,
      poolClassKind: () => kind as PoolClassKind,
      others: otherArguments,
      driverArguments: undefined,
      peak: (parameters) => peak(parameters, kind, version.version),
      acquireWait: (parameters) => wait(parameters, kind),
      idleLimit: (parameters) =>
        kind === 'null'
          ? { kind: 'keeps-none' }
          : idleBoundBy('recycle', (value) => typeof value === 'number' && value < 0)(parameters),
    },
    site,
    context,
  );
}

function wait(parameters: Parameters, kind: PoolClassKind): Pool['acquireWait'] {
  if (kind === 'null') return { kind: 'never-waits' };
  return kind === 'queue'
    ? waitBoundBy('timeout', { forever: (value) => value === null })(parameters)
    : { kind: 'unknown' };
}

export function isDirect(pool: Pool): boolean {
  return poolClasses[pool.callable] !== undefined;
}

export function* directProblems(pool: Pool): Iterable<PoolProblem> {
  yield* notANumber(pool, numbers);
  yield* unknownKeywords(pool, { misspelt: prefixed, error: 'TypeError' });
  yield* refused(pool);
  if (pool.peakPerProcess === 'unbounded') yield withoutLimit(pool);
  if (pool.poolClassKind === 'queue' && numberOf(pool, 'recycle') === 0) {
    yield {
      rule: 'self-defeating-pool-setting',
      at: placeOf(pool, 'recycle'),
      message: `recycle=0 makes every checkout open a new connection: the pool keeps connections and uses none of them. -1 never replaces them, ${advisedRecycleSeconds} does so after ${advisedRecycleSeconds} s.`,
      fixes: setting(pool, 'recycle', advisedRecycleSeconds),
    };
  }
}

/** Sizes and waits of a queue, given to a class that has none. */
function* refused(pool: Pool): Iterable<PoolProblem> {
  for (const argument of pool.unrecognised) {
    const name = argument.keyword!;
    const isOfQueue = sameName.has(name) || name === 'timeout' || name === 'use_lifo';
    if (!isOfQueue || pool.hasUnreadArguments) continue;
    yield {
      rule: 'invalid-pool-arguments',
      at: argument.keywordSpan ?? argument.span,
      message: `${pool.callable} takes no ${name}: it raises TypeError. Remove it.`,
      fixes: fix(`Remove ${name}`, 'suggestion', removeArguments(pool.site, [argument])),
    };
  }
}

function withoutLimit(pool: Pool): PoolProblem {
  const byOverflow = numberOf(pool, 'max_overflow') === -1;
  const name = byOverflow ? 'max_overflow' : 'pool_size';
  const cause = byOverflow ? 'max_overflow=-1 sets no limit' : 'pool_size=0 sets no limit, and max_overflow is ignored';
  const isSizeless = zeroPoolSizeIsUnlimited(pool.libraryVersion) && numberOf(pool, 'pool_size') === 0;
  return {
    rule: 'unbounded-pool',
    at: placeOf(pool, name),
    message: `${cause}: under load one process can take every connection the database has. Set a limit.`,
    fixes: byOverflow && isSizeless ? [] : setting(pool, name, byOverflow ? 0 : advisedPoolSize),
  };
}
