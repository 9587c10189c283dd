/**
 * Finds what may be a secret in text that is about to be shown, so that no output carries it. Errs on the side of hiding:
 * a masked word costs a reader a moment, a shown password costs more. Every pass is linear in the text.
 */
import type { Span } from '../core/text.ts';
import { isReference, maskExpression, maskQuoted } from './maskExpression.ts';
import { maskLine, maskWord } from './maskValue.ts';
import { positionalSecrets } from './positionalSecrets.ts';

/** What stands in place of every secret, whatever its length. */
export const mask = '***';

/** How values are written: `code` has expressions and quotes, `settings` (.env, ini, YAML) runs to the end of the line. */
export type TextKind = 'code' | 'settings' | 'userlist';

export function textKindOf(uri: string): TextKind {
  if (/userlist[^/]*\.txt$/i.test(uri)) return 'userlist';
  return /\.(?:pyw?|pyi|[cm]?[jt]sx?|vue|svelte|prisma)$/i.test(uri) ? 'code' : 'settings';
}

/** The secrets of a text, in order and without overlaps. `sightings` are places already known to hold one. */
export function secretSpans(text: string, kind: TextKind, sightings: readonly Span[] = []): Span[] {
  const found = [...sightings, ...urlPasswords(text), ...keyedSecrets(text, kind), ...positionalSecrets(text, kind)];
  if (kind === 'userlist') {
    for (const match of text.matchAll(/^[ \t]*"[^"\n]*"[ \t]+"([^"\n]*)"/gm)) {
      const end = match.index + match[0].length - 1;
      found.push({ start: end - match[1]!.length, end });
    }
    // Written otherwise PgBouncer reads none of it, and it is no less a password.
    for (const match of text.matchAll(/^[ \t]*(?!")[^\s;]\S*[ \t]+(\S.*)|^[ \t]*"[^"\n]*"[ \t]*([^\s"].*)/gm)) {
      const end = match.index + match[0].length;
      found.push({ start: end - (match[1] ?? match[2])!.length, end });
    }
  }
  return merged(found);
}

function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start >= end) continue;
    const last = result.at(-1);
    if (last !== undefined && start <= last.end) {
      if (end > last.end) result[result.length - 1] = { start: last.start, end };
    } else {
      result.push({ start, end });
    }
  }
  return result;
}

/** A text that is no source file: a message, a title, a label. */
export function maskText(text: string): string {
  return replaceSpans(text, 0, text.length, secretSpans(text, 'code'));
}

/** Prose about names that somebody chose: only a URL in it is a secret, and no word of it announces one. */
export function maskUrls(text: string): string {
  return replaceSpans(text, 0, text.length, merged(urlPasswords(text)));
}

/** The part of a text from `start` to `end` with every secret in it replaced; `secrets` are spans of the whole text. */
export function replaceSpans(text: string, start: number, end: number, secrets: readonly Span[]): string {
  let result = '';
  let at = start;
  for (const secret of secrets) {
    if (secret.end <= start || secret.start >= end) continue;
    result += text.slice(at, Math.max(at, secret.start)) + mask;
    at = Math.min(end, secret.end);
  }
  return result + text.slice(at, end);
}

/** `scheme://user:password@host`, also where the parts of the URL stand in several literals. */
function urlPasswords(text: string): Span[] {
  const spans: Span[] = [];
  let tokenEnd = -1;
  let lastAt = -1;
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const start = at + 3;
    if (start >= tokenEnd) {
      tokenEnd = endOfUrl(text, at);
      lastAt = start + text.slice(start, tokenEnd).lastIndexOf('@');
    }
    const authority = /[:/?#@\s'"`]/g;
    authority.lastIndex = start;
    const stop = authority.exec(text);
    if (stop === null || stop[0] !== ':' || stop.index >= tokenEnd) {
      if (lastAt < start && continuesToHost(text, tokenEnd)) maskExpression(text, tokenEnd + 1, spans);
      continue;
    }
    const password = stop.index + 1;
    const isWhole = lastAt >= password;
    const content = text.slice(password, Math.min(isWhole ? lastAt : tokenEnd, password + 200));
    if (!isWhole && /^(?:\d{1,5}|\$?\{[\w.]+\})(?:[/?#,;)]|$)/.test(content)) continue;
    const end = isWhole ? lastAt : endBeyondWord(text, tokenEnd);
    if (!isReference(content)) spans.push({ start: password, end });
    // `"…://user:" + "secret" + "@host"` and `"…://%s:%s@host" % ("user", "secret")`
    const isQuoted = /['"`]/.test(text[tokenEnd] ?? '');
    if (isQuoted && (!isWhole || /^[ \t)\n]*(?:%|\.format)/.test(text.slice(tokenEnd + 1, tokenEnd + 40)))) {
      const after = maskExpression(text, tokenEnd + 1, spans);
      if (!isWhole) maskPieces(text, after, spans);
    }
  }
  return spans;
}

/** `"…://" + user + ":" + "secret" + "@host"` */
function continuesToHost(text: string, tokenEnd: number): boolean {
  if (!/["'`]/.test(text[tokenEnd] ?? '')) return false;
  const rest = text.slice(tokenEnd + 1, tokenEnd + 400);
  return /^\s*\+/.test(rest) && /["'`]@/.test(rest);
}

/** A bare URL whose password holds white space goes on to the last `@` of its line. */
function endBeyondWord(text: string, tokenEnd: number): number {
  if (!/[ \t<>]/.test(text[tokenEnd] ?? '')) return tokenEnd;
  const line = /[^\r\n"'`]{0,500}/y;
  line.lastIndex = tokenEnd;
  const at = line.exec(text)![0].lastIndexOf('@');
  return at === -1 ? tokenEnd : tokenEnd + at;
}

/** `["…://user:", "secret", "@host"]`: the texts that follow, up to the host. */
function maskPieces(text: string, from: number, spans: Span[]): void {
  const next = /\s*,\s*(?=(["'`]@?))/y;
  next.lastIndex = from;
  for (let piece = next.exec(text); piece !== null && piece[1]!.length === 1; piece = next.exec(text)) {
    next.lastIndex = maskQuoted(text, next.lastIndex, spans);
  }
}

/** The end of the literal the URL stands in, or of the word where it stands in none. */
function endOfUrl(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < 60 && /[\w.+-]/.test(text[start - 1]!)) start--;
  const quote = text[start - 1] ?? '';
  const end = quote === '"' ? /["\r\n]/g : quote === "'" ? /['\r\n]/g : quote === '`' ? /[`\r\n]/g : /[\s'"`<>]/g;
  for (end.lastIndex = at + 3; ; ) {
    const match = end.exec(text);
    if (match === null) return text.length;
    if (text[match.index - 1] !== '\\') return match.index;
  }
}

const secretWord =
  /(?:pass(?![a-z])|pass[ -]?w(?:or)?d|passwort|passphrase|pwd(?![a-z])|(?<![a-z])pw(?![a-z])|secret|credential|token(?![a-z])|(?:api|access|account|private|signing|encryption)_?key|(?<![a-z])salt(?![a-z])|authorization|(?<![a-z])auth(?=[ \t]*[=:][ \t]*[([])|identified[ \t]+by)\w{0,64}/gi;

/** What may stand between a word and its value: a closing quote, a type, an assignment, a fallback. */
const separator =
  /(["'`\])}]{0,4})[ \t]*(?:(:[ \t]*[\w.[\]|][\w.[\]| \t]{0,59}=(?!=)|:=|=>|!?={1,3}|%3D|:(?!:)|\?\?=?|\|\|=?|or\b)|(,)|(?=["'`]))/y;

/** `password=…`, `"password": …`, `DB_PASSWORD=…`, `getenv("DB_PASSWORD", …)`, `IDENTIFIED BY …` */
function keyedSecrets(text: string, kind: TextKind): Span[] {
  const spans: Span[] = [];
  const quotes = quoteTracker(text);
  secretWord.lastIndex = 0;
  for (let word = secretWord.exec(text); word !== null; word = secretWord.exec(text)) {
    const around = quotes(word.index);
    separator.lastIndex = secretWord.lastIndex;
    const between = separator.exec(text);
    if (between === null) {
      if (kind === 'settings') maskBareValue(text, secretWord.lastIndex, spans);
      continue;
    }
    const isCode = kind !== 'settings' && (around === undefined || between[1]!.includes(around));
    const isAnnotated = /^:[^=]/.test(between[2] ?? '');
    // Outside code nothing has a type: in `password: c2VjcmV0=` the sign is part of the value.
    const value = isAnnotated && !isCode ? text.indexOf(':', secretWord.lastIndex) + 1 : separator.lastIndex;
    if (between[3] !== undefined) {
      const argument = /[ \t\r\n]*(?:\w+[ \t]*=[ \t]*)?[rbfu]{0,2}(?=["'`])/iy;
      argument.lastIndex = value;
      const isKey = /["'`]/.test(between[1]!);
      if (isKey && argument.exec(text) !== null) {
        secretWord.lastIndex = maskQuoted(text, argument.lastIndex, spans);
      }
      continue;
    }
    if (kind === 'settings') secretWord.lastIndex = maskLine(text, value, spans);
    else if (!isCode) {
      secretWord.lastIndex = maskWord(text, value, around!, spans);
    } else secretWord.lastIndex = maskExpression(text, afterScheme(text, value), spans);
    if (secretWord.lastIndex <= word.index) secretWord.lastIndex = value;
  }
  return spans;
}

/** `Authorization: Bearer secret`: the first word only says what the second is. */
function afterScheme(text: string, at: number): number {
  const scheme = /[ \t]*(?:bearer|basic)[ \t]+(?=[^\s"'`])/iy;
  scheme.lastIndex = at;
  return scheme.test(text) ? scheme.lastIndex : at;
}

/** `password secret` alone on its line, where the sign between them was forgotten. */
function maskBareValue(text: string, at: number, spans: Span[]): void {
  const value = /[ \t]{1,20}([^\s"'`]{1,200})[ \t]*$/my;
  value.lastIndex = at;
  const found = value.exec(text);
  if (found !== null) spans.push({ start: at + found[0].indexOf(found[1]!), end: at + found[0].length });
}

/** Tells which quote (or `#` for a comment) is open at an offset of a line; offsets must be asked for in order. */
function quoteTracker(text: string): (offset: number) => string | undefined {
  let at = 0;
  let open: string | undefined;
  return (offset) => {
    for (; at < offset; at++) {
      const character = text[at]!;
      if (character === '\n') open = undefined;
      else if (open === '#') continue;
      else if (character === '\\') at++;
      else if (open !== undefined) open = character === open ? undefined : open;
      else if (character === '"' || character === "'" || character === '`') open = character;
      else if (character === '#' || (character === '/' && text[at + 1] === '/')) open = '#';
    }
    return open;
  };
}
