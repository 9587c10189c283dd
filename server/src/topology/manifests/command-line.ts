/** Reads what a start command says about processes. Only what is certain: a variable without a default says nothing. */
import type { Span } from '../../core/text.ts';
import type { ManifestKey } from '../drift.ts';

/** A word of a command; `text` is undefined where a variable decides it. */
export interface Word {
  readonly text: string | undefined;
  readonly span: Span;
}

export interface CommandFact {
  readonly key: ManifestKey;
  readonly value: number | string;
  readonly span: Span;
}

interface Program {
  readonly server: string;
  readonly numbers?: Readonly<Record<string, ManifestKey>>;
  readonly texts?: Readonly<Record<string, ManifestKey>>;
  /** The word that must follow the program, such as `worker` after `celery`. */
  readonly subcommands?: readonly string[];
}

const gunicorn: Program = {
  server: 'gunicorn',
  numbers: { '-w': 'workers', '--workers': 'workers', '--threads': 'threads' },
  texts: { '-k': 'worker_class', '--worker-class': 'worker_class' },
};

const programs: Readonly<Record<string, Program>> = {
  gunicorn,
  uvicorn: { server: 'uvicorn', numbers: { '--workers': 'workers' } },
  fastapi: { server: 'uvicorn', numbers: { '--workers': 'workers' }, subcommands: ['run'] },
  hypercorn: { server: 'hypercorn', numbers: { '-w': 'workers', '--workers': 'workers' } },
  granian: { server: 'granian', numbers: { '--workers': 'workers' } },
  daphne: { server: 'daphne' },
  uwsgi: {
    server: 'uwsgi',
    numbers: { '-p': 'workers', '--processes': 'workers', '--workers': 'workers', '--threads': 'threads' },
  },
  celery: {
    server: 'celery',
    numbers: { '-c': 'concurrency', '--concurrency': 'concurrency' },
    texts: { '-P': 'worker_class', '--pool': 'worker_class' },
    subcommands: ['worker'],
  },
  dramatiq: {
    server: 'dramatiq',
    numbers: { '-p': 'workers', '--processes': 'workers', '-t': 'threads', '--threads': 'threads' },
  },
  rq: {
    server: 'rq',
    numbers: { '-n': 'workers', '--num-workers': 'workers' },
    subcommands: ['worker', 'worker-pool'],
  },
  arq: { server: 'arq' },
  'pm2-runtime': { server: 'pm2', numbers: { '-i': 'workers', '--instances': 'workers' } },
  pm2: { server: 'pm2', numbers: { '-i': 'workers', '--instances': 'workers' }, subcommands: ['start'] },
};

/** Programs that run the command behind them. */
const wrappers = new Set(['exec', 'env', 'nice', 'tini', 'dumb-init', 'ddtrace-run', 'opentelemetry-instrument']);
const runners = new Set(['poetry', 'uv', 'pipenv', 'pdm', 'hatch', 'rye']);

/** What a list of words says: the server it starts and the numbers given to it; empty where it starts none that is known. */
export function readCommand(words: readonly Word[]): CommandFact[] {
  return commandFacts(words, 0);
}

/** As `readCommand`, for a line of shell; the last of several commands that start a server counts. */
export function readShellCommand(text: string, span: Span): CommandFact[] {
  return shellFacts(text, span, 0);
}

function shellFacts(text: string, span: Span, depth: number): CommandFact[] {
  let facts: CommandFact[] = [];
  for (const words of splitShell(text, span)) {
    const found = commandFacts(words, depth);
    if (found.length > 0) facts = found;
  }
  return facts;
}

function commandFacts(words: readonly Word[], depth: number): CommandFact[] {
  let at = 0;
  while (at < words.length) {
    const text = words[at]!.text;
    if (text === undefined) return [];
    const name = baseName(text);
    if (/^\w+=/.test(text)) at++;
    else if (wrappers.has(name)) at = skipOptions(words, at + 1);
    else if (runners.has(name) && words[at + 1]?.text === 'run') at = skipOptions(words, at + 2);
    else if (name === 'newrelic-admin' && words[at + 1]?.text === 'run-program') at += 2;
    else if (/^python[0-9.]*$/.test(name)) {
      const module = words.findIndex((word, index) => index > at && !word.text?.startsWith('-'));
      if (words[module - 1]?.text !== '-m') return [];
      at = module;
    } else if (/^(ba|da|a|z)?sh$/.test(name) && /^-[a-z]*c$/.test(words[at + 1]?.text ?? '')) {
      const script = words[at + 2];
      return script?.text === undefined || depth > 2 ? [] : shellFacts(script.text, script.span, depth + 1);
    } else {
      const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
      if (program) return programFacts(program, words[at]!, words.slice(at + 1));
      return name === 'node' && words.slice(at + 1).some((word) => /\.[cm]?[jt]s$/.test(word.text ?? ''))
        ? [{ key: 'server', value: 'node', span: words[at]!.span }]
        : [];
    }
  }
  return [];
}

function programFacts(program: Program, name: Word, options: readonly Word[]): CommandFact[] {
  const { subcommands } = program;
  if (subcommands && !options.some((word) => word.text !== undefined && subcommands.includes(word.text))) return [];
  // A later option overrides an earlier one, and an unreadable one makes the key unknown.
  const facts = new Map<ManifestKey, CommandFact | undefined>();
  options.forEach((word, index) => {
    const flag = flagOf(word, options[index + 1], program);
    if (!flag) return;
    const value = flag.isNumber ? wholeNumber(flag.value) : flag.value || undefined;
    facts.set(flag.key, value === undefined ? undefined : { key: flag.key, value, span: flag.span });
  });
  const autoscale = program.server === 'celery' ? autoscaleFact(options) : undefined;
  if (autoscale) facts.set('concurrency', autoscale.fact);
  const known = [...facts.values()].filter((fact) => fact !== undefined);
  return [{ key: 'server', value: program.server, span: name.span }, ...known];
}

interface Flag {
  readonly key: ManifestKey;
  readonly isNumber: boolean;
  readonly value: string | undefined;
  readonly span: Span;
}

function flagOf(word: Word, next: Word | undefined, program: Program): Flag | undefined {
  for (const [options, isNumber] of [
    [program.numbers, true],
    [program.texts, false],
  ] as const) {
    for (const [flag, key] of Object.entries(options ?? {})) {
      if (word.text === flag) return { key, isNumber, value: next?.text, span: next?.span ?? word.span };
      const joint = flag.startsWith('--') ? `${flag}=` : flag;
      if (!word.text?.startsWith(joint) || (joint === flag && word.text.startsWith('--'))) continue;
      const value = word.text.slice(joint.length);
      if (joint !== flag || !isNumber || /^\d/.test(value)) return { key, isNumber, value, span: word.span };
    }
  }
  return undefined;
}

/** Celery's `--autoscale=MAX,MIN`, in either order, overrides `-c`. */
function autoscaleFact(options: readonly Word[]): { readonly fact: CommandFact | undefined } | undefined {
  const index = options.findIndex((word) => word.text === '--autoscale' || word.text?.startsWith('--autoscale='));
  if (index === -1) return undefined;
  const joint = options[index]!.text!.slice('--autoscale='.length);
  const word = joint ? options[index]! : options[index + 1];
  const numbers = (joint || word?.text || '').split(',').map(wholeNumber);
  if (!word || numbers.length > 2 || numbers[0] === undefined) return { fact: undefined };
  return { fact: { key: 'concurrency', value: Math.max(...numbers.map((number) => number ?? 0)), span: word.span } };
}

/** The value of `max_connections` in a command that starts PostgreSQL, MySQL or MariaDB. */
export function readMaxConnections(words: readonly Word[]): CommandFact | undefined {
  let fact: CommandFact | undefined;
  words.forEach((word, index) => {
    const text = word.text ?? '';
    const isShort = text === '-N' || text === '-c' || text === '--max-connections' || text === '--max_connections';
    const source = isShort ? words[index + 1] : word;
    const setting = /^(?:-c|--)?max[_-]connections=(\d+)$/.exec(isShort && text === '-c' ? (source?.text ?? '') : text);
    const written = setting ? setting[1] : isShort && text !== '-c' ? source?.text : undefined;
    const value = wholeNumber(written);
    if (value !== undefined && source) fact = { key: 'max_connections', value, span: source.span };
  });
  return fact;
}

/** `${X:-2}` and `${X-2}` are 2; any other variable makes the text unknown. `$$` is a dollar sign in compose files. */
export function expandVariables(text: string): string | undefined {
  const expanded = text.replace(/\$\{\w+:?-([^${}]*)\}/g, '$1');
  return /\$[\w({$]|`|\{\{/.test(expanded) ? undefined : expanded;
}

export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined;
}

/**
 * The simple commands of a line of shell. Spans are exact where the text stands in the file as it is, which is where
 * `span` is as long as the text; otherwise every word has the whole span.
 */
export function splitShell(text: string, span: Span): Word[][] {
  const isVerbatim = span.end - span.start === text.length;
  const commands: Word[][] = [[]];
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '\\' && (text[at + 1] === '\n' || text[at + 1] === '\r')) at += 2;
    else if (';&|\n'.includes(character)) {
      commands.push([]);
      at++;
    } else if (/\s/.test(character)) at++;
    else if (character === '#') at = endOfLine(text, at);
    else {
      const word = wordAt(text, at);
      const place = isVerbatim ? { start: span.start + at, end: span.start + word.end } : span;
      commands[commands.length - 1]!.push({ text: expandVariables(word.text), span: place });
      at = word.end;
    }
  }
  return commands.filter((words) => words.length > 0);
}

function wordAt(text: string, from: number): { text: string; end: number } {
  let at = from;
  let word = '';
  let quote = '';
  while (at < text.length) {
    const character = text[at]!;
    if (quote) {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '\\') word += text[++at] ?? '';
    else if (character === '$' && (text[at + 1] === '{' || text[at + 1] === '(')) {
      const close = text.indexOf(text[at + 1] === '{' ? '}' : ')', at);
      const end = close === -1 ? text.length : close + 1;
      word += text.slice(at, end);
      at = end - 1;
    } else if (/[\s;&|]/.test(character)) break;
    else word += character;
    at++;
  }
  return { text: word, end: at };
}

function skipOptions(words: readonly Word[], from: number): number {
  let at = from;
  while (words[at]?.text?.startsWith('-')) at++;
  return at;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
