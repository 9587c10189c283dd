/**
 * Cuts a Python file into its top-level statements without parsing it. Only statements in which something of interest
 * occurs are ever parsed, each on its own: a keystroke costs the statement it falls into, and text that is broken for a
 * while (an unclosed bracket) does not spoil the statements after it.
 */

const newline = 10;
const carriageReturn = 13;
const doubleQuote = 34;
const hash = 35;
const singleQuote = 39;
const openParenthesis = 40;
const closeParenthesis = 41;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/** Clauses that continue a statement although they begin in the first column. */
const continuation = /(?:else|elif|except|finally)\b/y;
/** Statements that never stand inside brackets: where one begins a line, an earlier bracket was left open. */
const unmistakable = /(?:def|class|import|async[ \t]+def)[ \t]+\w|from[ \t]+[\w.]+[ \t]+import\b/y;

/**
 * The offset at which the top-level statement after the one that begins at `start` begins, or the text's length.
 * `start` must be 0 or the beginning of a line.
 */
export function endOfTopLevelStatement(text: string, start: number): number {
  const length = text.length;
  let depth = 0;
  let at = start;
  // A decorator or the file's leading comments belong to the statement that follows them.
  let hasStatement = beginsStatement(text, start);
  while (at < length) {
    const code = text.charCodeAt(at);
    switch (code) {
      case newline: {
        const next = at + 1;
        if (next < length && opensNextStatement(text, next, depth, hasStatement)) return next;
        if (!hasStatement && depth === 0 && next < length) hasStatement = beginsStatement(text, next);
        at = next;
        break;
      }
      case backslash: {
        // A continued line: the newline after the backslash is no end of statement.
        at += text.charCodeAt(at + 1) === carriageReturn && text.charCodeAt(at + 2) === newline ? 3 : 2;
        break;
      }
      case hash: {
        const end = text.indexOf('\n', at);
        at = end === -1 ? length : end;
        break;
      }
      case singleQuote:
      case doubleQuote:
        at = endOfString(text, at, code);
        break;
      case openParenthesis:
      case openBracket:
      case openBrace:
        depth++;
        at++;
        break;
      case closeParenthesis:
      case closeBracket:
      case closeBrace:
        if (depth > 0) depth--;
        at++;
        break;
      default:
        at++;
    }
  }
  return length;
}

/** The offset after a string literal whose opening quote is at `at`; a one-line string ends at its line at the latest. */
export function endOfString(text: string, at: number, quote: number): number {
  const length = text.length;
  if (text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote) {
    let position = at + 3;
    while (position < length) {
      const code = text.charCodeAt(position);
      if (code === backslash) position += 2;
      else if (code === quote && text.charCodeAt(position + 1) === quote && text.charCodeAt(position + 2) === quote) {
        return position + 3;
      } else position++;
    }
    return length;
  }
  let position = at + 1;
  while (position < length) {
    const code = text.charCodeAt(position);
    if (code === quote) return position + 1;
    if (code === newline) return position;
    if (code === backslash) {
      position += text.charCodeAt(position + 1) === carriageReturn && text.charCodeAt(position + 2) === newline ? 3 : 2;
    } else position++;
  }
  return length;
}

function beginsStatement(text: string, lineStart: number): boolean {
  const code = text.charCodeAt(lineStart);
  return !(
    code === hash ||
    code === newline ||
    code === carriageReturn ||
    code === 32 ||
    code === 9 ||
    code === 12 ||
    code === 0xfeff ||
    code === 64
  );
}

function opensNextStatement(text: string, lineStart: number, depth: number, hasStatement: boolean): boolean {
  const code = text.charCodeAt(lineStart);
  if (code === newline || code === carriageReturn || code === 32 || code === 9 || code === 12 || code === hash) {
    return false;
  }
  if (depth > 0) {
    unmistakable.lastIndex = lineStart;
    return unmistakable.test(text);
  }
  if (!hasStatement) return false;
  if (code === 101 || code === 102) {
    continuation.lastIndex = lineStart;
    if (continuation.test(text)) return false;
  }
  return true;
}
