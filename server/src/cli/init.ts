/** `poolproof init` */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { topologyDraft } from '../present/topologyDraft.ts';
import { toUri } from '../workspace/nodeFileAccess.ts';
import { type CommandIo, exitStatus, UsageError } from './io.ts';
import { pathNamer, topologyIn } from './paths.ts';
import { nameFailures, open } from './session.ts';

const fileName = 'poolproof.yaml';

export async function runInit(isToStdout: boolean, io: CommandIo): Promise<number> {
  const existing = topologyIn(io.cwd);
  if (existing !== undefined && !isToStdout) {
    const path = pathNamer(io.cwd)(toUri(existing));
    throw new UsageError(`${path} exists and is never overwritten; "poolproof init --stdout" prints a fresh one.`);
  }
  const opened = await open(['.'], { respectIgnoreFiles: true, quiet: false }, io);
  const text = topologyDraft(opened.analysis, opened.session.manifestFacts);
  if (isToStdout) io.stdout.write(text);
  else {
    try {
      writeFileSync(join(io.cwd, fileName), text, { flag: 'wx' });
    } catch (error) {
      throw new UsageError(
        `${fileName} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
      );
    }
    const questions = text.split('\n').filter((line) => /# \?/.test(line)).length;
    io.stdout.write(`Wrote ${fileName}.${questions === 0 ? '' : ` ${questions} lines marked "# ?" want an answer.`}\n`);
  }
  return nameFailures(opened, io) ? exitStatus.failure : exitStatus.clean;
}
