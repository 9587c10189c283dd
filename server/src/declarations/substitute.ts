/** Puts a caller's arguments in the place of a function's parameters. */
import { mapParts } from './traverse.ts';
import type { Value } from './value.ts';

/** `value` with every parameter of the function `owner` that has a binding replaced; the same object where none occurs. */
export function substitute(value: Value, owner: string, bindings: ReadonlyMap<string, Value>): Value {
  // Parts are shared: what several branches start from occurs in each of them.
  const done = new Map<Value, Value>();
  const replace = (each: Value): Value => {
    if (each.kind === 'parameter') return each.owner === owner ? (bindings.get(each.name) ?? each) : each;
    let replaced = done.get(each);
    if (replaced === undefined) done.set(each, (replaced = mapParts(each, replace)));
    return replaced;
  };
  return replace(value);
}
