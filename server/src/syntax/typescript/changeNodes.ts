/** Places that change what a name stands for: assignments to it or to its properties, `delete`, calls that add to an object. */
import type { Node } from 'web-tree-sitter';
import { isWrapper, unwrap } from './nodes.ts';

export type Change =
  | { readonly kind: 'assign'; readonly node: Node; readonly right: Node; readonly operator: string }
  /** `name.a.b = right`; a key is undefined where it is not known. */
  | {
      readonly kind: 'item';
      readonly node: Node;
      readonly keys: readonly (string | Node)[];
      readonly right: Node;
      readonly operator: string;
    }
  | { readonly kind: 'delete'; readonly node: Node; readonly keys: readonly (string | Node)[] }
  | { readonly kind: 'merge'; readonly node: Node; readonly call: Node }
  /** A function that by its name adds to the object: to which keys is not known. */
  | { readonly kind: 'filled'; readonly node: Node }
  | { readonly kind: 'unfollowed'; readonly node: Node };

/** What a destructuring pattern is made of. */
export const patternParts = new Set([
  'object_pattern',
  'array_pattern',
  'pair_pattern',
  'object_assignment_pattern',
  'assignment_pattern',
  'rest_pattern',
]);

export function changeAt(node: Node): Change | undefined {
  const parent = node.parent;
  if (parent === null || node.type === 'type_identifier') return undefined;
  if (parent.type === 'assignment_expression' || parent.type === 'augmented_assignment_expression') {
    if (parent.childForFieldName('left')?.id !== node.id) return undefined;
    const operator = parent.childForFieldName('operator')?.text ?? '=';
    const right = lastOfChain(parent.childForFieldName('right')!);
    return { kind: 'assign', node, right, operator };
  }
  if (parent.type === 'update_expression') return { kind: 'unfollowed', node };
  if (patternParts.has(parent.type)) return { kind: 'unfollowed', node };
  if (parent.type === 'arguments') return mergeAt(node, parent);
  const keys: (string | Node)[] = [];
  let whole = node;
  for (let holder: Node | null = parent; holder !== null; whole = holder, holder = holder.parent) {
    if (isWrapper(holder)) continue;
    if (holder.childForFieldName('object')?.id !== whole.id) break;
    if (holder.type === 'member_expression') keys.push(holder.childForFieldName('property')?.text ?? '');
    else if (holder.type === 'subscript_expression') keys.push(holder.childForFieldName('index') ?? holder);
    else break;
  }
  if (keys.length === 0) return undefined;
  return itemChange(node, whole, keys);
}

function itemChange(node: Node, whole: Node, keys: (string | Node)[]): Change | undefined {
  const holder = whole.parent;
  if (holder?.type === 'assignment_expression' || holder?.type === 'augmented_assignment_expression') {
    if (holder.childForFieldName('left')?.id !== whole.id) return undefined;
    const operator = holder.childForFieldName('operator')?.text ?? '=';
    return { kind: 'item', node, keys, right: lastOfChain(holder.childForFieldName('right')!), operator };
  }
  if (holder?.type === 'update_expression') return { kind: 'item', node, keys, right: holder, operator: '++' };
  if (holder?.type === 'unary_expression' && holder.childForFieldName('operator')?.text === 'delete')
    return { kind: 'delete', node, keys };
  return undefined;
}

/**
 * Functions that add to their first argument, by the last part of their name: of the language, of lodash and the like, and those
 * of a project that say so.
 */
export const fillers =
  '(?:assign(?:In|With)?|extend|defaults(?:Deep)?|merge(?:With|Deep)?|deep(?:Merge|Extend)|definePropert(?:y|ies)|configure|mutate|normali[sz]e|(?:add|apply|configure|extend|fill|inject|merge|mutate|normali[sz]e|override|patch|set)[A-Z][\\w$]*)';
const filler = new RegExp(`(?:^|\\.)${fillers}$`);

/** `Object.assign(name, …)`, `_.defaults(name, …)`, `applyTimeouts(name)`. */
function mergeAt(node: Node, list: Node): Change | undefined {
  const call = list.parent;
  if (list.namedChildren[0]?.id !== node.id || call?.type !== 'call_expression') return undefined;
  const callee = call.childForFieldName('function');
  if (callee?.text === 'Object.assign') return { kind: 'merge', node, call };
  return callee !== null && callee.endIndex - callee.startIndex <= 80 && filler.test(callee.text)
    ? { kind: 'filled', node }
    : undefined;
}

/** `a = b = 5`: the value of both is the last. */
function lastOfChain(right: Node): Node {
  let value = unwrap(right);
  while (value.type === 'assignment_expression') {
    const next = value.childForFieldName('right');
    if (next === null) return value;
    value = unwrap(next);
  }
  return value;
}
