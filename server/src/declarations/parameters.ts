/** Questions about a pool's parameters that libraries and rules ask, and the edits that set them. */
import { type Location, locate, type TextEdit } from '../core/text.ts';
import { fromSeconds, type ParameterRole } from '../facts/parameter.ts';
import { addSettings, type CodeValue, codeOf, settingText } from './edits.ts';
import type { Pool, PoolParameter } from './pool.ts';
import type { Argument, ArgumentInsertion } from './value.ts';

/** The callable's name, or the key of its options: where a finding about a missing argument stands. */
export function calleeOf(pool: Pool): Location {
  return pool.optionsAt ?? locate(pool.uri, pool.site.calleeSpan);
}

/** The value as known; undefined where it is not known or no such parameter is in force. */
export function knownValueOf(pool: Pool, name: string): unknown {
  const value = pool.parameters.get(name)?.value;
  return value?.known ? value.value : undefined;
}

export function numberOf(pool: Pool, name: string): number | undefined {
  const value = knownValueOf(pool, name);
  return typeof value === 'number' ? value : undefined;
}

export function writtenArgument(pool: Pool, name: string): Argument | undefined {
  return pool.parameters.get(name)?.written;
}

/** True where the parameter is known to be off, or left out while the library's default is off. */
export function isKnownFalsy(pool: Pool, name: string): boolean {
  const value = pool.parameters.get(name)?.value;
  return value?.known === true && !value.value;
}

/** Where a parameter is set, else the callable's name. */
export function placeOf(pool: Pool, name: string): Location {
  return writtenArgument(pool, name)?.valueSpan ?? calleeOf(pool);
}

/** The size argument that is written first, else the callable's name: where a finding about the pool's size stands. */
export function sizePlaceOf(pool: Pool): Location {
  const written = pool.peakTerms
    .flatMap(({ parameter }) => writtenArgument(pool, parameter) ?? [])
    .sort((a, b) => a.span.start - b.span.start);
  const here = written.find((each) => each.valueSpan.uri === pool.uri) ?? written[0];
  return here?.valueSpan ?? calleeOf(pool);
}

/**
 * True where an argument is certainly passed: it stands in the call, or in a dictionary of which everything can be read.
 * An entry of a dictionary that is changed elsewhere may be gone when the call is made, as may one that a condition adds.
 */
export function isCertainlyPassed(pool: Pool, argument: Argument): boolean {
  if (argument.mayBeAbsent) return false;
  return !pool.hasUnreadArguments || pool.site.arguments.some((each) => each.span.start === argument.span.start);
}

/** The parameter of a pool that plays a role, written or in force by default. */
export function parameterWithRole(pool: Pool, role: ParameterRole): PoolParameter | undefined {
  for (const parameter of pool.parameters.values()) if (parameter.fact?.role === role) return parameter;
  return undefined;
}

/**
 * Edits that give parameters the values named, whether they are written, left out, or one of each. Undefined where a
 * value comes from a place that cannot be edited (the environment), or where an argument may be passed unseen.
 */
export function setParameters(pool: Pool, values: Readonly<Record<string, CodeValue>>): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  const missing = new Map<ArgumentInsertion, (readonly [string, CodeValue])[]>();
  for (const [name, value] of Object.entries(withMinimum(pool, values))) {
    const parameter = pool.parameters.get(name);
    if (parameter?.written === undefined) {
      if (pool.hasUnreadArguments || handsOnMore(pool)) return undefined;
      const insertion = parameter?.insertion === undefined ? pool.site.insertion : parameter.insertion;
      if (insertion === null) return undefined;
      missing.set(insertion, [...(missing.get(insertion) ?? []), [name, value]]);
    } else if (!(parameter.value.known && parameter.value.value === value)) {
      const literal = editableLiteral(parameter);
      if (literal === undefined || edits.some((edit) => edit.uri === literal.uri && edit.start === literal.start))
        return undefined;
      edits.push({ ...literal, newText: codeOf(value, pool.site.language) });
    }
  }
  for (const [insertion, list] of missing) edits.push(...addSettings(pool.site, insertion, list));
  return edits;
}

/** A size below the minimum in force would raise, or mean no limit: the minimum goes down with it. */
export function withMinimum<V extends CodeValue>(
  pool: Pool,
  values: Readonly<Record<string, V>>,
): Readonly<Record<string, V>> {
  const minimum = parameterWithRole(pool, 'minimum');
  const size = parameterWithRole(pool, 'size');
  const limit = size && values[size.name];
  if (minimum === undefined || typeof limit !== 'number' || minimum.name in values) return values;
  const low = minimum.value.known ? minimum.value.value : undefined;
  return typeof low === 'number' && low > limit ? { ...values, [minimum.name]: limit } : values;
}

/** Edits that give a duration setting so many seconds, in its own unit, and other settings that it needs their values. */
export function setDuration(
  pool: Pool,
  name: string,
  seconds: number,
  also?: Readonly<Record<string, CodeValue>>,
): TextEdit[] | undefined {
  return setParameters(pool, { ...also, [name]: durationIn(pool, name, seconds) });
}

/** "pool_timeout=10" or "connectionTimeoutMillis: 10000", as the library and the language write it. */
export function durationText(pool: Pool, name: string, seconds: number): string {
  return settingText(name, durationIn(pool, name, seconds), pool.site.language);
}

function durationIn(pool: Pool, name: string, seconds: number): number {
  return fromSeconds(seconds, pool.parameters.get(name)?.fact?.unit ?? 'seconds');
}

/** `def make(**options): create_engine(url, **options)`: another caller may pass what this one leaves out. */
function handsOnMore({ site }: Pool): boolean {
  const takesMore = site.enclosing?.parameters.some((each) => each.variadic === 'mapping') === true;
  return takesMore && site.arguments.some((each) => each.unpack === 'mapping');
}

/** The one literal that decides a value, in the call or as a constant; not the fallback of an environment variable. */
function editableLiteral({ value, editable }: PoolParameter): Location | undefined {
  if (editable !== undefined) return editable;
  if (!value.known || (value.source !== 'literal' && value.source !== 'constant')) return undefined;
  return value.literal;
}

/** Says which version a finding took for granted where the workspace names none. */
export function versionNote(pool: Pool): string {
  if (pool.versionEvidence !== undefined) return '';
  return ` (${pool.libraryName} ${pool.libraryVersion} assumed: no requirement names a version.)`;
}

/** "pool_size", "pool_size and max_overflow", "pool_size, max_overflow and pool_timeout". */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
