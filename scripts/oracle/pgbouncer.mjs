// Asks a real PgBouncer 1.18 what it does with hundreds of configurations, compares with what we say, and records its answers in
// test/rules/pgbouncer/verdicts.jsonl, which the unit tests replay. `npm run oracle:pgbouncer` (needs Debian's pgbouncer).
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../bundling.mjs';
import { cases } from './pgbouncerCases.mjs';

const supported = '1.18.0';
const record = join(root, 'test/rules/pgbouncer/verdicts.jsonl');
/** Where the default socket lies, unless a configuration says otherwise. */
const socket = '/tmp/.s.PGSQL.6432';
/** PgBouncer refuses to run as root. */
const nobody = 65534;

const command = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find(existsSync);
const version = command && /PgBouncer (\S+)/.exec(spawnSync(command, ['-V'], { encoding: 'utf8' }).stdout)?.[1];
if (version !== supported) {
  console.log(`Skipped: PgBouncer ${supported} is needed, ${version ? `${version} is there` : 'there is none'}.`);
  process.exit(0);
}
if (existsSync(socket)) {
  console.error(`${socket} exists: another PgBouncer runs, or did not clean up.`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'poolproof-oracle-'));
chmodSync(folder, 0o777);

/** "starts", the line its log names, or "refuses" where it names none. Ends the process as soon as it has said so. */
function ask(text) {
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(file, text);
  return new Promise((resolve, reject) => {
    const identity = process.getuid() === 0 ? { uid: nobody, gid: nobody } : {};
    const child = spawn(command, [file], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...identity });
    let log = '';
    let isUp = false;
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (chunk) => {
      if (isUp) return;
      log += chunk;
      if (!log.includes('LOG process up')) return;
      isUp = true;
      // In this version SIGTERM ends it at once, and it removes its socket.
      child.kill('SIGTERM');
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
        "export { verdictOf } from './test/support/pgbouncerVerdict.ts'; export { loadParser } from './server/src/syntax/parser.ts';",
      resolveDir: root,
    },
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  const { verdictOf, loadParser } = await import(pathToFileURL(bundle).href);
  rmSync(bundle);
  const parser = await loadParser('pgbouncer', {
    runtime: () => readFileSync(join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
    grammar: () => readFileSync(join(root, 'grammars/tree-sitter-pgbouncer.wasm')),
  });
  return (text) => verdictOf(text, supported, parser);
}

try {
  const ours = await loadOurs();
  const lines = [];
  let wrong = 0;
  for (const text of cases) {
    const verdict = await ask(text);
    lines.push(JSON.stringify([text, verdict]));
    const said = ours(text);
    if (said === verdict) continue;
    wrong += 1;
    console.log(`PgBouncer: ${verdict}, we: ${said}\n${JSON.stringify(text)}`);
  }
  // Other mixtures than the usual ones are only compared.
  if (process.env.POOLPROOF_SEED === undefined) writeFileSync(record, `${lines.join('\n')}\n`);
  const started = lines.filter((line) => line.endsWith(',"starts"]')).length;
  console.log(`${lines.length} configurations, ${started} of them start; ${wrong} disagreements.`);
  process.exitCode = wrong === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
