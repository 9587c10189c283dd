/**
 * Places in text. Offsets and columns count UTF-16 code units, like JavaScript strings, tree-sitter's JavaScript
 * binding and the Language Server Protocol's default, so nothing is converted before a presenter.
 */

/** A half-open range of offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A span in a file. */
export interface Location extends Span {
  readonly uri: string;
}

/** Replaces a span of a file by `newText`. */
export interface TextEdit extends Location {
  readonly newText: string;
}

/** A place by line and column, both counted from 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export function locate(uri: string, span: Span): Location {
  return { uri, start: span.start, end: span.end };
}

export function spansOverlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

export function spanContains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Where each line of a text begins; lines end at LF, CRLF or a lone CR, as in the Language Server Protocol. */
export class LineIndex {
  private constructor(
    /** A typed array: shifting five thousand lines after a keystroke is then a copy of memory. */
    private readonly starts: Int32Array,
    private readonly length: number,
  ) {}

  static of(text: string): LineIndex {
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    if (text.includes('\r')) {
      const lone = /\r(?!\n)/g;
      const before = starts.length;
      while (lone.exec(text)) starts.push(lone.lastIndex);
      if (starts.length > before) starts.sort((a, b) => a - b);
    }
    return new LineIndex(Int32Array.from(starts), text.length);
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** The line (from 0) that holds an offset; offsets past the end belong to the last line. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  lineStart(line: number): number {
    if (line >= this.starts.length) return this.length;
    return this.starts[Math.max(0, line)]!;
  }

  position(offset: number): Position {
    const line = this.lineAt(offset);
    return { line, character: Math.max(0, offset - this.starts[line]!) };
  }

  /** The offset of a position, clamped to the text. */
  offset(position: Position): number {
    if (position.line < 0) return 0;
    if (position.line >= this.starts.length) return this.length;
    const start = this.starts[position.line]!;
    const limit = position.line + 1 < this.starts.length ? this.starts[position.line + 1]! : this.length;
    return Math.min(start + Math.max(0, position.character), limit);
  }

  /**
   * The index after `text.slice(0, start) + inserted + text.slice(end)`. Copies the line table but reads only the
   * inserted text. `around` tells the characters next to the change, because a CR and an LF may meet or part there.
   */
  withEdit(start: number, end: number, inserted: string, newText: string): LineIndex {
    if (newText.charCodeAt(start - 1) === 13 || newText.charCodeAt(start + inserted.length) === 10) {
      return LineIndex.of(newText);
    }
    const delta = inserted.length - (end - start);
    const firstKept = this.lineAt(start) + 1;
    let afterEdit = this.lineAt(end) + 1;
    while (afterEdit < this.starts.length && this.starts[afterEdit]! <= end) afterEdit++;
    const added: number[] = [];
    if (inserted.includes('\n') || inserted.includes('\r')) {
      const ends = /\r\n|\n|\r/g;
      while (ends.exec(inserted)) added.push(start + ends.lastIndex);
    }
    const starts = new Int32Array(firstKept + added.length + this.starts.length - afterEdit);
    starts.set(this.starts.subarray(0, firstKept));
    starts.set(added, firstKept);
    let line = firstKept + added.length;
    for (let old = afterEdit; old < this.starts.length; old++) starts[line++] = this.starts[old]! + delta;
    return new LineIndex(starts, newText.length);
  }
}

/** Applies edits of one file; edits must not overlap. Used by the command line's `--fix` and by tests. */
export function applyEdits(text: string, edits: readonly Pick<TextEdit, 'start' | 'end' | 'newText'>[]): string {
  const ordered = [...edits].sort((a, b) => b.start - a.start || b.end - a.end);
  let result = text;
  for (const edit of ordered) result = result.slice(0, edit.start) + edit.newText + result.slice(edit.end);
  return result;
}

/** The line ending a text uses, judged by its first line. */
export function lineEndingOf(text: string): '\n' | '\r\n' {
  const first = text.indexOf('\n');
  return first > 0 && text.charCodeAt(first - 1) === 13 ? '\r\n' : '\n';
}
