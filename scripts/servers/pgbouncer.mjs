// A real PgBouncer for one run, in front of a server of this run, on a free loopback port.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, start, stop, temporaryFolder, unprivileged, until } from './processes.mjs';

/** The version that is installed, as PgBouncer names it; undefined where there is none. */
export function pgbouncerVersion() {
  const program = findProgram('pgbouncer');
  return program && /PgBouncer (\S+)/.exec(spawnSync(program, ['-V'], { encoding: 'utf8' }).stdout)?.[1];
}

/**
 * Starts PgBouncer with the files given, by name; `pgbouncer.ini` says on which port. Resolves when it accepts clients.
 * @param {{ files: Record<string, string>, accepts: () => boolean }} options
 */
export async function startPgbouncer({ files, accepts }) {
  const account = unprivileged('postgres');
  const { folder, remove } = temporaryFolder('pgbouncer', account);
  const place = join(folder, 'files');
  mkdirSync(place);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  const pooler = start(findProgram('pgbouncer'), [join(place, 'pgbouncer.ini')], { ...account, cwd: place });
  const end = async () => {
    await stop(pooler, 'SIGQUIT');
    remove();
  };
  if (!(await until(accepts, 20_000))) {
    const reason = pooler.output();
    await end();
    throw new Error(`PgBouncer did not start: ${reason.slice(-1000)}`);
  }
  return { stop: end, output: pooler.output };
}
