/** Dockerfile: the command of the last stage, and the variables it is given. */
import type { Span } from '../../core/text.ts';
import type { ManifestFact } from '../drift.ts';
import { FactCollector, knownVariables } from './collector.ts';
import { readCommand, readShellCommand } from './command-line.ts';
import type { ManifestVariable } from './command-node.ts';
import { dockerfileService, fileName } from './names.ts';
import type { StartedProgram } from './program-options.ts';
import { splitShell, type Variables, type Word, wordOf } from './shell.ts';

interface Instruction {
  readonly text: string;
  readonly span: Span;
  /** Set for the exec form, `["gunicorn", "-w", "4"]`. */
  readonly words?: readonly Word[];
}

interface Stage {
  readonly entrypoint?: Instruction;
  readonly command?: Instruction;
  readonly variables: readonly ManifestVariable[];
}

const emptyStage: Stage = { variables: [] };

export function readDockerfile(uri: string, text: string): ManifestFact[] {
  const stages = new Map<string, Stage>();
  let name = '';
  let stage = emptyStage;
  for (const { keyword, span, written } of instructionsOf(text)) {
    switch (keyword) {
      case 'FROM': {
        stages.set(name, stage);
        const match = /^(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(written);
        // A stage built on an earlier one takes over its command.
        stage = stages.get(match?.[1]?.toLowerCase() ?? '-') ?? emptyStage;
        name = match?.[2]?.toLowerCase() ?? String(stages.size);
        break;
      }
      case 'ENTRYPOINT':
        // A new entry point resets the command.
        stage = { variables: stage.variables, entrypoint: instructionAt(written, span) };
        break;
      case 'CMD':
        stage = { ...stage, command: instructionAt(written, span) };
        break;
      case 'ENV':
        stage = { ...stage, variables: [...stage.variables, ...environmentAt(written, span)] };
        break;
    }
  }
  const collector = new FactCollector(uri, fileName(uri), 'dockerfile');
  const service = dockerfileService(uri);
  collector.addPrograms(service, programsOf(stage));
  collector.addVariables(service, stage.variables);
  return collector.facts;
}

interface PlacedInstruction {
  readonly keyword: string;
  /** Behind the keyword, to the end over continued lines. */
  readonly span: Span;
  /** As long as the span; comments and empty lines between continued ones are blanks. */
  readonly written: string;
}

function instructionsOf(text: string): PlacedInstruction[] {
  const instructions: PlacedInstruction[] = [];
  let at = 0;
  while (at < text.length) {
    let end = endOfLine(text, at);
    let line = text.slice(at, end);
    const head = /^[ \t]*([A-Za-z]+)[ \t]+/.exec(line);
    const lines = [line.slice(head?.[0].length ?? 0)];
    let isAfterNothing = false;
    while (head && end < text.length && /\\[ \t\r]*$/.test(line.slice(-20))) {
      const next = endOfLine(text, end + 1);
      line = text.slice(end + 1, next);
      // Comments and empty lines stand between continued lines without ending them.
      const isNothing = /^[ \t]*(?:#|\r?$)/.test(line);
      lines.push(isAfterNothing ? ' ' : '\n', isNothing ? ' '.repeat(line.length) : line);
      if (isNothing) line = '\\';
      isAfterNothing = isNothing;
      end = next;
    }
    const start = at + (head?.[0].length ?? 0);
    const written = lines.join('').trimEnd();
    const mark = head && /<<-?(["']?)(\w+)\1/.exec(written.slice(0, 500));
    if (mark) end = endOfHereDocument(text, end, mark[2]!);
    else if (head) {
      const span = { start, end: start + written.length };
      instructions.push({ keyword: head[1]!.toUpperCase(), span, written });
    }
    at = end + 1;
  }
  return instructions;
}

function endOfHereDocument(text: string, from: number, mark: string): number {
  for (let at = from; at < text.length; ) {
    const end = endOfLine(text, at + 1);
    if (text.slice(at + 1, end).trim() === mark) return end;
    at = end;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function programsOf({ entrypoint, command, variables }: Stage): StartedProgram[] {
  const known = knownVariables(variables);
  const alone = (instruction: Instruction) =>
    instruction.words ? readCommand(instruction.words, known) : shellForm(instruction, known);
  // An entry point in shell form takes no arguments from CMD.
  if (entrypoint && (!entrypoint.words || !command)) return alone(entrypoint);
  if (!entrypoint) return command ? alone(command) : [];
  // In shell form the arguments are a shell and its script.
  if (!command!.words) return /\.sh$|entrypoint$|^tini$|dumb-init$/.test(lastWord(entrypoint)) ? alone(command!) : [];
  return readCommand([...(entrypoint.words ?? []), ...command!.words], known);
}

function lastWord({ words = [] }: Instruction): string {
  return words.findLast((word) => word.text !== '--')?.text ?? '';
}

function shellForm({ text, span }: Instruction, variables: Variables): StartedProgram[] {
  return readShellCommand(text, span, variables);
}

function instructionAt(text: string, span: Span): Instruction {
  if (!text.startsWith('[') || !text.endsWith(']')) return { text, span };
  const words = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => {
    const start = span.start + match.index + 1;
    return wordOf(match[1]!.replace(/\\(.)/g, '$1'), { start, end: start + match[1]!.length });
  });
  return { text, span, words };
}

/** `ENV A=1 B=2`, and `ENV A 1` as it was written once. */
function environmentAt(written: string, span: Span): ManifestVariable[] {
  const words = splitShell(written, span).flatMap((command) => command.words);
  const first = words[0];
  if (first && !first.written.includes('=')) {
    const value = words[1];
    return value ? [{ name: first.written, value: value.text, span: value.span }] : [];
  }
  return words.flatMap((word) => {
    const match = /^(\w+)=([\s\S]*)$/.exec(word.text ?? '');
    return match ? [{ name: match[1]!, value: match[2]!, span: word.span }] : [];
  });
}
