/** What is remembered while the expressions of one version of a file are read, and how far they are followed. */
import type { Location } from '../core/text.ts';
import { unknown, type Value } from '../declarations/value.ts';
import type { SegmentedFile } from './segmentedFile.ts';

/** Names that stand for names that stand for names. */
const longestChain = 48;
/** Expressions inside expressions, names followed on the way. */
const deepestNesting = 240;

export class Evaluation {
  private readonly known = new Map<string | number, Value | undefined>();
  private readonly active = new Set<string | number>();
  private depth = 0;
  private expressions = 0;
  /** Counts what was given up; what was read in the meantime is not the whole truth and is not kept. */
  private given = 0;

  static of(file: SegmentedFile): Evaluation {
    return file.remember('evaluation', () => new Evaluation());
  }

  /** Reads one expression; the outermost one starts the count anew. More than `most` for one question is generated or hostile. */
  count(at: Location, most: number, read: () => Value): Value {
    if (this.depth === 0) this.expressions = 0;
    if (++this.expressions > most || this.depth > deepestNesting) {
      this.given++;
      return unknown('it is nested too deeply to follow', at);
    }
    this.depth++;
    try {
      return read();
    } finally {
      this.depth--;
    }
  }

  /** Reads something once; what asks for itself on the way, or hangs on too long a chain, is unknown. */
  once<T extends Value | undefined>(key: string | number, at: Location, read: () => T): T | Value {
    if (this.known.has(key)) return this.known.get(key) as T;
    if (this.active.has(key) || this.active.size > longestChain) {
      this.given++;
      return unknown('it is defined in terms of itself', at);
    }
    const before = this.given;
    this.active.add(key);
    let value: T;
    try {
      value = read();
    } finally {
      this.active.delete(key);
    }
    if (this.given === before) this.known.set(key, value);
    return value;
  }
}
