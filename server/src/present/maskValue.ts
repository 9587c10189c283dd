/** Values after a word such as `password=` that are no expressions: inside a literal or a comment, and in settings. */
import type { Span } from '../core/text.ts';
import { isReference } from './maskExpression.ts';

/** The key of the next value. A separator alone may be part of this one. */
const nextKey = /(?:[\s,;&]|%3B|%26)+[\w.-]+?(?: [\w.-]+?)?[ \t]*(?:=|%3D)/iy;
/** A value among others that `;` separates: there braces are quotes, never a hole in a template. */
const behindSemicolon = /;\s*[\w ]{1,20}=\s*$/;

/** Longer values are looked through no further. */
const longestValue = 4000;

/**
 * A value inside a literal (`around` is its quote) or a comment (`#`). In quotes or braces it may hold anything
 * (`password='a b'`, `PWD={a;b}`), and white space may be escaped: it reaches to the next key, or to the literal's end.
 */
export function maskWord(text: string, at: number, around: string, spans: Span[]): number {
  const prefix = /[ \t\\]*(?:(?:bearer|basic)[ \t]+)?/iy;
  prefix.lastIndex = at;
  prefix.exec(text);
  const isEscaped = text[prefix.lastIndex - 1] === '\\' && /["'`]/.test(text[prefix.lastIndex] ?? '');
  const start = prefix.lastIndex + (isEscaped ? 1 : 0);
  const limit = Math.min(text.length, start + longestValue);
  const enclosed = isEscaped ? undefined : endOfEnclosed(text, start, around, limit);
  if (enclosed !== undefined && text[start] !== '{') {
    if (!isReference(text.slice(start + 1, Math.min(enclosed - 1, start + 200)))) {
      spans.push({ start: start + 1, end: enclosed - 1 });
    }
    return enclosed;
  }
  let end = enclosed ?? start;
  for (; end < limit && text[end] !== '\n' && text[end] !== '\r' && text[end] !== around; end++) {
    if (text[end] === '\\') end++;
    else if (/[\s,;&%]/.test(text[end]!) && !/[\s,;&]/.test(text[end - 1]!)) {
      nextKey.lastIndex = end;
      if (nextKey.test(text)) break;
    }
  }
  end = Math.min(end, limit);
  const isValue = text[start] === '{' && behindSemicolon.test(text.slice(Math.max(0, at - 40), at));
  if (isValue || !isReference(text.slice(start, Math.min(end, start + 200)))) spans.push({ start, end });
  return end;
}

/** The offset after a value in quotes or braces, the closing one doubled or escaped where it is part of the value. */
function endOfEnclosed(text: string, start: number, around: string, limit: number): number | undefined {
  const opening = text[start] ?? '';
  const closing = opening === '{' ? '}' : opening;
  if (opening === around || !/["'`{]/.test(opening)) return undefined;
  for (let index = start + 1; index < limit; index++) {
    const character = text[index]!;
    if (character === '\n' || character === around) return undefined;
    if (character === '\\') index++;
    else if (character !== closing) continue;
    else if (text[index + 1] === closing) index++;
    // A sign behind it that ends no value: the closing one was part of it, escaped for two readers.
    else return /[\w\\]/.test(text[index + 1] ?? '') ? undefined : index + 1;
  }
  return undefined;
}

/**
 * The rest of the line, without the quotes around it. A YAML block takes the deeper lines below it, a quoted value the
 * lines up to its closing quote.
 */
export function maskLine(text: string, at: number, spans: Span[]): number {
  const end = endOfLine(text, at);
  const isBlock = /^[ \t]*[|>]?[+-]?\d?[+-]?[ \t]*(?:#.*)?\r?$/.test(text.slice(at, Math.min(end, at + 100)));
  if (isBlock) {
    const last = endOfBlock(text, at, end);
    if (last > end) addTrimmed(text, end + 1, last, spans);
    return last;
  }
  const last = endOfQuoted(text, at, end);
  addTrimmed(text, at, last, spans);
  return last;
}

function addTrimmed(text: string, from: number, to: number, spans: Span[]): void {
  const value = text.slice(from, to);
  const leading = /^[ \t"'`]*/.exec(value)![0].length;
  const trailing = /[ \t\r\n"'`,]*$/.exec(value.slice(-100))![0].length;
  const content = value.slice(leading, Math.max(leading, value.length - trailing));
  if (!isReference(content)) spans.push({ start: from + leading, end: from + leading + content.length });
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** The end of the last line below that is deeper than the one with the key; empty lines between them belong to it. */
function endOfBlock(text: string, at: number, end: number): number {
  const key = indentation(text, text.lastIndexOf('\n', at - 1) + 1);
  let last = end;
  for (let start = end + 1; start < text.length && start - end < longestValue; ) {
    const own = endOfLine(text, start);
    const isEmpty = text.slice(start, own).trim() === '';
    if (!isEmpty && indentation(text, start) <= key) break;
    if (!isEmpty) last = own;
    start = own + 1;
  }
  return last;
}

function indentation(text: string, lineStart: number): number {
  let at = lineStart;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at - lineStart;
}

/** The end of the line on which a value's quotes are closed, where that is not its own; a stray quote closes nothing. */
function endOfQuoted(text: string, at: number, end: number): number {
  const quote = /^[ \t]*(["'])/.exec(text.slice(at, Math.min(end, at + 100)))?.[1];
  if (quote === undefined) return end;
  const start = text.indexOf(quote, at) + 1;
  if (text.slice(start, end).includes(quote)) return end;
  const rest = text.slice(end, end + longestValue);
  const close = rest.search(quote === '"' ? /"[ \t]*(?:[#,}\]].*)?(?:\r?\n|$)/ : /'[ \t]*(?:[#,}\]].*)?(?:\r?\n|$)/);
  // Another `key = "` in between: the quote was forgotten, and what follows is for others to judge.
  if (close === -1 || /[=:][ \t]*["']/.test(rest.slice(0, close + 1))) return end;
  return endOfLine(text, end + close);
}
