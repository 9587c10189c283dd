// `npm run facts`: does what the facts tables say still hold for the real libraries? Installs each into a folder of its
// own, runs a probe of it against a real server, and compares what it measured with what we claim.
// `npm run facts -- asyncpg django` checks some; `--fresh` installs anew; `--minutes 8` ends in time; `--list` shows every claim.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { startMariadb } from '../servers/mariadb.mjs';
import { pgbouncerVersion } from '../servers/pgbouncer.mjs';
import { startPostgresql } from '../servers/postgresql.mjs';
import { root, seconds } from '../setup.mjs';
import { ensureEnvironment, Unavailable } from './environments.mjs';
import { runProbe } from './probe.mjs';
import { compare } from './report.mjs';

/** Connections the servers accept: more than any probe asks for. */
const maxConnections = 600;
/** Probes that run side by side. */
const lanes = 2;

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    fresh: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '20' },
  },
});

/** The claims of every library, with the facts tables they import. */
async function loadLibraries() {
  const folder = join(root, 'scripts/facts/claims');
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const out = join(root, 'out/facts', String(process.pid));
  mkdirSync(out, { recursive: true });
  try {
    await build({
      entryPoints: files.map((name) => join(folder, name)),
      outdir: out,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'warning',
    });
    const modules = await Promise.all(
      files.map((name) => import(pathToFileURL(join(out, name.replace(/\.ts$/, '.mjs'))).href)),
    );
    return modules.map((module) => module.library);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** The servers of this run, each started when the first probe needs it; undefined where it is not installed. */
function serverPool() {
  const starters = { postgresql: startPostgresql, mariadb: startMariadb };
  const started = new Map();
  return {
    get(kind) {
      if (!started.has(kind)) started.set(kind, starters[kind]({ maxConnections }));
      return started.get(kind);
    },
    async stop() {
      for (const server of await Promise.allSettled(started.values())) await server.value?.stop();
    },
  };
}

async function checkOne({ library, environment }, servers, deadline) {
  const title = `${library.name} (${environment.id})`;
  const skipped = (reason) => ({ title, skipped: reason, passed: 0, drifts: [] });
  if (environment.cannot) return skipped(environment.cannot);
  if (performance.now() > deadline) return skipped(`not reached within ${options.minutes} minutes`);
  try {
    const server = library.server && (await servers.get(library.server));
    if (library.server && !server) return skipped(`${library.server} is not installed`);
    if (library.isBehindPgbouncer && !pgbouncerVersion()) return skipped('pgbouncer is not installed');
    const { target, runtime } = await ensureEnvironment(environment, { fresh: options.fresh });
    const started = performance.now();
    const measured = await runProbe({ library, target, runtime, server });
    return { title, milliseconds: performance.now() - started, ...compare(library, environment, measured) };
  } catch (error) {
    if (error instanceof Unavailable) return skipped(error.message);
    throw error;
  }
}

function show(result) {
  if (result.skipped) {
    console.log(`- ${result.title}: skipped, ${result.skipped}`);
    return;
  }
  const versions = Object.entries(result.versions).map(([name, version]) => `${name} ${version}`);
  const verdict = result.drifts.length === 0 ? '✔' : '✖';
  console.log(
    `${verdict} ${result.title}: ${result.passed} of ${result.passed + result.drifts.length} claims hold ` +
      `(${versions.join(', ')}; ${seconds(result.milliseconds)})`,
  );
  if (options.list)
    for (const claim of result.held) console.log(`    ${claim.says}: ${JSON.stringify(claim.expected)}`);
  for (const drift of result.drifts) console.log(drift);
}

const started = performance.now();
const deadline = started + Number(options.minutes) * 60_000;
const libraries = (await loadLibraries()).filter(
  ({ name, probe }) => names.length === 0 || names.some((wanted) => `${name} ${probe}`.toLowerCase().includes(wanted)),
);
const queue = libraries.flatMap((library) => library.environments.map((environment) => ({ library, environment })));
const servers = serverPool();
const results = [];
try {
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const result = await checkOne(next, servers, deadline);
      results.push(result);
      show(result);
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
} finally {
  await servers.stop();
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.drifts.length, 0);
const skipped = results.filter((result) => result.skipped);
console.log(`\nFacts compared with the real libraries in ${seconds(performance.now() - started)}.`);
console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
process.exit(failed > 0 ? 1 : 0);
