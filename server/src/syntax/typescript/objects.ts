/** Object literals: their entries, and how an entry is added or taken out so that nobody sees that it was. */
import type { Node } from 'web-tree-sitter';
import { type MappingEntry, unknown, type Value } from '../../declarations/value.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { insertionInto, listOf, removalOf } from './lists.ts';
import { isFunction, locationOf, textOf, unwrap } from './nodes.ts';
import { plainKey } from './properties.ts';
import { returnedBy } from './returns.ts';

export function readObject(file: ScriptFile, segment: Segment, node: Node): Value {
  const list = listOf(node);
  const entries = list.items.map((item, index): MappingEntry => {
    const removal = removalOf(file, segment, list, index);
    return { ...readEntry(file, segment, item), removal };
  });
  return {
    kind: 'mapping',
    entries,
    // A half-typed object may hold anything.
    complete: !list.items.some((item) => item.type === 'ERROR' || item.isMissing),
    at: locationOf(file, segment, node),
    insertion: { ...insertionInto(file, segment, node, list), style: { kind: 'property' }, uri: file.uri },
  };
}

function readEntry(file: ScriptFile, segment: Segment, item: Node): MappingEntry {
  const span = locationOf(file, segment, item);
  switch (item.type) {
    case 'pair': {
      const key = item.childForFieldName('key');
      const value = item.childForFieldName('value');
      if (key === null || value === null) return { value: unknown('the object is not complete', span), span };
      const name = keyText(file, segment, key);
      return {
        key: name,
        keySpan: locationOf(file, segment, key),
        value: name === factoryKey ? resultOf(file, segment, value) : evaluate(file, segment, value),
        span,
      };
    }
    case 'shorthand_property_identifier': {
      const key = textOf(file, segment, item);
      const value = key === factoryKey ? resultOf(file, segment, item) : evaluate(file, segment, item);
      return { key, keySpan: span, value, span };
    }
    case 'spread_element': {
      const inner = item.namedChildren.find((each) => each?.type !== 'comment');
      return inner
        ? { value: evaluate(file, segment, inner), span, spread: true }
        : { value: unknown('the object is not complete', span), span };
    }
    case 'method_definition': {
      const name = item.childForFieldName('name');
      const isAccessor = item.children.some((each) => each?.type === 'get' || each?.type === 'set');
      const value = unknown(isAccessor ? 'it is computed when it is asked for' : 'it is a function', span);
      if (name === null) return { value, span };
      const key = keyText(file, segment, name);
      const isFactory = key === factoryKey && !isAccessor;
      return {
        key,
        keySpan: locationOf(file, segment, name),
        value: isFactory ? returnedBy(file, segment, item) : value,
        span,
      };
    }
    default:
      return { value: unknown('the object is not complete', span), span };
  }
}

/** Nest calls what stands under this key: its value is what that yields. */
const factoryKey = 'useFactory';

function resultOf(file: ScriptFile, segment: Segment, node: Node): Value {
  const inner = unwrap(node);
  if (isFunction(inner)) return returnedBy(file, segment, inner);
  const callee = evaluate(file, segment, node);
  const isNamed = callee.kind === 'reference' || callee.kind === 'attribute';
  return isNamed ? { kind: 'call', callee, arguments: [], at: callee.at } : callee;
}

function keyText(file: ScriptFile, segment: Segment, key: Node): string | undefined {
  switch (key.type) {
    case 'property_identifier':
    case 'number':
      return textOf(file, segment, key);
    case 'string':
      return plainKey(evaluate(file, segment, key));
    case 'computed_property_name': {
      const inner = key.namedChildren.find((each) => each?.type !== 'comment');
      return inner ? plainKey(evaluate(file, segment, inner)) : undefined;
    }
    default:
      return undefined;
  }
}
