/** Which documents the server hears of. */
import * as vscode from 'vscode';
import type { DocumentFilter } from 'vscode-languageclient';

const languages = ['python', 'typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'pgbouncer'];
const patterns = [
  '**/config/config.json',
  '**/poolproof.{yaml,yml,json}',
  '**/userlist.txt',
  '**/.env',
  '**/.env.*',
  '**/*.prisma',
];

/**
 * Source, Prisma, PgBouncer, topology and environment files, in the file system and in the workspace folders' own schemes. Other schemes
 * (the left side of a diff, output, chat) hold text that is not the workspace's.
 */
export function documentSelector(): DocumentFilter[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const schemes = new Set(['file', 'untitled', ...folders.map((folder) => folder.uri.scheme)]);
  const topologies = folders
    .map((folder) => vscode.workspace.getConfiguration('poolproof', folder).get<string>('topology', '').trim())
    .filter((path) => path !== '')
    .map((path) => `**/${path.replace(/^(\.?\/)+/, '')}`);
  return [...schemes].flatMap((scheme) => [
    ...languages.map((language) => ({ scheme, language })),
    ...[...patterns, ...new Set(topologies)].map((pattern) => ({ scheme, pattern })),
  ]);
}
