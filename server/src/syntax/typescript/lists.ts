/** Lists in brackets, of arguments or of an object's entries: how an item is taken out, and where another one would go. */
import type { Node } from 'web-tree-sitter';
import { lineEndingOf } from '../../core/text.ts';
import type { ArgumentInsertion, ArgumentRemoval } from '../../declarations/value.ts';
import type { ScriptFile, Segment } from './file.ts';
import { itemsOf } from './nodes.ts';

export interface BracketedList {
  readonly items: readonly Node[];
  /** Where the commas end; offsets relative to the segment. */
  readonly commaEnds: readonly number[];
  /** A comma follows the last item. */
  readonly endsWithComma: boolean;
}

/** Read once: lists can be long. */
export function listOf(node: Node): BracketedList {
  const commaEnds: number[] = [];
  let endsWithComma = false;
  for (const child of node.children) {
    if (child === null || child.type === 'comment' || child.type === ')' || child.type === '}') continue;
    endsWithComma = child.type === ',';
    if (endsWithComma) commaEnds.push(child.endIndex);
  }
  return { items: itemsOf(node), commaEnds, endsWithComma };
}

/** The item with its comma and the white space that belongs to it; its whole line where it has one to itself. */
export function removalOf(file: ScriptFile, segment: Segment, list: BracketedList, index: number): ArgumentRemoval {
  const { text, lines, uri } = file;
  const item = list.items[index]!;
  const previous = list.items[index - 1];
  const start = segment.start + item.startIndex;
  const end = segment.start + item.endIndex;
  let tailStart: number | undefined;
  if (!list.endsWithComma && previous !== undefined) {
    const from = segment.start + previous.endIndex;
    if (!/\/[/*]/.test(text.slice(from, start))) tailStart = from;
  }
  const lineStart = lines.lineStart(lines.lineAt(start));
  const comma = firstAtLeast(list.commaEnds, item.endIndex + 1);
  if (comma === undefined) {
    // A comment before the last item stays; the item then takes its own line along, not the comma before.
    const lineEnd = lines.lineStart(lines.lineAt(end) + 1);
    const hasLine = text.slice(lineStart, start).trim() === '' && /^[ \t]*\r?\n?$/.test(text.slice(end, lineEnd));
    return { span: hasLine ? { uri, start: lineStart, end: lineEnd } : { uri, start, end }, tailStart };
  }
  const commaEnd = segment.start + comma;
  const nextLine = lines.lineStart(lines.lineAt(commaEnd) + 1);
  const before = text.slice(lineStart, start);
  const rest = text.slice(commaEnd, nextLine);
  if (!/^[ \t]*(?:\/[/*]|[\r\n]|$)/.test(rest)) {
    return { span: { uri, start, end: commaEnd + /^[ \t]*/.exec(rest)![0].length }, tailStart };
  }
  if (before.trim() === '') return { span: { uri, start: lineStart, end: nextLine }, tailStart };
  return { span: { uri, start: lineStart + before.trimEnd().length, end: commaEnd }, tailStart };
}

function firstAtLeast(sorted: readonly number[], bound: number): number | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
}

/** Where and how another item is added after the last, so that the list keeps its author's style. */
export function insertionInto(file: ScriptFile, segment: Segment, node: Node, list: BracketedList): ArgumentInsertion {
  const { text, lines } = file;
  const base = segment.start;
  const opening = base + node.startIndex;
  const closing = base + node.endIndex - 1;
  const isObject = node.type === 'object';
  const last = list.items.at(-1);
  if (last === undefined) {
    const inner = text.slice(opening + 1, closing);
    const hasSpace = /^[ \t]/.test(inner);
    return { offset: opening + 1, before: isObject ? ' ' : '', after: isObject && !hasSpace ? ' ' : '' };
  }
  const comma = list.endsWithComma ? base + list.commaEnds.at(-1)! : undefined;
  const lastStart = base + last.startIndex;
  const lastEnd = base + last.endIndex;
  const lastLine = lines.lineStart(lines.lineAt(lastStart));
  const indentation = (/^[ \t]*/.exec(text.slice(lastLine, lastStart)) as RegExpExecArray)[0];
  const beginsItsLine = text.slice(lastLine, lastStart).trim() === '';
  const closesLater = lines.lineAt(closing) > lines.lineAt(lastEnd);
  const opensEarlier = lines.lineAt(opening) < lines.lineAt(lastStart);
  const next = `${lineEndingOf(text)}${indentation}`;
  if (!(beginsItsLine && (closesLater || opensEarlier))) {
    return comma === undefined
      ? { offset: lastEnd, before: ', ', after: '' }
      : { offset: comma, before: ' ', after: ',' };
  }
  const commentEnd = endOfTrailingComment(text, comma ?? lastEnd, closing);
  if (comma !== undefined) return { offset: commentEnd ?? comma, before: next, after: ',' };
  return commentEnd === undefined
    ? { offset: lastEnd, before: `,${next}`, after: '' }
    : { offset: commentEnd, before: next, after: '', commaAt: lastEnd };
}

/** The end of a comment that follows on the same line, or undefined. */
function endOfTrailingComment(text: string, from: number, limit: number): number | undefined {
  const match = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/)/.exec(text.slice(from, limit));
  return match ? from + match[0].trimEnd().length : undefined;
}
