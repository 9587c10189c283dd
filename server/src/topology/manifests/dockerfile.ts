/** Dockerfile: the command of the last stage. */
import { locate, type Span } from '../../core/text.ts';
import type { ManifestFact } from '../drift.ts';
import { type CommandFact, expandVariables, readCommand, readShellCommand, type Word } from './command-line.ts';
import { dockerfileService } from './names.ts';

interface Instruction {
  readonly text: string;
  readonly span: Span;
  /** Set for the exec form, `["gunicorn", "-w", "4"]`. */
  readonly words?: readonly Word[];
}

export function readDockerfile(uri: string, text: string): ManifestFact[] {
  let entrypoint: Instruction | undefined;
  let command: Instruction | undefined;
  for (const line of text.matchAll(/^[ \t]*(FROM|CMD|ENTRYPOINT)[ \t]+((?:[^\\\r\n]|\\\r?\n|\\.)*)/gim)) {
    const [whole, keyword, rest] = line as unknown as [string, string, string];
    const written = rest.trimEnd();
    const start = line.index + whole.length - rest.length;
    const instruction = read(written, start);
    if (keyword.toUpperCase() === 'CMD') command = instruction;
    else {
      // A new stage or entry point resets the command.
      entrypoint = keyword.toUpperCase() === 'ENTRYPOINT' ? instruction : undefined;
      command = undefined;
    }
  }
  return factsOf(entrypoint, command).map((fact) => ({
    service: dockerfileService(uri),
    key: fact.key,
    value: fact.value,
    at: locate(uri, fact.span),
    manifest: 'Dockerfile',
  }));
}

function factsOf(entrypoint: Instruction | undefined, command: Instruction | undefined): CommandFact[] {
  // An entry point in shell form takes no arguments from CMD.
  if (entrypoint && !entrypoint.words) return readShellCommand(entrypoint.text, entrypoint.span);
  if (!command) return entrypoint?.words ? readCommand(entrypoint.words) : [];
  if (!command.words) return entrypoint ? [] : readShellCommand(command.text, command.span);
  const joined = readCommand([...(entrypoint?.words ?? []), ...command.words]);
  // An entry point such as docker-entrypoint.sh usually runs its arguments; the command then speaks for itself.
  return joined.length > 0 || !/\.sh$/.test(entrypoint?.words?.[0]?.text ?? '') ? joined : readCommand(command.words);
}

function read(text: string, start: number): Instruction {
  const span = { start, end: start + text.length };
  if (!text.startsWith('[') || !text.endsWith(']')) return { text, span };
  const words = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => {
    const at = start + match.index + 1;
    return { text: expandVariables(match[1]!), span: { start: at, end: at + match[1]!.length } };
  });
  return { text, span, words };
}
