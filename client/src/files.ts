/** File access for a server that has none: in the browser, and for folders that lie in no file system of the machine. */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  type ListFilesParams,
  listFilesRequest,
  type ReadFileParams,
  type ReadFileResult,
  type ReadResourceParams,
  readFileRequest,
  readResourceRequest,
} from './protocol.ts';

/** More files than this are not listed; a virtual workspace is read over a network. */
const maximumListedFiles = 20_000;

async function listFiles(params: ListFilesParams): Promise<string[]> {
  const include = params.include.length === 1 ? params.include[0]! : `{${params.include.join(',')}}`;
  const pattern = new vscode.RelativePattern(vscode.Uri.parse(params.folder), include);
  const uris = await vscode.workspace.findFiles(pattern, undefined, maximumListedFiles);
  return uris.map((uri) => uri.toString());
}

async function readFile(params: ReadFileParams): Promise<ReadFileResult | null> {
  const uri = vscode.Uri.parse(params.uri);
  // The server only has business inside the workspace, whatever a file in it may name.
  if (!vscode.workspace.getWorkspaceFolder(uri)) return null;
  try {
    return { text: new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)) };
  } catch {
    return null;
  }
}

async function readResource(extension: vscode.Uri, params: ReadResourceParams): Promise<Uint8Array | null> {
  if (!/^[\w-]+(\.[\w-]+)*$/.test(params.name)) return null;
  try {
    return await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'dist', params.name));
  } catch {
    return null;
  }
}

export function serveFiles(client: BaseLanguageClient, extension: vscode.Uri): void {
  client.onRequest(listFilesRequest, listFiles);
  client.onRequest(readFileRequest, readFile);
  client.onRequest(readResourceRequest, (params: ReadResourceParams) => readResource(extension, params));
}
