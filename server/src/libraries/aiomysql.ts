/** aiomysql's pool; its `sa.create_engine` is the same pool. */
import type { Pool, PoolProblem } from '../declarations/pool.ts';
import type { CallSite } from '../declarations/value.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import { aiomysqlFacts, aiomysqlMisspelt, aiomysqlNumbers, newestAiomysql } from '../facts/aiomysql.ts';
import { flattenArguments } from './arguments.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { assumedVersionOf, idleBoundBy, limitedBy, plainPool } from './plainPool.ts';
import { driverKeywords, minimumAboveMaximum, notANumber, recycleOfZero, withoutLimit } from './plainProblems.ts';

const callables = [
  'aiomysql.create_pool',
  'aiomysql.pool.create_pool',
  'aiomysql.sa.create_engine',
  'aiomysql.sa.engine.create_engine',
];

export const aiomysql: Library = {
  name: 'aiomysql',
  language: 'python',
  systems: ['aiomysql'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([...callables, 'aiomysql.connect']),
  shownDefaults: ['minsize', 'maxsize'],
  interpret: (site, path, context) => [interpret(site, path, context)],
  problems,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool {
  const callable = path.split('.').at(-1)!;
  const leading =
    callable === 'create_pool' ? ['minsize', 'maxsize', 'echo', 'pool_recycle', 'loop'] : ['minsize', 'maxsize'];
  const effective = flattenArguments(site.arguments, leading, context.resolve);
  return plainPool(
    {
      system: 'aiomysql',
      library: 'aiomysql',
      version: assumedVersionOf(context.dependencies, 'aiomysql', newestAiomysql, ['0.2', '0.1']),
      callable,
      facts: aiomysqlFacts,
      effective,
      address: driverAddress(undefined, effective.byName, { dialect: 'mysql', driver: 'aiomysql' }, context),
      poolClass: 'Pool',
      peak: limitedBy('maxsize', (value) => value === 0),
      ...mysqlWaiting(context),
    },
    site,
    context,
  );
}

/** How the pools of aiomysql and of asyncmy wait and age. */
export function mysqlWaiting(context: InterpretationContext) {
  return {
    acquireWait: () => (context.boundsAcquire ? ({ kind: 'unknown' } as const) : ({ kind: 'forever' } as const)),
    acquireAdvice: 'Put asyncio.timeout() around acquire().',
    idleLimit: idleBoundBy('pool_recycle', (value) => typeof value === 'number' && value < 0),
  };
}

function* problems(pool: Pool): Iterable<PoolProblem> {
  const raises = `${pool.callable} raises ValueError`;
  yield* minimumAboveMaximum(pool, 'minsize', 'maxsize', raises, (value) => value === 0);
  yield* withoutLimit(pool, 'maxsize', advisedPoolSize, 'maxsize=0 sets no limit');
  yield* recycleOfZero(pool);
  yield* notANumber(pool, aiomysqlNumbers);
  yield* driverKeywords(pool, aiomysqlMisspelt, 'connect raises TypeError for it, at the first connect');
}
