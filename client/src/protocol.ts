/**
 * What client and server say to each other beyond the language server protocol: method names and plain types.
 * The server keeps its own copy, because the two sides bundle different versions of the protocol library.
 */

/** Server to client: the numbers behind the status bar item, sent whenever they change. */
export const statusNotification = 'poolproof/status';

export interface DatabaseStatus {
  readonly name: string;
  /** Connections the fleet can open in steady state; null when an input is unknown. */
  readonly total: number | 'unbounded' | null;
  /** The part of the total that is known. */
  readonly atLeast: number;
  /** Connections the database accepts from applications; null when the topology does not state it. */
  readonly budget: number | null;
  readonly over: boolean;
}

export interface FleetStatus {
  readonly databases: readonly DatabaseStatus[];
  /** Index of the database closest to, or furthest beyond, its budget; null where no topology names one. */
  readonly tightest: number | null;
  /** Pools found in application code of the workspace. */
  readonly pools: number;
  /** Markdown: the fleet table. */
  readonly tooltip: string;
}

/** Client to server: documentation of one rule. */
export const ruleDocumentationRequest = 'poolproof/ruleDocumentation';
export interface RuleDocumentationParams {
  readonly rule: string;
}

/** Client to server: the arithmetic of every database as one page. */
export const fleetReportRequest = 'poolproof/fleetReport';

/** Client to server: what an AI assistant has to know; about one pool where a position is given. */
export const assistantContextRequest = 'poolproof/assistantContext';
export interface AssistantContextParams {
  readonly uri?: string;
  readonly position?: { readonly line: number; readonly character: number };
}

export interface MarkdownResult {
  readonly markdown: string;
}

/** Client to server: the text of a topology file for a folder, from what the workspace shows. */
export const draftTopologyRequest = 'poolproof/draftTopology';
export interface DraftTopologyParams {
  /** URI of the workspace folder. */
  readonly folder: string;
}
export interface DraftTopologyResult {
  readonly text: string;
}

/** Server to client, where the server has no file system of its own: URIs of the files below a folder. */
export const listFilesRequest = 'poolproof/listFiles';
export interface ListFilesParams {
  readonly folder: string;
  /** Globs relative to the folder. */
  readonly include: readonly string[];
}

/** Server to client: the text of a file; null where it cannot be read. */
export const readFileRequest = 'poolproof/readFile';
export interface ReadFileParams {
  readonly uri: string;
}
export interface ReadFileResult {
  readonly text: string;
}

/**
 * Server to client, web worker only: the bytes of a file of the extension's `dist` folder by its plain name, such as
 * `web-tree-sitter.wasm`. A worker started from a blob cannot resolve URLs of its own, and the editor's content
 * security policy keeps it from fetching; the message passes a Uint8Array, or null where there is no such file.
 */
export const readResourceRequest = 'poolproof/readResource';
export interface ReadResourceParams {
  readonly name: string;
}
