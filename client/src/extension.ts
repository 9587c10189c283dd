/** Entry of the Node extension host (desktop and remote). Its twin for the browser is browser.ts. */
import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { Extension, type PoolproofApi } from './client.ts';

let extension: Extension | undefined;

export function activate(context: vscode.ExtensionContext): PoolproofApi {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
  extension = new Extension(context, async (options) => {
    const client = new LanguageClient('poolproof', 'Poolproof', { module, transport: TransportKind.ipc }, options);
    return { client, release: () => undefined };
  });
  return extension.activate();
}

export function deactivate(): Promise<void> | undefined {
  return extension?.deactivate();
}
