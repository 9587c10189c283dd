/**
 * Where the keys of a YAML or JSON text stand, and what a cursor in it is about to write. Works on half-typed text, which
 * no YAML parser reads, by looking at indentation and brackets alone; never reads the same text twice.
 */
import type { Span } from '../core/text.ts';
import { type FlowScan, scanFlow } from './outline-flow.ts';

export type Step = string | number;

export interface OutlineEntry {
  /** Keys and list positions from the root, this key included. */
  readonly path: readonly Step[];
  readonly keySpan: Span;
  /** The value on the key's own line, or the whole bracket; empty where the value stands below or is missing. */
  valueSpan: Span;
}

export interface Cursor {
  /**
   * `key`: a key of the mapping at `path`; `value`: the value at `path`; `either`: nothing tells yet, as on an empty line
   * below a key.
   */
  readonly slot: 'key' | 'value' | 'either';
  readonly path: readonly Step[];
  /** The word under the cursor, quotes included; empty where there is none. */
  readonly replace: Span;
  /** True where the key's colon is there already. */
  readonly hasColon: boolean;
  /** Inside brackets, where nothing may start a new line by indentation. */
  readonly inBrackets: boolean;
  /** Spaces in front of the word. */
  readonly indent: number;
}

export interface Outline {
  readonly entries: readonly OutlineEntry[];
  readonly cursor?: Cursor;
}

/** Deeper lines are not followed: nothing in a topology file is nested that deep. */
const deepest = 50;

interface Frame {
  readonly indent: number;
  readonly step: Step;
  readonly isItem: boolean;
  readonly hasValue: boolean;
}

/** Reads the whole text; `offset` is where the cursor stands, if anywhere. */
export function outlineOf(text: string, offset = -1): Outline {
  return new OutlineScanner(text, offset).run();
}

class OutlineScanner {
  private readonly entries: OutlineEntry[] = [];
  private cursor: Cursor | undefined;
  private frames: Frame[] = [];
  private readonly itemCounts = new Map<string, number>();

  constructor(
    private readonly text: string,
    private readonly offset: number,
  ) {}

  run(): Outline {
    let at = this.text.startsWith('\uFEFF') ? 1 : 0;
    let blockTextIndent = -1;
    while (at <= this.text.length) {
      const end = lineEnd(this.text, at);
      const first = firstVisible(this.text, at, end);
      const indent = first - at;
      if (blockTextIndent >= 0 && (first === end || indent > blockTextIndent)) {
        at = nextLine(this.text, end);
        continue;
      }
      blockTextIndent = -1;
      const line = this.line(at, first, end);
      blockTextIndent = line.opensBlockText ? line.indent : -1;
      at = nextLine(this.text, Math.max(end, line.end));
    }
    return { entries: this.entries, cursor: this.cursor };
  }

  private line(start: number, first: number, end: number): { end: number; opensBlockText: boolean; indent: number } {
    const { text } = this;
    const done = (at = end) => ({ end: at, opensBlockText: false, indent: 0 });
    const hasCursor = this.offset >= start && this.offset <= end;
    if (first === end || text[first] === '#') {
      if (hasCursor && (first === end || this.offset < first)) this.cursorOnEmptyLine(start);
      return done();
    }
    if (/^(---|\.\.\.)(\s|$)/.test(text.slice(first, first + 4)) && first === start) {
      this.frames = [];
      return done();
    }
    let at = first;
    while (
      this.frames.length < deepest &&
      text[at] === '-' &&
      (at + 1 >= end || text[at + 1] === ' ' || text[at + 1] === '\t')
    ) {
      this.pushItem(at - start);
      at = firstVisible(text, at + 1, end);
    }
    const column = at - start;
    if (at === end || (text[at] === '#' && at > first)) {
      if (hasCursor && this.offset >= first + 1) this.place('either', emptyAt(this.offset), false, this.offset - start);
      return done();
    }
    if (text[at] === '{' || text[at] === '[') return done(this.flow(at, first - start).end);
    const key = keyAt(text, at, end);
    if (!key || this.frames.length >= deepest) {
      this.frames = this.frames.filter((frame) => frame.indent < column);
      const word = { start: at, end: wordEnd(text, at, end) };
      if (hasCursor && this.offset >= at && this.offset <= word.end) this.place('either', word, false, column);
      return done();
    }
    this.frames = this.frames.filter((frame) => frame.indent < column);
    if (hasCursor && this.offset >= at && this.offset <= key.span.end) this.place('key', key.span, true, column);
    const valueStart = skipProperties(text, firstVisible(text, key.colon + 1, end), end);
    const valueSpan = { start: valueStart, end: wordEnd(text, valueStart, end) };
    const isBlockText = text[valueStart] === '|' || text[valueStart] === '>';
    this.frames.push({ indent: column, step: key.name, isItem: false, hasValue: valueSpan.end > valueStart });
    const entry: OutlineEntry = { path: this.path(), keySpan: key.span, valueSpan };
    this.entries.push(entry);
    if (text[valueStart] === '{' || text[valueStart] === '[') {
      const flow = this.flow(valueStart, column);
      entry.valueSpan = { start: valueStart, end: flow.end };
      return done(flow.end);
    }
    if (hasCursor && this.offset > key.colon && !isBlockText) {
      const inWord = this.offset >= valueSpan.start && this.offset <= valueSpan.end;
      const inComment = this.offset > valueSpan.end && text.slice(valueSpan.end, this.offset).includes('#');
      const isFree = valueSpan.start === valueSpan.end && !inComment;
      if (inWord || isFree) this.place('value', inWord ? valueSpan : emptyAt(this.offset), false, column);
    }
    return { end, opensBlockText: isBlockText, indent: column };
  }

  private pushItem(indent: number): void {
    this.frames = this.frames.filter((frame) => frame.indent < indent || (frame.indent === indent && !frame.isItem));
    const parent = pathKey(this.path());
    const index = this.itemCounts.get(parent) ?? 0;
    this.itemCounts.set(parent, index + 1);
    this.frames.push({ indent, step: index, isItem: true, hasValue: false });
  }

  private flow(start: number, ownerIndent: number): FlowScan {
    const isRoot = this.frames.length === 0;
    const flow = scanFlow(this.text, start, this.path(), isRoot ? -1 : ownerIndent, this.offset);
    // Appended one by one: spreading a long list would exhaust the stack.
    for (const entry of flow.entries) this.entries.push(entry);
    this.cursor ??= flow.cursor;
    return flow;
  }

  private cursorOnEmptyLine(start: number): void {
    const indent = this.offset - start;
    const kept = this.frames.filter((frame) => frame.indent < indent);
    // Below `workers: 4` nothing can follow.
    if (kept[kept.length - 1]?.hasValue) return;
    const path = kept.map((frame) => frame.step);
    this.cursor ??= { slot: 'either', path, replace: emptyAt(this.offset), hasColon: false, inBrackets: false, indent };
  }

  private place(slot: Cursor['slot'], replace: Span, hasColon: boolean, indent: number): void {
    if (slot === 'either' && this.frames[this.frames.length - 1]?.hasValue) return;
    this.cursor ??= { slot, path: this.path(), replace, hasColon, inBrackets: false, indent };
  }

  private path(): Step[] {
    return this.frames.map((frame) => frame.step);
  }
}

export function pathKey(path: readonly Step[]): string {
  return path.join('\u0000');
}

function emptyAt(offset: number): Span {
  return { start: offset, end: offset };
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (text[at] === '\n' || text[at] === '\r') return at;
  return text.length;
}

/** Start of the line after the one that ends at or after `from`; past the text's length where there is none. */
function nextLine(text: string, from: number): number {
  const end = lineEnd(text, from);
  return end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1);
}

function firstVisible(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && (text[at] === ' ' || text[at] === '\t')) at++;
  return at;
}

/** Passes over anchors and tags in front of a value. */
function skipProperties(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && (text[at] === '&' || text[at] === '!')) {
    while (at < end && text[at] !== ' ' && text[at] !== '\t') at++;
    at = firstVisible(text, at, end);
  }
  return at;
}

/** End of the value that starts here, without the comment behind it. */
function wordEnd(text: string, from: number, end: number): number {
  if (text[from] === '#') return from;
  const quote = text[from];
  if (quote === '"' || quote === "'") {
    const close = text.indexOf(quote, from + 1);
    if (close !== -1 && close < end) return close + 1;
  }
  const comment = /[ \t]#/.exec(text.slice(from, end));
  let at = comment ? from + comment.index : end;
  while (at > from && (text[at - 1] === ' ' || text[at - 1] === '\t')) at--;
  return at;
}

function keyAt(text: string, from: number, end: number): { name: string; span: Span; colon: number } | undefined {
  const quote = text[from];
  let keyEnd: number;
  if (quote === '"' || quote === "'") {
    const close = text.indexOf(quote, from + 1);
    if (close === -1 || close >= end) return undefined;
    keyEnd = close + 1;
  } else {
    const line = text.slice(from, end);
    const colon = line.search(/:(?=[ \t]|$)/);
    const comment = line.search(/[ \t]#/);
    if (colon < 1 || (comment !== -1 && comment < colon)) return undefined;
    keyEnd = from + line.slice(0, colon).trimEnd().length;
  }
  const colon = firstVisible(text, keyEnd, end);
  if (text[colon] !== ':') return undefined;
  const name = quote === '"' || quote === "'" ? text.slice(from + 1, keyEnd - 1) : text.slice(from, keyEnd);
  return { name, span: { start: from, end: keyEnd }, colon };
}
