/** The language server in a web worker: no file system of its own, everything comes through the client. */
import type { Connection } from 'vscode-languageserver';
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { listFilesRequest, readFileRequest, readResourceRequest } from './lsp/protocol.ts';
import { startServer } from './lsp/server.ts';
import type { GrammarSource } from './syntax/parser.ts';
import { type FileAccess, largestSource, type ReadResult, type TextTest } from './workspace/fileAccess.ts';
import { ignoredFolders, kindOf, languageOf } from './workspace/fileKinds.ts';

/** Spelt out: groups inside groups are not understood by every editor's globs. */
const include = [
  '**/*.py',
  '**/*.pyw',
  '**/*.prisma',
  ...['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs'].map((extension) => `**/*.${extension}`),
  '**/package.json',
  '**/package-lock.json',
  '**/pnpm-lock.yaml',
  '**/tsconfig*.json',
  '**/jsconfig*.json',
  '**/*.yaml',
  '**/*.yml',
  '**/poolproof.json',
  '**/.env',
  '**/.env.*',
  '**/alembic.ini',
  '**/*requirements*.txt',
  '**/*requirements*.in',
  '**/pyproject.toml',
  '**/*.lock',
  '**/Pipfile',
  '**/setup.cfg',
  '**/*.ini',
  '**/userlist.txt',
  '**/Procfile',
  '**/Dockerfile',
  '**/postgresql.conf',
];

function clientFileAccess(connection: Connection): FileAccess {
  const read = async (uri: string, pattern?: TextTest): Promise<ReadResult> => {
    const answer = await connection.sendRequest<{ text: string } | null>(readFileRequest, { uri });
    if (answer === null) return { kind: 'missing' };
    if (pattern !== undefined && !pattern.test(answer.text)) return { kind: 'uninteresting' };
    if (answer.text.length > largestSource) return { kind: 'error', message: 'too large to analyse' };
    if (answer.text.slice(0, 8192).includes('\0')) return { kind: 'uninteresting' };
    return { kind: 'text', text: answer.text };
  };
  const list = (folder: string, globs: readonly string[]) =>
    connection.sendRequest<string[]>(listFilesRequest, { folder, include: globs });
  const pathIn = (folder: string, uri: string) => decodeURIComponent(uri.slice(folder.length + 1));
  return {
    async list(folder) {
      const uris = (await list(folder, include)).filter(
        (uri) => !uri.split('/').some((part) => ignoredFolders.has(part)),
      );
      const isSource = (uri: string) => languageOf(kindOf(pathIn(folder, uri))) !== undefined;
      return {
        sources: uris.filter(isSource),
        special: uris.filter((uri) => !isSource(uri) && kindOf(pathIn(folder, uri)) !== undefined),
        errors: [],
      };
    },
    read: (uri) => read(uri),
    readMatching: read,
    isTracked: () => false,
    async hasFile(folder, matches) {
      return (await list(folder, ['**/*'])).some((uri) => matches(pathIn(folder, uri)));
    },
  };
}

function clientGrammars(connection: Connection): GrammarSource {
  const resource = async (name: string): Promise<Uint8Array> => {
    const bytes = await connection.sendRequest<Uint8Array | null>(readResourceRequest, { name });
    if (bytes === null) throw new Error(`${name} is missing from the extension`);
    return bytes;
  };
  return {
    runtime: () => resource('web-tree-sitter.wasm'),
    grammar: (name) => resource(`tree-sitter-${name}.wasm`),
  };
}

const scope = self as unknown as DedicatedWorkerGlobalScope;
const channel = new MessageChannel();
const tasks: (() => void)[] = [];
channel.port1.onmessage = () => tasks.shift()?.();

startServer(createConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope)), {
  readsThroughClient: true,
  access: clientFileAccess,
  grammars: clientGrammars,
  // A message to oneself runs after messages that have arrived, without a timer's delay.
  defer: (task) => {
    tasks.push(task);
    channel.port2.postMessage(undefined);
  },
});
