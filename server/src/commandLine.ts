/** The command line in Node; started by cli.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from './cli/run.ts';

/** Whoever reads the output may stop reading (`| head`): then there is nobody left to tell. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

process.stdout.on('error', ignoreClosedPipe);
process.stderr.on('error', ignoreClosedPipe);

void runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  readStdin,
  cwd: process.cwd(),
  env: process.env,
  grammars: {
    runtime: () => readFileSync(join(__dirname, 'web-tree-sitter.wasm')),
    grammar: (name) => readFileSync(join(__dirname, `tree-sitter-${name}.wasm`)),
  },
  // A bundle of its own beside this one: no other command pays for loading it.
  async startLanguageServer() {
    require(join(__dirname, 'server.js'));
  },
}).then((status) => {
  // Not process.exit: output may still be on its way.
  process.exitCode = status;
});
