// The peers, pinned and fetched on demand into .tools/bench/. Nothing a package would run at install time is run.
// What cannot be had is left out with a line that says so: a benchmark never fails because a peer is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder, say } from './support.mjs';

export const astGrepVersion = '0.51.1';
export const ruffVersion = '0.17.5';

const executableSuffix = process.platform === 'win32' ? '.exe' : '';

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', shell: false, ...options });
  const reason = result.error?.message ?? result.stderr?.trim().split('\n').at(-1) ?? '';
  return { ok: result.status === 0, output: result.stdout ?? '', reason };
}

/** The version a tool reports; undefined where it does not run. */
function reportedVersion(executable) {
  const { ok, output } = run(executable, ['--version']);
  return ok ? /\d+\.\d+\.\d+/.exec(output)?.[0] : undefined;
}

/**
 * @typedef {{ name: string, executable: string, version: string }} Tool
 * @typedef {{ name: string, missing: string }} MissingTool `missing` says why and what to do
 */

/** The package manager's own words go to the terminal only: they may name places that do not belong in a written report. */
function notFetched(name, what, reason) {
  say(`${what}: ${reason}`);
  return { name, missing: what };
}

/** ast-grep's binary lies in a package of its own per platform, which npm picks as an optional dependency. */
function astGrep() {
  const name = 'ast-grep';
  const folder = join(benchFolder, `ast-grep-${astGrepVersion}`);
  const binary = () => {
    const scope = join(folder, 'node_modules/@ast-grep');
    if (!existsSync(scope)) return undefined;
    return readdirSync(scope)
      .filter((entry) => entry.startsWith('cli-'))
      .map((entry) => join(scope, entry, `ast-grep${executableSuffix}`))
      .find(existsSync);
  };
  if (!binary()) {
    say(`fetching @ast-grep/cli@${astGrepVersion} …`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const args = ['install', '--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
    const fetched = run(npm, [...args, `@ast-grep/cli@${astGrepVersion}`], {
      cwd: folder,
      shell: process.platform === 'win32',
    });
    if (!fetched.ok) return notFetched(name, `npm could not fetch @ast-grep/cli@${astGrepVersion}`, fetched.reason);
  }
  const executable = binary();
  const version = executable && reportedVersion(executable);
  if (!version) return { name, missing: `@ast-grep/cli@${astGrepVersion} has no binary that runs on this platform` };
  return { name, executable, version };
}

function ruff() {
  const name = 'ruff';
  const folder = join(benchFolder, `ruff-${ruffVersion}`);
  const executable = join(folder, 'bin', `ruff${executableSuffix}`);
  if (!existsSync(executable)) {
    const python = ['python3', 'python'].find((command) => run(command, ['-m', 'pip', '--version']).ok);
    if (!python) return { name, missing: 'needs Python 3 with pip to be fetched; install them and run again' };
    say(`fetching ruff ${ruffVersion} …`);
    const fetched = run(python, [
      ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'],
      ...['--target', folder, `ruff==${ruffVersion}`],
    ]);
    if (!fetched.ok) return notFetched(name, `pip could not fetch ruff ${ruffVersion}`, fetched.reason);
  }
  const version = reportedVersion(executable);
  return version ? { name, executable, version } : { name, missing: 'the fetched binary does not run here' };
}

function ripgrep() {
  const version = reportedVersion('rg');
  if (version) return { name: 'rg', executable: 'rg', version };
  return {
    name: 'rg',
    missing:
      'ripgrep is not on the PATH; install it (apt install ripgrep, brew install ripgrep, winget install ripgrep) and run again',
  };
}

const finders = { 'ast-grep': astGrep, ruff, rg: ripgrep };
const found = new Map();

/**
 * One peer, fetched at its first use.
 * @param {'ast-grep' | 'ruff' | 'rg'} name
 * @returns {Tool | MissingTool}
 */
export function tool(name) {
  if (!found.has(name)) found.set(name, finders[name]());
  return found.get(name);
}

/** Name and version of every peer that has been used in this run. */
export function usedVersions() {
  return [...found.values()].filter((one) => one.version).map((one) => `${one.name} ${one.version}`);
}
