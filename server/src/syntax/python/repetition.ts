/** How often a call is made, as far as its surroundings tell: under one arm of a condition only, or for many keys. */
import type { Node } from 'web-tree-sitter';
import type { ConditionArm } from '../../declarations/callSite.ts';
import { unknown, type Value } from '../../declarations/value.ts';
import { armsAround, type ConditionSyntax } from '../arms.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { enclosingFunction, itemsOf, locationOf } from './nodes.ts';

/** What tells the results of a call apart where each is kept under a key of its own; undefined where one is built. */
export function keyOf(file: PythonFile, segment: Segment, call: Node): Value | undefined {
  const owner = enclosingFunction(call);
  let node = call;
  for (let parent = call.parent; parent !== null && parent.id !== owner?.id; node = parent, parent = parent.parent) {
    if (/^(?:list|set|dictionary)_comprehension$/.test(parent.type) && parent.childForFieldName('body')?.id === node.id)
      return unknown('a loop builds it', locationOf(file, segment, parent));
    const key = parent.type === 'assignment' ? keyOfAssignment(parent, owner) : keyOfSetDefault(parent, node);
    if (key && tellsApart(key, owner)) return evaluate(file, segment, key);
    if (parent.type === 'assignment' || parent.type.endsWith('_statement') || parent.type === 'block') return undefined;
  }
  return undefined;
}

/** `engines[tenant] = engine = create_engine(…)`, and `engine = create_engine(…)` with `engines[tenant] = engine` after it. */
function keyOfAssignment(assignment: Node, owner: Node | null): Node | undefined {
  let name: string | undefined;
  for (let each: Node | null = assignment; each?.type === 'assignment'; each = each.parent) {
    const left = each.childForFieldName('left');
    if (left?.type === 'subscript') return left.childForFieldName('subscript') ?? undefined;
    if (left?.type === 'identifier') name = left.text;
  }
  if (
    name === undefined ||
    owner === null ||
    !new RegExp(`\\]\\s*=\\s*${name}\\b|,\\s*${name}\\s*\\)`).test(owner.text)
  ) {
    return undefined;
  }
  for (const each of owner.descendantsOfType(['assignment', 'argument_list'])) {
    if (each === null || each.startIndex < assignment.endIndex) continue;
    const left = each.childForFieldName('left');
    const right = each.childForFieldName('right');
    if (left?.type === 'subscript' && right?.text === name) return left.childForFieldName('subscript') ?? undefined;
    const last = itemsOf(each).at(-1);
    const key = each.type === 'argument_list' && last?.text === name ? keyOfSetDefault(each, last) : undefined;
    if (key) return key;
  }
  return undefined;
}

/** `engines.setdefault(tenant, create_engine(…))` */
function keyOfSetDefault(list: Node, item: Node): Node | undefined {
  if (list.type !== 'argument_list' || !list.parent?.childForFieldName('function')?.text.endsWith('.setdefault'))
    return undefined;
  const [key, value] = itemsOf(list);
  return value?.id === item.id ? key : undefined;
}

/** Whether a key can be another one each time: in a loop, or because the caller chooses it. */
function tellsApart(key: Node, owner: Node | null): boolean {
  for (let parent = key.parent; parent !== null && parent.id !== owner?.id; parent = parent.parent)
    if (parent.type === 'for_statement' || parent.type === 'while_statement') return true;
  const parameters = owner?.childForFieldName('parameters')?.text ?? '';
  const names = key.text.match(/(?<!\.)\b[A-Za-z_]\w*/g) ?? [];
  return names.some((name) => name !== 'self' && name !== 'cls' && new RegExp(`\\b${name}\\b`).test(parameters));
}

const syntax: ConditionSyntax = {
  loop: /^(?:for|while)_statement$|comprehension$|generator_expression$/,
  condition: /^(?:if_statement|conditional_expression)$/,
  case: /^case_clause$/,
  block: /^block$/,
  exit: /^(?:return|raise)_statement$/,
  receiver: /\b(?:self|cls)\b/,
};

/** Absent in a loop and in a function with parameters: there one arm may run at one time, another at another. */
export function armsOf(file: PythonFile, segment: Segment, call: Node): readonly ConditionArm[] | undefined {
  const owner = enclosingFunction(call);
  const parameters = owner?.childForFieldName('parameters');
  const [receiver, ...others] = parameters ? itemsOf(parameters) : [];
  if (others.length > 0 || (receiver !== undefined && !syntax.receiver.test(receiver.text))) return undefined;
  return armsAround(call, owner, syntax, (offset) => `${file.uri} ${segment.start + offset}`);
}
