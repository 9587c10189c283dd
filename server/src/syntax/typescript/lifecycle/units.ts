/** Functions and fields of a file: by a place in them, by their name, by what stands in them. */
import type { Node } from 'web-tree-sitter';
import type { ScriptFile } from '../file.ts';
import { functionNameOf } from '../functionNames.ts';
import { enclosingClass, isFunction, itemsOf, unwrap } from '../nodes.ts';

/** The outermost function around a place. */
export function unitAt(root: Node, offset: number): Node | undefined {
  let unit: Node | undefined;
  for (let node = root.descendantForIndex(offset, offset + 1); node !== null; node = node.parent)
    if (isFunction(node)) unit = node;
  return unit;
}

/** Methods that call methods more often than this are not followed. */
const methodRounds = 3;

/** Where the file calls methods in which one of the calls stands, or in which such a method is called in turn. */
export function callsOfMethods(file: ScriptFile, calls: readonly number[]): readonly number[] {
  const names = new Set<string>();
  let found: number[] = [];
  let fresh = calls;
  for (let round = 0; round < methodRounds && fresh.length > 0; round++) {
    const before = names.size;
    for (const call of fresh) {
      const name = methodAround(file, call);
      if (name !== undefined) names.add(name);
    }
    if (names.size === before) break;
    const pattern = new RegExp(`(?<=\\.)(?:${[...names].join('|')})(?=\\s*\\()`, 'g');
    fresh = found = Array.from(file.text.matchAll(pattern), (match) => match.index);
  }
  return found;
}

function methodAround(file: ScriptFile, offset: number): string | undefined {
  const segment = file.segmentAt(offset);
  const unit = unitAt(file.tree(segment).rootNode, offset - segment.start);
  const name = unit?.type === 'method_definition' ? unit.childForFieldName('name')?.text : undefined;
  const isMethod = name !== undefined && /^\w+$/.test(name) && name !== 'constructor';
  return isMethod && enclosingClass(unit!) !== null ? name : undefined;
}

/** `pool.connect((error, client) => …)`, `pool.connect().then((client) => …)`: what the call, or the one on its promise, takes first. */
export function callbackAfter(root: Node, offset: number): Node | undefined {
  for (let node = root.descendantForIndex(offset, offset + 1); node !== null; node = node.parent) {
    const list = node.type === 'call_expression' ? node.childForFieldName('arguments') : null;
    const first = list === null ? undefined : itemsOf(list)[0];
    if (first !== undefined) return isFunction(first) ? first : undefined;
  }
  return undefined;
}

/** A field of a class, whose value is made with each of its instances. */
export function fieldAt(root: Node, offset: number): Node | undefined {
  let node = root.descendantForIndex(offset, offset + 1);
  while (node !== null && node.type !== 'public_field_definition' && node.type !== 'field_definition')
    node = node.parent;
  return node === null || node.children.some((each) => each?.type === 'static') ? undefined : node;
}

/** A function that is in no other, by the name it is declared or exported under. */
export function outermostNamed(root: Node, name: string): Node | undefined {
  const stack = itemsOf(root);
  while (stack.length > 0) {
    const node = stack.shift()!;
    if (!isFunction(node)) {
      if (mayHoldFunctions.test(node.type)) stack.push(...itemsOf(node));
    } else if (functionNameOf(node) === name) return node;
  }
  return undefined;
}

/** A method of a class at module level, or a function that is its field. */
export function methodOf(root: Node, className: string, name: string): Node | undefined {
  for (const item of itemsOf(root)) {
    const owner = item.type === 'export_statement' ? item.childForFieldName('declaration') : item;
    if (!/class/.test(owner?.type ?? '') || owner?.childForFieldName('name')?.text !== className) continue;
    for (const member of itemsOf(owner.childForFieldName('body') ?? owner)) {
      if (member.childForFieldName('name')?.text !== name) continue;
      const value = member.childForFieldName('value');
      const definition = value === null ? member : unwrap(value);
      if (isFunction(definition)) return definition;
    }
  }
  return undefined;
}

const mayHoldFunctions =
  /^(?:export_statement|expression_statement|lexical_declaration|variable_declaration|variable_declarator|\w*assignment_expression|object|pair|(?:parenthesized|as|satisfies)_expression)$/;
