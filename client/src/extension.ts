/** Entry of the Node extension host (desktop and remote). Its twin for the browser is browser.ts. */
import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { Extension, type PoolproofApi } from './client.ts';

let extension: Extension | undefined;

export function activate(context: vscode.ExtensionContext): PoolproofApi {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
  // Node from 22.1 on keeps what it compiled there, and a start is mostly compiling.
  const compileCache = vscode.Uri.joinPath(context.globalStorageUri, 'compiled').fsPath;
  extension = new Extension(context, async (options) => {
    const server = { module, transport: TransportKind.ipc, options: { env: { NODE_COMPILE_CACHE: compileCache } } };
    const client = new LanguageClient('poolproof', 'Poolproof', server, options);
    return { client, release: () => undefined };
  });
  return extension.activate();
}

export function deactivate(): Promise<void> | undefined {
  return extension?.deactivate();
}
