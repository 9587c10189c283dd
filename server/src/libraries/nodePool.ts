/** Pools of Node's drivers: options in one object, a URL instead of it or inside it, TCP keepalives among the options. */
import type {
  AcquireWait,
  IdleLimit,
  PeakTerm,
  Pool,
  PoolParameter,
  PoolSystem,
  SessionUse,
} from '../declarations/pool.ts';
import { resolveValue } from '../declarations/resolve.ts';
import { type Amount, type Resolved, unknownAmount } from '../declarations/resolved.ts';
import type { CallSite } from '../declarations/value.ts';
import type { ParameterFact } from '../facts/parameter.ts';
import type { EffectiveArguments } from './arguments.ts';
import { type DriverIdentity, driverAddress } from './driverAddress.ts';
import type { InterpretationContext } from './library.ts';
import type { Options } from './options.ts';
import { asParameters, assumedVersionOf, type Parameters, plainPool } from './plainPool.ts';

/** What is the same for every pool of one library. */
export interface NodeDriver {
  readonly system: PoolSystem;
  readonly library: string;
  readonly package: string;
  readonly newest: string;
  readonly releases?: readonly string[];
  readonly identity: DriverIdentity;
  readonly facts: readonly ParameterFact[];
  /** Options that are no pool settings and no mistakes. */
  readonly others: ReadonlySet<string>;
  /** The option that takes a URL. */
  readonly urlOption?: string;
  /** Another name of the size, which counts where that one says nothing. */
  readonly otherSize?: string;
  /** What `max` and its like amount to, as written. */
  readonly size: string;
  readonly limitOf: (value: unknown) => Amount;
  readonly complete?: (parameters: Map<string, PoolParameter>) => void;
  readonly acquireWait: (parameters: Parameters) => AcquireWait;
  readonly acquireAdvice?: string;
  readonly idleLimit: (parameters: Parameters) => IdleLimit;
  /** Seconds of silence after which TCP keepalives begin, by the options; undefined where there are none. */
  readonly keepAlive?: (options: Parameters) => number | undefined;
  /** What its connections do in their sessions; absent where nothing is known of it. */
  readonly sessions?: (pool: Pool) => SessionUse;
}

export function nodePool(
  driver: NodeDriver,
  callable: string,
  given: Options,
  site: CallSite,
  context: InterpretationContext,
): Pool {
  const { urlOption, identity, size, limitOf, keepAlive } = driver;
  const options = withOtherSize(driver, given, context);
  const url = options.text ?? (urlOption === undefined ? undefined : options.byName.get(urlOption));
  const rest = options.list.filter((each) => driver.others.has(each.keyword!));
  const others = asParameters(rest, context);
  const seconds = options.hasUnread ? undefined : keepAlive?.(others);
  const driverArguments = new Map(others);
  if (seconds !== undefined)
    driverArguments.set('keepalives_idle', { name: 'keepalives_idle', value: certain(seconds) });
  const pool = plainPool(
    {
      system: driver.system,
      library: driver.library,
      version: assumedVersionOf(context.dependencies, driver.package, driver.newest, driver.releases),
      callable,
      facts: driver.facts,
      effective: options,
      address: driverAddress(url, options.byName, identity, context),
      poolClass: 'Pool',
      others: driver.others,
      driverArguments: options.hasUnread ? undefined : driverArguments,
      complete: driver.complete,
      peak: (parameters) => peakOf(parameters, size, limitOf),
      acquireWait: driver.acquireWait,
      acquireAdvice: driver.acquireAdvice,
      idleLimit: driver.idleLimit,
      insertion: options.insertion ?? null,
    },
    site,
    context,
  );
  return driver.sessions === undefined ? pool : { ...pool, sessions: driver.sessions(pool) };
}

/** `max || poolSize || 10` */
export function withOtherSize<T extends EffectiveArguments>(
  { size, otherSize }: Pick<NodeDriver, 'size' | 'otherSize'>,
  options: T,
  context: InterpretationContext,
): T {
  const other = otherSize === undefined ? undefined : options.byName.get(otherSize);
  const own = options.byName.get(size);
  const written = own && resolveValue(own.value, context.resolve);
  if (other === undefined || (written !== undefined && (!written.known || written.value))) return options;
  const list = options.list.filter((each) => each !== own && each !== other);
  return { ...options, list: [...list, other], byName: new Map([...options.byName, [size, other]]) };
}

/** What a driver makes of its options, for libraries that hand theirs on to it. */
export function behaviourOf({ facts, others, complete, size, limitOf, acquireWait, idleLimit }: NodeDriver) {
  const peak = (parameters: Parameters) => peakOf(parameters, size, limitOf);
  return { facts, others, complete, peak, acquireWait, idleLimit };
}

function certain(value: number): Resolved<unknown> {
  return { known: true, value, source: 'default', origins: [] };
}

function peakOf(
  parameters: Parameters,
  size: string,
  limitOf: (value: unknown) => Amount,
): { amount: Amount; terms: PeakTerm[] } {
  const value: Resolved<unknown> = parameters.get(size)?.value ?? { known: false, reason: `${size} is not known` };
  const amount = value.known
    ? limitOf(value.value)
    : unknownAmount(value.variable === undefined ? `${size}: ${value.reason}` : value.reason);
  return { amount, terms: [{ parameter: size, amount, value }] };
}

/** Texts of digits that the library turns into the numbers they are. */
export function numbersInTexts(parameters: Map<string, PoolParameter>): void {
  for (const [name, parameter] of parameters) {
    const { value } = parameter;
    if (!value.known || typeof value.value !== 'string' || value.value.trim() === '') continue;
    const number = Number(value.value);
    if (Number.isFinite(number)) parameters.set(name, { ...parameter, value: { ...value, value: number } });
  }
}

/** `keepAlive: true` with the delay of an option in milliseconds; without a delay the system's two hours count. */
export function keepAliveAfter(options: Parameters, delay: string): number | undefined {
  const value = options.get(delay)?.value;
  if (value === undefined) return undefined;
  // One that is not known may be short enough.
  if (!value.known) return 1;
  return typeof value.value === 'number' && value.value > 0 ? value.value / 1000 : undefined;
}

/**
 * Options with what the query of a URL sets, for libraries that read their options out of it too. What is written wins; what
 * is not may stand in a URL that cannot be read.
 */
export function withQuery(
  options: Options,
  urlOption: string | undefined,
  names: ReadonlySet<string>,
  context: InterpretationContext,
): Options {
  const url = options.text ?? (urlOption === undefined ? undefined : options.byName.get(urlOption));
  if (url === undefined) return options;
  const resolved = resolveValue(url.value, context.resolve);
  if (!resolved.known) return { ...options, hasUnread: true };
  const text = typeof resolved.value === 'string' ? resolved.value : '';
  const query = text.slice(text.indexOf('?') + 1);
  if (!text.includes('?')) return options;
  const byName = new Map(options.byName);
  for (const [name, value] of new URLSearchParams(query)) {
    if (!names.has(name) || byName.has(name)) continue;
    const at = url.valueSpan;
    byName.set(name, {
      keyword: name,
      value: { kind: 'literal', value, at },
      span: at,
      valueSpan: at,
      keywordSpan: at,
    });
  }
  return { ...options, byName, list: [...byName.values()] };
}
