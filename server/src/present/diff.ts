/** Unified differences of fixed files. Lines are compared as they are and shown masked. */
import type { Span, TextEdit } from '../core/text.ts';
import { isPlaceholderWord } from '../declarations/credentials.ts';
import type { Colors } from './colors.ts';
import { type LineChange, lineChanges, splitLines } from './lineDifference.ts';
import type { MaskedSource } from './maskedSource.ts';
import { printable } from './printable.ts';

/** Shorter words stand everywhere and tell nothing. */
const shortestWord = 4;

/** Unchanged lines shown around each change. */
const usualContext = 3;

export interface DiffOptions {
  readonly colors?: Colors;
  /** Unchanged lines around each change; 3 where not given. */
  readonly context?: number;
  /** The file begins with a byte order mark, which no text here holds but a patch must. */
  readonly hasByteOrderMark?: boolean;
}

export function unifiedDiff(
  path: string,
  before: MaskedSource,
  after: MaskedSource,
  { colors, context = usualContext, hasByteOrderMark = false }: DiffOptions = {},
): string {
  const oldLines = splitLines(before.text);
  const newLines = splitLines(after.text);
  const hunks = groupChanges(lineChanges(oldLines, newLines), context);
  if (hunks.length === 0) return '';
  const paint = (color: 'bold' | 'cyan' | 'red' | 'green', text: string) => colors?.[color](text) ?? text;
  const show = (sign: string, source: MaskedSource, line: number) =>
    shown(line === 0 && hasByteOrderMark ? `${sign}\uFEFF` : sign, source, line);
  const name = printable(path).replaceAll('\t', ' ');
  const lines = [paint('bold', `--- a/${name}`), paint('bold', `+++ b/${name}`)];
  for (const hunk of hunks) {
    const first = hunk[0]!;
    const last = hunk.at(-1)!;
    const oldFrom = Math.max(0, first.oldStart - context);
    const newFrom = Math.max(0, first.newStart - context);
    const oldTo = Math.min(oldLines.length, last.oldEnd + context);
    const newTo = Math.min(newLines.length, last.newEnd + context);
    lines.push(paint('cyan', `@@ -${range(oldFrom, oldTo)} +${range(newFrom, newTo)} @@`));
    let at = oldFrom;
    for (const change of hunk) {
      for (; at < change.oldStart; at++) lines.push(show(' ', before, at));
      for (; at < change.oldEnd; at++) lines.push(paint('red', show('-', before, at)));
      for (let line = change.newStart; line < change.newEnd; line++) lines.push(paint('green', show('+', after, line)));
    }
    for (; at < oldTo; at++) lines.push(show(' ', before, at));
  }
  return `${lines.join('\n')}\n`;
}

function range(from: number, to: number): string {
  const length = to - from;
  const start = length === 0 ? from : from + 1;
  return length === 1 ? String(start) : `${start},${length}`;
}

function shown(sign: string, source: MaskedSource, number: number): string {
  const line = source.line(number);
  const hasBreak = /[\r\n]$/.test(line);
  const content = printable(line.replace(/(?:\r\n|\n|\r)$/, ''));
  // A CR before the LF belongs to the line, or the difference would not apply to a file with CRLF.
  const carriageReturn = line.endsWith('\r\n') ? '\r' : '';
  return `${sign}${content}${carriageReturn}${hasBreak ? '' : '\n\\ No newline at end of file'}`;
}

/** Where words of what is hidden in one text stand in another: a fix may have parted them, and half is no pattern any more. */
export function carriedOver(before: MaskedSource, after: string): Span[] {
  const words = new Set(before.hidden.flatMap(({ start, end }) => before.text.slice(start, end).split(/\s+/)));
  return [...words].flatMap((word) => {
    if (word.length < shortestWord || isPlaceholderWord(word, undefined)) return [];
    const spans: Span[] = [];
    for (let at = after.indexOf(word); at !== -1; at = after.indexOf(word, at + word.length)) {
      spans.push({ start: at, end: at + word.length });
    }
    return spans;
  });
}

/** Changes whose surroundings touch are shown together. */
function groupChanges(changes: readonly LineChange[], context: number): LineChange[][] {
  const groups: LineChange[][] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    if (last !== undefined && change.oldStart - last.at(-1)!.oldEnd <= 2 * context) last.push(change);
    else groups.push([change]);
  }
  return groups;
}

/**
 * Where spans of a text lie after edits of it. What an edit replaces is gone; of a span that it cuts the rest stays: half
 * a password is no pattern any more, and a secret still.
 */
export function shiftSpans(
  spans: readonly Span[],
  edits: readonly Pick<TextEdit, 'start' | 'end' | 'newText'>[],
): Span[] {
  const inOrder = [...edits].sort((a, b) => a.start - b.start);
  return spans.flatMap((span) => {
    const rest: Span[] = [];
    let shift = 0;
    let from = span.start;
    for (const { start, end, newText } of inOrder) {
      if (start >= span.end) break;
      if (end > span.start) {
        if (start > from) rest.push({ start: from + shift, end: start + shift });
        from = Math.max(from, end);
      }
      shift += newText.length - (end - start);
    }
    return from < span.end ? [...rest, { start: from + shift, end: span.end + shift }] : rest;
  });
}
