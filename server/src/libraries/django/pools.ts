/** One alias as a pool: a connection per thread, Django's own pool, or that of django-db-connection-pool. */
import type { ResolvedMapping } from '../../declarations/mappings.ts';
import type { Pool, PoolParameter, SessionUse } from '../../declarations/pool.ts';
import { isScalar, resolveValue } from '../../declarations/resolve.ts';
import type { Argument, ArgumentInsertion, CallSite } from '../../declarations/value.ts';
import { aliasFacts, hasNativePool } from '../../facts/django.ts';
import type { EffectiveArguments } from '../arguments.ts';
import type { AssumedVersion, InterpretationContext } from '../library.ts';
import { asParameters, type Parameters, plainPool } from '../plainPool.ts';
import { sentInOptions } from '../startupParameters.ts';
import { type Alias, argumentAt, asArgument } from './aliases.ts';
import { addressOfAlias } from './engine.ts';
import { type AliasKind, kindOf } from './kinds.ts';

export const libraryName = 'Django';

/** Where problems find what the model of a pool has no place for: names of `otherArguments`. */
export const nativePoolKey = 'pool';
export const poolOptionsKey = 'POOL_OPTIONS';
export const strayAgeKey = '(CONN_MAX_AGE)';

/** The setting that aliases are declared by, and what stands beside it. */
export interface Declaration {
  readonly site: CallSite;
  readonly version: AssumedVersion;
  /** Why the settings are not those of the application. */
  readonly contextReason?: string;
  /** A `CONN_MAX_AGE` of the module that no alias takes. */
  readonly strayAge?: Argument;
}

/** The pool of an alias. */
export function poolOfAlias(
  alias: Alias,
  { site, version, strayAge, contextReason }: Declaration,
  context: InterpretationContext,
): Pool {
  const address = addressOfAlias(alias.ways, context);
  const isComplete = alias.ways.every((way) => way.complete);
  const settings = settingsOf(alias, isComplete);
  const kind = kindOf(alias, address.dialect, context);
  const { native } = kind;
  const beside = new Map<string, Argument>();
  if (native.kind !== 'none' && native.kind !== 'unknown' && native.entry !== undefined)
    beside.set(nativePoolKey, asArgument(nativePoolKey, native.entry));
  if (strayAge !== undefined) beside.set(strayAgeKey, { ...strayAge, keyword: strayAgeKey });
  const effective = withPoolSettings(settings, kind.settings, beside);
  const pool = plainPool(
    {
      system: 'django',
      library: libraryName,
      version,
      callable: 'DATABASES',
      key: alias.name,
      name: alias.name,
      effective,
      address,
      others: new Set([...settings.byName.keys(), ...beside.keys(), ...kind.others]),
      driverArguments: optionsOf(alias, context),
      ...kind.shape,
      complete: (parameters) => {
        placePoolSettings(parameters, kind);
        kind.complete?.(parameters);
      },
    },
    siteOf(alias, site),
    context,
  );
  // Where Django has no pool, the setting is an error of its own: nothing ever waits for one.
  const isRejected =
    native.kind === 'on' && address.dialect !== undefined && !hasNativePool(address.dialect, pool.libraryVersion);
  // Nothing can be added to a pool that a URL switches on.
  const isInUrl = native.kind === 'on' && native.entry === undefined;
  return {
    ...pool,
    sessions: sessionsOf(pool),
    hasUnreadArguments: pool.hasUnreadArguments || isInUrl,
    contextReason,
    acquireAdvice: kind.acquireAdvice,
    acquireWait: isRejected ? { kind: 'unknown' } : pool.acquireWait,
    idleLimit: isRejected ? { kind: 'unknown' } : pool.idleLimit,
    // What keeps its connection may hand it out untested.
    shownDefaults: isKept(pool) ? [...kind.shownDefaults, 'CONN_HEALTH_CHECKS'] : kind.shownDefaults,
  };
}

function isKept({ poolClassKind, idleLimit }: Pool): boolean {
  return poolClassKind === 'per-thread' && (idleLimit.kind === 'seconds' || idleLimit.kind === 'forever');
}

/** Django keeps psycopg 3 from preparing statements; what OPTIONS say of the session goes to the server. */
function sessionsOf({ uri, address, driverArguments }: Pool): SessionUse | undefined {
  if (address.dialect !== 'postgresql') return undefined;
  const isPrepared = driverArguments === undefined || driverArguments.has('prepare_threshold');
  return {
    statements: { kind: isPrepared ? 'unknown' : 'none' },
    // The settings module is the aliases' own.
    startupParameters: sentInOptions(driverArguments, { uri, start: 0, end: Number.MAX_SAFE_INTEGER }),
  };
}

/** The alias as a declaration of its own: its key is what stands for the callable's name. */
function siteOf({ name, keyAt, ways }: Alias, site: CallSite): CallSite {
  const literal = ways.length === 1 ? ways[0]!.insertion : undefined;
  const { insertion } = site;
  const quote = insertion.style?.kind === 'item' ? insertion.style.quote : '"';
  const asStatement: ArgumentInsertion = {
    ...insertion,
    style: { kind: 'item', target: `DATABASES[${quote}${name}${quote}]`, quote },
  };
  const list = [...(ways[0]?.byKey ?? [])].map(([key, entry]) => asArgument(key, entry));
  return {
    ...site,
    uri: keyAt.uri,
    calleeText: name,
    calleeSpan: keyAt,
    span: keyAt,
    arguments: list,
    insertion: literal ?? asStatement,
    assignedTo: name,
  };
}

function settingsOf({ ways, keyAt }: Alias, isComplete: boolean): EffectiveArguments {
  const byName = new Map<string, Argument>();
  const keys = new Set(ways.flatMap((way) => [...way.byKey.keys()]));
  for (const key of keys) {
    const fallback = aliasFacts.find((fact) => fact.name === key)?.fallback ?? null;
    const argument = argumentAt(key, ways, { kind: 'literal', value: fallback, at: keyAt });
    if (argument !== undefined) byName.set(key, argument);
  }
  return { list: [...byName.values()], byName, hasUnread: !isComplete };
}

function withPoolSettings(
  settings: EffectiveArguments,
  pool: ResolvedMapping | undefined,
  beside: ReadonlyMap<string, Argument>,
): EffectiveArguments {
  const byName = new Map([...settings.byName, ...beside]);
  for (const entry of pool?.entries ?? [])
    if (entry.key !== undefined) byName.set(entry.key, asArgument(entry.key, entry));
  return { list: [...byName.values()], byName, hasUnread: settings.hasUnread };
}

/** Settings of the pool go into its own dictionary; where that cannot be read, what it does not show is not known. */
function placePoolSettings(parameters: Map<string, PoolParameter>, kind: AliasKind): void {
  for (const { name } of kind.poolFacts) {
    const parameter = parameters.get(name);
    if (parameter === undefined || parameter.written !== undefined) continue;
    const isUnread = kind.settings !== undefined && !kind.settings.complete;
    const reason = "the pool's settings cannot be read here";
    parameters.set(name, {
      ...parameter,
      insertion: kind.insertion,
      value: isUnread ? { known: false, reason } : parameter.value,
    });
  }
}

/** What is handed on to the driver; undefined where some of it cannot be read. */
function optionsOf({ ways }: Alias, context: InterpretationContext): Parameters | undefined {
  const [way] = ways;
  if (ways.length !== 1 || way === undefined) return undefined;
  const options = way.byKey.get('OPTIONS');
  if (options === undefined) return way.complete ? new Map() : undefined;
  const content = resolveValue(options.value, context.resolve);
  if (!content.known || isScalar(content.value) || content.value.type !== 'mapping' || !content.value.complete)
    return undefined;
  const list = content.value.entries.flatMap((entry) =>
    entry.key === undefined || entry.key === 'pool'
      ? []
      : [{ ...asArgument(entry.key, entry), removal: entry.removal }],
  );
  return asParameters(list, context);
}
