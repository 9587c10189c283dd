/** Small questions about Python syntax nodes that several readers ask. */
import type { Node } from 'web-tree-sitter';
import { type Location, locate } from '../../core/text.ts';
import type { PythonFile, Segment } from './file.ts';

export function textOf(file: PythonFile, segment: Segment, node: Node): string {
  return file.text.slice(segment.start + node.startIndex, segment.start + node.endIndex);
}

export function locationOf(file: PythonFile, segment: Segment, node: Node): Location {
  return locate(file.uri, { start: segment.start + node.startIndex, end: segment.start + node.endIndex });
}

/** Arguments, items or pairs of a bracketed node, comments left out. */
export function itemsOf(node: Node): Node[] {
  return node.namedChildren.filter((child): child is Node => child !== null && child.type !== 'comment');
}

/** The function whose body, not whose decorators or parameter defaults, holds a node. */
export function enclosingFunction(node: Node): Node | null {
  let child = node;
  for (let parent = node.parent; parent !== null; child = parent, parent = parent.parent) {
    if (parent.type === 'function_definition' && parent.childForFieldName('body')?.id === child.id) return parent;
    if (parent.type === 'lambda' && parent.childForFieldName('body')?.id === child.id) return parent;
  }
  return null;
}

export function enclosingClass(node: Node): Node | null {
  let child = node;
  for (let parent = node.parent; parent !== null; child = parent, parent = parent.parent) {
    if (parent.type === 'class_definition' && parent.childForFieldName('body')?.id === child.id) return parent;
    if (parent.type === 'function_definition' && parent.childForFieldName('body')?.id === child.id) return null;
  }
  return null;
}

/** Statements whose blocks may or may not run. */
const conditionalBlocks = new Set([
  'if_statement',
  'elif_clause',
  'else_clause',
  'for_statement',
  'while_statement',
  'try_statement',
  'except_clause',
  'finally_clause',
  'match_statement',
  'case_clause',
]);

/**
 * The innermost block that holds `node`, may or may not run, and does not hold the text at `useOffset` (relative to the
 * same segment; a negative one lies elsewhere): whether the statement has run at the use is then not known.
 */
export function isConditionalFor(node: Node, useOffset: number): boolean {
  for (let parent = node.parent; parent !== null; parent = parent.parent) {
    if (parent.type === 'function_definition' || parent.type === 'class_definition') return false;
    if (parent.type !== 'block' || parent.parent === null) continue;
    if (!conditionalBlocks.has(parent.parent.type) || parent.parent.type === 'finally_clause') continue;
    if (!(parent.startIndex <= useOffset && useOffset <= parent.endIndex)) return true;
  }
  return false;
}
