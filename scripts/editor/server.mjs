// Starts and stops a VS Code server on this machine, with directories of its own.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem, runOrFail } from '../setup.mjs';
import { ensureServer } from './tools.mjs';

const startMilliseconds = 60_000;

/** A clean window: nothing that asks, advertises or reaches out. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
};

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/**
 * Directories a server keeps its state in, below the temporary folder; `remove` deletes them.
 * `settings` are the user's settings, on top of the quiet ones.
 */
export function serverDirectories(settings = {}) {
  const base = mkdtempSync(join(tmpdir(), 'poolproof-editor-'));
  const userData = join(base, 'user-data');
  const extensions = join(base, 'extensions');
  mkdirSync(join(userData, 'User'), { recursive: true });
  mkdirSync(extensions, { recursive: true });
  const text = JSON.stringify({ ...quietSettings, ...settings }, undefined, 2);
  writeFileSync(join(userData, 'User', 'settings.json'), text);
  return { base, userData, extensions, remove: () => rmSync(base, { recursive: true, force: true, maxRetries: 3 }) };
}

function directoryArguments({ userData, extensions }) {
  return [
    '--accept-server-license-terms',
    '--user-data-dir',
    userData,
    '--server-data-dir',
    userData,
    '--extensions-dir',
    extensions,
    '--telemetry-level',
    'off',
  ];
}

/** Installs a packaged extension into the directories, as a user would. */
export async function installPackage(directories, vsix) {
  const { node, serverMain } = await ensureServer();
  const args = [serverMain, ...directoryArguments(directories), '--install-extension', vsix, '--force'];
  return runOrFail('Installing the package', node, args);
}

/**
 * Starts a server. Resolves once it answers to `{ url, stop }`, where `url({ folder, extension, tests, file })`
 * is the address of a window: on a folder, with an extension under development, a test suite and a file to open; paths
 * are absolute.
 */
export async function startServer(directories) {
  const { node, serverMain } = await ensureServer();
  const port = await freePort();
  const token = randomBytes(16).toString('hex');
  const child = spawn(
    node,
    [
      serverMain,
      ...directoryArguments(directories),
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--connection-token',
      token,
      // Without it the page ignores the development payload in its address.
      '--enable-smoke-test-driver',
      '--disable-workspace-trust',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  child.stdout.on('data', (chunk) => (log += chunk));
  child.stderr.on('data', (chunk) => (log += chunk));
  const ended = new Promise((resolve) => child.on('close', resolve));
  let running = true;
  ended.then(() => (running = false));

  const authority = `127.0.0.1:${port}`;
  const deadline = performance.now() + startMilliseconds;
  while (!(await answers(`http://${authority}/version`))) {
    if (!running || performance.now() > deadline) {
      child.kill();
      throw new Problem(`The VS Code server did not start:\n${log.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const remote = (path) => `vscode-remote://${authority}${path}`;
  return {
    url: ({ folder, extension, tests, file }) => {
      const payload = [
        ...(extension ? [['extensionDevelopmentPath', remote(extension)]] : []),
        ...(tests ? [['extensionTestsPath', remote(tests)]] : []),
        ...(file ? [['openFile', remote(file)]] : []),
      ];
      const query = new URLSearchParams({ tkn: token, folder });
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      return `http://${authority}/?${query}`;
    },
    ended,
    log: () => log,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

async function answers(address) {
  try {
    return (await fetch(address)).ok;
  } catch {
    return false;
  }
}
