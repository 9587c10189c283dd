/** The arguments of a Python call, and where another one would go. */

import type { Node } from 'web-tree-sitter';
import { lineEndingOf } from '../../core/text.ts';
import { type Argument, type ArgumentInsertion, type ArgumentRemoval, unknown } from '../../declarations/value.ts';
import type { AskedArguments } from '../frontEnd.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { itemsOf, locationOf, textOf } from './nodes.ts';

export function readArguments(
  file: PythonFile,
  segment: Segment,
  call: Node,
  asked: AskedArguments = 'all',
): Argument[] {
  const list = call.childForFieldName('arguments');
  return list === null ? [] : readArgumentList(file, segment, list, asked);
}

/** What stands between the brackets of a call or of a class. */
export function readArgumentList(
  file: PythonFile,
  segment: Segment,
  list: Node,
  asked: AskedArguments = 'all',
): Argument[] {
  if (list.type !== 'argument_list') {
    const at = locationOf(file, segment, list);
    return [{ value: unknown('it is a generator', at), span: at, valueSpan: at }];
  }
  const items = itemsOf(list);
  const removals = removalsIn(file, segment, list, items);
  // Behind one that is unpacked nobody knows which parameter is meant.
  const areAllAsked = asked === 'all' || items.some((item) => item.type === 'list_splat');
  return items.map((item, index) => {
    const read =
      areAllAsked || isAsked(item, index, asked)
        ? readArgument(file, segment, item)
        : unreadArgument(file, segment, item);
    return { ...read, removal: removals[index]! };
  });
}

function isAsked(item: Node, index: number, asked: Exclude<AskedArguments, 'all'>): boolean {
  if (item.type === 'dictionary_splat') return true;
  if (item.type !== 'keyword_argument') return asked.positions.has(index);
  return asked.keywords.has(item.childForFieldName('name')?.text ?? '');
}

/** No pool depends on its value. */
function unreadArgument(file: PythonFile, segment: Segment, item: Node): Argument {
  const span = locationOf(file, segment, item);
  const name = item.type === 'keyword_argument' ? item.childForFieldName('name') : null;
  const value = unknown('no pool depends on it', span);
  if (name === null) return { value, span, valueSpan: span };
  return {
    keyword: textOf(file, segment, name),
    keywordSpan: locationOf(file, segment, name),
    value,
    span,
    valueSpan: span,
  };
}

/** How each item of a list in brackets, of arguments or of a dictionary's entries, is taken out of it. */
export function removalsIn(file: PythonFile, segment: Segment, list: Node, items: readonly Node[]): ArgumentRemoval[] {
  const commas = commasOf(list);
  let next = 0;
  return items.map((item, index) => {
    while (next < commas.ends.length && commas.ends[next]! <= item.endIndex) next++;
    return removalOf(file, segment, item, items[index - 1], { end: commas.ends[next], isLast: commas.isLast });
  });
}

/** Where the commas of a list end, and whether the last thing in it is one. Read once: lists can be long. */
function commasOf(list: Node): { ends: number[]; isLast: boolean } {
  const ends: number[] = [];
  let isLast = false;
  for (const child of list.children) {
    if (child === null || child.type === 'comment' || child.type === ')' || child.type === '}') continue;
    isLast = child.type === ',';
    if (isLast) ends.push(child.endIndex);
  }
  return { ends, isLast };
}

/** Simple dotted names; nothing else may be repeated in a message. */
const dottedName = /^[A-Za-z_][\w.]{0,79}$/;

function nameOf(node: Node): string | undefined {
  const isName = node.type === 'identifier' || node.type === 'attribute';
  return isName && dottedName.test(node.text) ? node.text : undefined;
}

function removalOf(
  file: PythonFile,
  segment: Segment,
  item: Node,
  previous: Node | undefined,
  comma: { readonly end: number | undefined; readonly isLast: boolean },
): ArgumentRemoval {
  const { text, lines, uri } = file;
  const start = segment.start + item.startIndex;
  const end = segment.start + item.endIndex;
  let tailStart: number | undefined;
  if (!comma.isLast && previous !== undefined) {
    const from = segment.start + previous.endIndex;
    if (!text.slice(from, start).includes('#')) tailStart = from;
  }
  const lineStart = lines.lineStart(lines.lineAt(start));
  if (comma.end === undefined) {
    // A comment before the last argument stays; the argument then takes its own line along, not the comma before.
    const lineEnd = lines.lineStart(lines.lineAt(end) + 1);
    const hasLine = text.slice(lineStart, start).trim() === '' && /^[ \t]*\r?\n?$/.test(text.slice(end, lineEnd));
    return { span: hasLine ? { uri, start: lineStart, end: lineEnd } : { uri, start, end }, tailStart };
  }
  const commaEnd = segment.start + comma.end;
  const nextLine = lines.lineStart(lines.lineAt(commaEnd) + 1);
  const before = text.slice(lineStart, start);
  const rest = text.slice(commaEnd, nextLine);
  if (!/^[ \t]*(?:#|[\r\n]|$)/.test(rest)) {
    return { span: { uri, start, end: commaEnd + /^[ \t]*/.exec(rest)![0].length }, tailStart };
  }
  if (before.trim() === '') return { span: { uri, start: lineStart, end: nextLine }, tailStart };
  return { span: { uri, start: lineStart + before.trimEnd().length, end: commaEnd }, tailStart };
}

function readArgument(file: PythonFile, segment: Segment, item: Node): Argument {
  const span = locationOf(file, segment, item);
  if (item.type === 'keyword_argument') {
    const name = item.childForFieldName('name');
    const value = item.childForFieldName('value');
    if (name !== null && value !== null) {
      return {
        keyword: textOf(file, segment, name),
        keywordSpan: locationOf(file, segment, name),
        value: evaluate(file, segment, value),
        span,
        valueSpan: locationOf(file, segment, value),
        valueName: nameOf(value),
      };
    }
  }
  if (item.type === 'list_splat' || item.type === 'dictionary_splat') {
    const value = itemsOf(item)[0] ?? item;
    const unpack = item.type === 'list_splat' ? 'sequence' : 'mapping';
    return { value: evaluate(file, segment, value), span, valueSpan: locationOf(file, segment, value), unpack };
  }
  // Half-typed text can leave an error inside the list: nothing certain is said about it.
  const value =
    item.type === 'ERROR' || item.isMissing ? unknown('the call is not complete', span) : evaluate(file, segment, item);
  return { value, span, valueSpan: span };
}

/** Where and how a keyword argument is added so that the call keeps its author's style. */
export function insertionFor(file: PythonFile, segment: Segment, call: Node): ArgumentInsertion {
  return insertionInto(file, segment, call.childForFieldName('arguments')!);
}

/** The same for an entry of a dictionary literal, in the quotes of its first key. */
export function entryInsertion(file: PythonFile, segment: Segment, dictionary: Node): ArgumentInsertion {
  const key = itemsOf(dictionary)[0]?.childForFieldName('key')?.text;
  const quote = key?.endsWith("'") ? "'" : '"';
  return { ...insertionInto(file, segment, dictionary), style: { kind: 'entry', quote }, uri: file.uri };
}

function insertionInto(file: PythonFile, segment: Segment, list: Node): ArgumentInsertion {
  const text = file.text;
  const base = segment.start;
  const last = itemsOf(list).at(-1);
  if (last === undefined) return { offset: base + list.startIndex + 1, before: '', after: '' };
  const comma = list.children.find((child) => child?.type === ',' && child.startIndex >= last.endIndex);
  const lastEnd = base + last.endIndex;
  const closing = base + list.endIndex - 1;
  const lineOf = (offset: number) => file.lines.lineAt(offset);
  const indentation = (
    /^[ \t]*/.exec(text.slice(file.lines.lineStart(lineOf(base + last.startIndex)))) as RegExpExecArray
  )[0];
  const beginsItsLine =
    text.slice(file.lines.lineStart(lineOf(base + last.startIndex)), base + last.startIndex).trim() === '';
  const closesOnLaterLine = lineOf(closing) > lineOf(lastEnd);
  const onOwnLine =
    beginsItsLine && (closesOnLaterLine || lineOf(base + list.startIndex) < lineOf(base + last.startIndex));
  const next = `${lineEndingOf(text)}${indentation}`;
  if (!onOwnLine) {
    return comma
      ? { offset: base + comma.endIndex, before: ' ', after: ',' }
      : { offset: lastEnd, before: ', ', after: '' };
  }
  const commentEnd = endOfTrailingComment(text, comma ? base + comma.endIndex : lastEnd, closing);
  if (comma) {
    const offset = commentEnd ?? base + comma.endIndex;
    return { offset, before: next, after: ',' };
  }
  return commentEnd === undefined
    ? { offset: lastEnd, before: `,${next}`, after: '' }
    : { offset: commentEnd, before: next, after: '', commaAt: lastEnd };
}

/** The end of a comment that follows on the same line, or undefined. */
function endOfTrailingComment(text: string, from: number, limit: number): number | undefined {
  const match = /^[ \t]*#[^\r\n]*/.exec(text.slice(from, limit));
  return match ? from + match[0].trimEnd().length : undefined;
}
