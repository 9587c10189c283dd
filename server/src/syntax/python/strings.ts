/** Python string literals: their text, and where each character of it stands in the source. */
import type { Node } from 'web-tree-sitter';

export interface DecodedString {
  readonly text: string;
  /** Offset of each character of `text` relative to the segment, and one more for the end. */
  readonly offsets: readonly number[];
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
  '\r': '',
};

/** The prefix letters of a string node, in lower case. */
export function prefixOf(node: Node): string {
  return (/^[A-Za-z]*/.exec(node.text) as RegExpExecArray)[0].toLowerCase();
}

/** Decodes a stretch of source inside quotes. `start` is where `source` begins, relative to the segment. */
export function decode(source: string, start: number, raw: boolean): DecodedString {
  if (raw || !source.includes('\\')) {
    return { text: source, offsets: Array.from({ length: source.length + 1 }, (_, index) => start + index) };
  }
  let text = '';
  const offsets: number[] = [];
  for (let at = 0; at < source.length; ) {
    const [piece, consumed] = source[at] === '\\' ? readEscape(source, at) : [source[at]!, 1];
    for (let unit = 0; unit < piece.length; unit++) offsets.push(start + at);
    text += piece;
    at += consumed;
  }
  offsets.push(start + source.length);
  return { text, offsets };
}

function readEscape(source: string, at: number): [string, number] {
  const next = source[at + 1] ?? '';
  const hex = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(source.slice(at + 1, at + 10));
  if (hex) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16);
    return [code <= 0x10ffff ? String.fromCodePoint(code) : '', hex[0].length + 1];
  }
  const octal = /^[0-7]{1,3}/.exec(source.slice(at + 1, at + 4));
  if (octal) return [String.fromCharCode(Number.parseInt(octal[0], 8)), octal[0].length + 1];
  if (next === '\r' && source[at + 2] === '\n') return ['', 3];
  const simple = simpleEscapes[next];
  return simple === undefined ? [`\\${next}`, 1 + next.length] : [simple, 2];
}
