/**
 * Pools whose settings are keyword arguments, one parameter each, with one size that is the limit: what most libraries are.
 * A library says what its settings are called and what they mean; this makes the pool of it.
 */
import type {
  AcquireWait,
  DatabaseAddress,
  IdleLimit,
  PeakTerm,
  Pool,
  PoolClassKind,
  PoolParameter,
  PoolSystem,
} from '../declarations/pool.ts';
import { resolveArgument, resolveScalar } from '../declarations/resolve.ts';
import { type Amount, type Resolved, unknownAmount } from '../declarations/resolved.ts';
import type { Argument, ArgumentInsertion, CallSite } from '../declarations/value.ts';
import { inSeconds, type ParameterFact } from '../facts/parameter.ts';
import { compareVersions } from '../facts/versions.ts';
import type { EffectiveArguments } from './arguments.ts';
import type { AssumedVersion, DependencyView, InterpretationContext } from './library.ts';

export type Parameters = ReadonlyMap<string, PoolParameter>;

export interface PlainPool {
  readonly system: PoolSystem;
  /** The library's name in messages. */
  readonly library: string;
  readonly version: AssumedVersion;
  readonly callable: string;
  readonly key?: string;
  /** Where it is not the variable that takes the call. */
  readonly name?: string;
  readonly facts: readonly ParameterFact[];
  readonly effective: EffectiveArguments;
  readonly address: DatabaseAddress;
  readonly poolClass: string;
  /** A queue where absent. */
  readonly poolClassKind?: (parameters: Parameters) => PoolClassKind;
  /** Names of arguments that are no pool settings and no mistakes. All are where this is absent. */
  readonly others?: ReadonlySet<string>;
  /** What goes to the driver; the arguments that are no pool settings where this is absent. */
  readonly driverArguments?: Parameters | undefined;
  /** Sets what follows from other settings. */
  readonly complete?: (parameters: Map<string, PoolParameter>) => void;
  readonly peak: (parameters: Parameters) => { readonly amount: Amount; readonly terms: readonly PeakTerm[] };
  readonly acquireWait: (parameters: Parameters) => AcquireWait;
  readonly acquireAdvice?: string;
  readonly idleLimit: (parameters: Parameters) => IdleLimit;
  /** Why a setting that is not visible is not known. */
  readonly unreadReason?: string;
  /** Where settings are added that are absent, if not to the call. */
  readonly insertion?: ArgumentInsertion | null;
}

export function plainPool(plain: PlainPool, site: CallSite, context: InterpretationContext): Pool {
  const { effective, facts } = plain;
  const parameters = readSettings(plain, context);
  plain.complete?.(parameters);
  const settings = new Set(facts.map((fact) => fact.name));
  const rest = effective.list.filter((each) => each.keyword !== undefined && !settings.has(each.keyword));
  const isOther = (each: Argument) => plain.others?.has(each.keyword!) ?? true;
  const others = asParameters(rest.filter(isOther), context);
  const driverArguments = 'driverArguments' in plain ? plain.driverArguments : effective.hasUnread ? undefined : others;
  const { amount, terms } = plain.peak(parameters);
  return {
    system: plain.system,
    libraryName: plain.library,
    libraryVersion: plain.version.version,
    versionEvidence: plain.version.evidence,
    uri: site.uri,
    site,
    key: plain.key ?? '',
    callable: plain.callable,
    name: plain.name ?? site.assignedTo ?? '',
    context: context.sourceContext,
    address: plain.address,
    poolClass: plain.poolClass,
    poolClassKind: plain.poolClassKind?.(parameters) ?? 'queue',
    parameters,
    otherArguments: others,
    driverArguments,
    unrecognised: rest.filter((each) => !isOther(each)),
    hasUnreadArguments: effective.hasUnread,
    peakPerProcess: amount,
    peakTerms: terms,
    acquireWait: amount === 'unbounded' ? { kind: 'never-waits' } : plain.acquireWait(parameters),
    acquireAdvice: plain.acquireAdvice,
    idleLimit: plain.idleLimit(parameters),
  };
}

/** Arguments as parameters that no fact explains. */
export function asParameters(list: readonly Argument[], context: InterpretationContext): Parameters {
  return new Map(
    list.map((written) => [
      written.keyword!,
      { name: written.keyword!, value: resolveArgument(written.value, context.resolve), written },
    ]),
  );
}

function readSettings(plain: PlainPool, context: InterpretationContext): Map<string, PoolParameter> {
  const { effective, facts, library, version, insertion } = plain;
  const parameters = new Map<string, PoolParameter>();
  for (const fact of facts) {
    const { name, fallback } = fact;
    const written = effective.byName.get(name);
    const isPlain = fact.unit !== 'other' && fact.unit !== 'boolean' && fact.role !== 'health-check';
    if (written !== undefined) {
      const value = (isPlain ? resolveScalar : resolveArgument)(written.value, context.resolve);
      parameters.set(name, { name, value, written, fact });
    } else if (effective.hasUnread) {
      const reason = plain.unreadReason ?? 'arguments are passed on that cannot be read here';
      parameters.set(name, { name, value: { known: false, reason }, fact, insertion });
    } else if (fallback !== null || fact.defaultsToNone === true) {
      const origin = { source: 'default', label: `library default of ${library} ${version.version}` } as const;
      const value = { known: true, value: fallback, source: 'default', origins: [origin] } as const;
      parameters.set(name, { name, value, fact, insertion });
    }
  }
  return parameters;
}

/** For pools that convert their settings with `int`: what comes out of the environment as text is a number there. */
export function numbersInText(parameters: Map<string, PoolParameter>): void {
  for (const [name, parameter] of parameters) {
    const { value } = parameter;
    if (!value.known || typeof value.value !== 'string' || !/^\s*[+-]?\d{1,9}\s*$/.test(value.value)) continue;
    parameters.set(name, { ...parameter, value: { ...value, value: Number(value.value), literal: undefined } });
  }
}

/** One size that is the limit. `unlimited` tells which of its values set none. */
export function limitedBy(
  size: string,
  unlimited: (value: unknown) => boolean = () => false,
): (parameters: Parameters) => { amount: Amount; terms: PeakTerm[] } {
  return (parameters) => {
    const value = parameters.get(size)?.value ?? { known: false, reason: `${size} is not known` };
    const amount = value.known && unlimited(value.value) ? 'unbounded' : connectionsOf(value, size);
    return { amount, terms: [{ parameter: size, amount, value }] };
  };
}

function connectionsOf(value: Resolved<unknown>, name: string): Amount {
  if (!value.known) return unknownAmount(value.variable === undefined ? `${name}: ${value.reason}` : value.reason);
  if (typeof value.value !== 'number') return unknownAmount(`${name} is not a number`);
  return value.value < 0 ? unknownAmount(`${name} is below zero`) : value.value;
}

/** A wait that one setting bounds; `forever` tells which of its values mean no bound, `never` which mean no wait. */
export function waitBoundBy(
  name: string,
  { forever, never }: { forever?: (value: unknown) => boolean; never?: (value: unknown) => boolean } = {},
): (parameters: Parameters) => AcquireWait {
  return (parameters) => {
    const parameter = parameters.get(name);
    if (parameter === undefined || !parameter.value.known) return { kind: 'unknown' };
    const { value } = parameter.value;
    if (forever?.(value)) return { kind: 'forever', parameter: name };
    if (never?.(value)) return { kind: 'never-waits' };
    const seconds = typeof value === 'number' ? inSeconds(value, parameter.fact?.unit ?? 'seconds') : undefined;
    return seconds === undefined ? { kind: 'unknown' } : { kind: 'seconds', seconds, parameter: name };
  };
}

/** An idle time that one setting bounds; `forever` tells which of its values mean no bound. */
export function idleBoundBy(name: string, forever: (value: unknown) => boolean): (parameters: Parameters) => IdleLimit {
  return (parameters) => {
    const parameter = parameters.get(name);
    if (parameter === undefined || !parameter.value.known) return { kind: 'unknown' };
    const { value } = parameter.value;
    if (forever(value)) return { kind: 'forever', parameter: name };
    const seconds = typeof value === 'number' ? inSeconds(value, parameter.fact?.unit ?? 'seconds') : undefined;
    return seconds === undefined ? { kind: 'unknown' } : { kind: 'seconds', seconds, parameter: name };
  };
}

/**
 * The version the dependencies name, else the newest the facts know. A requirement that excludes the newest means the
 * newest of `releases` below its bound.
 */
export function assumedVersionOf(
  dependencies: DependencyView,
  packageName: string,
  newest: string,
  releases: readonly string[] = [],
): AssumedVersion {
  const requirement = dependencies.requirement(packageName);
  if (requirement?.version !== undefined) return { version: requirement.version, evidence: requirement.evidence };
  const below = requirement?.below;
  if (requirement !== undefined && below !== undefined && compareVersions(below, newest) <= 0) {
    const version = releases.find((release) => compareVersions(release, below) < 0);
    if (version !== undefined) return { version, evidence: requirement.evidence };
  }
  return { version: newest };
}
