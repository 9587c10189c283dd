/** Entry of the web-worker extension host. Its twin for Node is extension.ts. */
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { Extension, type PoolproofApi } from './client.ts';

let extension: Extension | undefined;

export function activate(context: vscode.ExtensionContext): PoolproofApi {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js');
  extension = new Extension(context, async (options) => {
    // A worker cannot be started from every place an extension may lie in (not from vscode-remote:), but always from a
    // blob, so the script is read through the editor's own file access.
    const script = new TextDecoder().decode(await vscode.workspace.fs.readFile(module));
    const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    const worker = new Worker(url, { name: 'Poolproof language server' });
    const client = new LanguageClient('poolproof', 'Poolproof', worker, options);
    return {
      client,
      release: () => {
        worker.terminate();
        URL.revokeObjectURL(url);
      },
    };
  });
  return extension.activate();
}

export function deactivate(): Promise<void> | undefined {
  return extension?.deactivate();
}
