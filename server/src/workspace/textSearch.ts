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
  /** The compiled search, in parts; null before it is first asked for. */
  private parts: readonly SearchPart[] | undefined | null = null;

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
    if (this.parts === null) this.parts = partsOf(this.words);
    return this.parts?.[0]?.search.buffer;
  }

  /** `test` for the first `length` bytes of the buffer, in UTF-8. */
  testBuffer(length: number): boolean {
    const { parts } = this;
    const bytes = parts?.[0]?.search.buffer.subarray(0, length);
    if (!parts || bytes === undefined) return false;
    const found = new Set<number>();
    for (const { search, first } of parts) {
      if (first > 0) search.buffer.set(bytes);
      search.search(length);
      for (const word of search.found()) found.add(first + word);
    }
    let text: string | undefined;
    // Most texts have few of the words or none: only clauses that begin with one of those are looked at.
    for (const word of found) {
      for (const index of this.byFirstWord[word]!) {
        if (!this.indexes[index]!.every((each) => found.has(each))) continue;
        const { patterns } = this.clauses[index]!;
        if (patterns === undefined) return true;
        text ??= new TextDecoder().decode(bytes);
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

/** One pass over the bytes of a text looks for so many words only. */
interface SearchPart {
  readonly search: WordSearch;
  /** The index of its first word. */
  readonly first: number;
}

/** More passes than this over every file take longer than the plain search. */
const mostParts = 32;

/** Undefined where one of the words, or their number, is not for the compiled search. */
function partsOf(words: readonly string[]): SearchPart[] | undefined {
  const parts: SearchPart[] = [];
  for (let first = 0; first < words.length; ) {
    const count = WordSearch.capacityFor(words, first);
    const search = count === 0 ? undefined : WordSearch.for(words.slice(first, first + count));
    if (search === undefined || parts.length === mostParts) return undefined;
    parts.push({ search, first });
    first += count;
  }
  return parts;
}
