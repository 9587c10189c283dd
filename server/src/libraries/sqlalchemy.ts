/** SQLAlchemy engines, sync and async, whatever builds them: what a call means and how many connections it may hold. */
import type { DatabaseAddress, PeakTerm, Pool, PoolClassKind, PoolParameter } from '../declarations/pool.ts';
import { isScalar, resolveArgument, resolveScalar, resolveValue } from '../declarations/resolve.ts';
import { type Amount, type Resolved, unknownAmount } from '../declarations/resolved.ts';
import type { Argument, CallSite } from '../declarations/value.ts';
import {
  argumentsCoercedFromConfig,
  defaultDriver,
  newestSqlalchemy,
  otherEngineArguments,
  parameterFact,
  parameterFacts,
  poolClasses,
  zeroPoolSizeIsUnlimited,
} from '../facts/sqlalchemy.ts';
import { compareVersions } from '../facts/versions.ts';
import { addressOf } from './address.ts';
import { type EffectiveArguments, flattenArguments } from './arguments.ts';
import type { AssumedVersion, DependencyView, InterpretationContext, Library } from './library.ts';

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

export const sqlalchemy: Library = {
  name: 'SQLAlchemy',
  systems: ['sqlalchemy', 'sqlalchemy-async'],
  callables: new Set([...engines, ...asyncEngines, ...fromConfig, ...asyncFromConfig]),
  connectors: new Set([
    ...engines,
    ...asyncEngines,
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
  parameters: parameterFact,
  shownDefaults: ['pool_size', 'max_overflow', 'pool_timeout'],
  interpret,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool | undefined {
  const isAsync = asyncEngines.includes(path) || asyncFromConfig.includes(path);
  const isFromConfig = fromConfig.includes(path) || asyncFromConfig.includes(path);
  const effective = isFromConfig
    ? argumentsFromConfig(site, context)
    : flattenArguments(site.arguments, ['url'], context.resolve);
  if (effective.byName.get('strategy') !== undefined && textOf(effective.byName.get('strategy')!, context) === 'mock')
    return undefined;
  const version = assumedVersion(context.dependencies);
  const address = completeDriver(
    addressOf(effective.byName.get('url'), context, effective.byName.get('connect_args')),
    version.version,
  );
  const poolClass = readPoolClass(effective, isAsync, address, context);
  const read = isFromConfig ? coerced : unchanged;
  const parameters = readParameters(effective, poolClass.kind, version.version, context, read);
  const { amount, terms } = peak(parameters, poolClass.kind, version.version);
  return {
    system: isAsync ? 'sqlalchemy-async' : 'sqlalchemy',
    libraryName: 'SQLAlchemy',
    libraryVersion: version.version,
    versionEvidence: version.evidence,
    uri: site.uri,
    site,
    callable: path.split('.').at(-1)!,
    name: site.assignedTo ?? '',
    context: context.sourceContext,
    address,
    poolClass: poolClass.name,
    poolClassKind: poolClass.kind,
    poolClassAt: effective.byName.get('poolclass')?.valueSpan,
    parameters,
    otherArguments: readOtherArguments(effective, context),
    driverArguments: readDriverArguments(effective, context),
    unrecognised: effective.list.filter(
      (each) =>
        each.keyword !== undefined && !parameterFact.has(each.keyword) && !otherEngineArguments.has(each.keyword),
    ),
    hasUnreadArguments: effective.hasUnread,
    peakPerProcess: amount,
    peakTerms: terms,
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
  if (address.driver !== undefined || address.dialect === undefined) return address;
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

function readPoolClass(
  effective: EffectiveArguments,
  isAsync: boolean,
  address: DatabaseAddress,
  context: InterpretationContext,
): { name: string; kind: PoolClassKind } {
  const isWithoutServer = address.dialect !== undefined && !address.isNetworkDatabase;
  const usual = isAsync ? 'AsyncAdaptedQueuePool' : 'QueuePool';
  const written = effective.byName.get('poolclass');
  if (effective.byName.has('pool') || (written === undefined && effective.hasUnread))
    return { name: '', kind: 'unknown' };
  // SQLite and its kin choose by version and by whether the database is a file.
  if (written === undefined && isWithoutServer) return { name: '', kind: 'unknown' };
  if (written === undefined) return { name: usual, kind: 'queue' };
  const resolved = resolveValue(written.value, context.resolve);
  if (!resolved.known) return { name: '', kind: 'unknown' };
  if (resolved.value === null) return { name: usual, kind: 'queue' };
  if (isScalar(resolved.value) || resolved.value.type !== 'symbol') return { name: '', kind: 'unknown' };
  const path = resolved.value.path;
  const name = path.split('.').at(-1)!;
  const known = path.startsWith('sqlalchemy.') || path.startsWith('sqlmodel.') ? poolClasses[name] : undefined;
  return { name, kind: known?.kind ?? 'custom' };
}

function readParameters(
  effective: EffectiveArguments,
  kind: PoolClassKind,
  version: string,
  context: InterpretationContext,
  read: (name: string, value: Resolved<unknown>) => Resolved<unknown>,
): Map<string, PoolParameter> {
  const parameters = new Map<string, PoolParameter>();
  for (const fact of parameterFacts) {
    const written = effective.byName.get(fact.name);
    if (written !== undefined) {
      const resolve = fact.name === 'poolclass' ? resolveArgument : resolveScalar;
      const value = read(fact.name, resolve(written.value, context.resolve));
      parameters.set(fact.name, { name: fact.name, value, written });
    } else if (effective.hasUnread) {
      const reason = 'arguments are passed on that cannot be read here';
      parameters.set(fact.name, { name: fact.name, value: { known: false, reason } });
    } else if (fact.fallback !== null && isInForce(fact.name, kind)) {
      const origin = { source: 'default', label: `library default of SQLAlchemy ${version}` } as const;
      parameters.set(fact.name, {
        name: fact.name,
        value: { known: true, value: fact.fallback, source: 'default', origins: [origin] },
      });
    }
  }
  return parameters;
}

function unchanged(_name: string, value: Resolved<unknown>): Resolved<unknown> {
  return value;
}

/** `engine_from_config` reads whole numbers out of texts for some arguments, and for these alone. */
function coerced(name: string, value: Resolved<unknown>): Resolved<unknown> {
  if (!value.known || typeof value.value !== 'string' || !argumentsCoercedFromConfig.has(name)) return value;
  return /^\s*[+-]?\d+\s*$/.test(value.value) ? { ...value, value: Number(value.value) } : value;
}

function readOtherArguments(effective: EffectiveArguments, context: InterpretationContext): Map<string, PoolParameter> {
  const others = new Map<string, PoolParameter>();
  for (const [name, written] of effective.byName) {
    if (!otherEngineArguments.has(name) || name === 'url') continue;
    others.set(name, { name, value: resolveArgument(written.value, context.resolve), written });
  }
  return others;
}

function readDriverArguments(
  effective: EffectiveArguments,
  context: InterpretationContext,
): Map<string, PoolParameter> | undefined {
  const written = effective.byName.get('connect_args');
  if (written === undefined) return effective.hasUnread ? undefined : new Map();
  const content = resolveValue(written.value, context.resolve);
  if (!content.known || isScalar(content.value) || content.value.type !== 'mapping' || !content.value.complete)
    return undefined;
  return new Map(
    content.value.entries.map(({ key, value }) => [
      key!,
      { name: key!, value: resolveArgument(value, context.resolve) },
    ]),
  );
}

/** Sizes and waiting belong to queue pools only; a pool of another class has no such default. */
function isInForce(name: string, kind: PoolClassKind): boolean {
  const queueOnly =
    name === 'pool_size' || name === 'max_overflow' || name === 'pool_timeout' || name === 'pool_use_lifo';
  return kind === 'queue' || !queueOnly;
}

function peak(
  parameters: ReadonlyMap<string, PoolParameter>,
  kind: PoolClassKind,
  version: string,
): { amount: Amount; terms: PeakTerm[] } {
  if (kind === 'static' || kind === 'assertion') return { amount: 1, terms: [] };
  if (kind === 'null')
    return {
      amount: unknownAmount('NullPool opens a connection per checkout: as many as are checked out at once'),
      terms: [],
    };
  if (kind !== 'queue') return { amount: unknownAmount('the pool class is not one whose limit is known'), terms: [] };
  const size = connectionsOf(parameters.get('pool_size')!.value, 'pool_size');
  const overflow = connectionsOf(parameters.get('max_overflow')!.value, 'max_overflow');
  const terms = [
    { parameter: 'pool_size', amount: size, value: parameters.get('pool_size')!.value },
    {
      parameter: 'max_overflow',
      amount: overflow === -1 ? ('unbounded' as const) : overflow,
      value: parameters.get('max_overflow')!.value,
    },
  ];
  if (overflow === -1) return { amount: 'unbounded', terms };
  if (size === 0 && zeroPoolSizeIsUnlimited(version)) return { amount: 'unbounded', terms };
  if (typeof size !== 'number') return { amount: size, terms };
  if (typeof overflow !== 'number') return { amount: overflow, terms };
  if (overflow < -1 || size < 0) return { amount: unknownAmount('a size below zero has no sensible limit'), terms };
  return { amount: size + overflow, terms };
}

function connectionsOf(value: Resolved<unknown>, name: string): number | { unknown: string } {
  if (!value.known) return unknownAmount(value.variable === undefined ? `${name}: ${value.reason}` : value.reason);
  return typeof value.value === 'number' ? value.value : unknownAmount(`${name} is not a number`);
}
