// The facts about PgBouncer's settings beside what a running one says of itself: SHOW CONFIG on its admin console, by psql.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Distributions mend what the release had wrong: Debian's 1.18 has the auth_query of 1.24.1 (CVE-2025-2291). */
const mended = { '1.18.0': ['auth_query'] };
const port = 16433;

/** Rows of name, value, default and whether RELOAD takes a change over; undefined where there is no psql. */
async function showConfig(command, folder, identity, end) {
  if (spawnSync('psql', ['--version']).error) return undefined;
  const file = join(folder, 'console.ini');
  const socket = join(folder, `.s.PGSQL.${port}`);
  writeFileSync(file, `[pgbouncer]\nauth_type = any\nlisten_port = ${port}\nunix_socket_dir = ${folder}\n`);
  const watcher = watch(folder);
  const isThere = new Promise((resolve) => watcher.on('change', () => existsSync(socket) && resolve()));
  const child = spawn(command, [file], { cwd: folder, stdio: 'ignore', ...identity });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await Promise.race([isThere, ended]);
  watcher.close();
  const question = ['-h', folder, '-p', String(port), '-U', 'pgbouncer', 'pgbouncer', '-At', '-c', 'show config'];
  const { stdout } = spawnSync('psql', question, { encoding: 'utf8' });
  child.kill(end);
  await ended;
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split('|'));
}

/** What the facts say otherwise than the process does, one line each; undefined where it could not be asked. */
export async function compareSettings({ command, version, folder, identity, end, facts }) {
  const rows = await showConfig(command, folder, identity, end);
  if (rows === undefined) return undefined;
  const { settingsOf, isKnownIn, fallbackIn } = facts;
  const names = new Set(rows.map(([name]) => name));
  const wrong = settingsOf('pgbouncer')
    .filter((setting) => isKnownIn(setting, version) !== names.has(setting.name))
    .map(({ name }) => `${name}: known to ${names.has(name) ? 'PgBouncer' : 'the facts'} alone`);
  for (const [name, , fallback, isReloadable] of rows) {
    const setting = settingsOf('pgbouncer').find((each) => each.name === name);
    if (setting === undefined) continue;
    const ours = fallbackIn(setting, version) ?? '';
    // Where PgBouncer's table has none, the variable's own value holds.
    if (fallback !== '' && ours !== fallback && !mended[version]?.includes(name))
      wrong.push(`${name}: default ${fallback}, not ${ours}`);
    if ((setting.isReloadable === false) === (isReloadable === 'yes'))
      wrong.push(`${name}: reloadable ${isReloadable}`);
  }
  return { count: rows.length, wrong };
}
