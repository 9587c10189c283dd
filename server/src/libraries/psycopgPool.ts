/** The four pools of psycopg_pool. Arguments of the driver stand in their `kwargs`, not beside the pool's own. */
import { locate } from '../core/text.ts';
import { removeArguments } from '../declarations/edits.ts';
import { numberOf, placeOf, setParameters, writtenArgument } from '../declarations/parameters.ts';
import type { Pool, PoolClassKind, PoolParameter, PoolProblem } from '../declarations/pool.ts';
import { isScalar, resolveValue } from '../declarations/resolve.ts';
import { unknownAmount } from '../declarations/resolved.ts';
import type { Argument, CallSite } from '../declarations/value.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import {
  hasCheck,
  newestPsycopgPool,
  nullPoolFacts,
  psycopgConnectArguments,
  psycopgPoolFacts,
  psycopgPoolHasNone,
  psycopgPoolLowest,
  psycopgPoolMisspelt,
  psycopgPoolNumbers,
  psycopgPoolOtherArguments,
} from '../facts/psycopgPool.ts';
import { flattenArguments } from './arguments.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { argumentOf } from './options.ts';
import {
  asParameters,
  assumedVersionOf,
  idleBoundBy,
  limitedBy,
  type Parameters,
  plainPool,
  waitBoundBy,
} from './plainPool.ts';
import { belowLowest, minimumAboveMaximum, notANumber, setting, unknownKeywords, untested } from './plainProblems.ts';
import { fix } from './results.ts';
import { sentInOptions, sentInUrl } from './startupParameters.ts';

const pools = ['ConnectionPool', 'AsyncConnectionPool'];
const nullPools = ['NullConnectionPool', 'AsyncNullConnectionPool'];
const callables = [
  ...[...pools, ...nullPools].map((name) => `psycopg_pool.${name}`),
  'psycopg_pool.pool.ConnectionPool',
  'psycopg_pool.pool_async.AsyncConnectionPool',
  'psycopg_pool.null_pool.NullConnectionPool',
  'psycopg_pool.null_pool_async.AsyncNullConnectionPool',
];

const knownNames = new Set([...psycopgPoolFacts.map((fact) => fact.name), ...psycopgPoolOtherArguments]);

export const psycopgPool: Library = {
  name: 'psycopg_pool',
  language: 'python',
  systems: ['psycopg-pool'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([
    ...callables,
    'psycopg.connect',
    'psycopg.Connection.connect',
    'psycopg.AsyncConnection.connect',
  ]),
  // Everything after the connection string is keyword-only.
  takes: (list) =>
    list.every(({ keyword }) => keyword === undefined || knownNames.has(keyword)) &&
    list.filter((each) => each.keyword === undefined && each.unpack === undefined).length <= 1,
  shownDefaults: ['min_size', 'max_size', 'timeout'],
  interpret: (site, path, context) => [withSessions(interpret(site, path, context))],
  problems,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool {
  const effective = flattenArguments(site.arguments, ['conninfo'], context.resolve);
  const callable = path.split('.').at(-1)!;
  const driver = argumentsOfDriver(effective.byName.get('kwargs'), effective.hasUnread, context);
  const version = assumedVersionOf(context.dependencies, 'psycopg-pool', newestPsycopgPool, ['3.2', '3.1', '3.0']);
  return plainPool(
    {
      system: 'psycopg-pool',
      library: 'psycopg_pool',
      version,
      callable,
      effective,
      address: driverAddress(
        effective.byName.get('conninfo'),
        new Map((driver ?? []).map((each) => [each.keyword!, each])),
        { dialect: 'postgresql', driver: 'psycopg' },
        context,
      ),
      poolClass: callable,
      others: psycopgPoolOtherArguments,
      driverArguments: driver && asParameters(driver, context),
      ...(nullPools.includes(callable) ? nullPool : keepingPool),
    },
    site,
    context,
  );
}

/** psycopg prepares a statement that was run five times, unless `prepare_threshold` is None. */
function withSessions(pool: Pool): Pool {
  const { driverArguments, otherArguments } = pool;
  const threshold = driverArguments?.get('prepare_threshold')?.value;
  if (driverArguments === undefined || pool.hasUnreadArguments || threshold?.known === false) return pool;
  const owner = locate(pool.uri, pool.site.span);
  const startupParameters = [...sentInOptions(driverArguments, owner), ...sentInUrl(pool.address)];
  if (threshold?.known && threshold.value === null)
    return { ...pool, sessions: { statements: { kind: 'none' }, startupParameters } };
  const kwargs = otherArguments.get('kwargs')?.written;
  const edits = kwargs === undefined ? setParameters(pool, { kwargs: '{"prepare_threshold": None}' }) : undefined;
  const title = 'Set prepare_threshold=None in kwargs';
  return {
    ...pool,
    sessions: {
      statements: {
        kind: 'named',
        driver: 'psycopg 3',
        at: kwargs?.valueSpan ?? locate(pool.uri, pool.site.calleeSpan),
        remedy: 'prepare_threshold=None in kwargs',
        fixes: edits === undefined ? [] : [{ title, safety: 'suggestion', preferred: true, edits }],
      },
      startupParameters,
    },
  };
}

const keepingPool = {
  facts: psycopgPoolFacts,
  complete: sizeFollowsMinimum,
  peak: limitedBy('max_size'),
  acquireWait: waitBoundBy('timeout', { never: (value) => value === 0 }),
  // max_idle closes only what is above min_size.
  idleLimit: idleBoundBy('max_lifetime', () => false),
};

const nullPool = {
  facts: nullPoolFacts,
  poolClassKind: (parameters: Parameters) => (isUnlimited(parameters) ? 'null' : 'queue') as PoolClassKind,
  peak: (parameters: Parameters) =>
    isUnlimited(parameters) ? unlimited(parameters) : limitedBy('max_size')(parameters),
  acquireWait: (parameters: Parameters) =>
    isUnlimited(parameters)
      ? ({ kind: 'never-waits' } as const)
      : waitBoundBy('timeout', { never: (value) => value === 0 })(parameters),
  idleLimit: () => ({ kind: 'keeps-none' }) as const,
};

function unlimited(parameters: Parameters) {
  const amount = unknownAmount('a null pool opens a connection per client: as many as there are at once');
  return { amount, terms: [{ parameter: 'max_size', amount, value: parameters.get('max_size')!.value }] };
}

function isUnlimited(parameters: Parameters): boolean {
  const size = parameters.get('max_size')?.value;
  return size?.known === true && (size.value === null || size.value === 0);
}

/** Without `max_size` the pool has the size of `min_size`. */
export function sizeFollowsMinimum(parameters: Map<string, PoolParameter>): void {
  const size = parameters.get('max_size');
  const minimum = parameters.get('min_size');
  if (size === undefined || minimum === undefined || !size.value.known || size.value.value !== null) return;
  const { value } = minimum;
  parameters.set('max_size', {
    ...size,
    value: value.known ? { ...value, literal: size.written && size.value.literal } : value,
  });
}

/** What `kwargs` hands to the driver; undefined where that cannot be read. */
function argumentsOfDriver(
  kwargs: Argument | undefined,
  hasUnread: boolean,
  context: InterpretationContext,
): readonly Argument[] | undefined {
  if (kwargs === undefined) return hasUnread ? undefined : [];
  const content = resolveValue(kwargs.value, context.resolve);
  if (!content.known) return undefined;
  if (content.value === null) return [];
  if (isScalar(content.value) || content.value.type !== 'mapping' || !content.value.complete) return undefined;
  return content.value.entries.flatMap((entry) => argumentOf(entry) ?? []);
}

function* problems(pool: Pool): Iterable<PoolProblem> {
  const isNull = nullPools.includes(pool.callable);
  if (isNull) {
    yield* nullPoolProblems(pool);
  } else {
    yield* minimumAboveMaximum(pool, 'min_size', 'max_size', `${pool.callable} raises ValueError`);
    yield* belowLowest(pool, psycopgPoolLowest, 'ValueError');
    yield* emptyPool(pool);
    if (hasCheck(pool.libraryVersion)) yield* uncheckedConnections(pool);
  }
  yield* notANumber(pool, psycopgPoolNumbers);
  yield* unknownKeywords(pool, {
    misspelt: psycopgPoolMisspelt,
    none: psycopgPoolHasNone,
    driver: { names: psycopgConnectArguments, into: 'kwargs' },
    error: 'TypeError',
  });
}

function* nullPoolProblems(pool: Pool): Iterable<PoolProblem> {
  const minimum = writtenArgument(pool, 'min_size');
  if (minimum !== undefined && (numberOf(pool, 'min_size') ?? 0) !== 0) {
    yield {
      rule: 'invalid-pool-arguments',
      at: minimum.valueSpan,
      message: `${pool.callable} keeps no connection: any min_size but 0 raises ValueError. Remove min_size, or use a pool that keeps connections.`,
      fixes: fix('Remove min_size', 'suggestion', removeArguments(pool.site, [minimum])),
    };
  }
  if (!isUnlimited(pool.parameters)) return;
  yield {
    rule: 'unbounded-pool',
    severity: 'information',
    at: placeOf(pool, 'max_size'),
    message: `${pool.callable} without max_size opens a connection for every client that asks, without a limit. Set max_size, so that the others wait.`,
    fixes: setting(pool, 'max_size', advisedPoolSize),
  };
}

/** `min_size=0` alone: the size that follows from it is none. */
function* emptyPool(pool: Pool): Iterable<PoolProblem> {
  const minimum = writtenArgument(pool, 'min_size');
  const size = pool.parameters.get('max_size');
  if (minimum === undefined || numberOf(pool, 'min_size') !== 0 || numberOf(pool, 'max_size') !== 0) return;
  if (
    size?.written !== undefined &&
    size.value.known &&
    size.written.value.kind === 'literal' &&
    size.written.value.value === 0
  )
    return;
  yield {
    rule: 'invalid-pool-arguments',
    at: minimum.valueSpan,
    message: `min_size=0 without max_size is a pool of no connections: ${pool.callable} raises ValueError. Write max_size too.`,
    fixes: setting(pool, 'max_size', advisedPoolSize),
  };
}

function* uncheckedConnections(pool: Pool): Iterable<PoolProblem> {
  // Under another name the class cannot be named with certainty.
  const callee = pool.site.calleeText;
  const isNamed = callee === pool.callable || callee.endsWith(`.${pool.callable}`);
  const value = `${isNamed ? callee : pool.callable}.check_connection`;
  yield* untested(pool, 'check', {
    fix: isNamed ? value : undefined,
    message: `No check: after a database restart or failover the first query on each pooled connection fails. Add check=${value}.`,
    messageWhereOff:
      'check=None: after a database restart or failover the first query on each pooled connection fails.',
  });
}
