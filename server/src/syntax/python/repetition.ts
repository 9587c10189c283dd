/** How often a call is made, as far as its surroundings tell: under one arm of a condition only, or for many keys. */
import type { Node } from 'web-tree-sitter';
import type { ConditionArm } from '../../declarations/callSite.ts';
import { unknown, type Value } from '../../declarations/value.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { enclosingFunction, locationOf } from './nodes.ts';

/** What tells the results of a call apart where each is kept under a key of its own; undefined where one is built. */
export function keyOf(file: PythonFile, segment: Segment, call: Node): Value | undefined {
  const owner = enclosingFunction(call);
  let node = call;
  for (let parent = call.parent; parent !== null && parent.id !== owner?.id; node = parent, parent = parent.parent) {
    if (/^(?:list|set|dictionary)_comprehension$/.test(parent.type) && parent.childForFieldName('body')?.id === node.id)
      return unknown('a loop builds it', locationOf(file, segment, parent));
    if (parent.type === 'assignment') return keyOfAssignment(file, segment, parent, owner);
    if (parent.type.endsWith('_statement') || parent.type === 'block') return undefined;
  }
  return undefined;
}

/** `engines[tenant] = engine = create_engine(…)` */
function keyOfAssignment(file: PythonFile, segment: Segment, assignment: Node, owner: Node | null): Value | undefined {
  for (let each: Node | null = assignment; each?.type === 'assignment'; each = each.parent) {
    const left = each.childForFieldName('left');
    const key = left?.type === 'subscript' ? left.childForFieldName('subscript') : null;
    if (key && (isInLoop(each, owner) || readsParameter(key, owner))) return evaluate(file, segment, key);
  }
  return undefined;
}

function isInLoop(node: Node, owner: Node | null): boolean {
  for (let parent = node.parent; parent !== null && parent.id !== owner?.id; parent = parent.parent)
    if (parent.type === 'for_statement' || parent.type === 'while_statement') return true;
  return false;
}

function readsParameter(key: Node, owner: Node | null): boolean {
  const parameters = owner?.childForFieldName('parameters')?.text ?? '';
  const names = key.text.match(/(?<!\.)\b[A-Za-z_]\w*/g) ?? [];
  return names.some((name) => name !== 'self' && name !== 'cls' && new RegExp(`\\b${name}\\b`).test(parameters));
}

/** Absent in a loop and in a function with parameters: there one arm may run at one time, another at another. */
export function armsOf(file: PythonFile, segment: Segment, call: Node): readonly ConditionArm[] | undefined {
  const owner = enclosingFunction(call);
  if (owner !== null && (owner.childForFieldName('parameters')?.namedChildCount ?? 0) > 0) return undefined;
  const arms: ConditionArm[] = [];
  let node = call;
  for (let parent = call.parent; parent !== null && parent.id !== owner?.id; node = parent, parent = parent.parent) {
    if (/^(?:for|while)_statement$|comprehension$|generator_expression$/.test(parent.type)) return undefined;
    if (parent.type !== 'if_statement' && parent.type !== 'conditional_expression') continue;
    arms.unshift({
      condition: `${file.uri} ${segment.start + parent.startIndex}`,
      arm: segment.start + node.startIndex,
    });
  }
  return arms.length === 0 ? undefined : arms;
}
