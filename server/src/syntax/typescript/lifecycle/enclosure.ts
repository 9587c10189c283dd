/** How the statements after a connection is taken are put into a `try` of their own, where that is simple. */
import type { Node } from 'web-tree-sitter';
import type { Enclosure } from '../../../declarations/enclosure.ts';
import { isFunction, isWrapper } from '../nodes.ts';

/** Methods that hand out connections. */
const handsOut = /^(?:connect|getConnection|createQueryRunner|reserve)$/;

/** Undefined where the call is no declaration of its own, or something after it cannot be indented. Places are relative to `base`. */
export function enclosureOf(call: Node, method: string, base: number): Enclosure | undefined {
  if (!handsOut.test(method)) return undefined;
  let node = call;
  while (node.parent !== null && isWrapper(node.parent)) node = node.parent;
  const declaration = node.parent?.type === 'variable_declarator' ? node.parent.parent : null;
  const name = node.parent?.childForFieldName('name');
  const block = declaration?.parent;
  if (declaration?.namedChildCount !== 1 || block?.type !== 'statement_block' || name?.type !== 'identifier')
    return undefined;
  const text = textOfRoot(block);
  const statements = block.namedChildren.filter((each) => each !== null);
  const following = statements.slice(statements.findIndex((each) => each.id === declaration.id) + 1);
  const indentation = indentationAt(text, declaration.startIndex);
  const after = endOfLine(text, declaration.endIndex);
  if (indentation === undefined || after === undefined || !following.every((each) => canMove(each, text)))
    return undefined;
  const releases = following.flatMap((each) => endOf(each, name.text, text) ?? []);
  const kept = following.filter((each) => each.type !== 'comment' && endOf(each, name.text, text) === undefined);
  const last = following.findLast((each) => endOf(each, name.text, text) === undefined);
  const end = last && endOfLine(text, last.endIndex);
  if (kept.length === 0 || end === undefined) return undefined;
  const outer = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', block.startIndex - 1) + 1))![0];
  const isDeeper = indentation.length > outer.length && indentation.startsWith(outer);
  return {
    after: after - base,
    end: end - base,
    lineStarts: lineStarts(text, after, end).flatMap((start) =>
      releases.some((each) => each.start <= start && start < each.end) ? [] : [start - base],
    ),
    releases: releases.map(({ method, start, end: to }) => ({ method, start: start - base, end: to - base })),
    indentation,
    unit: isDeeper ? indentation.slice(outer.length) : '  ',
    lineEnding: text.slice(0, text.indexOf('\n')).endsWith('\r') ? '\r\n' : '\n',
    semicolon: declaration.text.endsWith(';') ? ';' : '',
    isAsync: functionAround(block)?.children.some((each) => each?.type === 'async') === true,
  };
}

function textOfRoot(node: Node): string {
  let root = node;
  while (root.parent !== null) root = root.parent;
  return root.text;
}

function functionAround(node: Node): Node | null {
  let around: Node | null = node;
  while (around !== null && !isFunction(around)) around = around.parent;
  return around;
}

/** Undefined where something else stands before it on its line. */
function indentationAt(text: string, offset: number): string | undefined {
  return /^[ \t]*$/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))?.[0];
}

/** Where the line ends, comments behind included; undefined where code follows, or nothing. */
function endOfLine(text: string, offset: number): number | undefined {
  const match = /^[ \t]*(?:\/\/[^\n\r]*)?(?=\r?\n)/.exec(text.slice(offset));
  return match === null ? undefined : offset + match[0].length;
}

/** Texts over several lines keep their lines as they are. */
function canMove(statement: Node, text: string): boolean {
  if (indentationAt(text, statement.startIndex) === undefined && statement.type !== 'comment') return false;
  return statement
    .descendantsOfType(['template_string', 'jsx_text', 'regex'])
    .every((each) => each === null || !each.text.includes('\n'));
}

/** `client.release();` on a line of its own, that line included. */
function endOf(statement: Node, variable: string, text: string) {
  const match = /^(?:await\s+)?([\w$]+)\??\.(\w+)\(\s*\)\s*;?$/.exec(statement.text);
  if (statement.type !== 'expression_statement' || match?.[1] !== variable) return undefined;
  const end = endOfLine(text, statement.endIndex);
  if (end === undefined) return undefined;
  const start = text.lastIndexOf('\n', statement.startIndex - 1) + 1;
  return { method: match[2]!, start, end: text.indexOf('\n', end) + 1 };
}

/** Where lines with something on them begin, between two places. */
function lineStarts(text: string, from: number, to: number): number[] {
  const starts: number[] = [];
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1))
    if (!/^[ \t]*\r?\n/.test(text.slice(at + 1, text.indexOf('\n', at + 1) + 1))) starts.push(at + 1);
  return starts;
}
