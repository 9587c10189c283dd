/** What the command line reads from and writes to; given from outside, so that tests run it in their own process. */
import type { GrammarSource } from '../syntax/parser.ts';

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface CommandIo {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Everything on standard input. */
  readonly readStdin: () => Promise<string>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly grammars: GrammarSource;
  /** Starts the language server on standard input and output. */
  readonly startLanguageServer: () => Promise<void>;
}

/** Exit status of the process. */
export const exitStatus = { clean: 0, findings: 1, failure: 2 } as const;

/** A mistake of the caller or a file that is not usable: said in one line, without a stack; exit status 2. */
export class UsageError extends Error {}
