/** SQLAlchemy engines, sync and async, whatever builds them: what a call means and how many connections it may hold. */
import type { Location } from '../../core/text.ts';
import type { DatabaseAddress, Pool, PoolProblem, PoolSystem } from '../../declarations/pool.ts';
import { isScalar, resolveValue } from '../../declarations/resolve.ts';
import type { Argument, CallSite } from '../../declarations/value.ts';
import { defaultDriver, newestSqlalchemy, parameterFact } from '../../facts/sqlalchemy.ts';
import { otherEngineArguments } from '../../facts/sqlalchemyNames.ts';
import { compareVersions } from '../../facts/versions.ts';
import { addressOf } from '../address.ts';
import { type EffectiveArguments, flattenArguments } from '../arguments.ts';
import type { AssumedVersion, DependencyView, InterpretationContext, Library } from '../library.ts';
import { acquireWait, idleLimit, peak } from './capacity.ts';
import { directPool, directPools, directProblems, isDirect } from './direct.ts';
import { ignoredOptions } from './ignoredOptions.ts';
import { invalidArgumentChecks, isPoolObject } from './invalidArguments.ts';
import {
  coerced,
  readDriverArguments,
  readOtherArguments,
  readParameters,
  readPoolClass,
  unchanged,
} from './parameters.ts';
import { sessionUse } from './sessions.ts';

const engines = [
  'sqlalchemy.create_engine',
  'sqlalchemy.engine.create_engine',
  'sqlalchemy.engine.create.create_engine',
  'sqlalchemy.future.create_engine',
  'sqlalchemy.future.engine.create_engine',
  'sqlmodel.create_engine',
];
const asyncEngines = [
  'sqlalchemy.ext.asyncio.create_async_engine',
  'sqlalchemy.ext.asyncio.engine.create_async_engine',
];
const fromConfig = [
  'sqlalchemy.engine_from_config',
  'sqlalchemy.engine.engine_from_config',
  'sqlalchemy.engine.create.engine_from_config',
];
const asyncFromConfig = [
  'sqlalchemy.ext.asyncio.async_engine_from_config',
  'sqlalchemy.ext.asyncio.engine.async_engine_from_config',
];

const fromUrl = ['sqlalchemy.create_pool_from_url', 'sqlalchemy.engine.create_pool_from_url'];
const asyncFromUrl = [
  'sqlalchemy.ext.asyncio.create_async_pool_from_url',
  'sqlalchemy.ext.asyncio.engine.create_async_pool_from_url',
];

export const sqlalchemy: Library = {
  name: 'SQLAlchemy',
  language: 'python',
  systems: ['sqlalchemy', 'sqlalchemy-async'],
  callables: new Set([
    ...engines,
    ...asyncEngines,
    ...fromConfig,
    ...asyncFromConfig,
    ...fromUrl,
    ...asyncFromUrl,
    ...directPools,
  ]),
  tellingNames: new Set(
    [...engines, ...asyncEngines, ...fromConfig, ...asyncFromConfig, ...fromUrl, ...asyncFromUrl].map(
      (path) => path.split('.').at(-1)!,
    ),
  ),
  connectors: new Set([
    ...engines,
    ...asyncEngines,
    ...fromUrl,
    ...asyncFromUrl,
    'sqlalchemy.engine.make_url',
    'sqlalchemy.engine.url.make_url',
    'sqlalchemy.make_url',
    'sqlalchemy.URL',
    'sqlalchemy.URL.create',
    'sqlalchemy.engine.URL',
    'sqlalchemy.engine.URL.create',
    'sqlalchemy.engine.url.URL',
    'sqlalchemy.engine.url.URL.create',
  ]),
  shownDefaults: ['pool_size', 'max_overflow', 'pool_timeout'],
  interpret(site, path, context) {
    const pool = interpret(site, path, context);
    return pool === undefined ? [] : [pool];
  },
  problems: sqlalchemyProblems,
};

/** Also for libraries that configure engines of SQLAlchemy under its own names. */
export function* sqlalchemyProblems(pool: Pool): Iterable<PoolProblem> {
  if (isDirect(pool)) {
    yield* directProblems(pool);
    return;
  }
  for (const check of invalidArgumentChecks)
    for (const result of check(pool)) yield { rule: 'invalid-pool-arguments', ...result };
  for (const result of ignoredOptions(pool)) yield { rule: 'ignored-pool-options', ...result };
}

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool | undefined {
  if (directPools.includes(path)) return directPool(site, path, assumedVersion(context.dependencies), context);
  const isAsync = [asyncEngines, asyncFromConfig, asyncFromUrl].some((paths) => paths.includes(path));
  const isFromUrl = fromUrl.includes(path) || asyncFromUrl.includes(path);
  const isFromConfig = fromConfig.includes(path) || asyncFromConfig.includes(path);
  const written = isFromConfig
    ? argumentsFromConfig(site, context)
    : flattenArguments(site.arguments, ['url'], context.resolve);
  const effective = isFromUrl ? withPrefixes(written) : written;
  if (isHandedIn(effective)) return undefined;
  if (effective.byName.get('strategy') !== undefined && textOf(effective.byName.get('strategy')!, context) === 'mock')
    return undefined;
  return enginePool(
    {
      system: isAsync ? 'sqlalchemy-async' : 'sqlalchemy',
      libraryName: 'SQLAlchemy',
      key: '',
      callable: path.split('.').at(-1)!,
      name: site.assignedTo ?? '',
      isAsync,
      isFromConfig,
    },
    site,
    effective,
    context,
  );
}

/** `create_engine(url, pool=QueuePool(…))`: the pool that is handed in counts by itself, unless settings beside it raise. */
function isHandedIn({ byName }: EffectiveArguments): boolean {
  const given = byName.get('pool');
  return (
    given !== undefined && isPoolObject(given.value) && ![...parameterFact.keys()].some((name) => byName.has(name))
  );
}

/** `create_pool_from_url` takes the names of the pool classes as well as those of an engine. */
function withPrefixes(effective: EffectiveArguments): EffectiveArguments {
  const byName = new Map(effective.byName);
  const renamed = new Set<Argument>();
  for (const name of ['pre_ping', 'timeout', 'recycle', 'use_lifo', 'reset_on_return']) {
    const argument = byName.get(name);
    if (argument === undefined || byName.has(`pool_${name}`)) continue;
    byName.delete(name);
    byName.set(`pool_${name}`, argument);
    renamed.add(argument);
  }
  return { ...effective, list: effective.list.filter((each) => !renamed.has(each)), byName };
}

/** What tells one way to an engine of SQLAlchemy from another. */
export interface EngineOrigin {
  readonly system: PoolSystem;
  readonly libraryName: string;
  readonly key: string;
  readonly callable: string;
  readonly name: string;
  readonly isAsync: boolean;
  /** True where texts are turned into numbers, as `engine_from_config` does. */
  readonly isFromConfig: boolean;
  /** Defaults that the origin sets where nobody did, by argument. */
  readonly defaults?: (address: DatabaseAddress) => Readonly<Record<string, number>>;
  /** Where findings about what is missing stand, if not on the callable's name. */
  readonly optionsAt?: Location;
}

/** The pool of one engine, from the arguments it gets in effect, `url` among them. */
export function enginePool(
  origin: EngineOrigin,
  site: CallSite,
  effective: EffectiveArguments,
  context: InterpretationContext,
): Pool {
  const { isAsync, isFromConfig, defaults, ...named } = origin;
  const version = assumedVersion(context.dependencies);
  const address = completeDriver(
    addressOf(effective.byName.get('url'), context, effective.byName.get('connect_args')),
    version.version,
  );
  const poolClass = readPoolClass(effective, isAsync, address, context);
  const read = isFromConfig ? coerced : unchanged;
  const parameters = readParameters(effective, poolClass.kind, version.version, context, read, defaults?.(address));
  const { amount, terms } = peak(parameters, poolClass.kind, version.version);
  const driverArguments = readDriverArguments(effective, context);
  return {
    ...named,
    coercesTexts: isFromConfig,
    libraryVersion: version.version,
    versionEvidence: version.evidence,
    uri: site.uri,
    site,
    context: context.sourceContext,
    address,
    poolClass: poolClass.name,
    poolClassKind: poolClass.kind,
    poolClassAt: effective.byName.get('poolclass')?.valueSpan,
    parameters,
    otherArguments: readOtherArguments(effective, context),
    driverArguments,
    sessions: sessionUse({
      site,
      address,
      driverArguments,
      connectArguments: effective.byName.get('connect_args'),
      hasUnreadArguments: effective.hasUnread,
      dependencies: context.dependencies,
      hasCreator: effective.byName.has('creator') || effective.byName.has('async_creator'),
    }),
    unrecognised: effective.list.filter(
      (each) =>
        each.keyword !== undefined && !parameterFact.has(each.keyword) && !otherEngineArguments.has(each.keyword),
    ),
    hasUnreadArguments: effective.hasUnread,
    peakPerProcess: amount,
    peakTerms: terms,
    acquireWait: acquireWait(parameters, poolClass.kind, amount),
    idleLimit: idleLimit(parameters, poolClass.kind),
  };
}

/** The version the dependencies name; a range is taken at its newest release that the facts know. */
export function assumedVersion(dependencies: DependencyView): AssumedVersion {
  const requirement = dependencies.requirement('sqlalchemy') ?? undefined;
  if (requirement?.version !== undefined) return { version: requirement.version, evidence: requirement.evidence };
  if (requirement?.below !== undefined && compareVersions(requirement.below, newestSqlalchemy) <= 0) {
    const newestBelow = ['2.0', '1.4', '1.3'].find((release) => compareVersions(release, requirement.below!) < 0);
    const version = newestBelow ?? '1.3';
    return { version, evidence: requirement.evidence };
  }
  return { version: newestSqlalchemy };
}

function completeDriver(address: DatabaseAddress, version: string): DatabaseAddress {
  if (address.driver !== undefined || address.dialect === undefined || address.isDriverOpen) return address;
  return { ...address, driver: defaultDriver(address.dialect, version) };
}

/** `engine_from_config(configuration, prefix="sqlalchemy.", **overrides)`: the dictionary's keys lose their prefix. */
function argumentsFromConfig(site: CallSite, context: InterpretationContext): EffectiveArguments {
  const outer = flattenArguments(site.arguments, ['configuration', 'prefix'], context.resolve);
  const byName = new Map(outer.byName);
  byName.delete('configuration');
  byName.delete('prefix');
  const prefixArgument = outer.byName.get('prefix');
  const prefix = prefixArgument === undefined ? 'sqlalchemy.' : textOf(prefixArgument, context);
  const configuration = outer.byName.get('configuration');
  const content = configuration && resolveValue(configuration.value, context.resolve);
  let hasUnread = outer.hasUnread || prefix === undefined;
  if (prefix !== undefined && content?.known && !isScalar(content.value) && content.value.type === 'mapping') {
    hasUnread ||= !content.value.complete;
    for (const entry of content.value.entries) {
      if (!entry.key?.startsWith(prefix)) continue;
      const keyword = entry.key.slice(prefix.length);
      if (byName.has(keyword)) continue;
      byName.set(keyword, {
        keyword,
        value: entry.value,
        span: entry.span,
        valueSpan: entry.value.at,
        keywordSpan: entry.keySpan,
      });
    }
  } else {
    hasUnread = true;
  }
  return { list: [...byName.values()], byName, hasUnread };
}

function textOf(argument: Argument, context: InterpretationContext): string | undefined {
  const resolved = resolveValue(argument.value, context.resolve);
  return resolved.known && typeof resolved.value === 'string' ? resolved.value : undefined;
}
