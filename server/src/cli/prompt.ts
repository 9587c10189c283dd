/** `poolproof prompt` */
import { assistantContext } from '../present/assistantContext.ts';
import { type CommandIo, exitStatus } from './io.ts';
import { nameFailures, open } from './session.ts';

export async function runPrompt(
  paths: readonly string[],
  topology: string | undefined,
  io: CommandIo,
): Promise<number> {
  const opened = await open(paths, { topology, respectIgnoreFiles: true, quiet: false }, io);
  io.stdout.write(assistantContext(opened.analysis, opened.path));
  return nameFailures(opened, io) ? exitStatus.failure : exitStatus.clean;
}
