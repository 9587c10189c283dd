// Asks a real PgBouncer what it does with thousands of configurations, compares with what we say of its version, and records its
// answers in test/rules/pgbouncer/verdicts.jsonl, which the unit tests replay. `npm run oracle:pgbouncer` asks Debian's PgBouncer 1.18;
// POOLPROOF_PGBOUNCER=path asks another one, such as a 1.25.2 built from source with PAM and LDAP.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../bundling.mjs';
import { cases } from './pgbouncerCases.mjs';
import { compareSettings } from './pgbouncerSettings.mjs';

/** Versions whose answers are recorded, in the order of their columns. */
const recorded = ['1.18.0', '1.25.2'];
const record = join(root, 'test/rules/pgbouncer/verdicts.jsonl');
/** Where the default socket lies, unless a configuration says otherwise. */
const socket = '/tmp/.s.PGSQL.6432';
/** PgBouncer refuses to run as root. */
const nobody = 65534;

const usualPlaces = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'];
const command = process.env.POOLPROOF_PGBOUNCER ?? usualPlaces.find(existsSync);
const version = command && /PgBouncer (\S+)/.exec(spawnSync(command, ['-V'], { encoding: 'utf8' }).stdout)?.[1];
if (!recorded.includes(version)) {
  console.log(
    `Skipped: PgBouncer ${recorded.join(' or ')} is needed, ${version ? `${version} is there` : 'there is none'}.`,
  );
  process.exit(0);
}
/** Ends it at once, and has it remove its socket: since 1.23 SIGTERM waits for clients. */
const end = version.startsWith('1.18.') ? 'SIGTERM' : 'SIGQUIT';
if (existsSync(socket)) {
  console.error(`${socket} exists: another PgBouncer runs, or did not clean up.`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'poolproof-oracle-'));
chmodSync(folder, 0o777);

const identity = process.getuid() === 0 ? { uid: nobody, gid: nobody } : {};

/** "starts", the line its log names, or "refuses" where it names none. Ends the process as soon as it has said so. */
function ask(text) {
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(file, text);
  return new Promise((resolve, reject) => {
    const child = spawn(command, [file], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...identity });
    let log = '';
    let isUp = false;
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (chunk) => {
      if (isUp) return;
      log += chunk;
      if (!log.includes('LOG process up')) return;
      isUp = true;
      child.kill(end);
    });
    child.on('error', reject);
    child.on('close', () => {
      if (isUp) return resolve('starts');
      if (/address already in use|socket is in use/i.test(log)) return reject(new Error(`Not alone:\n${log}`));
      const line = /in configuration \(.*?pgbouncer\.ini:(\d+)\)/.exec(log)?.[1];
      resolve(line === undefined ? 'refuses' : Number(line));
    });
  });
}

async function loadOurs() {
  const bundle = join(root, 'out/pgbouncer-oracle.mjs');
  await build({
    stdin: {
      contents:
        "export { verdictOf } from './test/support/pgbouncerVerdict.ts'; export { loadParser } from './server/src/syntax/parser.ts'; export * as facts from './server/src/facts/pgbouncer.ts';",
      resolveDir: root,
    },
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  const { verdictOf, loadParser, facts } = await import(pathToFileURL(bundle).href);
  rmSync(bundle);
  const parser = await loadParser('pgbouncer', {
    runtime: () => readFileSync(join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
    grammar: () => readFileSync(join(root, 'grammars/tree-sitter-pgbouncer.wasm')),
  });
  return { verdict: (text) => verdictOf(text, version, parser), facts };
}

/** Answers by configuration and version. */
function readRecord() {
  if (!existsSync(record)) return new Map();
  const lines = readFileSync(record, 'utf8').trimEnd().split('\n');
  return new Map(lines.map((line) => JSON.parse(line)).map(([text, ...answers]) => [text, answers]));
}

try {
  const ours = await loadOurs();
  const before = readRecord();
  const column = recorded.indexOf(version);
  const lines = [];
  let started = 0;
  let wrong = 0;
  let unknown = 0;
  for (const text of cases) {
    const verdict = await ask(text);
    const answers = before.get(text) ?? recorded.map(() => null);
    answers[column] = verdict;
    lines.push(JSON.stringify([text, ...answers]));
    if (verdict === 'starts') started += 1;
    const said = ours.verdict(text);
    if (said === 'unknown') unknown += 1;
    if (said === verdict || said === 'unknown') continue;
    wrong += 1;
    console.log(`PgBouncer: ${verdict}, we: ${said}\n${JSON.stringify(text)}`);
  }
  // Other mixtures than the usual ones are only compared.
  if (process.env.POOLPROOF_SEED === undefined) writeFileSync(record, `${lines.join('\n')}\n`);
  console.log(
    `${lines.length} configurations, ${started} of them start with ${version}; ${wrong} disagreements, ${unknown} left to OpenSSL.`,
  );
  const settings = await compareSettings({ command, version, folder, identity, end, facts: ours.facts });
  for (const line of settings?.wrong ?? []) console.log(line);
  console.log(
    settings === undefined
      ? 'Settings not compared: there is no psql.'
      : `${settings.count} settings, ${settings.wrong.length} disagreements.`,
  );
  process.exitCode = wrong + (settings?.wrong.length ?? 0) === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
