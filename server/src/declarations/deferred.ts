/** Values that other values decide: found out when they are needed, because the others may stand in other files. */
import type { Location } from '../core/text.ts';
import type { FunctionDefinition } from './definitions.ts';
import type { Argument, MappingEntry, ReferenceValue, Value } from './value.ts';

/** `object.name`, where the object is no module. */
export interface AttributeValue {
  readonly kind: 'attribute';
  readonly object: Value;
  readonly name: string;
  /** What stands in where the object has no such property: `const { max = 5 } = options`. */
  readonly fallback?: Value;
  readonly at: Location;
}

/** One of two, depending on a test that may be decided where everything it asks is known. */
export interface ConditionalValue {
  readonly kind: 'conditional';
  readonly test: Value;
  readonly whenTrue: Value;
  readonly whenFalse: Value;
  /** True where what is merely the default of an environment variable decides nothing: a deployment may set it. */
  readonly isStrict?: boolean;
  readonly at: Location;
}

/** `object[key]`, `object.get(key, fallback)`. */
export interface ItemValue {
  readonly kind: 'item';
  readonly object: Value;
  readonly key: Value;
  /** What holds where the object does not have the key. */
  readonly fallback?: Value;
  readonly at: Location;
}

/** A function that no other file can name: a lambda, or one defined inside another. */
export interface FunctionValue {
  readonly kind: 'function';
  readonly definition: FunctionDefinition;
  readonly at: Location;
}

/** An object of a class of the workspace. */
export interface InstanceValue {
  readonly kind: 'instance';
  readonly class: ReferenceValue;
  /** What its constructor was given; undefined where that was not seen. */
  readonly arguments: readonly Argument[] | undefined;
  /** Where it is a field of a settings object whose nested fields have variables of their own: what these begin with. */
  readonly nested?: { readonly prefix: string; readonly delimiter: string; readonly isExact: boolean };
  readonly at: Location;
}

/** An object some of whose attributes were set after it was built. */
export interface AlteredValue {
  readonly kind: 'altered';
  readonly object: Value;
  readonly attributes: readonly { readonly name: string; readonly value: Value }[];
  readonly at: Location;
}

/** What a parameter, a call or a condition yields, with properties set afterwards: `options.max = 5`. */
export interface ChangedValue {
  readonly kind: 'changed';
  readonly object: Value;
  /** On top of the object's own, if it is one that holds properties. */
  readonly entries: readonly MappingEntry[];
  readonly at: Location;
}

/** The capital attributes of a class or module as a mapping, as `from_object` takes them. */
export interface MembersValue {
  readonly kind: 'members';
  readonly object: Value;
  readonly at: Location;
}

export type DeferredValue =
  | AttributeValue
  | ConditionalValue
  | ItemValue
  | FunctionValue
  | InstanceValue
  | AlteredValue
  | ChangedValue
  | MembersValue;
