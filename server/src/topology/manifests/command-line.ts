/** Reads what a start command says about processes. Only what is certain: a variable without a default says nothing. */
import type { Span } from '../../core/text.ts';
import { type CommandFact, optionFacts, programFacts, type StartedProgram } from './program-options.ts';
import {
  gunicorn,
  oneOffDjangoCommands,
  type Program,
  programs,
  runners,
  toolModules,
  userWrappers,
  wrappers,
} from './programs.ts';
import { splitShell, type Variables, type Word } from './shell.ts';

const deepestShell = 3;

/** What a list of words says: the server it starts and the numbers given to it; empty where it starts none that is known. */
export function readCommand(words: readonly Word[], variables?: Variables): StartedProgram[] {
  return startedPrograms(words, 0, variables);
}

/**
 * As `readCommand`, for a text of shell. Of commands that run one after the other the last that starts a program counts,
 * beside those that are left in the background; what runs only under a condition does not.
 */
export function readShellCommand(text: string, span: Span, variables?: Variables): StartedProgram[] {
  return shellPrograms(text, span, 0, variables);
}

/** Gunicorn's options alone, as the variable GUNICORN_CMD_ARGS carries them. */
export function readGunicornArguments(text: string, span: Span): CommandFact[] {
  const words = splitShell(text, span).flatMap((command) => command.words);
  return optionFacts(gunicorn, words);
}

function shellPrograms(text: string, span: Span, depth: number, variables: Variables | undefined): StartedProgram[] {
  const started: { readonly programs: StartedProgram[]; readonly isBackground: boolean }[] = [];
  for (const command of splitShell(text, span, variables)) {
    if (command.isConditional) continue;
    const found = startedPrograms(command.words, depth, variables);
    if (found.length > 0) started.push({ programs: found, isBackground: command.isBackground });
  }
  const last = started.findLast((each) => !each.isBackground);
  return started.filter((each) => each.isBackground || each === last).flatMap((each) => each.programs);
}

function startedPrograms(words: readonly Word[], depth: number, variables: Variables | undefined): StartedProgram[] {
  let at = 0;
  while (at < words.length) {
    const text = words[at]!.text;
    if (text === undefined) return [];
    const name = baseName(text);
    if (/^\w+=/.test(text)) at++;
    else if (wrappers.has(name)) at = skipOptions(words, at + (userWrappers.has(name) ? 2 : 1));
    else if (/^wait-for[\w-]*(\.sh)?$/.test(name)) at = behindDashes(words, at);
    else if (text === '--') at++;
    else if (isStartScript(text)) {
      // An entry point such as docker-entrypoint.sh usually runs its arguments.
      const behind = startedPrograms(words.slice(at + 1), depth, variables);
      return behind.length > 0 ? behind : [[{ key: 'start_script', value: name, span: words[at]!.span }]];
    } else if (/^(ba|da|a|z)?sh$/.test(name) && isStartScript(words[at + 1]?.text ?? '')) at++;
    else if (runners.has(name) && words[at + 1]?.text === 'run') at = skipOptions(words, at + 2);
    else if (name === 'newrelic-admin' && words[at + 1]?.text === 'run-program') at += 2;
    else if (/^python[0-9.]*$/.test(name)) {
      const module = words.findIndex((word, index) => index > at && !word.text?.startsWith('-'));
      if (module === -1) return [];
      if (words[module - 1]?.text !== '-m') return pythonScript(words, at, module);
      at = module;
      const tool = words[at]!.text;
      if (tool === undefined || toolModules.has(tool)) return [];
      if (!Object.hasOwn(programs, tool)) return [ownProgram(words[at]!)];
    } else if (name === 'manage.py') return pythonScript(words, at, at);
    else if (/^(ba|da|a|z)?sh$/.test(name) && /^-[a-z]*c$/.test(words[at + 1]?.text ?? '')) {
      const script = words[at + 2];
      if (script === undefined || depth >= deepestShell) return [];
      return shellPrograms(script.written, script.span, depth + 1, variables);
    } else if (/^(npm|pnpm|yarn|bun)$/.test(name)) return packageScript(name, words, at);
    else if (/^(node|tsx|ts-node|deno)$/.test(name)) return nodeProgram(words, at);
    else {
      const found = (Object.hasOwn(programs, name) ? programs[name]! : []).find((program) =>
        isStartOf(program, words.slice(at + 1)),
      );
      return found ? [programFacts(found, words[at]!, words.slice(at + 1))] : [];
    }
  }
  return [];
}

/** `./bin/start-web.sh`, `/entrypoint`. */
function isStartScript(path: string): boolean {
  return /\.sh$|\/(?:(?:docker-)?entrypoint|start|run)(?:[-_][\w-]+)?$/.test(path);
}

/** Options whose value may be any word, a subcommand's name among them. */
const takesName = /^(?:-A|--app|-b|--broker|-n|--hostname|-Q|--queues)$/;

function isStartOf({ subcommands }: Program, options: readonly Word[]): boolean {
  return (
    !subcommands ||
    options.some(
      ({ text }, index) =>
        text !== undefined && subcommands.includes(text) && !takesName.test(options[index - 1]?.text ?? ''),
    )
  );
}

/** A program of the project's own, which may start any number of processes itself. */
function ownProgram(word: Word): StartedProgram {
  return [
    { key: 'server', value: null, reason: 'a program of the project itself, which may be a server', span: word.span },
  ];
}

/** `python manage.py rqworker`, `python worker.py`. */
function pythonScript(words: readonly Word[], name: number, script: number): StartedProgram[] {
  if (baseName(words[script]?.text ?? '') !== 'manage.py') {
    return /\.py$/.test(words[script]?.text ?? '') ? [ownProgram(words[name]!)] : [];
  }
  const command = words[script + 1];
  if (command?.text === undefined || command.text.startsWith('-') || oneOffDjangoCommands.has(command.text)) return [];
  const server = command.text === 'rqworker' ? 'rq' : 'script';
  if (command.text === 'qcluster' || command.text === 'run_huey') return [ownProgram(command)];
  return [[{ key: 'server', value: server, span: command.span }]];
}

/** `npm run start:prod`: the script of package.json that says what runs. */
function packageScript(name: string, words: readonly Word[], at: number): StartedProgram[] {
  const rest = words.slice(at + 1).filter((word) => !word.text?.startsWith('-'));
  const isRun = rest[0]?.text === 'run' || rest[0]?.text === 'run-script';
  const script = isRun ? rest[1] : rest[0];
  if (name === 'bun' && /\.[cm]?[jt]sx?$/.test(script?.text ?? ''))
    return [[{ key: 'server', value: 'node', span: words[at]!.span }]];
  if (script?.text === undefined || !/^(start|serve|worker|web|prod)([:_-][\w:-]+)?$/.test(script.text)) return [];
  return [[{ key: 'script', value: script.text, span: script.span }]];
}

function nodeProgram(words: readonly Word[], at: number): StartedProgram[] {
  const rest = words.slice(at + 1).map((word) => word.text ?? '');
  const script = rest.find((word) => !word.startsWith('-')) ?? '';
  const isProgram =
    /\.[cm]?[jt]sx?$/.test(script) || /^(?:\.|\.\/?)$|\/[\w-]+$|^(?:server|app|index|main|dist)$/.test(script);
  // A migration tool's own command line is a program of node as well.
  if (!isProgram || /\b(?:migrat|seed)/.test(rest.join(' '))) return [];
  return [[{ key: 'server', value: 'node', span: words[at]!.span }]];
}

function skipOptions(words: readonly Word[], from: number): number {
  let at = from;
  while (words[at]?.text?.startsWith('-')) at++;
  return at;
}

function behindDashes(words: readonly Word[], from: number): number {
  const dashes = words.findIndex((word, index) => index >= from && word.text === '--');
  return dashes === -1 ? words.length : dashes + 1;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
