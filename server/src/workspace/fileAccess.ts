/** How a project reaches files: the file system in Node, the editor in a browser. Answers may be immediate or promised. */
import type { TextSearch } from './textSearch.ts';

export interface Listing {
  /** Source files, as URIs. */
  readonly sources: readonly string[];
  /** Topology, dependency, environment and manifest files, as URIs. */
  readonly special: readonly string[];
  readonly errors: readonly { readonly uri: string; readonly message: string }[];
}

export type ReadResult =
  /** A byte order mark is taken off the text. */
  | { readonly kind: 'text'; readonly text: string; readonly hasByteOrderMark?: boolean }
  /** Read, but none of the words asked for occurs, or it is no text. */
  | { readonly kind: 'uninteresting' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'error'; readonly message: string };

export interface ListOptions {
  /** False for `--no-ignore`: files that git ignores are listed too. */
  readonly respectIgnoreFiles: boolean;
  /** Globs, relative to the folder, that are left out. */
  readonly exclude: readonly string[];
}

/** What is known of a file before it is read. */
export interface Foreseen {
  readonly uri: string;
  /** The file was searched and has nothing that was asked for; otherwise only reading it tells. */
  readonly isUninteresting: boolean;
}

/** A question to a text; a regular expression is one. */
export interface TextTest {
  test(text: string): boolean;
}

export interface FileAccess {
  /** A folder's files, or the file itself where `uri` is one. */
  list(uri: string, options: ListOptions): Listing | Promise<Listing>;
  read(uri: string): ReadResult | Promise<ReadResult>;
  /** Like `read`, but may skip decoding a file whose text `pattern` (which asks for ASCII only) refuses. */
  readMatching(uri: string, pattern: TextTest): ReadResult | Promise<ReadResult>;
  /**
   * Has many files searched while the caller deals with those that were: every file once, in the order that suits best.
   * Undefined, or not there at all, where this gains nothing.
   */
  searchAhead?(uris: readonly string[], testOf: (uri: string) => TextSearch): Iterable<Foreseen> | undefined;
  /** True where git tracks the file; false also where that cannot be told. */
  isTracked(uri: string): boolean;
  /** True where a file of any kind, in `depth` folders below the folder at most, has a relative path that matches. */
  hasFile(folder: string, matches: (path: string) => boolean, depth: number): boolean | Promise<boolean>;
}

/** `uris` with what is known of them before they are read, which need not be anything. */
export function foreseen(
  access: FileAccess,
  uris: readonly string[],
  testOf: (uri: string) => TextSearch,
): Iterable<Foreseen> {
  return access.searchAhead?.(uris, testOf) ?? uris.map((uri) => ({ uri, isUninteresting: false }));
}

/** Larger sources are generated or data; 5 MB take about a second to parse whole. */
export const largestSource = 5_000_000;
