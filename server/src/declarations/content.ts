/** What values resolve to, and how an outcome is put. */
import type { Location } from '../core/text.ts';
import type { ResolvedMapping } from './mappings.ts';
import type { KnownValue, Origin, Resolved, UnknownResolved, ValueSource } from './resolved.ts';
import type { Scalar, Value } from './value.ts';

/** What a value may resolve to: a scalar, a mapping, a dotted name, or a call that only a library understands. */
export type ResolvedContent = Scalar | ResolvedMapping | ResolvedSymbol | ResolvedCall | ResolvedSequence;

export interface ResolvedSymbol {
  readonly type: 'symbol';
  readonly path: string;
}

export interface ResolvedCall {
  readonly type: 'call';
  readonly call: Extract<Value, { kind: 'call' }>;
}

export interface ResolvedSequence {
  readonly type: 'sequence';
  readonly items: readonly Value[];
}

export function isScalar(content: unknown): content is Scalar {
  return content === null || typeof content !== 'object';
}

export function known<T extends ResolvedContent>(
  value: T,
  source: ValueSource,
  origins: readonly Origin[],
  literal: Location | undefined,
): KnownValue<T> {
  return { known: true, value, source, origins, literal };
}

export function missing(reason: string, at: Location, variable?: string): UnknownResolved {
  return { known: false, reason, at, variable };
}

/** What holds because an environment variable is not set; a settings class may declare it in a field. */
export function asDefault(
  resolved: Resolved<ResolvedContent>,
  { variable, field }: { readonly variable: string; readonly field?: string },
  at: Location,
): Resolved<ResolvedContent> {
  if (!resolved.known) return resolved;
  const source = field === undefined ? 'environment' : 'settings';
  const origin: Origin = { source, label: field ?? `default of ${variable}`, variable, at };
  return { ...resolved, source, origins: [origin, ...resolved.origins], isDefault: true };
}

/** Longer texts are no settings; doubled again and again they fill the memory. */
export const longestText = 100_000;

/** The origins of two values, each once: what a value is made of twice does not come from two places. */
export function originsOf(first: readonly Origin[], second: readonly Origin[]): readonly Origin[] {
  if (first.length === 0 || second.length === 0) return first.length === 0 ? second : first;
  return [...new Set([...first, ...second])];
}

export function isSame(a: ResolvedContent, b: ResolvedContent): boolean {
  return isScalar(a) || isScalar(b) ? Object.is(a, b) : JSON.stringify(a) === JSON.stringify(b);
}
