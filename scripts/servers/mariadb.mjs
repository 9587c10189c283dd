// A real MariaDB (or MySQL's successor under its old names) for one run, in a temporary folder on a free loopback port.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findProgram, freePort, start, stop, temporaryFolder, unprivileged, until } from './processes.mjs';

/** Starts MariaDB; undefined where it is not installed. */
export async function startMariadb({ maxConnections }) {
  const install = findProgram('mariadb-install-db');
  const mariadbd = findProgram('mariadbd');
  const client = findProgram('mariadb');
  if (!install || !mariadbd || !client) return undefined;
  const account = unprivileged('mysql');
  const { folder, remove } = temporaryFolder('mariadb', account);
  const data = join(folder, 'data');
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', HOME: folder };
  const socket = join(folder, 'socket');
  const created = spawnSync(
    install,
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { ...account, env, cwd: folder, encoding: 'utf8' },
  );
  if (created.status !== 0) {
    remove();
    throw new Error(`mariadb-install-db failed: ${created.stderr || created.stdout || created.error}`);
  }
  const port = await freePort();
  const server = start(
    mariadbd,
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--max-connections=${maxConnections}`,
      '--innodb-flush-log-at-trx-commit=0',
      '--skip-name-resolve',
    ],
    { ...account, env, cwd: folder },
  );
  const query = (sql) => {
    const result = spawnSync(client, ['--no-defaults', `--socket=${socket}`, '--user=root', '-N', '-B', '-e', sql], {
      env,
      encoding: 'utf8',
    });
    if (result.status !== 0) throw new Error(result.stderr.trim());
    return result.stdout.trim();
  };
  const end = async () => {
    await stop(server);
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
    await end();
    throw new Error(`MariaDB did not start: ${server.output()}`);
  }
  const user = 'poolproof';
  query(`CREATE USER '${user}'@'127.0.0.1' IDENTIFIED BY 'unused'; GRANT ALL ON *.* TO '${user}'@'127.0.0.1'`);
  return {
    name: `MariaDB ${query('SELECT version()').split('-')[0]}`,
    port,
    client,
    socket,
    query,
    /** The same server with an empty database of its own, so that checks side by side do not count each other. */
    database(name) {
      query(`CREATE DATABASE ${name}`);
      return { ...this, url: `mysql://${user}:unused@127.0.0.1:${port}/${name}` };
    },
    stop: end,
  };
}
