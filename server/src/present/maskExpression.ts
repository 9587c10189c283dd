/** Walks the expression after a word such as `password=` and hides what in it may be the value. Knows no one language. */
import type { Span } from '../core/text.ts';

/** Longer expressions are not passwords; bounds the work on hostile text. */
const longestExpression = 4000;

/** Callables whose first text names a value instead of being one: `os.environ["X"]`, `config("X")`. */
const lookup = /env|config|settings|vault|(?:^|\.)get$/i;

/** Words that stand in expressions and are no values. */
const codeWord =
  /^(?:None|null|undefined|nil|true|false|str|string|int|bytes|bool|Optional|Any|await|async|new|not|or|and|if|else|in|is|lambda|as|self|this|os|process|cls|typeof|return|Field|field|default)$/i;

const operatorWord = /^(?:or|and|if|else|in|not|is|as|await|new)$/;
const namesSecret = /pass|pwd|secret|credential|token|key/i;
const stringPrefix = /^[rbfu]{1,2}$/i;
const token = /[^\s'"`,;()[\]{}+|?&<>=%]+/y;

/** Texts that name a value instead of being one: `{password}`, `${DB_PASSWORD}`, `%s`, `***`. */
export function isReference(text: string): boolean {
  return /^(?:\$?\{[\w.:!-]*\}|\$\{\{[^{}]*\}\}|\{\{[^{}]*\}\}|%s|%\(\w+\)s|\*+)?$/.test(text);
}

/** Adds the contents of the literal whose quote stands at `at`; returns the offset after it. */
export function maskQuoted(text: string, at: number, spans: Span[]): number {
  const { start, end, after } = readQuoted(text, at);
  if (!isReference(text.slice(start, Math.min(end, start + 200)))) spans.push({ start, end });
  return after;
}

function readQuoted(text: string, at: number): { start: number; end: number; after: number } {
  const quote = text[at]!;
  const isTriple = text[at + 1] === quote && text[at + 2] === quote;
  const width = isTriple ? 3 : 1;
  const start = at + width;
  const limit = Math.min(text.length, start + longestExpression);
  for (let index = start; index < limit; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === '\n' && !isTriple && quote !== '`') return { start, end: index, after: index };
    else if (text[index] === quote && (!isTriple || (text[index + 1] === quote && text[index + 2] === quote))) {
      return { start, end: index, after: index + width };
    }
  }
  return { start, end: limit, after: limit };
}

/** Adds what may be a secret in the expression that begins at `at`; returns where it ends. */
export function maskExpression(text: string, at: number, spans: Span[]): number {
  const limit = Math.min(text.length, at + longestExpression);
  let depth = 0;
  let hasOperand = false;
  let isLookup = false;
  let lastWord = '';
  let index = at;
  while (index < limit) {
    const character = text[index]!;
    if (character === '\n') {
      if (depth === 0 && hasOperand) return index;
      index++;
    } else if (character === ' ' || character === '\t' || character === '\r' || character === '\\') {
      index++;
    } else if (character === '"' || character === "'" || character === '`') {
      index = isLookup ? readQuoted(text, index).after : maskQuoted(text, index, spans);
      isLookup = false;
      hasOperand = true;
    } else if (character === '(' || character === '[' || character === '{') {
      isLookup = lookup.test(lastWord);
      depth++;
      index++;
      lastWord = '';
    } else if (character === ')' || character === ']' || character === '}') {
      if (--depth < 0) return index;
      hasOperand = true;
      index++;
    } else if (character === ',' || character === ';') {
      if (depth === 0) return index;
      isLookup = false;
      index++;
    } else if (character === '#') {
      if (depth === 0 && hasOperand) return index;
      const end = text.indexOf('\n', index);
      index = end === -1 ? limit : end;
    } else {
      token.lastIndex = index;
      const word = token.exec(text)?.[0].slice(0, longestExpression);
      if (word === undefined) {
        hasOperand = false;
        index++;
        continue;
      }
      const after = text[index + word.length] ?? '';
      if (stringPrefix.test(word) && /["'`]/.test(after)) {
        index += word.length;
        continue;
      }
      if (operatorWord.test(word)) hasOperand = false;
      else if (hasOperand && depth === 0 && !word.startsWith('.')) return index;
      else hasOperand = true;
      lastWord = word;
      if (isCode(word)) {
        index += word.length;
        continue;
      }
      const end = maskBareWord(text, index, spans);
      // A callee that was taken for a value: what is inside its brackets belongs to the expression.
      depth = Math.max(0, depth + openedIn(text.slice(index, end)));
      index = end;
    }
  }
  return index;
}

/** Brackets opened less brackets closed. */
function openedIn(text: string): number {
  return (text.match(/[([{]/g)?.length ?? 0) - (text.match(/[)\]}]/g)?.length ?? 0);
}

function isCode(word: string): boolean {
  return (
    codeWord.test(word) ||
    /^[-*/:.!@]+$/.test(word) ||
    (/^[A-Za-z_$.][\w$.]*$/.test(word) && (word.startsWith('.') || isNamed(word)))
  );
}

/** `settings.x`, `db_password`, `SecretStr`: names that say of themselves that the value is elsewhere. */
function isNamed(word: string): boolean {
  return namesSecret.test(word) || lookup.test(word) || /^(?:f|r|b|u|URL|quote|quote_plus|urllib\.[\w.]+)$/.test(word);
}

/** An unquoted value reaches to a quote or to white space that is not escaped; brackets and separators at its end belong to what follows. */
function maskBareWord(text: string, start: number, spans: Span[]): number {
  const stop = /(?<!\\)[\s"'`]/g;
  stop.lastIndex = start;
  const found = stop.exec(text)?.index ?? text.length;
  const trailing = /[),;\]}]*$/.exec(text.slice(Math.max(start + 1, found - 20), found))![0].length;
  const end = found - trailing;
  if (!isReference(text.slice(start, Math.min(end, start + 200)))) spans.push({ start, end });
  return end;
}
