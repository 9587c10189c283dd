/** What the client can do, decided once. */
import type { ClientCapabilities, InitializeParams } from 'vscode-languageserver';

export interface Capabilities {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly refreshesCodeLenses: boolean;
  readonly refreshesInlayHints: boolean;
  readonly asksConfiguration: boolean;
  readonly notifiesConfiguration: boolean;
  readonly notifiesFolders: boolean;
  readonly watchesFiles: boolean;
  readonly showsProgress: boolean;
  readonly showsRelatedInformation: boolean;
  readonly showsCodeDescription: boolean;
  readonly keepsDiagnosticData: boolean;
  readonly resolvesCodeActionEdits: boolean;
  readonly takesDocumentChanges: boolean;
  readonly createsFiles: boolean;
  readonly takesMarkdownHover: boolean;
  /** VS Code with the extension: `command:` links and client-side commands work. */
  readonly runsExtensionCommands: boolean;
}

export function readCapabilities(params: InitializeParams): Capabilities {
  const { workspace, textDocument, window }: ClientCapabilities = params.capabilities;
  const published = textDocument?.publishDiagnostics;
  const options = params.initializationOptions as { extensionCommands?: boolean; diagnostics?: 'push' } | undefined;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined && options?.diagnostics !== 'push',
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshesCodeLenses: workspace?.codeLens?.refreshSupport === true,
    refreshesInlayHints: workspace?.inlayHint?.refreshSupport === true,
    asksConfiguration: workspace?.configuration === true,
    notifiesConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    notifiesFolders: workspace?.workspaceFolders === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    showsProgress: window?.workDoneProgress === true,
    showsRelatedInformation:
      published?.relatedInformation === true || textDocument?.diagnostic?.relatedInformation === true,
    showsCodeDescription:
      published?.codeDescriptionSupport === true || textDocument?.diagnostic?.codeDescriptionSupport === true,
    keepsDiagnosticData: published?.dataSupport === true || textDocument?.diagnostic?.dataSupport === true,
    resolvesCodeActionEdits: textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true,
    takesDocumentChanges: workspace?.workspaceEdit?.documentChanges === true,
    createsFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') === true,
    takesMarkdownHover: textDocument?.hover?.contentFormat?.includes('markdown') ?? false,
    runsExtensionCommands:
      options?.extensionCommands === true || /^Visual Studio Code/.test(params.clientInfo?.name ?? ''),
  };
}
