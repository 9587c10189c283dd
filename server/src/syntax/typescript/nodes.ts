/** Small questions about JavaScript and TypeScript syntax nodes that several readers ask. */
import type { Node } from 'web-tree-sitter';
import { type Location, locate } from '../../core/text.ts';
import type { ScriptFile, Segment } from './file.ts';

export function textOf(file: ScriptFile, segment: Segment, node: Node): string {
  return file.text.slice(segment.start + node.startIndex, segment.start + node.endIndex);
}

export function locationOf(file: ScriptFile, segment: Segment, node: Node): Location {
  return locate(file.uri, { start: segment.start + node.startIndex, end: segment.start + node.endIndex });
}

/** Named children without comments. */
export function itemsOf(node: Node): Node[] {
  return node.namedChildren.filter((child): child is Node => child !== null && child.type !== 'comment');
}

const functions = new Set([
  'function_declaration',
  'generator_function_declaration',
  'function_expression',
  'generator_function',
  'arrow_function',
  'method_definition',
]);

export function isFunction(node: Node): boolean {
  return functions.has(node.type);
}

/** The function that holds a node: in its body, its parameters or their defaults. */
export function enclosingFunction(node: Node): Node | null {
  for (let parent = node.parent; parent !== null; parent = parent.parent) if (isFunction(parent)) return parent;
  return null;
}

/** The class whose body holds a node, however deep. */
export function enclosingClass(node: Node): Node | null {
  for (let parent = node.parent; parent !== null; parent = parent.parent) {
    if (parent.type === 'class_body') return parent.parent;
  }
  return null;
}

const wrappers = new Set([
  'parenthesized_expression',
  'as_expression',
  'satisfies_expression',
  'non_null_expression',
  'type_assertion',
  'await_expression',
]);

/** True for what stands around an expression without changing its value as far as it matters here. */
export function isWrapper(node: Node): boolean {
  return wrappers.has(node.type);
}

/** The expression inside parentheses, casts, assertions and `await`. */
export function unwrap(node: Node): Node {
  let inner = node;
  while (isWrapper(inner)) {
    const items = itemsOf(inner);
    // `<T>x` names its type first; the others name it last.
    const next = inner.type === 'type_assertion' ? items[items.length - 1] : items[0];
    if (next === undefined) return inner;
    inner = next;
  }
  return inner;
}

/** Blocks that may or may not run, by the statement that holds them. */
const conditionalHolders = new Set([
  'if_statement',
  'else_clause',
  'for_statement',
  'for_in_statement',
  'while_statement',
  'do_statement',
  'catch_clause',
  'switch_case',
  'switch_default',
  'try_statement',
  'ternary_expression',
]);

/**
 * True where a node may or may not run before the text at `useOffset` (relative to the same segment; a negative one lies
 * elsewhere) does, within the function `scope` around both, or the module where it is null.
 */
export function isConditionalFor(node: Node, useOffset: number, scope: Node | null): boolean {
  let child = node;
  for (let parent = node.parent; parent !== null; child = parent, parent = parent.parent) {
    if (parent.id === scope?.id) return false;
    // Whether and when an inner function runs is not known.
    if (isFunction(parent)) return true;
    const holdsUse = child.startIndex <= useOffset && useOffset < child.endIndex;
    if (conditionalHolders.has(parent.type) && !holdsUse && child.id !== conditionOf(parent)?.id) return true;
    if (isShortCircuit(parent) && parent.childForFieldName('right')?.id === child.id && !holdsUse) return true;
  }
  return false;
}

function conditionOf(node: Node): Node | null {
  return node.childForFieldName('condition');
}

function isShortCircuit(node: Node): boolean {
  return node.type === 'binary_expression' && /^(?:&&|\|\||\?\?)$/.test(node.childForFieldName('operator')?.text ?? '');
}
