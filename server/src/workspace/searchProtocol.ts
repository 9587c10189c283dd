/**
 * What two threads that search the same files agree on through shared memory. Each chunk of files is claimed by one of them;
 * the thread works from the front, the program from the back, and whoever comes late has nothing to wait for.
 */
import type { Clause } from './textSearch.ts';

/** Everything one search needs; copied into the thread. */
export interface SearchOrder {
  readonly paths: readonly string[];
  /** For each path, which of `searches` it is asked. */
  readonly searchOf: readonly number[];
  readonly searches: readonly (readonly Clause[])[];
  readonly board: SharedArrayBuffer;
}

/** Few enough for a millisecond, enough that claiming them costs nothing. */
const filesPerChunk = 32;

const free = 0;
const claimed = 1;
const done = 2;

/** What the thread found in a file; everything but `uninteresting` the program looks at itself. */
const uninteresting = 1;

export class SearchBoard {
  private readonly chunks: Int32Array;
  private readonly verdicts: Uint8Array;

  constructor(
    readonly memory: SharedArrayBuffer,
    private readonly files: number,
  ) {
    const count = SearchBoard.chunksOf(files);
    this.chunks = new Int32Array(memory, 0, count);
    this.verdicts = new Uint8Array(memory, count * Int32Array.BYTES_PER_ELEMENT, files);
  }

  static for(files: number): SearchBoard {
    const bytes = SearchBoard.chunksOf(files) * Int32Array.BYTES_PER_ELEMENT + files;
    return new SearchBoard(new SharedArrayBuffer(bytes), files);
  }

  private static chunksOf(files: number): number {
    return Math.ceil(files / filesPerChunk);
  }

  get chunkCount(): number {
    return this.chunks.length;
  }

  /** True for the one who asks first. */
  claim(chunk: number): boolean {
    return Atomics.compareExchange(this.chunks, chunk, free, claimed) === free;
  }

  finish(chunk: number): void {
    Atomics.store(this.chunks, chunk, done);
  }

  isDone(chunk: number): boolean {
    return Atomics.load(this.chunks, chunk) === done;
  }

  /** The files of a chunk: from the first, up to but without the second. */
  filesIn(chunk: number): readonly [number, number] {
    return [chunk * filesPerChunk, Math.min((chunk + 1) * filesPerChunk, this.files)];
  }

  markUninteresting(file: number): void {
    this.verdicts[file] = uninteresting;
  }

  isUninteresting(file: number): boolean {
    return this.verdicts[file] === uninteresting;
  }
}
