/** Calls as they stand in source, with what edits of them need. Plain data; knows no tree. */
import type { Location, Span } from '../core/text.ts';
import type { ProviderKind } from '../facts/injection.ts';
import type { Argument, Language, Value } from './value.ts';

/** How to take an argument out of a call so that nothing is left of it. */
export interface ArgumentRemoval {
  /** The argument with its comma and the white space that belongs to it; its whole line where it has one to itself. */
  readonly span: Location;
  /** Where no comma ends the list: from here on goes what is removed at the end of the list. */
  readonly tailStart?: number;
}

/** How to add a keyword argument to a call so that it looks as if its author had written it. */
export interface ArgumentInsertion {
  /** Offset at which `before + "name=value" + after` is inserted. */
  readonly offset: number;
  readonly before: string;
  readonly after: string;
  /** Offset of a comma to add first, where a comment stands between the last argument and the new one. */
  readonly commaAt?: number;
  /** How name and value are written; `name=value` where absent. */
  readonly style?: ArgumentStyle;
  /** What it takes the place of: `True`, where a dictionary says more. */
  readonly replaces?: Span;
  /** What stands between two that are added together; follows from the rest where absent. */
  readonly separator?: string;
  /** The file, where it is not the one of the site. */
  readonly uri?: string;
}

/**
 * `keyword`: `name=value`; `entry`: `"name": value`, in the quotes given; `property`: `name: value`; `query`: URL parameters;
 * `assignment`: `name = value`; `item`: `target["name"] = value`.
 */
export type ArgumentStyle =
  | { readonly kind: 'keyword'; readonly isLowerCase?: boolean }
  | { readonly kind: 'assignment' }
  | { readonly kind: 'item'; readonly target: string; readonly quote: '"' | "'" }
  | { readonly kind: 'entry'; readonly quote: '"' | "'" }
  | { readonly kind: 'property' }
  | { readonly kind: 'query' };

/** The function or method around a call, as far as rules need it. */
export interface EnclosingFunction {
  readonly name: string;
  /** Tells it from others of the same name; its parameters carry it. */
  readonly owner: string;
  readonly className?: string;
  readonly isAsync: boolean;
  /** True where the first parameter is the instance or the class, which callers do not pass. */
  readonly isMethod: boolean;
  /** Decorators as written, without `@` and arguments: `lru_cache`, `app.get`. */
  readonly decorators: readonly string[];
  readonly parameters: readonly FunctionParameter[];
  readonly span: Span;
  readonly isExported?: boolean;
  /** The call that takes the function as an argument, counted from 0: `app.get` with 1. */
  readonly handedTo?: { readonly callee: string; readonly position: number };
  /** The function around the function. */
  readonly outer?: EnclosingFunction;
  /** The constructor of the class around, whose parameters may become what the function reads. */
  readonly construction?: { readonly owner: string; readonly parameters: readonly FunctionParameter[] };
}

export interface FunctionParameter {
  readonly name: string;
  readonly fallback?: Value;
  readonly keywordOnly: boolean;
  /** `*args` / `**kwargs`. */
  readonly variadic?: 'sequence' | 'mapping';
}

/** A call that may build a pool, or a call of a function that does. Plain data; knows no tree. */
export interface CallSite {
  readonly uri: string;
  readonly language: Language;
  readonly callee: Value;
  /** The callee as written, for messages: `sa.create_engine`. */
  readonly calleeText: string;
  /** The last name of the callee: where a squiggle about a missing argument stands. */
  readonly calleeSpan: Span;
  readonly span: Span;
  readonly arguments: readonly Argument[];
  readonly insertion: ArgumentInsertion;
  /** The variable, attribute or key that takes the result. */
  readonly assignedTo?: string;
  /** Last name of the callable whose argument the call is: `AsyncEngine` in `AsyncEngine(create_engine(…))`. */
  readonly passedTo?: string;
  /** What kind of place takes the result; absent where that is not known. */
  readonly storedIn?: 'module' | 'global' | 'instance' | 'local' | 'returned';
  readonly enclosing?: EnclosingFunction;
  /** Files from which the function around is called with these arguments, where callers decide: their services pay. */
  readonly calledFrom?: readonly string[];
  /** The kind of provider of a dependency injection container that makes the call. */
  readonly builtBy?: ProviderKind;
  /** The class that a container builds by what it extends, where no call stands in source. */
  readonly injectedClass?: string;
  /**
   * What tells the results of the call apart where it is made for many, each kept under a key of its own: an engine per
   * tenant. Their number is known only where this is.
   */
  readonly keyedBy?: Value;
  /** True where it runs only if its file is started as a program: under `if __name__ == "__main__":`. */
  readonly runsAsProgram?: boolean;
  /** The arms of conditions that the call stands in, outermost first: of one condition only one arm runs. */
  readonly arms?: readonly ConditionArm[];
}

export interface ConditionArm {
  /** Which condition: its file and the offset of its statement or expression. */
  readonly condition: string;
  /** Offset of the arm. */
  readonly arm: number;
}
