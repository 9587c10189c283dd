// Programs that a check starts: on loopback, in a folder of their own, ended with everything they started.
import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Milliseconds between two looks at a condition. */
const pollMilliseconds = 20;
/** Milliseconds a program gets to end by itself before it is killed. */
const graceMilliseconds = 10_000;

const running = new Set();
const folders = new Set();

/** What was started and is still running ends with this process, however that ends, and leaves no files. */
process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => process.exit(130));
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

/**
 * Starts a program as the leader of a process group of its own.
 * @returns {import('node:child_process').ChildProcess & { output: () => string, ended: Promise<number> }}
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, detached: true });
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-200_000);
  };
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  running.add(child);
  child.output = () => output;
  child.ended = new Promise((resolve) => {
    child.on('error', (error) => {
      running.delete(child);
      keep(error.message);
      resolve(127);
    });
    child.on('close', (status) => {
      running.delete(child);
      resolve(status ?? 1);
    });
  });
  return child;
}

/** Ends a program and everything in its process group; resolves when it is gone. */
export async function stop(child, signal = 'SIGTERM') {
  if (running.has(child)) child.kill(signal);
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMilliseconds);
  await child.ended;
  clearTimeout(timer);
  signalGroup(child, 'SIGKILL');
}

/** Looks until the condition holds; false when it did not within the time. */
export async function until(condition, milliseconds) {
  const deadline = performance.now() + milliseconds;
  while (performance.now() < deadline) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
  return false;
}

/** A port of the loopback interface that nothing listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The newest of `/usr/lib/NAME/VERSION/bin/PROGRAM`, where Debian keeps servers, or the program on the PATH. */
export function findProgram(program, versionedFolder) {
  const versions = versionedFolder && existsSync(versionedFolder) ? readdirSync(versionedFolder) : [];
  const newestFirst = versions.sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a));
  const candidates = [
    ...newestFirst.map((version) => join(versionedFolder, version, 'bin', program)),
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program)),
    join('/usr/sbin', program),
  ];
  return candidates.find((candidate) => existsSync(candidate));
}

/**
 * Whom a server may run as: database servers refuse root, so root becomes one of the accounts named, the first that
 * exists. Anybody else stays who they are.
 */
export function unprivileged(...accounts) {
  if (process.getuid?.() !== 0) return {};
  const known = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const account of [...accounts, 'nobody']) {
    const entry = known.find(([name]) => name === account);
    if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  return {};
}

/** A new folder for a server's files, owned by whom it runs as; removed by the function that comes with it. */
export function temporaryFolder(name, { uid, gid } = {}) {
  const folder = mkdtempSync(join(tmpdir(), `poolproof-${name}-`));
  if (uid !== undefined) chownSync(folder, uid, gid);
  folders.add(folder);
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
  };
  return { folder, remove };
}
