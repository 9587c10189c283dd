/** The command line's entry: arguments in, exit status out. Never throws and never ends the process. */
import { maskText } from '../present/mask.ts';
import { type CommandIo, exitStatus, UsageError } from './io.ts';
import { buildProgram } from './program.ts';

/** `argv` is without node and script. */
export async function runCli(argv: readonly string[], io: CommandIo): Promise<number> {
  let status: number = exitStatus.clean;
  const program = buildProgram(io, (result) => {
    status = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return status;
  } catch (error) {
    return report(error, io);
  }
}

function report(error: unknown, io: CommandIo): number {
  if (error instanceof UsageError) {
    // It quotes arguments, and `check $DATABASE_URL` is quickly typed.
    io.stderr.write(`poolproof: ${maskText(error.message)}\n`);
    return exitStatus.failure;
  }
  // Commander has printed its own message; help and version end with 0.
  if (isCommanderError(error)) return error.exitCode === 0 ? exitStatus.clean : exitStatus.failure;
  io.stderr.write(`poolproof: internal error, please report it: ${placeOf(error)}\n`);
  return exitStatus.failure;
}

function isCommanderError(error: unknown): error is { readonly exitCode: number } {
  return (
    error instanceof Error && 'code' in error && String(error.code).startsWith('commander.') && 'exitCode' in error
  );
}

/** Name and place of an error: its message could quote source, and source may hold a password. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}${code}`, ...frames.slice(0, 5)].join('\n');
}
