/** Scripts that lie among an application's files: told by what they do, where their place does not tell. */
import type { SourceContext } from '../../declarations/pool.ts';
import type { TextFact } from '../gathered.ts';
import type { ScriptFile } from './file.ts';

/** The end of a pool or a client, as the last thing that a script does. */
const closing =
  /\b\w*(?:pool|client|db|database|sql|knex|sequelize|prisma|conn(?:ection)?|source|orm)\w*\??\.(?:end|destroy|close|\$disconnect|\$?pool\.end)\(/i;
const closes: TextFact<true> = {
  read: (text) => (/\.(?:end|destroy|close|\$disconnect)\(/.test(text) && closing.test(text)) || undefined,
};

/**
 * What a script does not do: hand something on, serve, wait for signals, messages or the clock. Whoever does closes its pool
 * when the process ends.
 */
const staying =
  /\bexport\b|\bexports\b|\bcreateServer\b|\b(?:serve|setInterval|schedule|while|defineEventHandler)\s*\(|\.(?:listen|start|launch|login|run|work|process|consume|subscribe|on|once|addHook|register)\s*\(|\bnew\s+\w*(?:Worker|Consumer|Cron\w*|Bot|Server|Scheduler)\b/;
const stays: TextFact<true> = { read: (text) => staying.test(text) || undefined };

/** The context of a file by its place; by what it does where it lies among the application's. */
export function contextOfScript(file: ScriptFile, byPlace: SourceContext): SourceContext {
  if (byPlace !== 'app' || file.gather(closes).length === 0) return byPlace;
  return file.gather(stays).length === 0 ? 'script' : 'app';
}
