// Runs one probe: a small program in the library's own language that prints one JSON line per measurement.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pgbouncerVersion, startPgbouncer } from '../servers/pgbouncer.mjs';
import { freePort, start, stop } from '../servers/processes.mjs';
import { root } from '../setup.mjs';

const probes = join(root, 'scripts/facts/probes');
/** Seconds a probe may take; the longest wait for a pool's own timeouts of a few seconds each. */
const probeSeconds = 180;

/** Probes run so far: each gets a database of its own. */
let runs = 0;

/** What a probe needs to reach the server and to let it count. */
function serverEnvironment(server) {
  if (!server) return {};
  const common = { POOLPROOF_URL: server.url, POOLPROOF_PORT: String(server.port) };
  if (server.psql) {
    return {
      ...common,
      ...server.clientEnv,
      POOLPROOF_LOG: server.logFile,
      POOLPROOF_CLIENT: server.psql,
      POOLPROOF_CLIENT_ARGUMENTS: JSON.stringify(['--no-psqlrc', '--tuples-only', '--no-align', '--command']),
    };
  }
  return {
    ...common,
    POOLPROOF_CLIENT: server.client,
    POOLPROOF_CLIENT_ARGUMENTS: JSON.stringify([
      ...['--no-defaults', `--socket=${server.socket}`, '--user=root', '--skip-column-names', '--batch', '--execute'],
    ]),
  };
}

/**
 * A PgBouncer through which all clients of a database share one connection, so that what one leaves on it meets the
 * next.
 */
async function oneConnectionPooler(database) {
  const port = await freePort();
  const name = database.clientEnv.PGDATABASE;
  const ini = [
    '[databases]',
    `${name} = host=127.0.0.1 port=${database.port} dbname=${name} user=postgres`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'admin_users = postgres',
    'pool_mode = transaction',
    'default_pool_size = 1',
    'query_wait_timeout = 5',
    '',
  ].join('\n');
  const env = { PATH: process.env.PATH, ...database.clientEnv, PGPORT: String(port) };
  const accepts = () => spawnSync(database.psql, ['--no-psqlrc', '-c', 'SELECT 1'], { env }).status === 0;
  const { stop: end } = await startPgbouncer({ files: { 'pgbouncer.ini': ini }, accepts });
  return { port, stop: end };
}

/**
 * @returns what it printed, by key, the versions it named, and how it ended where that was not well
 */
export async function runProbe({ library, target, runtime, server }) {
  const file = join(probes, library.probe);
  runs += 1;
  const database = server?.database(`probe_${runs}`);
  const pooler = library.isBehindPgbouncer && (await oneConnectionPooler(database));
  const child = start(runtime, [file], {
    cwd: target,
    env: {
      PATH: process.env.PATH,
      HOME: target,
      LC_ALL: 'C.UTF-8',
      PYTHONPATH: [target, join(probes, 'python')].join(':'),
      PYTHONDONTWRITEBYTECODE: '1',
      POOLPROOF_TARGET: target,
      POOLPROOF_ASKS: JSON.stringify(library.asks ?? {}),
      ...serverEnvironment(database),
      ...(pooler && { POOLPROOF_POOLER_PORT: String(pooler.port) }),
    },
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  let tookTooLong = false;
  const timer = setTimeout(() => {
    tookTooLong = true;
    stop(child);
  }, probeSeconds * 1000);
  const status = await child.ended;
  clearTimeout(timer);
  await pooler?.stop?.();
  const measured = { values: new Map(), errors: new Map(), versions: {}, failure: undefined };
  if (pooler) measured.versions['pgbouncer'] = pgbouncerVersion();
  for (const line of printed.split('\n')) {
    if (!line.startsWith('{')) continue;
    const entry = JSON.parse(line);
    if (entry.version) measured.versions[entry.version] = entry.value;
    else if ('error' in entry) measured.errors.set(entry.key, entry.error);
    else measured.values.set(entry.key, entry.value);
  }
  if (tookTooLong) measured.failure = `the probe did not end within ${probeSeconds} s`;
  else if (status !== 0)
    measured.failure = `the probe ended with status ${status}: ${child.output().trim().slice(-1500)}`;
  return measured;
}
