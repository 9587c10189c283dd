/** `databases`: one object, the pool of whichever async driver its URL names. Its arguments win over the URL's. */
import type { AcquireWait, DatabaseAddress, IdleLimit, Pool, PoolProblem } from '../declarations/pool.ts';
import { isScalar, resolveValue } from '../declarations/resolve.ts';
import { type Argument, type CallSite, qualifiedName } from '../declarations/value.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import { type DatabasesDriver, databasesFacts, databasesMisspelt, newestDatabases } from '../facts/databases.ts';
import { addressOf } from './address.ts';
import { type EffectiveArguments, flattenArguments } from './arguments.ts';
import type { InterpretationContext, Library } from './library.ts';
import { assumedVersionOf, idleBoundBy, limitedBy, type Parameters, plainPool, waitBoundBy } from './plainPool.ts';
import { driverKeywords, minimumAboveMaximum, withoutLimit } from './plainProblems.ts';
import { queryOf, unreadUrl } from './urlQuery.ts';

const callables = ['databases.Database', 'databases.core.Database'];

export const databases: Library = {
  name: 'databases',
  language: 'python',
  systems: ['databases'],
  callables: new Set(callables),
  tellingNames: new Set(),
  mayBeShadowed: true,
  connectors: new Set([...callables, 'databases.DatabaseURL']),
  shownDefaults: ['min_size', 'max_size'],
  interpret: (site, _path, context) => [interpret(site, context)],
  problems,
};

function interpret(site: CallSite, context: InterpretationContext): Pool {
  const own = flattenArguments(site.arguments, ['url'], context.resolve);
  const url = own.byName.get('url');
  const address = addressOf(url, context);
  const driver = driverOf(address);
  const facts = databasesFacts(driver);
  const effective = withQuery(own, url, address, context);
  return plainPool(
    {
      system: 'databases',
      library: 'databases',
      version: assumedVersionOf(context.dependencies, 'databases', newestDatabases),
      callable: 'Database',
      facts,
      effective,
      unreadReason: own.hasUnread ? undefined : unreadUrl,
      address: { ...address, driver: address.dialect === 'sqlite' ? 'aiosqlite' : driver },
      poolClass: 'Pool',
      peak: limitedBy('max_size', (value) => value === 0 && (driver === 'aiopg' || driver === 'aiomysql')),
      acquireWait: (parameters) => acquireWait(parameters, driver, context),
      acquireAdvice: 'Put asyncio.timeout() around the queries.',
      idleLimit: (parameters) => idleLimit(parameters, driver),
    },
    site,
    context,
  );
}

function driverOf({ dialect, driver }: DatabaseAddress): DatabasesDriver | undefined {
  if (dialect === 'postgresql') return driver === 'aiopg' ? 'aiopg' : 'asyncpg';
  if (dialect === 'mysql') return driver === 'asyncmy' ? 'asyncmy' : 'aiomysql';
  return undefined;
}

/** Arguments win over the URL; whatever neither sets may stand in a URL that cannot be read. */
function withQuery(
  own: EffectiveArguments,
  url: Argument | undefined,
  address: DatabaseAddress,
  context: InterpretationContext,
): EffectiveArguments {
  const query = url && queryOf(insideDatabaseUrl(url, context), address, context);
  const inUrl = [...(query?.byName ?? [])].filter(([name]) => /^(?:min_size|max_size|pool_recycle)$/.test(name));
  const byName = new Map<string, Argument>([...inUrl, ...own.byName]);
  for (const [alias, name] of [
    ['minsize', 'min_size'],
    ['maxsize', 'max_size'],
  ] as const) {
    const given = byName.get(alias);
    if (given !== undefined) byName.set(name, given);
    byName.delete(alias);
  }
  byName.delete('url');
  byName.delete('force_rollback');
  return { list: [...byName.values()], byName, hasUnread: own.hasUnread || query?.isUnread !== false };
}

/** `DatabaseURL("…")` is the text in it. */
function insideDatabaseUrl(url: Argument, context: InterpretationContext): Argument {
  const content = resolveValue(url.value, context.resolve);
  if (!content.known || isScalar(content.value) || content.value.type !== 'call') return url;
  const { callee, arguments: list } = content.value.call;
  const isUrl = callee.kind === 'reference' && /\bDatabaseURL$/.test(qualifiedName(callee));
  return (isUrl ? list[0] : undefined) ?? url;
}

function acquireWait(
  parameters: Parameters,
  driver: DatabasesDriver | undefined,
  context: InterpretationContext,
): AcquireWait {
  if (driver === undefined || context.boundsAcquire) return { kind: 'unknown' };
  return driver === 'aiopg' ? waitBoundBy('timeout')(parameters) : { kind: 'forever' };
}

function idleLimit(parameters: Parameters, driver: DatabasesDriver | undefined): IdleLimit {
  if (driver === undefined) return { kind: 'unknown' };
  if (driver === 'asyncpg') return idleBoundBy('max_inactive_connection_lifetime', (value) => value === 0)(parameters);
  return idleBoundBy('pool_recycle', (value) => typeof value === 'number' && value < 0)(parameters);
}

function* problems(pool: Pool): Iterable<PoolProblem> {
  const isUnlimited = pool.peakPerProcess === 'unbounded';
  yield* minimumAboveMaximum(pool, 'min_size', 'max_size', 'connect() raises ValueError', () => isUnlimited);
  yield* withoutLimit(pool, 'max_size', advisedPoolSize, 'max_size=0 sets no limit');
  yield* driverKeywords(pool, databasesMisspelt, 'the driver raises TypeError for it, at connect()');
}
