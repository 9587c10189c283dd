/** What follows a call in its block, as plain data, for fixes that put it into a block of its own. Places are a function's own. */
import type { Span } from '../core/text.ts';

/** In JavaScript: for a `try` with a `finally`. */
export interface Enclosure {
  /** Where the line of the statement ends whose value the call is, and that of the last one that stays. */
  readonly after: number;
  readonly end: number;
  /** Where each line between them begins that is indented. */
  readonly lineStarts: readonly number[];
  /** Whole lines that call a method of the variable and nothing else. */
  readonly releases: readonly { readonly method: string; readonly start: number; readonly end: number }[];
  /** Indentation of the block, and what one more level adds. */
  readonly indentation: string;
  readonly unit: string;
  readonly lineEnding: string;
  readonly semicolon: string;
  readonly isAsync: boolean;
}

/** In Python: `conn = pool.getconn()` as a statement of its own, and the statements after it. */
export interface RestOfBlock {
  readonly statement: Span;
  /** The call, without an `await` before it. */
  readonly call: Span;
  /** True where nothing but `=` and `await` stands between variable and call. */
  readonly isPlain: boolean;
  /** Where the statement's line ends, a comment included. */
  readonly lineEnd: number;
  readonly following: readonly FollowingStatement[];
  /** Where lines begin that may be indented: no blank ones, and none inside a text. */
  readonly lineStarts: readonly number[];
  readonly indentation: string;
  readonly unit: string;
  readonly lineEnding: string;
  /** True where the variable occurs outside of the block, or is set again. */
  readonly isUsedElsewhere: boolean;
  /** True where something that was made with the variable's help occurs outside of the block. */
  readonly isDerivedUsedElsewhere: boolean;
}

export interface FollowingStatement {
  /** What goes when it goes: whole lines, or on a shared line what follows the statement before it. */
  readonly start: number;
  readonly next: number;
  /** The end of its line. */
  readonly end: number;
  /** What occurs in it: the variable, or what was made with its help. */
  readonly mentions: 'variable' | 'derived' | 'nothing';
  /** The statement, where it is one call with the variable in it, on one line and the last there. */
  readonly text?: string;
  /** True for a `try` without a `finally`. */
  readonly isOpenTry: boolean;
  /** True where something in it leaves the block: `return`, `break`, `continue`. */
  readonly leaves: boolean;
}
