/** What becomes of the pools and clients that a JavaScript module builds once, as plain data; places are offsets in the file. */
import type { Location } from '../core/text.ts';
import type { CallSite, Value } from './value.ts';

/** `const pool = new Pool(…)` at module level. */
export interface ModuleObject {
  readonly site: CallSite;
  readonly name: string;
  /** Where a statement goes before it and its comments, and after it and what stands behind it on the line. */
  readonly before: number;
  readonly after: number;
  /** True where it is built only if something else is missing: `globalThis.pool ?? new Pool()`. */
  readonly isGuarded: boolean;
  /** Something listens to its `error` event. */
  readonly hasErrorListener: boolean;
  /** It is handed to code that is not followed, which may listen as well. */
  readonly escapes: boolean;
  /** The class as written; absent where it is no plain `new Name(…)` of a declaration of its own. */
  readonly className?: string;
  readonly style: StatementStyle;
}

/** How statements of a file are written. */
export interface StatementStyle {
  readonly semicolon: ';' | '';
  readonly quote: "'" | '"';
  readonly lineEnding: string;
  readonly hasTypes: boolean;
}

/** `receiver.on('error', …)` */
export interface ErrorListener {
  readonly receiver: Value;
  /** The receiver as written. */
  readonly text: string;
}

/** `client.$transaction(async (tx) => …)`, with the places in the callback where the client itself is asked. */
export interface InteractiveTransaction {
  readonly client: Value;
  /** True where its type is written down: then it is what that says. */
  readonly isTyped: boolean;
  readonly name: string;
  /** What the callback calls the client of the transaction; absent where it takes none by a plain name. */
  readonly parameter?: string;
  readonly uses: readonly ClientUse[];
}

export interface ClientUse {
  readonly at: Location;
  /** `prisma.user.create` */
  readonly text: string;
  /** True where nothing but a client of Prisma is asked so: `.user.create(`, `.$queryRaw`. */
  readonly isQuery: boolean;
}

/** What a file says of its objects. */
export interface ScriptObjects {
  readonly objects: readonly ModuleObject[];
  /** Read when a pool asks who listens, which few do. */
  readonly errorListeners: () => readonly ErrorListener[];
  readonly transactions: readonly InteractiveTransaction[];
  /** It speaks of what outlives a reload of its module: `globalThis`, `global`. */
  readonly mentionsGlobal: boolean;
  /** It runs by itself, as a server or a script, and is no module of a framework. */
  readonly isProgram: boolean;
}

/** Substrings, one of which a file holds that listens to errors of a pool or opens an interactive transaction. */
export const scriptObjectWords: readonly string[] = [
  "on('error'",
  'on("error"',
  "once('error'",
  'once("error"',
  "Listener('error'",
  'Listener("error"',
  '.$transaction(',
];
