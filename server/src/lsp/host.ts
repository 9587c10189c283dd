/** What differs between Node and a web worker. */
import type { Connection } from 'vscode-languageserver';
import type { GrammarSource } from '../syntax/parser.ts';
import type { FileAccess } from '../workspace/fileAccess.ts';

export interface ServerHost {
  /** True where files and the parser itself come through the client. */
  readonly readsThroughClient: boolean;
  /** Files as this runtime reaches them; through the client in a web worker. */
  readonly access: (connection: Connection) => FileAccess;
  readonly grammars: (connection: Connection) => GrammarSource;
  /** Runs a task after messages that have already arrived. */
  readonly defer: (task: () => void) => void;
}
