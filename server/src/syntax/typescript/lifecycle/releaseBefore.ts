/** How a statement gets another one before it, where that is simple. */
import type { Node } from 'web-tree-sitter';
import type { Insertion } from '../../../declarations/lifecycle.ts';

/** Undefined where the statement shares its line with another one. Places are relative to `base`. */
export function releaseBefore(statement: Node, base: number): Insertion | undefined {
  const { parent } = statement;
  const semicolon = statement.text.endsWith(';') ? ';' : '';
  const at = statement.startIndex - base;
  if (parent?.type === 'statement_block') {
    const root = rootOf(statement).text;
    const before = root.slice(root.lastIndexOf('\n', statement.startIndex - 1) + 1, statement.startIndex);
    // `{ return callback(error); }` on one line takes it on that line.
    const separator = /^[ \t]*$/.test(before) ? `${lineEndingOf(root)}${before}` : semicolon === '' ? undefined : ' ';
    return separator === undefined ? undefined : { at, before: '', after: `${semicolon}${separator}` };
  }
  // `if (error) return callback(error);`
  if (parent?.type !== 'if_statement' && parent?.type !== 'else_clause') return undefined;
  if (semicolon === '') return undefined;
  return { at, before: '{ ', after: '; ', closing: { at: statement.endIndex - base, text: ' }' } };
}

function rootOf(node: Node): Node {
  let root = node;
  while (root.parent !== null) root = root.parent;
  return root;
}

function lineEndingOf(text: string): string {
  return text.slice(0, text.indexOf('\n')).endsWith('\r') ? '\r\n' : '\n';
}
