/** aiopg: psycopg2 under asyncio, with its own pool; its `sa.create_engine` is the same pool. */
import type { Pool, PoolProblem } from '../declarations/pool.ts';
import type { CallSite } from '../declarations/value.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import { aiopgFacts, aiopgMisspelt, aiopgNumbers, newestAiopg } from '../facts/aiopg.ts';
import { flattenArguments } from './arguments.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { assumedVersionOf, idleBoundBy, limitedBy, plainPool, waitBoundBy } from './plainPool.ts';
import { driverKeywords, minimumAboveMaximum, notANumber, recycleOfZero, withoutLimit } from './plainProblems.ts';

const callables = [
  'aiopg.create_pool',
  'aiopg.pool.create_pool',
  'aiopg.sa.create_engine',
  'aiopg.sa.engine.create_engine',
];

export const aiopg: Library = {
  name: 'aiopg',
  language: 'python',
  systems: ['aiopg'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([...callables, 'aiopg.connect']),
  shownDefaults: ['minsize', 'maxsize', 'timeout'],
  interpret: (site, path, context) => [interpret(site, path, context)],
  problems,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool {
  const effective = flattenArguments(site.arguments, ['dsn'], context.resolve);
  return plainPool(
    {
      system: 'aiopg',
      library: 'aiopg',
      version: assumedVersionOf(context.dependencies, 'aiopg', newestAiopg, ['1.3', '1.2', '1.1', '1.0']),
      callable: path.split('.').at(-1)!,
      facts: aiopgFacts,
      effective,
      address: driverAddress(
        effective.byName.get('dsn'),
        effective.byName,
        { dialect: 'postgresql', driver: 'psycopg2' },
        context,
      ),
      poolClass: 'Pool',
      peak: limitedBy('maxsize', (value) => value === 0),
      acquireWait: waitBoundBy('timeout', { forever: (value) => value === null }),
      idleLimit: idleBoundBy('pool_recycle', (value) => typeof value === 'number' && value < 0),
    },
    site,
    context,
  );
}

function* problems(pool: Pool): Iterable<PoolProblem> {
  const raises = `${pool.callable} raises ValueError`;
  yield* minimumAboveMaximum(pool, 'minsize', 'maxsize', raises, (value) => value === 0);
  yield* withoutLimit(pool, 'maxsize', advisedPoolSize, 'maxsize=0 sets no limit');
  yield* recycleOfZero(pool);
  yield* notANumber(pool, aiopgNumbers);
  yield* driverKeywords(pool, aiopgMisspelt, 'psycopg2 rejects it at the first connect');
}
