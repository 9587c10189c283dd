/** psycopg2.pool: connects when it is created, keeps `minconn`, refuses instead of waiting. */
import { numberOf, placeOf, writtenArgument } from '../declarations/parameters.ts';
import type { Pool, PoolProblem } from '../declarations/pool.ts';
import type { CallSite } from '../declarations/value.ts';
import { churnConnections, churnFactor, newestPsycopg2, psycopg2PoolFacts } from '../facts/psycopg2Pool.ts';
import { flattenArguments } from './arguments.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { assumedVersionOf, limitedBy, numbersInText, type Parameters, plainPool } from './plainPool.ts';
import { setting } from './plainProblems.ts';

const callables = ['SimpleConnectionPool', 'ThreadedConnectionPool', 'PersistentConnectionPool'].map(
  (name) => `psycopg2.pool.${name}`,
);

export const psycopg2Pool: Library = {
  name: 'psycopg2',
  language: 'python',
  systems: ['psycopg2-pool'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([...callables, 'psycopg2.connect']),
  // Both sizes must be passed.
  takes: (list) =>
    list.some((each) => each.unpack !== undefined) ||
    list.filter(({ keyword }) => keyword === undefined || keyword === 'minconn' || keyword === 'maxconn').length > 1,
  shownDefaults: [],
  interpret: (site, path, context) => [interpret(site, path, context)],
  problems,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool {
  const effective = flattenArguments(site.arguments, ['minconn', 'maxconn', 'dsn'], context.resolve);
  const callable = path.split('.').at(-1)!;
  return plainPool(
    {
      system: 'psycopg2-pool',
      library: 'psycopg2',
      version: versionOfPsycopg2(context),
      callable,
      facts: psycopg2PoolFacts,
      effective,
      address: driverAddress(
        effective.byName.get('dsn'),
        effective.byName,
        { dialect: 'postgresql', driver: 'psycopg2' },
        context,
      ),
      poolClass: callable,
      complete: numbersInText,
      peak: (parameters) => {
        const { amount, terms } = limitedBy('maxconn')(parameters);
        return hasNoLimit(parameters) ? { amount: 'unbounded', terms } : { amount, terms };
      },
      acquireWait: () => ({ kind: 'never-waits' }),
      idleLimit: (parameters) => {
        const minimum = parameters.get('minconn')?.value;
        if (!minimum?.known) return { kind: 'unknown' };
        return minimum.value === 0 ? { kind: 'keeps-none' } : { kind: 'forever' };
      },
    },
    site,
    context,
  );
}

function versionOfPsycopg2({ dependencies }: InterpretationContext) {
  const inWheels = dependencies.requirement('psycopg2') === undefined && dependencies.packages?.has('psycopg2-binary');
  return assumedVersionOf(dependencies, inWheels ? 'psycopg2-binary' : 'psycopg2', newestPsycopg2, ['2.8', '2.7']);
}

function hasNoLimit(parameters: Parameters): boolean {
  const most = parameters.get('maxconn')?.value;
  const least = parameters.get('minconn')?.value;
  if (!most?.known || typeof most.value !== 'number') return false;
  return most.value < 0 || (least?.known === true && typeof least.value === 'number' && least.value > most.value);
}

function* problems(pool: Pool): Iterable<PoolProblem> {
  const least = numberOf(pool, 'minconn');
  const most = numberOf(pool, 'maxconn');
  if (most === undefined) return;
  if (pool.peakPerProcess === 'unbounded') {
    const limit = Math.max(least ?? 1, 1);
    const cause = most < 0 ? `maxconn=${most}` : `maxconn=${most} below minconn=${least}`;
    yield {
      rule: 'unbounded-pool',
      at: placeOf(pool, 'maxconn'),
      message: `${cause} sets no limit: the pool refuses a connection only while exactly maxconn are in use, and goes past that number. Set maxconn to at least minconn.`,
      fixes: setting(pool, 'maxconn', limit),
    };
  } else if (most === 0) {
    yield {
      rule: 'self-defeating-pool-setting',
      at: placeOf(pool, 'maxconn'),
      message: 'maxconn=0 allows no connection at all: every getconn raises PoolError.',
      fixes: [],
    };
  } else if (least !== undefined) yield* churn(pool, least, most);
}

/** Above `minconn` every connection is closed as soon as it comes back. */
function* churn(pool: Pool, least: number, most: number): Iterable<PoolProblem> {
  if (writtenArgument(pool, 'minconn') === undefined) return;
  if (least > 0 && (most < churnFactor * least || most - least < churnConnections)) return;
  const kept = least === 0 ? 'none' : `only ${least}`;
  yield {
    rule: 'self-defeating-pool-setting',
    at: placeOf(pool, 'minconn'),
    message: `Of up to ${most} connections the pool keeps ${kept} (minconn=${least}): every other is closed when it comes back and opened anew for the next request. Raise minconn to what is needed regularly.`,
    fixes: setting(pool, 'minconn', Math.ceil(most / 2)),
  };
}
