/** asyncpg's own pool. SQLAlchemy's engines over asyncpg do not use it. */
import type { IdleLimit, Pool, PoolProblem } from '../declarations/pool.ts';
import type { CallSite } from '../declarations/value.ts';
import {
  asyncpgFacts,
  asyncpgHasNone,
  asyncpgLowest,
  asyncpgMisspelt,
  asyncpgNumbers,
  asyncpgOtherArguments,
  keepsMinimum,
  newestAsyncpg,
} from '../facts/asyncpg.ts';
import { flattenArguments } from './arguments.ts';
import { driverAddress } from './driverAddress.ts';
import { statementsUnless } from './driverSessions.ts';
import type { AssumedVersion, InterpretationContext, Library } from './library.ts';
import { assumedVersionOf, idleBoundBy, limitedBy, type Parameters, plainPool } from './plainPool.ts';
import { belowLowest, minimumAboveMaximum, notANumber, settingsInUrl, unknownKeywords } from './plainProblems.ts';
import { sentEntries } from './startupParameters.ts';

const functions = ['asyncpg.create_pool', 'asyncpg.pool.create_pool'];
/** The class takes the same arguments and has no defaults of its own. */
const classes = ['asyncpg.Pool', 'asyncpg.pool.Pool'];

export const asyncpg: Library = {
  name: 'asyncpg',
  language: 'python',
  systems: ['asyncpg'],
  callables: new Set([...functions, ...classes]),
  tellingNames: new Set(),
  connectors: new Set([...functions, ...classes, 'asyncpg.connect', 'asyncpg.connection.connect']),
  shownDefaults: ['min_size', 'max_size'],
  interpret: (site, path, context) => [withSessions(interpret(site, path, context))],
  problems,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool {
  const effective = flattenArguments(site.arguments, ['dsn'], context.resolve);
  const version = assumedVersionOf(context.dependencies, 'asyncpg', newestAsyncpg, ['0.31', '0.30', '0.29']);
  const isClass = classes.includes(path);
  return plainPool(
    {
      system: 'asyncpg',
      library: 'asyncpg',
      version,
      callable: isClass ? 'Pool' : 'create_pool',
      facts: isClass ? asyncpgFacts.map((fact) => ({ ...fact, fallback: null })) : asyncpgFacts,
      effective,
      address: driverAddress(
        effective.byName.get('dsn'),
        effective.byName,
        { dialect: 'postgresql', driver: 'asyncpg' },
        context,
      ),
      poolClass: 'Pool',
      others: asyncpgOtherArguments,
      peak: limitedBy('max_size'),
      ...asyncpgWaiting(version, context),
    },
    site,
    context,
  );
}

function withSessions(pool: Pool): Pool {
  const statements = statementsUnless(pool, { option: 'statement_cache_size', off: 0, code: 0, driver: 'asyncpg' });
  const owner = { uri: pool.uri, ...pool.site.span };
  const startupParameters = sentEntries(pool.otherArguments.get('server_settings'), owner);
  return { ...pool, sessions: { statements, startupParameters } };
}

/** How a pool of asyncpg waits and ages, whatever library builds it. */
export function asyncpgWaiting(version: AssumedVersion, context: InterpretationContext) {
  return {
    acquireWait: () => (context.boundsAcquire ? ({ kind: 'unknown' } as const) : ({ kind: 'forever' } as const)),
    acquireAdvice: 'Pass timeout= to acquire(), or put asyncio.timeout() around it.',
    idleLimit: (parameters: Parameters) => idleLimit(parameters, version),
  };
}

function idleLimit(parameters: Parameters, { version, evidence }: AssumedVersion): IdleLimit {
  const name = 'max_inactive_connection_lifetime';
  const closes = idleBoundBy(name, (value) => value === 0)(parameters);
  // Without a version only what holds before 0.32 too is certain.
  if (closes.kind !== 'seconds' || evidence === undefined || !keepsMinimum(version)) return closes;
  const minimum = parameters.get('min_size')?.value;
  if (!minimum?.known) return { kind: 'unknown' };
  return minimum.value === 0 ? closes : { kind: 'forever' };
}

function* problems(pool: Pool): Iterable<PoolProblem> {
  yield* minimumAboveMaximum(pool, 'min_size', 'max_size', `${pool.callable} raises ValueError`);
  yield* belowLowest(pool, asyncpgLowest, 'ValueError');
  yield* notANumber(pool, asyncpgNumbers);
  yield* unknownKeywords(pool, { misspelt: asyncpgMisspelt, none: asyncpgHasNone, error: 'TypeError' });
  yield* settingsInUrl(pool, asyncpgMisspelt, 'PostgreSQL takes it for a server setting and refuses the connection');
}
