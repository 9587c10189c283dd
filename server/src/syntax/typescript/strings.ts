/** The escapes of JavaScript's string literals. */
import { type DecodedString, decoded } from '../decodedString.ts';

const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\n': '',
  '\r': '',
  '\u2028': '',
  '\u2029': '',
};

/** Decodes a stretch of source inside quotes or backticks. `start` is where it begins, relative to the segment. */
export function decode(source: string, start: number): DecodedString {
  return decoded(source, start, readEscape);
}

function readEscape(source: string, at: number): [string, number] {
  const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\})/.exec(source.slice(at + 1, at + 11));
  if (code) {
    const point = Number.parseInt(code[1] ?? code[2] ?? code[3]!, 16);
    return [point <= 0x10ffff ? String.fromCodePoint(point) : '', code[0].length + 1];
  }
  const next = source[at + 1] ?? '';
  if (next === '\r' && source[at + 2] === '\n') return ['', 3];
  return [simpleEscapes[next] ?? next, 1 + next.length];
}
