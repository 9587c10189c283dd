/** Small questions about JavaScript text that can be answered without a syntax tree. */

export const newline = 10;
export const carriageReturn = 13;
export const backslash = 92;
export const slash = 47;
export const star = 42;

export function isIdentifierCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    code >= 0x80
  );
}

/** The identifier or keyword that ends at `end` (exclusive); empty where none does. */
export function wordBefore(text: string, end: number): string {
  let start = end;
  while (start > 0 && isIdentifierCode(text.charCodeAt(start - 1))) start--;
  return text.slice(start, end);
}

/** The identifier or keyword that begins at `start`; empty where none does. */
export function wordAt(text: string, start: number): string {
  let end = start;
  while (end < text.length && isIdentifierCode(text.charCodeAt(end))) end++;
  return text.slice(start, end);
}

/** The offset after a string literal whose quote stands at `at`; it ends at its line at the latest. */
export function endOfString(text: string, at: number, quote: number): number {
  let position = at + 1;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === quote) return position + 1;
    if (code === newline) return position;
    if (code !== backslash) position++;
    else
      position += text.charCodeAt(position + 1) === carriageReturn && text.charCodeAt(position + 2) === newline ? 3 : 2;
  }
  return text.length;
}

/** The offset after a comment that begins at `at`. A line comment ends before its line's end. */
export function endOfComment(text: string, at: number): number {
  if (text.charCodeAt(at + 1) === slash) {
    const end = text.indexOf('\n', at);
    return end === -1 ? text.length : end;
  }
  const end = text.indexOf('*/', at + 2);
  return end === -1 ? text.length : end + 2;
}

/** The offset after a regular expression whose slash stands at `at`, or undefined where its line ends before it does. */
export function endOfRegularExpression(text: string, at: number): number | undefined {
  let isInClass = false;
  let position = at + 1;
  for (; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (code === newline) return undefined;
    if (code === backslash) position++;
    else if (code === 91) isInClass = true;
    else if (code === 93) isInClass = false;
    else if (code === slash && !isInClass) break;
  }
  if (position >= text.length) return undefined;
  position++;
  while (position < text.length && isIdentifierCode(text.charCodeAt(position))) position++;
  return position;
}

/** Keywords after which an operand follows: what looks like a division or a comparison there is none. */
const beforeOperand = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'new',
  'do',
  'else',
  'instanceof',
  'await',
  'yield',
  'default',
  'extends',
]);
const headerWords = new Set(['if', 'while', 'for', 'with']);

/** Where the code read so far ends, for telling an operand from an operator. */
export interface Preceding {
  /** Offset of the last character that is no white space and no comment; below the start where there is none. */
  readonly last: number;
  /** That character ends a regular expression or an element, whatever it is. */
  readonly endsOperand: boolean;
  /** Offset of the bracket that the last `)` closed. */
  readonly lastParenthesis: number;
  readonly start: number;
}

/** True where an operand may begin at `at`: a slash is a regular expression there, `<` an element. */
export function expectsOperand(
  text: string,
  at: number,
  { last, endsOperand, lastParenthesis, start }: Preceding,
): boolean {
  if (last < start) return true;
  if (endsOperand) return false;
  const code = text.charCodeAt(last);
  switch (code) {
    case 41: // )
      return headerWords.has(wordBefore(text, endOfSpaceBefore(text, lastParenthesis)));
    case 93: // ]
    case 34:
    case 39:
    case 96:
      return false;
    case 125: // }
      return text.slice(last + 1, at).includes('\n');
    case 33: {
      // `x! / 2` is TypeScript's assertion; `!/x/` negates.
      const before = text.charCodeAt(last - 1);
      return !(isIdentifierCode(before) || before === 41 || before === 93);
    }
    case 43: // ++
    case 45: // --
      return text.charCodeAt(last - 1) !== code;
    default: {
      if (!isIdentifierCode(code)) return true;
      const word = wordBefore(text, last + 1);
      return beforeOperand.has(word) && text.charCodeAt(last - word.length) !== 46;
    }
  }
}

function endOfSpaceBefore(text: string, end: number): number {
  let at = end;
  while (at > 0 && (text.charCodeAt(at - 1) === 32 || text.charCodeAt(at - 1) === 9)) at--;
  return at;
}
