/** The part of an outline inside brackets: `{name: metabase, database: main}`, and whole JSON files. */
import type { Span } from '../core/text.ts';
import type { Cursor, OutlineEntry, Step } from './outline.ts';

export interface FlowScan {
  readonly entries: readonly OutlineEntry[];
  readonly cursor?: Cursor;
  /** Behind the closing bracket, or where the text stops being inside it. */
  readonly end: number;
}

/** Deeper brackets are not followed: nothing in a topology file is nested that deep. */
const deepest = 50;

interface Level {
  readonly path: readonly Step[];
  readonly isMap: boolean;
  index: number;
  /** The key whose value is next; in a mapping only. */
  entry?: OutlineEntry;
  afterColon: boolean;
}

/**
 * Reads from an opening bracket to its end. A bracket that is not closed yet ends where a line is indented no deeper
 * than `ownerIndent`, so that the lines below a half-typed one keep their meaning.
 */
export function scanFlow(
  text: string,
  start: number,
  path: readonly Step[],
  ownerIndent: number,
  offset: number,
): FlowScan {
  const entries: OutlineEntry[] = [];
  const levels: Level[] = [];
  let cursor: Cursor | undefined;
  let at = start;

  const place = (replace: Span, hasColon: boolean) => {
    const level = levels[levels.length - 1]!;
    const isKey = level.isMap && !level.afterColon;
    const slot = isKey ? 'key' : 'value';
    const valuePath = level.isMap ? (level.entry?.path ?? level.path) : [...level.path, level.index];
    cursor ??= { slot, path: isKey ? level.path : valuePath, replace, hasColon, inBrackets: true, indent: 0 };
  };

  while (at < text.length) {
    const character = text[at]!;
    const level = levels[levels.length - 1];
    const isWord = !' \t\r\n,:{}[]#'.includes(character) || (character === ':' && !isColon(text, at));
    if (offset === at && level && !isWord) place({ start: at, end: at }, false);
    if (character === '\n' && ownerIndent >= 0 && leavesBracket(text, at + 1, ownerIndent))
      return { entries, cursor, end: at };
    if (character === '{' || character === '[') {
      if (levels.length >= deepest) return { entries, cursor, end: text.length };
      levels.push({ path: level ? childPath(level) : path, isMap: character === '{', index: 0, afterColon: false });
      at++;
    } else if (character === '}' || character === ']') {
      const closed = levels.pop();
      at++;
      const parent = levels[levels.length - 1];
      if (!closed || !parent) return { entries, cursor, end: at };
      if (parent.isMap && parent.entry) parent.entry.valueSpan = { start: parent.entry.valueSpan.start, end: at };
    } else if (character === ',' && level) {
      level.index++;
      level.entry = undefined;
      level.afterColon = false;
      at++;
    } else if (character === ':' && !isWord) {
      if (level) level.afterColon = true;
      at++;
    } else if (character === '#' && ' \t\r\n'.includes(text[at - 1] ?? ' ')) {
      while (at < text.length && text[at] !== '\n') at++;
    } else if (isWord && level) {
      const span = { start: at, end: wordEnd(text, at) };
      const isKey = level.isMap && !level.afterColon;
      const colon = skipBlank(text, span.end);
      const hasColon = isKey && text[colon] === ':';
      if (offset >= span.start && offset <= span.end) place(span, hasColon);
      if (hasColon) {
        const valueStart = skipBlank(text, colon + 1);
        const valueSpan = { start: valueStart, end: valueStart };
        level.entry = { path: [...level.path, unquoted(text.slice(span.start, span.end))], keySpan: span, valueSpan };
        entries.push(level.entry);
      } else if (level.afterColon && level.entry) {
        level.entry.valueSpan = span;
      }
      at = span.end;
    } else {
      at++;
    }
  }
  if (offset === text.length && levels.length > 0) place({ start: at, end: at }, false);
  return { entries, cursor, end: at };
}

function childPath(level: Level): readonly Step[] {
  return level.isMap ? (level.entry?.path ?? level.path) : [...level.path, level.index];
}

/** A colon ends a key where a space, an end or a bracket follows; `a:b` is one word. */
function isColon(text: string, at: number): boolean {
  const next = text[at + 1];
  const before = text[at - 1];
  return next === undefined || ' \t\r\n,{}[]'.includes(next) || before === '"' || before === "'";
}

function wordEnd(text: string, from: number): number {
  const quote = text[from];
  let at = from + 1;
  if (quote === '"' || quote === "'") {
    while (at < text.length && text[at] !== quote && text[at] !== '\n')
      at += quote === '"' && text[at] === '\\' ? 2 : 1;
    return Math.min(text.length, text[at] === quote ? at + 1 : at);
  }
  while (at < text.length && !',{}[]\r\n'.includes(text[at]!)) {
    if (text[at] === ':' && isColon(text, at)) break;
    if (text[at] === '#' && ' \t'.includes(text[at - 1]!)) break;
    at++;
  }
  while (at > from + 1 && ' \t'.includes(text[at - 1]!)) at--;
  return at;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

function leavesBracket(text: string, lineStart: number, ownerIndent: number): boolean {
  const first = skipBlank(text, lineStart);
  if (first >= text.length || '\r\n#}]'.includes(text[first]!)) return false;
  return first - lineStart <= ownerIndent;
}

function unquoted(word: string): string {
  const quote = word[0];
  return (quote === '"' || quote === "'") && word.length > 1 && word.endsWith(quote) ? word.slice(1, -1) : word;
}
