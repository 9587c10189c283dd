/** Values as trees: their parts, and the same value with other parts. */
import type { Argument, MappingEntry, Value } from './value.ts';

/** `value` with each direct part changed; the same object where no part changes. */
export function mapParts(value: Value, change: (part: Value) => Value): Value {
  switch (value.kind) {
    case 'constant':
    case 'convert': {
      const inner = change(value.value);
      return inner === value.value ? value : { ...value, value: inner };
    }
    case 'environment': {
      if (value.fallback === undefined) return value;
      const fallback = change(value.fallback);
      return fallback === value.fallback ? value : { ...value, fallback };
    }
    case 'operation': {
      const operands = mapAll(value.operands, change);
      return operands === value.operands ? value : { ...value, operands };
    }
    case 'text': {
      const parts = mapAll(value.parts, change);
      return parts === value.parts ? value : { ...value, parts };
    }
    case 'sequence': {
      const items = mapAll(value.items, change);
      return items === value.items ? value : { ...value, items };
    }
    case 'alternatives': {
      const values = mapAll(value.values, change);
      return values === value.values ? value : { ...value, values };
    }
    case 'mapping': {
      const entries = mapEntries(value.entries, change);
      return entries === value.entries ? value : { ...value, entries };
    }
    case 'changed': {
      const object = change(value.object);
      const entries = mapEntries(value.entries, change);
      return object === value.object && entries === value.entries ? value : { ...value, object, entries };
    }
    case 'call': {
      const callee = change(value.callee);
      const list = mapArguments(value.arguments, change);
      return callee === value.callee && list === value.arguments ? value : { ...value, callee, arguments: list };
    }
    case 'instance': {
      const list = value.arguments && mapArguments(value.arguments, change);
      return list === value.arguments ? value : { ...value, arguments: list };
    }
    case 'attribute': {
      const object = change(value.object);
      const fallback = value.fallback && change(value.fallback);
      return object === value.object && fallback === value.fallback ? value : { ...value, object, fallback };
    }
    case 'altered': {
      const object = change(value.object);
      const values = value.attributes.map((each) => each.value);
      const changed = mapAll(values, change);
      if (object === value.object && changed === values) return value;
      const attributes = value.attributes.map((each, index) => ({ ...each, value: changed[index]! }));
      return { ...value, object, attributes };
    }
    case 'members': {
      const object = change(value.object);
      return object === value.object ? value : { ...value, object };
    }
    case 'item': {
      const object = change(value.object);
      const key = change(value.key);
      const fallback = value.fallback && change(value.fallback);
      const isSame = object === value.object && key === value.key && fallback === value.fallback;
      return isSame ? value : { ...value, object, key, fallback };
    }
    case 'conditional': {
      const test = change(value.test);
      const whenTrue = change(value.whenTrue);
      const whenFalse = change(value.whenFalse);
      const isSame = test === value.test && whenTrue === value.whenTrue && whenFalse === value.whenFalse;
      return isSame ? value : { ...value, test, whenTrue, whenFalse };
    }
    case 'function': {
      const returns = change(value.definition.returns);
      return returns === value.definition.returns ? value : { ...value, definition: { ...value.definition, returns } };
    }
    default:
      return value;
  }
}

export function mapArguments(list: readonly Argument[], change: (value: Value) => Value): readonly Argument[] {
  const values = list.map((each) => each.value);
  const changed = mapAll(values, change);
  return changed === values ? list : list.map((each, index) => ({ ...each, value: changed[index]! }));
}

function mapEntries(list: readonly MappingEntry[], change: (value: Value) => Value): readonly MappingEntry[] {
  const values = list.map((each) => each.value);
  const changed = mapAll(values, change);
  return changed === values ? list : list.map((each, index) => ({ ...each, value: changed[index]! }));
}

/** True where a value or one of its parts, however deep, passes the test. */
export function someValue(value: Value, test: (value: Value) => boolean): boolean {
  const seen = new Set<Value>();
  // Not by calling itself: what thousands of statements make of a text lies deeper than calls may.
  const waiting = [value];
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    if (seen.has(each)) continue;
    seen.add(each);
    if (test(each)) return true;
    for (const part of partsOf(each).reverse()) waiting.push(part);
  }
  return false;
}

/** Maps a list and returns the list itself where nothing changed. */
function mapAll(values: readonly Value[], change: (value: Value) => Value): readonly Value[] {
  const changed = values.map(change);
  return changed.every((each, index) => each === values[index]) ? values : changed;
}

/** The direct parts of a value. */
export function partsOf(value: Value): Value[] {
  const parts: Value[] = [];
  mapParts(value, (part) => {
    parts.push(part);
    return part;
  });
  return parts;
}
