/** Values after resolution: known with their source, or unknown with a reason. Unknown is never zero and never a default. */
import type { Location } from '../core/text.ts';
import type { Scalar } from './value.ts';

/** Where a known value came from; the words are those of the JSON contract. */
export type ValueSource = 'literal' | 'default' | 'constant' | 'environment' | 'settings';

/** One step on the way to a value, for "where does this number come from". */
export interface Origin {
  readonly source: ValueSource;
  /** "library default of SQLAlchemy 2.1", "POOL_SIZE in poolproof.yaml", "constant DEFAULT_SIZE". */
  readonly label: string;
  /** The environment variable that sets the value, or may. */
  readonly variable?: string;
  readonly at?: Location;
}

export interface KnownValue<T = Scalar> {
  readonly known: true;
  readonly value: T;
  readonly source: ValueSource;
  readonly origins: readonly Origin[];
  /** The literal in source code that an edit may replace, where exactly one literal decides the value. */
  readonly literal?: Location;
  /** True where it holds only as long as an environment variable is not set. */
  readonly isDefault?: boolean;
}

export interface UnknownResolved {
  readonly known: false;
  /** "POOL_SIZE has no default", for a person. */
  readonly reason: string;
  /** The environment variable that would decide it. */
  readonly variable?: string;
  /** True where it is the variable itself, which nothing visible sets. */
  readonly isUnset?: boolean;
  readonly at?: Location;
}

export type Resolved<T = Scalar> = KnownValue<T> | UnknownResolved;

/** A number of connections: known, without limit, or unknown. */
export type Amount = number | 'unbounded' | UnknownAmount;

export interface UnknownAmount {
  readonly unknown: string;
}

export function isUnknown(amount: Amount): amount is UnknownAmount {
  return typeof amount === 'object';
}

export function unknownAmount(reason: string): UnknownAmount {
  return { unknown: reason };
}
