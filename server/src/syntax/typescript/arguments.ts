/** The arguments of a call. */
import type { Node } from 'web-tree-sitter';
import { type Argument, unknown } from '../../declarations/value.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { listOf, removalOf } from './lists.ts';
import { locationOf } from './nodes.ts';

/** Simple dotted names; nothing else may be repeated in a message. */
const dottedName = /^[A-Za-z_$][\w.$]{0,79}$/;

export function readArguments(file: ScriptFile, segment: Segment, call: Node): Argument[] {
  const node = call.childForFieldName('arguments');
  if (node?.type !== 'arguments') return [];
  const list = listOf(node);
  return list.items.map((item, index) => ({
    ...readArgument(file, segment, item),
    removal: removalOf(file, segment, list, index),
  }));
}

function readArgument(file: ScriptFile, segment: Segment, item: Node): Argument {
  const span = locationOf(file, segment, item);
  if (item.type === 'spread_element') {
    const inner = item.namedChildren.find((each) => each?.type !== 'comment') ?? item;
    return { value: evaluate(file, segment, inner), span, valueSpan: span, unpack: 'sequence' };
  }
  // Half-typed text can leave an error inside the list: nothing certain is said about it.
  const value =
    item.type === 'ERROR' || item.isMissing ? unknown('the call is not complete', span) : evaluate(file, segment, item);
  const isName = item.type === 'identifier' || item.type === 'member_expression';
  return { value, span, valueSpan: span, valueName: isName && dottedName.test(item.text) ? item.text : undefined };
}
