/** MikroORM: the driver's pool in version 7, Knex's in version 6; with replicas one for each node. */
import type { Pool, PoolProblem } from '../declarations/pool.ts';
import { isScalar, resolveValue } from '../declarations/resolve.ts';
import { type Argument, type CallSite, qualifiedName, type Value } from '../declarations/value.ts';
import { knexFacts, knexOtherPoolKeys } from '../facts/knex.ts';
import {
  mikroOrmDrivers,
  mikroOrmModules,
  mikroOrmMysqlFacts,
  mikroOrmPgFacts,
  mikroOrmPoolKeys,
  newestMikroOrm,
  poolsWithKnex,
} from '../facts/mikroOrm.ts';
import { mssqlPoolFacts, tarnOtherOptions } from '../facts/mssql.ts';
import { driverAddress } from './driverAddress.ts';
import { idleLimitOfKnex, knexPoolProblems } from './knex.ts';
import type { InterpretationContext, Library } from './library.ts';
import { nestModule, nestOptions } from './nest.ts';
import { pgBehaviour } from './nodePostgres.ts';
import { nestedOptions, type Options } from './options.ts';
import { assumedVersionOf, idleBoundBy, limitedBy, type PlainPool, plainPool, waitBoundBy } from './plainPool.ts';

const nest = nestModule('@mikro-orm/nestjs.MikroOrmModule');
const ownCallables = ['MikroORM.init', 'MikroORM.initSync', 'MikroORM', 'defineConfig'];
const callables = new Set([
  ...[...mikroOrmModules.keys()].flatMap((module) => ownCallables.map((name) => `${module}.${name}`)),
  ...nest,
]);

export const mikroOrm: Library = {
  name: 'MikroORM',
  language: 'typescript',
  systems: ['mikro-orm'],
  callables,
  tellingNames: new Set(),
  connectors: callables,
  shownDefaults: ['max'],
  interpret,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): readonly Pool[] {
  const options = nestOptions(site, path, 'createMikroOrmOptions', context);
  // `MikroORM.init()` reads a configuration that is found by its name, and `init(config)` one that counts where it is defined.
  if (options.byName.size === 0 || isDefinedElsewhere(options)) return [];
  const identity = mikroOrmDrivers[driverOf(options, path, context) ?? ''];
  if (identity === undefined) return [];
  const version = assumedVersionOf(context.dependencies, '@mikro-orm/core', newestMikroOrm);
  const inner = nestedOptions(options, 'pool', context.resolve);
  const base = {
    system: 'mikro-orm',
    library: 'MikroORM',
    version,
    callable: nest.includes(path) ? path.split('.').slice(-2).join('.') : 'MikroORM',
    effective: inner,
    address: driverAddress(options.byName.get('clientUrl'), options.byName, identity, context),
    poolClass: 'Pool',
    driverArguments: undefined,
    insertion: inner.insertion,
  } as const;
  const make = poolsWithKnex(version.version)
    ? withKnex(base)
    : identity.driver === 'pg'
      ? withPg(base, options, context)
      : withDriver(base, identity.driver);
  return nodesOf(options, context).map((node) => {
    const name = node === '' ? {} : { key: node, name: `${site.assignedTo ?? 'orm'} (${node})` };
    return make({ ...name }, site, context);
  });
}

/** A configuration that is spread into another one, with nothing of a database beside it, counts where it is defined. */
function isDefinedElsewhere({ hasUnread, byName }: Options): boolean {
  return hasUnread && !['pool', 'clientUrl', 'host', 'dbName', 'driverOptions'].some((name) => byName.has(name));
}

/** `postgresql`: what the package is for, or what the option `driver`, `type` in version 5, names. */
function driverOf(options: Options, path: string, context: InterpretationContext): string | undefined {
  const own = mikroOrmModules.get(path.split('.')[0]!);
  if (own !== undefined && own !== '') return own;
  const type = options.byName.get('type');
  const resolved = type && resolveValue(type.value, context.resolve);
  if (resolved?.known && isScalar(resolved.value)) return String(resolved.value);
  const driver = options.byName.get('driver')?.value;
  const name = driver && nameOf(driver);
  return name === undefined ? undefined : mikroOrmModules.get(name.split('.')[0]!);
}

function nameOf(value: Value): string | undefined {
  if (value.kind === 'constant') return nameOf(value.value);
  return value.kind === 'reference' ? qualifiedName(value) : undefined;
}

/** The nodes of a replication by name; one without a name where there is none. */
function nodesOf(options: Options, context: InterpretationContext): string[] {
  const replicas = options.byName.get('replicas');
  if (replicas === undefined) return [''];
  const list = resolveValue(replicas.value, context.resolve);
  const isList = list.known && !isScalar(list.value) && list.value.type === 'sequence';
  // A list that cannot be read counts as one replica.
  const count = isList ? (list.value as { items: readonly unknown[] }).items.length : 1;
  return ['primary', ...Array.from({ length: count }, (_, index) => `replica ${index + 1}`)].slice(0, count + 1);
}

type Base = Omit<PlainPool, 'facts' | 'peak' | 'acquireWait' | 'idleLimit'>;
type Make = (name: Pick<PlainPool, 'key' | 'name'>, site: CallSite, context: InterpretationContext) => Pool;

function withKnex(base: Base): Make {
  return (name, site, context) => {
    const plain = {
      ...base,
      ...name,
      facts: knexFacts,
      others: knexOtherPoolKeys,
      peak: limitedBy('max'),
      acquireWait: waitBoundBy('acquireTimeoutMillis'),
      idleLimit: idleLimitOfKnex,
    };
    const pool = plainPool(plain, site, context);
    return { ...pool, problems: [...knexPoolProblems(pool)] };
  };
}

/** Of `pool` three settings are read; whatever else node-postgres knows stands in `driverOptions`, which wins. */
function withPg(base: Base, options: Options, context: InterpretationContext): Make {
  const { version } = base.version;
  const own = nestedOptions(options, 'driverOptions', context.resolve);
  const byName = new Map([...base.effective.byName].filter(([key]) => mikroOrmPoolKeys.has(key)));
  for (const [key, argument] of own.byName) byName.set(key, argument);
  const hasUnread = base.effective.hasUnread || own.hasUnread;
  const effective = { byName, list: [...byName.values()], hasUnread };
  return (name, site, context) => {
    const plain = { ...base, ...name, ...pgBehaviour, facts: mikroOrmPgFacts, effective };
    const pool = plainPool(plain, site, context);
    const parameters = new Map(pool.parameters);
    for (const [key, parameter] of parameters)
      if (!mikroOrmPoolKeys.has(key)) parameters.set(key, { ...parameter, insertion: own.insertion });
    return { ...pool, parameters, problems: unreadIn(base.effective.list, version) };
  };
}

/** Settings of Knex that version 6 read, and settings of the driver. */
function unreadIn(list: readonly Argument[], version: string): PoolProblem[] {
  return list
    .filter((each) => each.keyword !== undefined && !mikroOrmPoolKeys.has(each.keyword))
    .map((each) => ({
      rule: 'ignored-pool-options',
      at: each.keywordSpan ?? each.span,
      tags: ['unnecessary'],
      message: `MikroORM ${version.split('.')[0]} reads min, max and idleTimeoutMillis of pool and drops ${each.keyword} without a word.${driverSettings.has(each.keyword!) ? ' Write it into driverOptions.' : ' Remove it.'}`,
    }));
}

const driverSettings = new Set(mikroOrmPgFacts.map((fact) => fact.name));

/** mysql2 has no bound on the wait; SQL Server's connections are pooled by tarn. */
function withDriver(base: Base, driver: string): Make {
  const isMssql = driver === 'tedious';
  return (name, site, context) => {
    const plain = {
      ...base,
      ...name,
      facts: isMssql ? mssqlPoolFacts : mikroOrmMysqlFacts,
      others: isMssql ? tarnOtherOptions : undefined,
      peak: limitedBy('max', (value) => !isMssql && value === 0),
      acquireWait: isMssql ? waitBoundBy('acquireTimeoutMillis') : () => ({ kind: 'forever' }) as const,
      acquireAdvice: isMssql ? undefined : 'Bound it with a timeout around the query.',
      idleLimit: idleBoundBy('idleTimeoutMillis', (value) => value === undefined || value === null),
    };
    return plainPool(plain, site, context);
  };
}
