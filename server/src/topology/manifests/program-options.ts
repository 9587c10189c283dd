/** What the options of a program that is known say about its processes. */
import type { Span } from '../../core/text.ts';
import type { ManifestKey, ManifestValue } from '../drift.ts';
import { gunicorn, type Program, type ProgramOption } from './programs.ts';
import type { Word } from './shell.ts';

/** What a command says about one key; see ManifestFact for what a null value and a variable mean. */
export interface CommandFact {
  readonly key: ManifestKey;
  readonly value: ManifestValue | null;
  readonly span: Span;
  readonly reason?: string;
  readonly variable?: string;
}

/** The facts of one program that a command starts; the first is its server. */
export type StartedProgram = readonly CommandFact[];

export function programFacts(program: Program, name: Word, options: readonly Word[]): StartedProgram {
  const facts = optionFacts(program, options);
  const isKnown = (key: ManifestKey) => facts.some((fact) => fact.key === key);
  const application = applicationOf(program, options);
  if (application) facts.push(application);
  if (program.server === 'uwsgi') {
    // Only --gevent bounds what it runs at a time.
    if (isKnown('concurrency')) facts.push({ key: 'worker_class', value: 'gevent', span: name.span });
    // Its configuration file may say it.
    const hasFile = options.some((word) => program.configuration!.test(word.text ?? ''));
    if (!hasFile && !isKnown('lazy_apps')) facts.push({ key: 'lazy_apps', value: false, span: name.span });
  }
  return [{ key: 'server', value: program.server, span: name.span }, ...facts];
}

/** A later option overrides an earlier one, and one that cannot be read makes the key unknown. */
export function optionFacts(program: Program, words: readonly Word[]): CommandFact[] {
  const facts = new Map<ManifestKey, CommandFact>();
  let range: CommandFact | undefined;
  words.forEach((word, index) => {
    const flag = flagOf(word, words[index + 1], program);
    if (!flag) return;
    const fact = factOf(flag, program);
    if (flag.option.takes === 'range') range = fact;
    else if (fact) facts.set(fact.key, fact);
  });
  // Celery's autoscaler decides over the number of child processes.
  if (range) facts.set(range.key, range);
  // Watching files, whatever number stands behind it.
  if (words.some((word) => word.text === '--reload') && program.options['--reload']) {
    facts.set('workers', {
      key: 'workers',
      value: null,
      reason: 'it reloads, as in development',
      span: words[0]!.span,
    });
  }
  // Of Gunicorn's workers only greenlets and coroutines are bounded by it.
  const workerClass = facts.get('worker_class')?.value;
  const isBounded = typeof workerClass === 'string' && /gevent|eventlet|asgi/i.test(workerClass);
  if (program === gunicorn && !isBounded) facts.delete('concurrency');
  // Of Uvicorn's interfaces only one changes how work runs.
  if (program.server === 'uvicorn' && workerClass !== 'wsgi') facts.delete('worker_class');
  return [...facts.values()];
}

interface Flag {
  readonly option: ProgramOption;
  readonly value: string | undefined;
  readonly word: Word;
}

function flagOf(word: Word, next: Word | undefined, program: Program): Flag | undefined {
  for (const [flag, option] of Object.entries(program.options)) {
    if (word.text === flag) {
      if (option.takes === 'nothing') return { option, value: undefined, word };
      return { option, value: next?.text, word: next ?? word };
    }
    if (option.takes === 'nothing') continue;
    const joint = flag.startsWith('--') ? `${flag}=` : flag;
    if (!word.text?.startsWith(joint) || (joint === flag && word.text.startsWith('--'))) continue;
    const value = word.text.slice(joint.length);
    if (joint !== flag || option.takes === 'text' || /^\d/.test(value)) return { option, value, word };
  }
  return undefined;
}

function factOf({ option, value, word }: Flag, { server }: Program): CommandFact | undefined {
  const place = { key: option.key, span: word.span, ...(word.variable && { variable: word.variable }) };
  if (option.takes === 'nothing') {
    return option.value === null ? undefined : { ...place, value: option.value };
  }
  if (value === undefined) return { ...place, value: null, reason: decidedBy(word) };
  switch (option.takes) {
    case 'text':
      return value === '' ? undefined : { ...place, value };
    case 'instances':
      return { ...place, ...pm2Instances(value) };
    case 'range':
      return { ...place, ...autoscaleMaximum(value) };
    case 'number':
      // Hypercorn runs in its own process where it is given no workers.
      if (server === 'hypercorn' && value === '0') return { ...place, value: 1 };
      return { ...place, ...numberOrReason(value) };
  }
}

function decidedBy(word: Word): string {
  return word.variable === undefined ? 'it is known only at run time' : `the variable ${word.variable} decides it`;
}

type ValueOrReason = Pick<CommandFact, 'value' | 'reason'>;

export function numberOrReason(text: string): ValueOrReason {
  const value = wholeNumber(text);
  return value === undefined ? { value: null, reason: 'it is no plain whole number' } : { value };
}

/**
 * PM2's `instances`: a number; 0, `max`, a negative number and any other text stand for numbers of CPU cores.
 * What the machine has is not known here.
 */
export function pm2Instances(text: string): ValueOrReason {
  const value = wholeNumber(text);
  return value === undefined ? { value: null, reason: 'PM2 counts the CPU cores of its machine' } : { value };
}

/** Celery's `--autoscale=MAX,MIN`, in either order. */
function autoscaleMaximum(text: string): ValueOrReason {
  const numbers = text.split(',').map((part) => (/^\d{1,7}$/.test(part) ? Number(part) : Number.NaN));
  const most = Math.max(...numbers);
  return numbers.length <= 2 && most >= 1 ? { value: most } : { value: null, reason: 'it is not MAX,MIN' };
}

/** `module:attribute`, or a dotted name that ends in wsgi or asgi. */
const applicationWord = /^(?:wsgi:|asgi:)?[A-Za-z_][\w./]*(?::[A-Za-z_]\w*(?:\.\w+)*(?:\(.*\))?|\b[aw]sgi)$/;
const longestApplication = 200;

/** The application a server loads. It is for telling applications apart, not for messages. */
function applicationOf(program: Program, options: readonly Word[]): CommandFact | undefined {
  const { application: flags } = program;
  const fact = (value: string, word: Word): CommandFact => ({ key: 'application', value, span: word.span });
  if (!flags) {
    const found = options.findLast(({ text }, index) => {
      if (text === undefined || text.length > longestApplication || !applicationWord.test(text)) return false;
      const before = optionNamed(program, options[index - 1]?.text);
      return !before || before.takes === 'nothing';
    });
    return found && fact(found.text!.replace(/\(.*$/, ''), found);
  }
  for (const [index, word] of options.entries()) {
    const flag = flags.find((each) => word.text === each || word.text?.startsWith(`${each}=`));
    if (flag === undefined) continue;
    const source = word.text === flag ? options[index + 1] : word;
    const value = source === word ? word.text!.slice(flag.length + 1) : source?.text;
    if (source && value && value.length <= longestApplication && /^[\w.:/-]+$/.test(value)) return fact(value, source);
  }
  return undefined;
}

function optionNamed(program: Program, flag: string | undefined): ProgramOption | undefined {
  return flag !== undefined && Object.hasOwn(program.options, flag) ? program.options[flag] : undefined;
}

export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined;
}
