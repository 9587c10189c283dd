/** How often a call is made, as far as its surroundings tell: under one arm of a condition only, or for many keys. */
import type { Node } from 'web-tree-sitter';
import type { ConditionArm } from '../../declarations/callSite.ts';
import { unknown, type Value } from '../../declarations/value.ts';
import { armsAround, type ConditionSyntax } from '../arms.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { enclosingFunction, isWrapper, itemsOf, locationOf } from './nodes.ts';

/** What tells the results of a call apart where each is kept under a key of its own; undefined where one is built. */
export function keyOf(file: ScriptFile, segment: Segment, call: Node): Value | undefined {
  const owner = enclosingFunction(call);
  if (owner !== null && isHandedToMap(owner)) return unknown('a loop builds it', locationOf(file, segment, owner));
  let node = call;
  let { parent } = call;
  while (parent !== null && (isWrapper(parent) || /^(?:ternary|binary)_expression$/.test(parent.type))) {
    node = parent;
    parent = parent.parent;
  }
  const key = parent === null ? undefined : (keyOfPlace(parent, node) ?? keyOfVariable(parent, owner));
  return key && tellsApart(key, owner) ? evaluate(file, segment, key) : undefined;
}

/** `pools[tenant] = …` and `pools.set(tenant, …)` */
function keyOfPlace(holder: Node, value: Node): Node | undefined {
  if (/assignment_expression$/.test(holder.type)) {
    const left = holder.childForFieldName('left');
    if (holder.childForFieldName('right')?.id !== value.id || left?.type !== 'subscript_expression') return undefined;
    return left.childForFieldName('index') ?? undefined;
  }
  if (holder.type !== 'arguments') return undefined;
  const method = holder.parent?.childForFieldName('function')?.childForFieldName('property')?.text;
  const [key, kept] = itemsOf(holder);
  return method === 'set' && kept?.id === value.id ? key : undefined;
}

/** `pool = new Pool(…)` with `pools.set(tenant, pool)` or `pools[tenant] = pool` after it. */
function keyOfVariable(holder: Node, owner: Node | null): Node | undefined {
  const target = holder.childForFieldName(holder.type === 'variable_declarator' ? 'name' : 'left');
  if (target?.type !== 'identifier' || owner === null) return undefined;
  const name = target.text.replace(/\$/g, '\\$&');
  if (!new RegExp(`\\]\\s*=\\s*${name}(?![\\w$])|,\\s*${name}\\s*\\)`).test(owner.text)) return undefined;
  for (const each of owner.descendantsOfType(['assignment_expression', 'arguments'])) {
    if (each === null || each.startIndex < holder.endIndex) continue;
    const value = each.type === 'arguments' ? itemsOf(each)[1] : each.childForFieldName('right');
    const key = value?.text === target.text ? keyOfPlace(each, value) : undefined;
    if (key) return key;
  }
  return undefined;
}

/** `tenants.map((tenant) => new Pool(…))` */
function isHandedToMap(callback: Node): boolean {
  const callee = callback.parent?.type === 'arguments' ? callback.parent.parent?.childForFieldName('function') : null;
  return /^(?:map|flatMap)$/.test(callee?.childForFieldName('property')?.text ?? '');
}

/** Whether a key can be another one each time: in a loop, or because the caller chooses it. */
function tellsApart(key: Node, owner: Node | null): boolean {
  for (let parent = key.parent; parent !== null && parent.id !== owner?.id; parent = parent.parent)
    if (syntax.loop.test(parent.type)) return true;
  const parameters = parametersOf(owner)?.text ?? '';
  const names = key.text.match(/(?<![.\w$])[A-Za-z_$][\w$]*/g) ?? [];
  return names.some((name) => new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$&')}(?![\\w$])`).test(parameters));
}

const syntax: ConditionSyntax = {
  loop: /^(?:for|for_in|while|do)_statement$/,
  condition: /^(?:if_statement|ternary_expression)$/,
  case: /^switch_(?:case|default)$/,
  block: /^statement_block$/,
  exit: /^(?:return|throw|break)_statement$/,
  receiver: /\bthis\b/,
};

/** Absent in a loop and in a function with parameters: there one arm may run at one time, another at another. */
export function armsOf(file: ScriptFile, segment: Segment, call: Node): readonly ConditionArm[] | undefined {
  const owner = enclosingFunction(call);
  const parameters = parametersOf(owner);
  if (parameters && (parameters.type === 'identifier' || itemsOf(parameters).length > 0)) return undefined;
  return armsAround(call, owner, syntax, (offset) => `${file.uri} ${segment.start + offset}`);
}

function parametersOf(owner: Node | null): Node | null | undefined {
  return owner?.childForFieldName('parameters') ?? owner?.childForFieldName('parameter');
}
