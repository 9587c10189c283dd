/** asyncmy's pool: aiomysql's in other words, but 0 is no size and idle connections are replaced after an hour. */
import { placeOf } from '../declarations/parameters.ts';
import type { Pool, PoolProblem } from '../declarations/pool.ts';
import type { CallSite } from '../declarations/value.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import { asyncmyFacts, asyncmyMisspelt, asyncmyNumbers, newestAsyncmy } from '../facts/asyncmy.ts';
import { mysqlWaiting } from './aiomysql.ts';
import { flattenArguments } from './arguments.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { assumedVersionOf, limitedBy, plainPool } from './plainPool.ts';
import { driverKeywords, minimumAboveMaximum, notANumber, recycleOfZero, setting } from './plainProblems.ts';

const callables = ['asyncmy.create_pool', 'asyncmy.pool.create_pool'];

export const asyncmy: Library = {
  name: 'asyncmy',
  language: 'python',
  systems: ['asyncmy'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([...callables, 'asyncmy.connect']),
  shownDefaults: ['minsize', 'maxsize'],
  interpret: (site, _path, context) => [interpret(site, context)],
  problems,
};

function interpret(site: CallSite, context: InterpretationContext): Pool {
  const leading = ['minsize', 'maxsize', 'echo', 'pool_recycle'];
  const effective = flattenArguments(site.arguments, leading, context.resolve);
  return plainPool(
    {
      system: 'asyncmy',
      library: 'asyncmy',
      version: assumedVersionOf(context.dependencies, 'asyncmy', newestAsyncmy),
      callable: 'create_pool',
      facts: asyncmyFacts,
      effective,
      address: driverAddress(undefined, effective.byName, { dialect: 'mysql', driver: 'asyncmy' }, context),
      poolClass: 'Pool',
      peak: limitedBy('maxsize'),
      ...mysqlWaiting(context),
    },
    site,
    context,
  );
}

function* problems(pool: Pool): Iterable<PoolProblem> {
  yield* minimumAboveMaximum(pool, 'minsize', 'maxsize', 'create_pool raises ValueError');
  if (pool.peakPerProcess === 0) {
    yield {
      rule: 'self-defeating-pool-setting',
      at: placeOf(pool, 'maxsize'),
      message:
        'maxsize=0 does not mean no limit here, as it does in aiomysql: the pool holds no connection at all, and with minsize above 0 create_pool raises ValueError. Write the size that is meant.',
      fixes: setting(pool, 'maxsize', advisedPoolSize),
    };
  }
  yield* recycleOfZero(pool);
  yield* notANumber(pool, asyncmyNumbers);
  yield* driverKeywords(pool, asyncmyMisspelt, 'connect raises TypeError for it, at the first connect');
}
