/** The language server in Node: over IPC for VS Code, over stdio for every other editor. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './lsp/server.ts';
import { nodeFileAccess } from './workspace/nodeFileAccess.ts';

/** Starts on the transport named by the arguments (`--stdio`, `--node-ipc`, `--socket=…`); stdio where none is. */
export function main(): void {
  if (!process.argv.some((argument) => /^--(?:stdio|node-ipc|socket|pipe)/.test(argument)))
    process.argv.push('--stdio');
  startServer(createConnection(ProposedFeatures.all), {
    readsThroughClient: false,
    access: () => nodeFileAccess,
    grammars: () => ({
      runtime: () => readFile(join(__dirname, 'web-tree-sitter.wasm')),
      grammar: (name) => readFile(join(__dirname, `tree-sitter-${name}.wasm`)),
    }),
    defer: (task) => setImmediate(task),
  });
}

main();
