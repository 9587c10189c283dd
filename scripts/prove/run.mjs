// `npm run prove`: the arithmetic beside real servers. Each case starts what its topology says, loads it beyond its pools
// and compares the most connections that PostgreSQL counts with what `poolproof fleet` says of the same folder.
// `npm run prove -- celery` runs some.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureEnvironment, Unavailable } from '../facts/environments.mjs';
import { startPostgresql } from '../servers/postgresql.mjs';
import { start, temporaryFolder, until } from '../servers/processes.mjs';
import { root, seconds } from '../setup.mjs';
import { connections, shutGate, throughGate } from './gate.mjs';
import { startLoad } from './load.mjs';
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

/** A copy of the sources with the topology file beside them. */
function workspace({ source, service }) {
  const { folder, remove } = temporaryFolder('prove');
  cpSync(join(root, 'scripts/prove/sources', source), folder, { recursive: true });
  const topology = {
    databases: { main: { engine: 'postgresql', max_connections: maxConnections, connect: ['DATABASE_URL'] } },
    services: { app: { database: 'main', paths: ['**'], ...service } },
  };
  writeFileSync(join(folder, 'poolproof.json'), JSON.stringify(topology, undefined, 2));
  return { folder, remove };
}

function poolproof(folder, ...args) {
  const result = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args], { cwd: folder, encoding: 'utf8' });
  if (result.status === 2 || !result.stdout) throw new Error(`poolproof ${args.join(' ')} failed: ${result.stderr}`);
  return result.stdout;
}

/** What `poolproof fleet` says of the folder's only database: the total, and the reach where that is smaller. */
function fleet(folder) {
  const [{ total }] = JSON.parse(poolproof(folder, 'fleet', '--format', 'json')).databases;
  const reaches = [...poolproof(folder, 'fleet', '--color', 'never').matchAll(/uses? at most (\d+) at a time/g)];
  const reach = reaches.length === 0 ? total : reaches.reduce((sum, [, count]) => sum + Number(count), 0);
  return { total, reach };
}

/** The most connections the server counts while the load grows, and whether they stayed there. */
async function measure(server, expected, load, requests) {
  const seen = [];
  let agreeing = 0;
  await until(() => {
    load?.grow(requests);
    const count = connections(server);
    seen.push(count);
    agreeing = count === expected ? agreeing + 1 : 0;
    return agreeing >= agreeingLooks || count > expected;
  }, peakMilliseconds);
  return Math.max(...seen);
}

async function prove(one, server) {
  const { target, runtime } = await ensureEnvironment(one.environment);
  const { folder, remove } = workspace(one);
  const said = fleet(folder);
  // Reach is the smaller of what the settings allow and what the processes can use at a time.
  const expected = one.measures ?? said.reach;
  const says = { reach: one.says.total, ...one.says };
  if (said.total !== says.total || said.reach !== says.reach) {
    remove();
    return { failure: `poolproof fleet says ${JSON.stringify(said)}, the specification ${JSON.stringify(says)}` };
  }
  const openGate = await shutGate(server);
  let service;
  let load;
  try {
    service = await startService(one.service, {
      folder,
      target,
      runtime,
      environment: { DATABASE_URL: server.url.replace('postgresql', one.driver), PROVE_SQL: throughGate },
    });
    if (one.produce) {
      const producer = start(runtime, one.produce, { cwd: folder, env: service.env });
      if ((await producer.ended) !== 0) throw new Error(`The tasks could not be sent: ${producer.output()}`);
    }
    load = startLoad(service.ports);
    const peak = await measure(server, expected, load, one.requests);
    if (peak === expected) return { said, peak };
    return { failure: `PostgreSQL counted ${peak}, poolproof fleet says ${expected}\n${service.output().slice(-800)}` };
  } finally {
    load?.stop();
    await openGate();
    await service?.stop();
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
