/** What server and client say to each other beyond the language server protocol; the client keeps its own copy. */

export const statusNotification = 'poolproof/status';

export interface DatabaseStatus {
  readonly name: string;
  readonly total: number | 'unbounded' | null;
  readonly atLeast: number;
  readonly budget: number | null;
  readonly over: boolean;
}

export interface FleetStatus {
  readonly databases: readonly DatabaseStatus[];
  readonly tightest: number | null;
  readonly pools: number;
  readonly tooltip: string;
}

export const ruleDocumentationRequest = 'poolproof/ruleDocumentation';
export const fleetReportRequest = 'poolproof/fleetReport';
export const assistantContextRequest = 'poolproof/assistantContext';
export const draftTopologyRequest = 'poolproof/draftTopology';
export const listFilesRequest = 'poolproof/listFiles';
export const readFileRequest = 'poolproof/readFile';
export const readResourceRequest = 'poolproof/readResource';

export interface MarkdownResult {
  readonly markdown: string;
}
