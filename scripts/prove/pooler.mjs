// PgBouncer between clients and the server: its files from a case, and clients that all ask for a connection at once.

import { spawnSync } from 'node:child_process';
import { startPgbouncer } from '../servers/pgbouncer.mjs';
import { freePort, start, stop } from '../servers/processes.mjs';
import { throughGate } from './gate.mjs';

/** The pgbouncer.ini and the user list of a case: every entry leads to the same database of the server. */
export function poolerFiles({ entries, users, settings, entrySettings = {}, userSettings = {} }, { port, server }) {
  const name = server.clientEnv.PGDATABASE;
  const target = `host=127.0.0.1 port=${server.port} dbname=${name}`;
  const databases = entries.map((entry) => `${entry} = ${[target, entrySettings[entry]].filter(Boolean).join(' ')}`);
  const fixed = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_file: 'userlist.txt',
    logfile: '',
    ignore_startup_parameters: 'extra_float_digits',
  };
  const lines = Object.entries({ ...fixed, ...settings }).map(([key, value]) => `${key} = ${value}`);
  const own = Object.entries(userSettings).map(([user, value]) => `${user} = ${value}`);
  const section = own.length === 0 ? [] : ['[users]', ...own, ''];
  return {
    'pgbouncer.ini': ['[databases]', ...databases, '', ...section, '[pgbouncer]', ...lines, ''].join('\n'),
    'userlist.txt': users.map((user) => `"${user}" ""\n`).join(''),
  };
}

/** Starts it; the function that comes back lets the clients in and tells how to end everything. */
export async function startPooler(pooler, server) {
  const port = await freePort();
  for (const user of [...pooler.users, ...(pooler.settings.auth_user ? [pooler.settings.auth_user] : [])]) {
    if (server.query(`SELECT count(*) FROM pg_roles WHERE rolname = '${user}'`) === '0')
      server.query(`CREATE ROLE ${user} LOGIN`);
  }
  const env = {
    PATH: process.env.PATH,
    PGHOST: '127.0.0.1',
    PGPORT: String(port),
    PGPASSWORD: 'unused',
    PGSSLMODE: 'disable',
  };
  const accepts = () => {
    const [user] = pooler.users;
    const probe = { ...env, PGUSER: user, PGDATABASE: 'nowhere', PGCONNECT_TIMEOUT: '2' };
    return /no such database/.test(spawnSync(server.psql, ['-c', ''], { env: probe, encoding: 'utf8' }).stderr);
  };
  const running = await startPgbouncer({ files: poolerFiles(pooler, { port, server }), accepts });
  const clients = [];
  return {
    /** As many clients per entry and user, each with a query that waits at the gate. */
    connect(clientsPerPool) {
      for (const PGDATABASE of pooler.entries) {
        for (const PGUSER of [...pooler.users, ...(pooler.strangers ?? [])]) {
          for (let index = 0; index < clientsPerPool; index++) {
            clients.push(
              start(server.psql, ['--no-psqlrc', '-c', throughGate], { env: { ...env, PGUSER, PGDATABASE } }),
            );
          }
        }
      }
    },
    /** Clients that were refused because there were too many. */
    rejected: () => clients.filter((client) => /no more connections allowed/.test(client.output())).length,
    output: running.output,
    async stop() {
      await Promise.all(clients.map((client) => stop(client)));
      await running.stop();
    },
  };
}
