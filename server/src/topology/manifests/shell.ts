/** Lines of shell as simple commands, as far as a start command needs it: words, quotes, variables with defaults. */
import type { Span } from '../../core/text.ts';

/** A word of a command. */
export interface Word {
  /** Undefined where something decides it at run time. */
  readonly text: string | undefined;
  /** With its variables, for a shell of its own to read. */
  readonly written: string;
  readonly span: Span;
  /** The variable that decides the word, or that may replace its default: W in `${W}` and in `${W:-2}`. */
  readonly variable?: string;
}

export interface ShellCommand {
  readonly words: readonly Word[];
  /** True where the shell goes on without waiting for it. */
  readonly isBackground: boolean;
  /** True inside `if`, `case`, loops and functions: whether it runs is not known. */
  readonly isConditional: boolean;
}

/** Variables that the same manifest sets, for words that name them. */
export type Variables = ReadonlyMap<string, string>;

const noVariables: Variables = new Map();
const opensCondition = new Set(['if', 'case', 'while', 'until', 'for']);
const closesCondition = new Set(['fi', 'esac', 'done', '}']);

/**
 * The simple commands of a text of shell. Spans are exact where the text stands in the file as it is, which is where
 * `span` is as long as the text; otherwise every word has the whole span.
 */
export function splitShell(text: string, span: Span, variables: Variables = noVariables): ShellCommand[] {
  const isVerbatim = span.end - span.start === text.length;
  const commands: ShellCommand[] = [];
  let words: Word[] = [];
  let depth = 0;
  const finish = (isBackground: boolean) => {
    const [first = '', second = ''] = words.map((word) => word.written);
    // A function runs only where it is called.
    const isFunction = first.endsWith('()') || second === '()' || first === 'function';
    if (closesCondition.has(first)) depth = Math.max(0, depth - 1);
    else if (opensCondition.has(first) || isFunction) depth++;
    if (words.length > 0) commands.push({ words, isBackground, isConditional: depth > 0 });
    words = [];
  };
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '\\' && /[\r\n]/.test(text[at + 1] ?? '')) at += text.startsWith('\r\n', at + 1) ? 3 : 2;
    else if (character === '>' && text[at + 1] === '&') at += 2;
    else if (';&|\n'.includes(character)) {
      const isDouble = text[at + 1] === character;
      finish(character === '&' && !isDouble && text[at + 1] !== '>');
      at += isDouble ? 2 : 1;
    } else if (/\s/.test(character)) at++;
    else if (character === '#') at = endOfLine(text, at);
    else if (text.startsWith('<<', at) && text[at + 2] !== '<') at = endOfHereDocument(text, at);
    else {
      const word = wordAt(text, at);
      const place = isVerbatim ? { start: span.start + at, end: span.start + word.end } : span;
      words.push(wordOf(word.text, place, variables));
      at = word.end;
    }
  }
  finish(false);
  return commands;
}

/** A word as a manifest writes it, its variables replaced where their values are known. */
export function wordOf(written: string, span: Span, variables: Variables = noVariables): Word {
  const { text, variable } = expandVariables(written, variables);
  return variable === undefined ? { text, written, span } : { text, written, span, variable };
}

/**
 * `${X:-2}` is 2 where nothing sets X; what `variables` hold is known, `$(X)` (Kubernetes) included; any other variable
 * leaves the text unknown.
 */
export function expandVariables(
  written: string,
  variables: Variables = noVariables,
): { readonly text: string | undefined; readonly variable?: string } {
  if (!/[$`]|\{\{/.test(written)) return { text: written };
  let variable: string | undefined;
  let text = written;
  // Defaults may hold variables with defaults; deeper ones are nobody's.
  for (let round = 0; round < 3; round++) {
    const expanded = text.replace(/\$\{(\w+):?[-=]([^${}]*)\}/g, (_, name: string, fallback: string) => {
      variable ??= name;
      return variables.get(name) ?? fallback;
    });
    if (expanded === text) break;
    text = expanded;
  }
  text = text.replace(/\$(?:(\w+)|\{(\w+)\}|\((\w+)\))/g, (whole, plain: string, braced: string, bracketed: string) => {
    const name = plain ?? braced ?? bracketed;
    variable ??= bracketed === undefined ? name : undefined;
    return variables.get(name) ?? whole;
  });
  return { text: /\$[\w({$]|`|\{\{/.test(text) ? undefined : text, variable };
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
      const end = endOfExpansion(text, at + 1);
      word += text.slice(at, end);
      at = end - 1;
    } else if (/[\s;&|]/.test(character)) break;
    else word += character;
    at++;
  }
  return { text: word, end: at };
}

/** Behind the bracket that closes the one at `from`; brackets of the same kind may stand in between. */
function endOfExpansion(text: string, from: number): number {
  const open = text[from]!;
  const close = open === '{' ? '}' : ')';
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === open) depth++;
    else if (text[at] === close && --depth === 0) return at + 1;
  }
  return text.length;
}

/** Behind the last line of `<<EOF`; the end of the text where that line is missing. */
function endOfHereDocument(text: string, from: number): number {
  const head = /^<<-?\s*(["']?)([\w-]+)\1/.exec(text.slice(from, from + 80));
  if (!head) return from + 2;
  let at = endOfLine(text, from);
  while (at < text.length) {
    const end = endOfLine(text, at + 1);
    if (text.slice(at + 1, end).trim() === head[2]) return end;
    at = end;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
