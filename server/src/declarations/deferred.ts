/** Values that other values decide: found out when they are needed, because the others may stand in other files. */
import type { Location } from '../core/text.ts';
import type { Value } from './value.ts';

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
  readonly at: Location;
}

export type DeferredValue = AttributeValue | ConditionalValue;
