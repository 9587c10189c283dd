/** peewee's pools: pooled database classes, `+pool` URLs, and the async databases of playhouse.pwasyncio. */
import { placeOf } from '../declarations/parameters.ts';
import type { Pool, PoolProblem } from '../declarations/pool.ts';
import { isScalar, resolveValue } from '../declarations/resolve.ts';
import type { Argument, CallSite } from '../declarations/value.ts';
import {
  newestPeewee,
  peeweeAsyncClasses,
  peeweeAsyncFacts,
  peeweeFacts,
  peeweeMisspelt,
  peeweePooledClasses,
} from '../facts/peewee.ts';
import { addressOf } from './address.ts';
import { type EffectiveArguments, flattenArguments } from './arguments.ts';
import { type DriverIdentity, driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { assumedVersionOf, idleBoundBy, limitedBy, numbersInText, plainPool, waitBoundBy } from './plainPool.ts';
import { driverKeywords, minimumAboveMaximum, setting } from './plainProblems.ts';
import { queryOf } from './urlQuery.ts';

/** The modules that define the pooled classes, by version. */
const modules = ['pool', 'postgres_ext', 'cockroachdb', 'mysql_ext'];
const pooled = Object.keys(peeweePooledClasses).flatMap((name) =>
  modules.map((module) => `playhouse.${module}.${name}`),
);
const asynchronous = Object.keys(peeweeAsyncClasses).map((name) => `playhouse.pwasyncio.${name}`);
const byUrl = 'playhouse.db_url.connect';

export const peewee: Library = {
  name: 'peewee',
  language: 'python',
  systems: ['peewee'],
  callables: new Set([...pooled, ...asynchronous, byUrl]),
  tellingNames: new Set(),
  connectors: new Set([...pooled, ...asynchronous, byUrl, 'peewee.PostgresqlDatabase', 'peewee.MySQLDatabase']),
  shownDefaults: ['max_connections', 'pool_size'],
  interpret,
  problems,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool[] {
  if (path === byUrl) return poolOfUrl(site, context);
  const name = path.split('.').at(-1)!;
  const identity = peeweePooledClasses[name] ?? peeweeAsyncClasses[name];
  if (identity === undefined) return [];
  const isAsync = peeweeAsyncClasses[name] !== undefined;
  const leading = isAsync ? ['database'] : ['database', 'max_connections', 'stale_timeout', 'timeout'];
  const effective = initialisedLater(flattenArguments(site.arguments, leading, context.resolve), context);
  const address = driverAddress(undefined, effective.byName, identity, context);
  return [
    isAsync
      ? asyncPool(site, name, effective, address, context)
      : pooledDatabase(site, name, effective, address, context),
  ];
}

/** `PooledPostgresqlDatabase(None)`: the name of the database and the settings come with `init()`. */
function initialisedLater(effective: EffectiveArguments, context: InterpretationContext): EffectiveArguments {
  const database = effective.byName.get('database');
  const resolved = database && resolveValue(database.value, context.resolve);
  return resolved?.known && resolved.value === null ? { ...effective, hasUnread: true } : effective;
}

function pooledDatabase(
  site: CallSite,
  callable: string,
  effective: EffectiveArguments,
  address: Pool['address'],
  context: InterpretationContext,
  poolClass = callable,
): Pool {
  return plainPool(
    {
      system: 'peewee',
      library: 'peewee',
      version: assumedVersionOf(context.dependencies, 'peewee', newestPeewee, ['3.17']),
      callable,
      facts: peeweeFacts,
      effective,
      address,
      poolClass,
      complete: numbersInText,
      peak: limitedBy('max_connections', (value) => value === 0 || value === null),
      acquireWait: waitBoundBy('timeout', { forever: (value) => value === 0, never: (value) => value === null }),
      idleLimit: idleBoundBy('stale_timeout', (value) => value === 0 || value === null),
    },
    site,
    context,
  );
}

function asyncPool(
  site: CallSite,
  callable: string,
  effective: EffectiveArguments,
  address: Pool['address'],
  context: InterpretationContext,
): Pool {
  return plainPool(
    {
      system: 'peewee',
      library: 'peewee',
      version: assumedVersionOf(context.dependencies, 'peewee', newestPeewee),
      callable,
      facts: peeweeAsyncFacts,
      effective,
      address,
      poolClass: callable,
      peak: limitedBy('pool_size'),
      acquireWait: waitBoundBy('acquire_timeout', { forever: (value) => value === null }),
      idleLimit: () => ({ kind: 'unknown' }),
    },
    site,
    context,
  );
}

const classesOfSchemes: Readonly<Record<string, string>> = {
  'postgres+pool': 'PooledPostgresqlDatabase',
  'postgresql+pool': 'PooledPostgresqlDatabase',
  'postgresext+pool': 'PooledPostgresqlExtDatabase',
  'postgresqlext+pool': 'PooledPostgresqlExtDatabase',
  'psycopg3+pool': 'PooledPsycopg3Database',
  'cockroachdb+pool': 'PooledCockroachDatabase',
  'crdb+pool': 'PooledCockroachDatabase',
  'mysql+pool': 'PooledMySQLDatabase',
  'mysqlconnector+pool': 'PooledMySQLConnectorDatabase',
  'mariadbconnector+pool': 'PooledMariaDBConnectorDatabase',
};

/** `connect("postgresql+pool://…?max_connections=20")`; a URL without `+pool` is one connection per thread. */
function poolOfUrl(site: CallSite, context: InterpretationContext): Pool[] {
  const own = flattenArguments(site.arguments, ['url', 'unquote_password', 'unquote_user'], context.resolve);
  const url = own.byName.get('url');
  const address = addressOf(url, context);
  if (url === undefined || address.driver !== 'pool') return [];
  const name = classesOfSchemes[`${address.dialect}+pool`];
  const identity: DriverIdentity | undefined = name === undefined ? undefined : peeweePooledClasses[name];
  if (name === undefined || identity === undefined) return [];
  const query = queryOf(url, address, context);
  const byName = new Map<string, Argument>([...query.byName, ...own.byName]);
  for (const each of ['url', 'unquote_password', 'unquote_user']) byName.delete(each);
  const effective = { list: [...byName.values()], byName, hasUnread: own.hasUnread || query.isUnread };
  return [
    pooledDatabase(site, 'connect', effective, { ...address, ...identity, isNetworkDatabase: true }, context, name),
  ];
}

/** `max_connections` of a pool that gets a limit. */
const advisedLimit = 20;

function* problems(pool: Pool): Iterable<PoolProblem> {
  if (pool.peakPerProcess === 'unbounded') {
    const value = pool.parameters.get('max_connections')?.value;
    const shown = value?.known && isScalar(value.value) && value.value === null ? 'None' : '0';
    yield {
      rule: 'unbounded-pool',
      at: placeOf(pool, 'max_connections'),
      message: `max_connections=${shown} sets no limit: every thread that finds no free connection opens another. Set a limit; ${advisedLimit} is the default.`,
      fixes: setting(pool, 'max_connections', advisedLimit),
    };
  }
  yield* minimumAboveMaximum(pool, 'pool_min_size', 'pool_size', 'the driver raises ValueError at the first query');
  if (pool.parameters.has('max_connections'))
    yield* driverKeywords(pool, peeweeMisspelt, 'the driver rejects it at the first connect');
}
