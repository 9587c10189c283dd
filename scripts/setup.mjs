// What `npm start` and `npm test` need before anything else can be loaded: this file may import nothing but Node itself.
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const oldestNode = [20, 20];
const onWindows = process.platform === 'win32';

/** A failure that the reader can mend: printed without a stack. */
export class Problem extends Error {}

/** Prints problems plainly, anything else with its stack, and ends the process with status 1. */
export function explainAndExit(error) {
  console.error(error instanceof Problem ? `\n${error.message}` : error);
  process.exit(1);
}

export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Says what is being done, does it, and says how long it took. */
export async function step(title, work) {
  const started = performance.now();
  console.log(`\n> ${title}`);
  try {
    return await work();
  } finally {
    console.log(`  ${title}: ${seconds(performance.now() - started)}`);
  }
}

/**
 * Runs a program to its end. Resolves to its exit status and, with `capture`, to what it printed; its output is shown
 * unless `quiet`. `npm` is found on Windows too.
 */
export function run(command, args, { cwd = root, env = process.env, quiet = false, onLine, milliseconds } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      shell: onWindows && command === 'npm',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let partial = '';
    const timer = milliseconds ? setTimeout(() => child.kill(), milliseconds) : undefined;
    const take = (stream) => (chunk) => {
      const text = chunk.toString();
      output += text;
      if (!quiet) stream.write(text);
      if (!onLine) return;
      const lines = (partial + text).split('\n');
      partial = lines.pop();
      for (const line of lines) onLine(line);
    };
    child.stdout.on('data', take(process.stdout));
    child.stderr.on('data', take(process.stderr));
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status: status ?? 1, output });
    });
  });
}

/** Runs a program quietly and fails with what it printed. */
export async function runOrFail(what, command, args, options = {}) {
  const { status, output } = await run(command, args, { quiet: true, ...options });
  if (status !== 0) throw new Problem(`${what} failed (${command} ${args.join(' ')}):\n${output.trim()}`);
  return output;
}

/** Installs the dependencies of package-lock.json where they are missing or older than it. */
export async function ensureDependencies() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    throw new Problem(
      `Poolproof needs Node ${oldestNode.join('.')} or later; this is ${process.versions.node}. Get one from https://nodejs.org.`,
    );
  }
  // A linked folder belongs to another checkout, and `npm ci` would empty it there.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const installed = join(root, 'node_modules', '.package-lock.json');
  const wanted = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  await step('Installing dependencies (npm ci, about half a minute)', () =>
    runOrFail('Installing the dependencies', 'npm', ['ci', '--no-audit', '--no-fund']),
  );
}
