/** Questions to texts that thousands of files are asked: words first, whatever is dearer only where they occur. */
import type { TextTest } from './fileAccess.ts';
import { WordSearch } from './wordSearch.ts';

/** Holds for a text in which all the words occur and all the patterns match. */
export interface Clause {
  readonly words: readonly string[];
  readonly patterns?: readonly RegExp[];
}

/** Holds for a text for which one of its clauses holds. */
export class TextSearch implements TextTest {
  private readonly words: readonly string[];
  private readonly indexes: readonly (readonly number[])[];
  /** Clauses by the word that they name first. */
  private readonly byFirstWord: readonly (readonly number[])[];
  private bytes: WordSearch | undefined | null = null;

  constructor(readonly clauses: readonly Clause[]) {
    this.words = [...new Set(clauses.flatMap((clause) => clause.words))];
    this.indexes = clauses.map((clause) => clause.words.map((word) => this.words.indexOf(word)));
    const byFirstWord: number[][] = this.words.map(() => []);
    for (const [index, [first]] of this.indexes.entries()) byFirstWord[first!]!.push(index);
    this.byFirstWord = byFirstWord;
  }

  test(text: string): boolean {
    return this.clauses.some(
      ({ words, patterns }) =>
        words.every((word) => text.includes(word)) && (patterns ?? []).every((pattern) => pattern.test(text)),
    );
  }

  /** Where the bytes of a text go before `testBuffer`; undefined where only `test` can answer. */
  get buffer(): Uint8Array | undefined {
    if (this.bytes === null) this.bytes = WordSearch.for(this.words);
    return this.bytes?.buffer;
  }

  /** `test` for the first `length` bytes of the buffer, in UTF-8. */
  testBuffer(length: number): boolean {
    const search = this.bytes;
    if (!search) return false;
    search.search(length);
    let text: string | undefined;
    // Most texts have few of the words or none: only clauses that begin with one of those are looked at.
    for (const word of search.found()) {
      for (const index of this.byFirstWord[word]!) {
        if (!this.indexes[index]!.every((each) => search.has(each))) continue;
        const { patterns } = this.clauses[index]!;
        if (patterns === undefined) return true;
        text ??= new TextDecoder().decode(search.buffer.subarray(0, length));
        if (patterns.every((pattern) => pattern.test(text!))) return true;
      }
    }
    return false;
  }

  /** A search for which one of two holds. */
  or(other: TextSearch): TextSearch {
    return new TextSearch([...this.clauses, ...other.clauses]);
  }
}
