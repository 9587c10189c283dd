// A real PostgreSQL for one run: a cluster in a temporary folder, on a free loopback port, thrown away afterwards.
import { spawnSync } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, freePort, start, stop, temporaryFolder, unprivileged, until } from './processes.mjs';

const debianFolder = '/usr/lib/postgresql';

/**
 * Starts the newest PostgreSQL installed; undefined where there is none.
 * @param {{ maxConnections: number, settings?: Record<string, string | number> }} options
 */
export async function startPostgresql({ maxConnections, settings = {} }) {
  const [initdb, postgres, psql] = ['initdb', 'postgres', 'psql'].map((name) => findProgram(name, debianFolder));
  if (!initdb || !postgres || !psql) return undefined;
  const account = unprivileged('postgres');
  const { folder, remove } = temporaryFolder('postgresql', account);
  const data = join(folder, 'data');
  // Locale and time zone of their own, so that the server says the same everywhere.
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', HOME: folder };
  const created = spawnSync(
    initdb,
    ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync'],
    { ...account, env, cwd: folder, encoding: 'utf8' },
  );
  if (created.status !== 0) {
    remove();
    throw new Error(`initdb failed: ${created.stderr || created.error}`);
  }
  const port = await freePort();
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    port,
    max_connections: maxConnections,
    fsync: 'off',
    log_line_prefix: '%d|%a|',
    shared_buffers: '32MB',
    ...settings,
  };
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'a');
  const server = start(
    postgres,
    ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...account, env, cwd: folder, stdio: ['ignore', log, log] },
  );
  const clientEnv = {
    PGHOST: '127.0.0.1',
    PGPORT: String(port),
    PGUSER: 'postgres',
    PGPASSWORD: 'unused',
    PGDATABASE: 'postgres',
    PGSSLMODE: 'disable',
  };
  const query = (sql) => {
    const result = spawnSync(psql, ['--no-psqlrc', '--tuples-only', '--no-align', '--command', sql], {
      env: { ...env, ...clientEnv, PGAPPNAME: 'poolproof-counter' },
      encoding: 'utf8',
    });
    if (result.status !== 0) throw new Error(result.stderr.trim());
    return result.stdout.trim();
  };
  const end = async () => {
    // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
    await stop(server, 'SIGINT');
    remove();
  };
  const answers = await until(() => {
    try {
      return query('SELECT 1') === '1';
    } catch {
      return false;
    }
  }, 30_000);
  if (!answers) {
    const reason = readFileSync(logFile, 'utf8');
    await end();
    throw new Error(`PostgreSQL did not start: ${reason}`);
  }
  return {
    name: `PostgreSQL ${query('SHOW server_version').split(' ')[0]}`,
    port,
    url: `postgresql://postgres:unused@127.0.0.1:${port}/postgres`,
    clientEnv,
    psql,
    query,
    /** The same server with an empty database of its own, so that checks side by side do not count each other. */
    database(name) {
      query(`CREATE DATABASE ${name}`);
      const url = `postgresql://postgres:unused@127.0.0.1:${port}/${name}`;
      return { ...this, url, clientEnv: { ...clientEnv, PGDATABASE: name } };
    },
    /** Where the server logs; each line starts with database|application_name|. */
    logFile,
    stop: end,
  };
}
