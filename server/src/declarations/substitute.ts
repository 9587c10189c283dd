/** Puts a caller's arguments in the place of a function's parameters. */
import type { Value } from './value.ts';

/** `value` with every parameter of `functionName` that has a binding replaced; the same object where none occurs. */
export function substitute(value: Value, functionName: string, bindings: ReadonlyMap<string, Value>): Value {
  const inner = (each: Value) => substitute(each, functionName, bindings);
  switch (value.kind) {
    case 'parameter':
      return value.functionName === functionName ? (bindings.get(value.name) ?? value) : value;
    case 'constant':
    case 'convert': {
      const replaced = inner(value.value);
      return replaced === value.value ? value : { ...value, value: replaced };
    }
    case 'environment': {
      if (value.fallback === undefined) return value;
      const fallback = inner(value.fallback);
      return fallback === value.fallback ? value : { ...value, fallback };
    }
    case 'operation': {
      const operands = mapAll(value.operands, inner);
      return operands === value.operands ? value : { ...value, operands };
    }
    case 'text': {
      const parts = mapAll(value.parts, inner);
      return parts === value.parts ? value : { ...value, parts };
    }
    case 'sequence': {
      const items = mapAll(value.items, inner);
      return items === value.items ? value : { ...value, items };
    }
    case 'alternatives': {
      const values = mapAll(value.values, inner);
      return values === value.values ? value : { ...value, values };
    }
    case 'attribute': {
      const object = inner(value.object);
      const fallback = value.fallback && inner(value.fallback);
      return object === value.object && fallback === value.fallback ? value : { ...value, object, fallback };
    }
    case 'conditional': {
      const [test, whenTrue, whenFalse] = [inner(value.test), inner(value.whenTrue), inner(value.whenFalse)];
      const isSame = test === value.test && whenTrue === value.whenTrue && whenFalse === value.whenFalse;
      return isSame ? value : { ...value, test, whenTrue, whenFalse };
    }
    case 'mapping': {
      const values = value.entries.map((each) => each.value);
      const replaced = mapAll(values, inner);
      if (replaced === values) return value;
      return { ...value, entries: value.entries.map((each, index) => ({ ...each, value: replaced[index]! })) };
    }
    case 'call': {
      const values = value.arguments.map((each) => each.value);
      const replaced = mapAll(values, inner);
      if (replaced === values) return value;
      return { ...value, arguments: value.arguments.map((each, index) => ({ ...each, value: replaced[index]! })) };
    }
    default:
      return value;
  }
}

/** Maps a list and returns the list itself where nothing changed. */
function mapAll(values: readonly Value[], change: (value: Value) => Value): readonly Value[] {
  const changed = values.map(change);
  return changed.every((each, index) => each === values[index]) ? values : changed;
}
