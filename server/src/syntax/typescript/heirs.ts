/** Classes that extend a library's: what builds the pool is the call of `super`, or whoever builds the class. */
import type { Node } from 'web-tree-sitter';
import { isFunction } from './nodes.ts';

export interface Heir {
  readonly name: string;
  readonly body: Node;
  /** What it extends. */
  readonly base: Node;
}

/** The class of which a name, or the end of a dotted one, is what it extends. */
export function heirOf(node: Node): Heir | undefined {
  let base = node;
  while (base.parent?.type === 'member_expression' && base.parent.childForFieldName('property')?.id === base.id)
    base = base.parent;
  const clause = base.parent;
  if (clause?.type !== 'extends_clause' || clause.childForFieldName('value')?.id !== base.id) return undefined;
  const owner = clause.parent?.parent;
  const name = owner?.childForFieldName('name')?.text;
  const body = owner?.childForFieldName('body');
  return name === undefined || !body ? undefined : { name, body, base };
}

/** `super(…)` of a constructor. */
export function superCallIn(construction: Node): Node | undefined {
  const body = construction.childForFieldName('body');
  const stack = body === null ? [] : [...body.namedChildren];
  while (stack.length > 0) {
    const node = stack.shift();
    if (!node || isFunction(node)) continue;
    if (node.type === 'call_expression' && node.childForFieldName('function')?.type === 'super') return node;
    stack.push(...node.namedChildren);
  }
  return undefined;
}
