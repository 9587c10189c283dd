/** What kind of statement a segment is and which names it binds or changes, judged by its text. */
import { segmentsWithName } from '../namedSegments.ts';
import { fillers } from './changeNodes.ts';
import type { ScriptFile, Segment } from './file.ts';
import { importsOf } from './imports.ts';

export interface SegmentHead {
  readonly kind: 'import' | 'function' | 'class' | 'value' | 'type' | 'other';
  /** Every name it may bind or change at module level; some may turn out not to be. */
  readonly names: readonly string[];
}

/** Blank lines, comments and a directive before the statement itself. */
const preamble = /\uFEFF?(?:#![^\n]*|\s+|\/\/[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|(["'])use \w+\1;?)*/y;
const modifiers = /(?:(?:export|default|declare|abstract|async)\s+)*/y;
const definition =
  /(function\b\s*\*?|class\b|enum\b|const\s+enum\b|namespace\b|module\b)\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/uy;
const valueHead = /(?:const|let|var)\b/y;
const typeHead = /(?:interface|type)\s+[\w$]+\s*[{=<e]/y;
const importHead = /import\b(?!\s*[(.])/y;

const identifier = /\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/uy;
const words = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;
const furtherDeclarator = /,\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)[ \t]*(?::[^=,;\n]*)?=(?![=>])/gu;
/** `name = …`, `name.key = …`, `name['key'] ??= …`, `Object.assign(name, …)`, `delete name.key`, and declarations. */
const changes = new RegExp(
  String.raw`(?<![\p{ID_Continue}$.])([\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\.[\p{ID_Continue}$]+|\[[^\]\n]{0,80}\])*[ \t]*(?:[-+*/%&|?]{0,3}=(?![=>])|\+\+|--)|\b${fillers}\(\s*([\p{ID_Continue}$]+)|\b(?:delete|const|let|var|function|class|enum)\s+([\p{ID_Continue}$]+)`,
  'gu',
);

const headFact = {};

export function headOf(file: ScriptFile, segment: Segment): SegmentHead {
  return segment.remember(headFact, () => readHead(file, segment));
}

/** Where the statement itself begins, after the comments before it. */
export function statementStart(file: ScriptFile, segment: Segment): number {
  preamble.lastIndex = 0;
  preamble.exec(file.text.slice(segment.start, segment.end));
  return segment.start + preamble.lastIndex;
}

function readHead(file: ScriptFile, segment: Segment): SegmentHead {
  const text = file.text.slice(segment.start, segment.end);
  const start = statementStart(file, segment) - segment.start;
  if (matchAt(importHead, text, start) || /^export\s+import\s/.test(text.slice(start, start + 20)))
    return { kind: 'import', names: importsOf(file, segment).map((each) => each.local) };
  matchAt(modifiers, text, afterDecorators(text, start));
  const at = modifiers.lastIndex;
  const defined = matchAt(definition, text, at);
  if (defined) return { kind: /^class/.test(defined[1]!) ? 'class' : 'function', names: [defined[2]!] };
  if (matchAt(typeHead, text, at)) return { kind: 'type', names: [] };
  if (!matchAt(valueHead, text, at)) return { kind: 'other', names: namesChanged(text) };
  const names = new Set(patternAt(text, valueHead.lastIndex).match(words) ?? []);
  for (const match of text.matchAll(furtherDeclarator)) names.add(match[1]!);
  return { kind: 'value', names: [...names] };
}

const decorator = /@[\p{ID_Continue}$.]+\s*/uy;
const texts = /(["'`])(?:\\[\s\S]|(?!\1)[^\\]){0,2000}\1/y;

/** Where the class begins that decorators stand before; a decorator longer than a pattern may be is none. */
function afterDecorators(text: string, start: number): number {
  let at = start;
  while (text[at] === '@' && matchAt(decorator, text, at)) {
    at = decorator.lastIndex;
    if (text[at] === '(') {
      const end = closingAt(text, at);
      if (end === undefined) return start;
      at = end + 1;
    }
    preamble.lastIndex = at;
    preamble.exec(text);
    at = preamble.lastIndex;
  }
  return at;
}

function closingAt(text: string, from: number): number | undefined {
  const limit = Math.min(text.length, from + longestPattern);
  for (let at = from, depth = 0; at < limit; at++) {
    if (matchAt(texts, text, at)) at = texts.lastIndex - 1;
    const code = text.charCodeAt(at);
    if (code === 40) depth++;
    else if (code === 41 && --depth === 0) return at;
  }
  return undefined;
}

/** Patterns longer than this are generated. */
const longestPattern = 10_000;

/** The name or the whole destructuring pattern at an offset. */
function patternAt(text: string, offset: number): string {
  const single = matchAt(identifier, text, offset);
  if (single) return single[1]!;
  const limit = Math.min(text.length, offset + longestPattern);
  for (let at = offset, depth = 0; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 123 || code === 91 || code === 40) depth++;
    else if ((code === 125 || code === 93 || code === 41) && --depth === 0) return text.slice(offset, at);
  }
  return '';
}

function matchAt(regularExpression: RegExp, text: string, offset: number): RegExpExecArray | null {
  regularExpression.lastIndex = offset;
  return regularExpression.exec(text);
}

function namesChanged(text: string): string[] {
  const names = new Set<string>();
  for (const match of text.matchAll(changes)) names.add((match[1] ?? match[2] ?? match[3])!);
  return [...names];
}

/** Segments that bind or change a name at module level, in source order. */
export function segmentsBinding(file: ScriptFile, name: string): readonly Segment[] {
  return segmentsWithName(file, name, (segment) => headOf(file, segment).names.includes(name));
}

/** True where a function or class of the module changes what a module-level name stands for, or a property of it. */
export function isChangedInFunctions(file: ScriptFile, name: string, withAssignments: boolean): boolean {
  const plain = name.replace(/\$/g, '\\$');
  const access = '(?:\\.[\\p{ID_Continue}$]+|\\[[^\\]\\n]{0,80}\\])';
  const changed = new RegExp(
    `(?<![\\p{ID_Continue}$.])${plain}${access}${withAssignments ? '*' : '+'}[ \\t]*(?:[-+*/%&|?]{0,3}=(?![=>])|\\+\\+|--)|\\b${fillers}\\(\\s*${plain}\\b|\\bdelete\\s+${plain}\\b`,
    'u',
  );
  return file.segments.some((segment) => {
    const { kind, names } = headOf(file, segment);
    if (kind === 'import' || kind === 'type' || kind === 'other' || names.includes(name)) return false;
    const text = file.text.slice(segment.start, segment.end);
    return text.includes(name) && changed.test(text);
  });
}
