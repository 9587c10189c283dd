// A gate in the database: while it is shut, every query of the applications waits with its connection in use.
import { spawn } from 'node:child_process';
import { until } from '../servers/processes.mjs';

const key = 4711;
const name = 'poolproof-gate';

/** What the applications run: it returns once the gate is open. */
export const throughGate = `SELECT pg_advisory_xact_lock_shared(${key})`;

/** Shuts the gate of one database; the function that opens it comes back. */
export async function shutGate(server) {
  const holder = spawn(server.psql, ['--no-psqlrc', '--quiet'], {
    env: { PATH: process.env.PATH, ...server.clientEnv, PGAPPNAME: name },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => holder.on('close', resolve));
  holder.stdin.write(`SELECT pg_advisory_lock(${key});\n`);
  const held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'";
  if (!(await until(() => server.query(held) !== '0', 10_000))) throw new Error('The gate could not be shut');
  return async () => {
    holder.stdin.end();
    await ended;
  };
}

/** How many connections the applications have on this database. */
export function connections(server) {
  const sql = `SELECT count(*) FROM pg_stat_activity WHERE datname = '${server.clientEnv.PGDATABASE}' AND application_name <> '${name}' AND backend_type = 'client backend'`;
  return Number(server.query(sql));
}
