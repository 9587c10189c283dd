/** What the texts of a file's segments say, kept up as segments are cut anew: only those are read again. */
import type { Segment } from './segmentedFile.ts';

/**
 * Something that a segment's text says by itself; undefined where it says nothing, and then no part of it says anything
 * either. Also the key under which it is kept.
 */
export interface TextFact<T> {
  readonly read: (text: string) => T | undefined;
}

export interface Held<T> {
  readonly segment: Segment;
  readonly value: T;
}

/** Where a pattern matches, relative to the segment. One fact per pattern: keep it. */
export function matchesOf(pattern: RegExp): TextFact<readonly number[]> {
  return {
    read: (text) => {
      const offsets = Array.from(text.matchAll(pattern), (match) => match.index);
      return offsets.length === 0 ? undefined : offsets;
    },
  };
}

/** The segments of which a fact says something, in source order. */
export class Gathered<T> {
  private held: Held<T>[] = [];
  private unread: readonly Segment[];
  private isFirst = true;

  constructor(
    private readonly fact: TextFact<T>,
    segments: readonly Segment[],
  ) {
    this.unread = segments;
  }

  /** Segments from `start` up to `end` were cut anew. Both are offsets before the edit moved what follows. */
  replace(start: number, end: number, cut: readonly Segment[]): void {
    const first = indexAt(this.held, start);
    this.held.splice(first, indexAt(this.held, end) - first);
    this.unread = [...this.unread.filter((each) => each.start < start || each.start >= end), ...cut];
  }

  /** `text` is the whole file's. */
  of(text: string): readonly Held<T>[] {
    if (this.unread.length === 0) return this.held;
    const { unread, isFirst } = this;
    this.unread = [];
    this.isFirst = false;
    // Most facts say nothing of most files: one look at the text then, and not one at each of its parts.
    if (isFirst && this.fact.read(text) === undefined) return this.held;
    for (const segment of unread) {
      const { value } = segment.remember(this.fact, () => ({
        value: this.fact.read(text.slice(segment.start, segment.end)),
      }));
      if (value === undefined) continue;
      if (isFirst) this.held.push({ segment, value });
      else this.held.splice(indexAt(this.held, segment.start), 0, { segment, value });
    }
    if (isFirst) this.held.sort((a, b) => a.segment.start - b.segment.start);
    return this.held;
  }
}

/** Where the first that begins at `offset` or after it stands. */
function indexAt(held: readonly Held<unknown>[], offset: number): number {
  let low = 0;
  let high = held.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (held[middle]!.segment.start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
