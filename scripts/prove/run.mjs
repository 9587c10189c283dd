// `npm run prove`: the arithmetic beside real servers. Each case starts what its topology says, loads it beyond its pools
// and compares the most connections that PostgreSQL counts with what `poolproof fleet` says of the same folder.
// `npm run prove -- celery` runs some.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureEnvironment, Unavailable } from '../facts/environments.mjs';
import { pgbouncerVersion } from '../servers/pgbouncer.mjs';
import { startPostgresql } from '../servers/postgresql.mjs';
import { start, temporaryFolder, until } from '../servers/processes.mjs';
import { root, seconds } from '../setup.mjs';
import { connections, shutGate, throughGate } from './gate.mjs';
import { startLoad } from './load.mjs';
import { poolerFiles, startPooler } from './pooler.mjs';
import { startService } from './services.mjs';

/** Connections the server accepts: more than any case asks for. */
const maxConnections = 400;
/** Milliseconds in which a case must reach its peak. */
const peakMilliseconds = 60_000;
/** Looks in a row that must agree before a peak counts as one: the load goes on meanwhile. */
const agreeingLooks = 25;

const { positionals: names } = parseArgs({ allowPositionals: true });

async function loadCases() {
  const folder = join(root, 'scripts/prove/cases');
  const files = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
  const modules = await Promise.all(files.map((name) => import(pathToFileURL(join(folder, name)).href)));
  return modules
    .flatMap((module) => module.cases)
    .filter(
      ({ title, source }) =>
        names.length === 0 || names.some((name) => `${title} ${source}`.toLowerCase().includes(name)),
    );
}

/** The topology of a case, as its file says it. */
function topology({ service, pooler, clientsPerPool }) {
  const database = { engine: 'postgresql', max_connections: maxConnections, connect: ['DATABASE_URL'] };
  if (!pooler) {
    return { databases: { main: database }, services: { app: { database: 'main', paths: ['**'], ...service } } };
  }
  const { entries, users, strangers = [], settings, fromFile } = pooler;
  const { pool_mode: mode, reserve_pool_timeout: _, ...sizes } = settings;
  const connections = clientsPerPool * entries.length * (users.length + strangers.length);
  const front = { kind: 'pgbouncer', mode, version: pgbouncerVersion(), users: users.length };
  return {
    databases: {
      main: { ...database, pooler: fromFile ? { ...front, config: 'pgbouncer.ini' } : { ...front, ...sizes } },
    },
    services: {},
    extra_connections: [{ name: 'clients', database: 'main', connections, via: 'pooler' }],
  };
}

/** A copy of the sources with the topology file beside them. */
function workspace(one, server) {
  const { folder, remove } = temporaryFolder('prove');
  if (one.source) cpSync(join(root, 'scripts/prove/sources', one.source), folder, { recursive: true });
  if (one.pooler) {
    const files = poolerFiles(one.pooler, { port: 6432, server });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  }
  writeFileSync(join(folder, 'poolproof.json'), JSON.stringify(topology(one), undefined, 2));
  return { folder, remove };
}

function poolproof(folder, ...args) {
  const result = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args], { cwd: folder, encoding: 'utf8' });
  if (result.status === 2 || !result.stdout) throw new Error(`poolproof ${args.join(' ')} failed: ${result.stderr}`);
  return result.stdout;
}

/** What `poolproof fleet` says of the folder's only database: the total, and the reach where that is smaller. */
function fleet(folder) {
  const [{ total, pooler }] = JSON.parse(poolproof(folder, 'fleet', '--format', 'json')).databases;
  const reaches = [...poolproof(folder, 'fleet', '--color', 'never').matchAll(/uses? at most (\d+) at a time/g)];
  const reach = reaches.length === 0 ? total : reaches.reduce((sum, [, count]) => sum + Number(count), 0);
  const rejected = pooler === null ? 0 : Math.max(0, pooler.clients - (pooler.maxClientConnections ?? pooler.clients));
  return { total, reach, rejected };
}

/** The most connections the server counts while the load grows, and whether they stayed there. */
async function measure(server, expected, grow) {
  const seen = [];
  let agreeing = 0;
  await until(() => {
    grow?.();
    const count = connections(server);
    seen.push(count);
    agreeing = count === expected ? agreeing + 1 : 0;
    return agreeing >= agreeingLooks || count > expected;
  }, peakMilliseconds);
  return Math.max(...seen);
}

/** Starts a service and the load on it. */
async function startServices(one, folder, server) {
  const { target, runtime } = await ensureEnvironment(one.environment);
  const address = server.url.replace('postgresql', one.driver);
  const environment = { ...server.clientEnv, DATABASE_URL: address, PROVE_SQL: throughGate };
  const service = await startService(one.service, { folder, target, runtime, environment });
  if (one.produce) {
    const producer = start(runtime, one.produce, { cwd: folder, env: service.env });
    if ((await producer.ended) !== 0) {
      await service.stop();
      throw new Error(`The tasks could not be sent: ${producer.output()}`);
    }
  }
  const load = startLoad(service.ports);
  return {
    grow: () => load.grow(one.requests),
    output: service.output,
    async stop() {
      load.stop();
      await service.stop();
    },
  };
}

/** Why a case cannot run with the PgBouncer of this machine; undefined where it can. */
function whyNoPooler({ before, since }) {
  const version = pgbouncerVersion();
  if (!version) return 'PgBouncer is not installed';
  const isFrom = (border) => version.localeCompare(border, undefined, { numeric: true }) >= 0;
  if (before && isFrom(before)) return `PgBouncer ${version} is here, it holds before ${before}`;
  return since && !isFrom(since) ? `PgBouncer ${version} is here, it holds from ${since} on` : undefined;
}

/** Starts a pooler and its clients. */
async function startClients(one, server) {
  const pooler = await startPooler(one.pooler, server);
  pooler.connect(one.clientsPerPool);
  return pooler;
}

async function prove(one, server) {
  const { folder, remove } = workspace(one, server);
  let openGate;
  let running;
  try {
    const said = fleet(folder);
    const says = { reach: one.says.total, rejected: 0, ...one.says };
    if (said.total !== says.total || said.reach !== says.reach || said.rejected !== says.rejected) {
      return { failure: `poolproof fleet says ${JSON.stringify(said)}, the specification ${JSON.stringify(says)}` };
    }
    // Reach is the smaller of what the settings allow and what the processes can use at a time.
    const expected = one.measures ?? said.reach;
    openGate = await shutGate(server);
    running = one.pooler ? await startClients(one, server) : await startServices(one, folder, server);
    const peak = await measure(server, expected, running.grow);
    const rejected = running.rejected?.() ?? 0;
    if (rejected !== said.rejected)
      return { failure: `PgBouncer refused ${rejected} clients, poolproof fleet says ${said.rejected}` };
    if (peak === expected) return { said, peak };
    return { failure: `PostgreSQL counted ${peak}, poolproof fleet says ${expected}\n${running.output().slice(-800)}` };
  } finally {
    await openGate?.();
    await running?.stop();
    remove();
  }
}

if (!existsSync(join(root, 'dist/cli.js'))) {
  console.error('dist/cli.js is missing: npm run build');
  process.exit(1);
}
const started = performance.now();
const server = await startPostgresql({ maxConnections, settings: { superuser_reserved_connections: 3 } });
if (!server) {
  console.log('PostgreSQL is not installed: nothing can be proven here.\n0 passed, 0 failed, 1 skipped');
  process.exit(0);
}
const counts = { passed: 0, failed: 0, skipped: 0 };
try {
  for (const [index, one] of (await loadCases()).entries()) {
    const begun = performance.now();
    const missing = one.pooler && whyNoPooler(one);
    if (missing) {
      counts.skipped += 1;
      console.log(`- ${one.title}: skipped, ${missing}`);
      continue;
    }
    try {
      const { failure, said, peak } = await prove(one, server.database(`prove_${index}`));
      counts[failure ? 'failed' : 'passed'] += 1;
      const bound = said?.reach === said?.total ? '' : `, of ${said?.total} by its settings`;
      console.log(
        failure
          ? `✖ ${one.title}: ${failure}`
          : `✔ ${one.title}: ${peak}${bound} (${seconds(performance.now() - begun)})`,
      );
    } catch (error) {
      if (error instanceof Unavailable) {
        counts.skipped += 1;
        console.log(`- ${one.title}: skipped, ${error.message}`);
      } else {
        counts.failed += 1;
        console.log(`✖ ${one.title}: ${error.message}`);
      }
    }
  }
} finally {
  await server.stop();
}
console.log(`\n${server.name} counted in ${seconds(performance.now() - started)}.`);
console.log(
  `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`,
);
process.exit(counts.failed > 0 ? 1 : 0);
