/** Python string literals: their text, and where each character of it stands in the source. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { unknown, type Value } from '../../declarations/value.ts';
import { type DecodedString, decoded } from '../decodedString.ts';
import type { PythonFile, Segment } from './file.ts';
import { locationOf } from './nodes.ts';

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
  return decoded(source, start, raw ? undefined : readEscape);
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

export function readNumber(text: string, at: Location): Value {
  const plain = text.replaceAll('_', '');
  const value = Number(plain.replace(/^0+(?=\d)/, ''));
  return Number.isFinite(value) ? { kind: 'literal', value, at } : unknown('the number cannot be read', at);
}

/** A string literal; what is interpolated is read by `inner`. */
export function readString(file: PythonFile, segment: Segment, node: Node, inner: (child: Node) => Value): Value {
  const at = locationOf(file, segment, node);
  const prefix = prefixOf(node);
  if (prefix.includes('b')) return unknown('it is a bytes literal', at);
  const start = node.children[0];
  const end = node.children.at(-1);
  if (start?.type !== 'string_start' || end?.type !== 'string_end') return unknown('the text is not complete', at);
  const raw = prefix.includes('r');
  const parts: Value[] = [];
  let from = start.endIndex;
  const addText = (to: number) => {
    if (to <= from) return;
    let source = file.text.slice(segment.start + from, segment.start + to);
    if (prefix.includes('f')) source = source.replaceAll('{{', '{').replaceAll('}}', '}');
    const span = { uri: file.uri, start: segment.start + from, end: segment.start + to };
    parts.push({ kind: 'literal', value: decode(source, from, raw).text, at: span });
  };
  for (const child of node.children) {
    if (child?.type !== 'interpolation') continue;
    addText(child.startIndex);
    const expression = child.childForFieldName('expression');
    const isFormatted = child.namedChildren.some(
      (each) => each?.type === 'format_specifier' || (each?.type === 'type_conversion' && each.text !== '!s'),
    );
    parts.push(
      expression && !isFormatted
        ? inner(expression)
        : unknown('it is formatted into the text', locationOf(file, segment, child)),
    );
    from = child.endIndex;
  }
  addText(end.startIndex);
  if (parts.length === 0) return { kind: 'literal', value: '', at };
  if (parts.length === 1 && parts[0]!.kind === 'literal') return { ...parts[0]!, at };
  return { kind: 'text', parts, at };
}
