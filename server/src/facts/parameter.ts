/** The shape of a fact about one setting of a library. */

/**
 * What a setting is for, whatever its library calls it. Rules ask for roles, so that they need not know libraries:
 * - `size`: connections the pool may hold; with `overflow` where there is one, their sum is the limit
 * - `minimum`: connections opened ahead of need, or kept
 * - `acquire-timeout`: how long a checkout waits for a free connection
 * - `idle-timeout`: silence after which an unused connection is closed
 * - `lifetime`: age from which a connection is replaced
 * - `health-check`: whether a connection is tested before it is handed out
 */
export type ParameterRole =
  | 'size'
  | 'overflow'
  | 'minimum'
  | 'acquire-timeout'
  | 'idle-timeout'
  | 'lifetime'
  | 'health-check';

export type ParameterUnit = 'connections' | 'seconds' | 'milliseconds' | 'boolean' | 'choice' | 'other';

export interface ParameterFact {
  readonly name: string;
  readonly role?: ParameterRole;
  readonly unit: ParameterUnit;
  /** The library's default; null where there is none, or none that is a plain value. */
  readonly fallback: number | boolean | string | null;
  /** True where the default is None itself, a value like any other. */
  readonly defaultsToNone?: boolean;
  readonly meaning: string;
  readonly special: readonly { readonly value: string; readonly effect: string }[];
  readonly source: string;
}

export function factsByName(facts: readonly ParameterFact[]): ReadonlyMap<string, ParameterFact> {
  return new Map(facts.map((fact) => [fact.name, fact]));
}

/** A duration in seconds, whatever unit its setting has; undefined for settings that are no durations. */
export function inSeconds(value: number, unit: ParameterUnit): number | undefined {
  if (unit === 'seconds') return value;
  return unit === 'milliseconds' ? value / 1000 : undefined;
}

/** A number of seconds in the unit of a setting. */
export function fromSeconds(seconds: number, unit: ParameterUnit): number {
  return unit === 'milliseconds' ? Math.round(seconds * 1000) : seconds;
}
