/**
 * What functions do with connections, sessions and pools, as plain data: a structured control flow of the calls that may
 * matter. Knows no language and no library; later layers decide what a call takes, gives back or waits for.
 */
import type { Span } from '../core/text.ts';
import type { Enclosure, RestOfBlock } from './enclosure.ts';
import type { Importing } from './importing.ts';
import type { Origin, OriginArgument } from './origin.ts';

/** All places are relative to the start of the {@link PlacedFunction}, so that it stays the same while it only moves. */
export type Step =
  | CallStep
  | ScopeStep
  | BranchStep
  | LoopStep
  | TryStep
  | LeaveStep
  | BindStep
  | MentionStep
  | PauseStep;

/** What becomes of a call's result. `shared`: kept where other code reaches it; `other`: part of something larger. */
export type Taker =
  | { readonly kind: 'variable'; readonly name: string }
  /** The name is the last one of the target: `pool` of `self.pool`; `of` is what stands before it, in Python alone. */
  | { readonly kind: 'shared'; readonly name?: string; readonly of?: Origin }
  | { readonly kind: 'returned' | 'yielded' | 'passed' | 'chained' | 'other' };

export interface CallStep {
  readonly kind: 'call';
  readonly callee: Origin;
  readonly arguments: readonly OriginArgument[];
  readonly span: Span;
  /** The last name of the callee. */
  readonly nameSpan: Span;
  /** The callee as written where it is a dotted name, else its last name: for messages. */
  readonly text: string;
  /** The variable on which the callee's chain begins: `conn` of `conn.cursor().execute()`. */
  readonly receiver?: string;
  /** True where the method is one of the receiver itself. */
  readonly isDirect: boolean;
  /** Variables that are arguments as they are. */
  readonly passes: readonly string[];
  /** Absent where the result is dropped. */
  readonly taker?: Taker;
  readonly isAwaited: boolean;
  /** True where an argument is a function written in place. */
  readonly takesFunction?: boolean;
  /** How what follows is put into a block of its own; absent where that is not simple, or nobody asks. */
  readonly enclosure?: Enclosure;
  /** Where a callback that is handed a connection keeps it; absent where nobody asks, or can tell. */
  readonly handed?: HandedConnection;
  /** How many parameters the first of them has. */
  readonly callbackParameters?: number;
  /** True where it belongs to a callback that is read with the function around it, and by itself as well. */
  readonly isOfCallback?: boolean;
  /** True where it runs only if something was missing before: under `if x is None`, in an exception handler. */
  readonly isGuarded: boolean;
}

/** A connection that a callback gives back on some ways, and on these does not. */
export interface HandedConnection {
  readonly variable: string;
  /** A function that gives it back, where the callback is handed one. */
  readonly done?: string;
  readonly ends: readonly HandedEnd[];
}

export interface HandedEnd {
  /** `rejection`: nothing handles it when a query fails. */
  readonly kind: 'return' | 'end' | 'rejection';
  /** The statement or query that leaves. */
  readonly span: Span;
  /** The query as written. */
  readonly text?: string;
  /** How it is given back before that; absent where that is not simple. */
  readonly insertion?: Insertion;
}

/** A call that goes before a statement, between two texts. */
export interface Insertion {
  readonly at: number;
  readonly before: string;
  readonly after: string;
  readonly closing?: { readonly at: number; readonly text: string };
}

/** A block that a context manager closes. */
export interface ScopeStep {
  readonly kind: 'scope';
  /** The call that makes the context manager; its step stands before this one. */
  readonly enters?: CallStep;
  /** Else the variable that is one. */
  readonly variable?: string;
  /** Variable the block knows it by. */
  readonly boundTo?: string;
  readonly body: readonly Step[];
}

/** One of the alternatives runs; where none may, one of them is empty. */
export interface BranchStep {
  readonly kind: 'branch';
  readonly alternatives: readonly (readonly Step[])[];
  /** True where the last alternative is not written: there is no `else`. */
  readonly isOpen: boolean;
  /** A variable whose presence decides, and the alternative that runs where it is there. */
  readonly presence?: { readonly variable: string; readonly alternative: number };
}

export interface LoopStep {
  readonly kind: 'loop';
  readonly body: readonly Step[];
  /** Runs when the loop ends by itself. */
  readonly otherwise: readonly Step[];
  /** `while True`: ends by a `break` alone. */
  readonly isEndless: boolean;
}

export interface TryStep {
  readonly kind: 'try';
  readonly body: readonly Step[];
  readonly handlers: readonly Handler[];
  /** Runs after the body where nothing was raised. */
  readonly otherwise: readonly Step[];
  readonly last: readonly Step[];
}

export interface Handler {
  /** `all`: whatever a database call is likely to raise. */
  readonly catches: 'all' | 'some';
  readonly steps: readonly Step[];
}

export interface LeaveStep {
  readonly kind: 'leave';
  readonly how: 'return' | 'raise' | 'break' | 'continue';
  readonly span: Span;
}

/** A variable gets a value that is no call's result. */
export interface BindStep {
  readonly kind: 'bind';
  readonly variable: string;
}

/** A variable occurs otherwise than as receiver or argument of a call. */
export interface MentionStep {
  readonly kind: 'mention';
  readonly variable: string;
  /** `member`: an attribute is read, not called. */
  readonly how: 'returned' | 'yielded' | 'stored' | 'captured' | 'member';
  readonly member?: string;
}

/** `yield` and `await` of something that is no call: other code runs, and may throw in here. */
export interface PauseStep {
  readonly kind: 'pause';
  readonly how: 'yield' | 'await';
  readonly span: Span;
}

export interface LifeParameter {
  readonly name: string;
  readonly annotation?: Origin;
  readonly fallback?: Origin;
}

export interface FunctionLife {
  /** Empty for a statement at module level. */
  readonly name: string;
  /** Names at module level that it binds, where it is a statement there and no function. */
  readonly binds: readonly string[];
  /** Names of the functions around it, the outermost first. */
  readonly within: readonly string[];
  readonly span: Span;
  readonly nameSpan: Span;
  readonly isGenerator: boolean;
  /** Decorators, those with arguments as calls. */
  readonly decorators: readonly Origin[];
  readonly parameters: readonly LifeParameter[];
  readonly steps: readonly Step[];
  /** Variables that are put where other code reaches them. */
  readonly stored: readonly string[];
  readonly returns: readonly Origin[];
  readonly yields: readonly Origin[];
  /** True where something in it looks as if it kept what it builds: global names, caches, `hasattr`. */
  readonly mayKeep: boolean;
  /** The same without what looks into an object of the request or the application. */
  readonly mayKeepBeyondRequest?: boolean;
  /** True where it listens for notifications or takes a session's lock: the connection is meant to stay open. */
  readonly holdsOnPurpose?: boolean;
  /** Of functions of JavaScript alone. */
  readonly script?: ScriptTraits;
}

const listens =
  /\bLISTEN\s+["'\w$:{]|["'`]\s*listen\s+["\w$:{]|\badd_listener\b|\.notifies\(|\.on\(\s*["'`]notification["'`]|\bpg_(?:try_)?advisory_lock(?:_shared)?\b/;

/** By a function's text: a lock that it gives back in the end holds nothing. */
export function holdsConnectionsOnPurpose(text: string): boolean {
  return listens.test(text) && !text.includes('pg_advisory_unlock');
}

/** What JavaScript tells of who calls a function: not by decorators, but by what it is handed to and how it is exported. */
export interface ScriptTraits {
  /** Calls that take it, the innermost first, with what stands before it among their arguments. */
  readonly handedTo: readonly Origin[];
  /** The option it is: `handler` of `route({ handler })`. */
  readonly property?: string;
  /** What the variable that takes it is declared to be. */
  readonly type?: Origin;
  /** The names the module exports it under. */
  readonly exportedAs: readonly string[];
  /** A server action: browsers call it. */
  readonly isAction: boolean;
  /** It runs where no connection outlives a request. */
  readonly isEdge: boolean;
  /** A resolver of GraphQL, by the object that it lies in. */
  readonly isResolver: boolean;
  /** How long what it builds lives, where a container is told so: `Scope.REQUEST`. */
  readonly lifetime?: Origin;
}

/** A function where it stands now. */
export interface PlacedFunction {
  readonly life: FunctionLife;
  /** Offset in the file to which the places of `life` are relative. */
  readonly start: number;
  readonly className?: string;
  readonly bases: readonly Origin[];
}

/** What functions of a file do, and answers about its names. Origins and lives are the same objects while their text is. */
export interface FileLifecycle {
  /** Those in which something may matter. */
  readonly functions: readonly PlacedFunction[];
  /** What a name of the module stands for; undefined where the module does not bind it. */
  readonly name: (name: string) => Origin | undefined;
  /** What an attribute of a class's instances is; undefined where nothing sets it. */
  readonly field: (className: string, name: string) => Origin | undefined;
  /** A function at module level, or a method as `Class.name`. */
  readonly function: (name: string) => PlacedFunction | undefined;
  readonly isClass: (name: string) => boolean;
  /** Names at module level that import something called `name`. */
  readonly importedAs: (name: string) => readonly string[];
  /** True where the file runs as a program of its own: it ends, and everything it holds with it. */
  readonly isProgram: () => boolean;
  /** What follows in its block a call of a function, both by where they begin in the file; in Python alone. */
  readonly restOfBlock?: (functionStart: number, callStart: number) => RestOfBlock | undefined;
  /** How its code writes a name of a library's module; undefined where that is not simple, and in JavaScript. */
  readonly importing?: (module: string, name: string) => Importing | undefined;
}

/** Every step of a list of steps, however deep. */
export function* stepsIn(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    switch (step.kind) {
      case 'scope':
        yield* stepsIn(step.body);
        break;
      case 'branch':
        for (const each of step.alternatives) yield* stepsIn(each);
        break;
      case 'loop':
        yield* stepsIn(step.body);
        yield* stepsIn(step.otherwise);
        break;
      case 'try':
        yield* stepsIn(step.body);
        for (const each of step.handlers) yield* stepsIn(each.steps);
        yield* stepsIn(step.otherwise);
        yield* stepsIn(step.last);
        break;
    }
  }
}

const callsOf = new WeakMap<readonly Step[], readonly CallStep[]>();

/** Every call of a list of steps, however deep. */
export function callsIn(steps: readonly Step[]): readonly CallStep[] {
  let calls = callsOf.get(steps);
  if (calls === undefined) callsOf.set(steps, (calls = [...stepsIn(steps)].filter((step) => step.kind === 'call')));
  return calls;
}
