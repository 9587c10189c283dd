// What every Node probe shares: one JSON line per measurement, and the server's own count of connections.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const target = process.env.POOLPROOF_TARGET;
const run = promisify(execFile);

export const asks = JSON.parse(process.env.POOLPROOF_ASKS ?? '{}');
export const url = process.env.POOLPROOF_URL ?? '';
export const port = Number(process.env.POOLPROOF_PORT ?? 0);
export const database = url.split('/').at(-1);
/** Loads a package of the environment under test. */
export const load = createRequire(join(target, 'package.json'));

/** Imports a file of a package, for those without CommonJS and for what they do not export. */
export function loadFile(path) {
  return import(pathToFileURL(join(target, 'node_modules', path)).href);
}

/** Imports a package by the entry it has for `import`. */
export function loadModule(name) {
  const manifest = JSON.parse(readFileSync(join(target, 'node_modules', name, 'package.json'), 'utf8'));
  const root = manifest.exports?.['.'] ?? manifest.exports ?? manifest.module ?? manifest.main;
  const entryOf = (entry) => (typeof entry === 'string' ? entry : entryOf(entry.import ?? entry.node ?? entry.default));
  return loadFile(join(name, entryOf(root)));
}

/** The packages this environment was made for, without those that came with them. */
export const requested = new Set(
  Object.keys(JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')).dependencies ?? {}),
);

export function installed(name) {
  try {
    return JSON.parse(readFileSync(join(target, 'node_modules', name, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}

function print(entry) {
  process.stdout.write(`${JSON.stringify(entry)}\n`);
}

export function versions(...packages) {
  for (const name of packages) if (installed(name)) print({ version: name, value: installed(name) });
}

function plain(value) {
  if (value === undefined) return null;
  if (value === Number.POSITIVE_INFINITY) return 'Infinity';
  if (Number.isNaN(value)) return 'NaN';
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  }
  return value;
}

export function record(key, value) {
  print({ key, value: plain(value) });
}

/** Records what the function returns; what it throws was not foreseen and is a drift. */
export async function measure(key, work) {
  try {
    record(key, await work());
  } catch (error) {
    console.error(error);
    print({ key, error: `${error.name}: ${error.message}`.slice(0, 300) });
  }
}

/** "ok", "waits" where it has not settled after the milliseconds given, or what it threw: `pick` says which part of the error. */
export async function outcome(work, { milliseconds = 5000, pick = (error) => error.constructor.name } = {}) {
  let timer;
  const guard = new Promise((resolve) => {
    timer = setTimeout(() => resolve('waits'), milliseconds);
  });
  try {
    return await Promise.race([Promise.resolve(work()).then(() => 'ok'), guard]);
  } catch (error) {
    return pick(error);
  } finally {
    clearTimeout(timer);
  }
}

/** The same for what throws at once. */
export function throws(work, pick = (error) => error.constructor.name) {
  try {
    work();
    return 'ok';
  } catch (error) {
    return pick(error);
  }
}

async function query(sql) {
  const given = JSON.parse(process.env.POOLPROOF_CLIENT_ARGUMENTS);
  const env = { ...process.env, PGAPPNAME: 'poolproof-counter' };
  return (await run(process.env.POOLPROOF_CLIENT, [...given, sql], { env })).stdout.trim();
}

const isMariadb = url.startsWith('mysql');

/** How many connections the server counts; MariaDB knows no application name and counts the whole database. */
export async function connections(name) {
  const sql = isMariadb
    ? `SELECT count(*) FROM information_schema.processlist WHERE db = '${database}'`
    : `SELECT count(*) FROM pg_stat_activity WHERE application_name = '${name}' AND datname = '${database}'`;
  return Number(await query(sql));
}

/** The count once several looks in a row agree. */
export async function settled(name) {
  const seen = [];
  const deadline = performance.now() + 5000;
  while (performance.now() < deadline) {
    seen.push(await connections(name));
    if (seen.length >= 4 && new Set(seen.slice(-4)).size === 1) break;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return seen.at(-1);
}

/** SQL that keeps a connection busy. */
export const busy = isMariadb ? 'SELECT SLEEP(0.5)' : 'SELECT pg_sleep(0.5)';

/** The most connections the server counts while so many queries are asked at once. */
export async function peak(name, times, execute) {
  let done = 0;
  const settle = () => {
    done += 1;
  };
  for (let index = 0; index < times; index++) {
    Promise.resolve()
      .then(() => execute(busy))
      .then(settle, settle);
  }
  let most = 0;
  const deadline = performance.now() + 8000;
  // Once more have ended than were ever open, every connection has been used twice: there are no others.
  while (done < times && done <= most && performance.now() < deadline) most = Math.max(most, await connections(name));
  return most;
}

/** The URL with parameters. */
export function urlWith(parameters) {
  const query = new URLSearchParams(parameters).toString();
  return `${url}?${query}`;
}
