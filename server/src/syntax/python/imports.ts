/** Which names a module imports, read from the text of its import statements: their grammar is too small for a tree. */
import { locate } from '../../core/text.ts';
import type { ReferenceValue } from '../../declarations/value.ts';
import type { TextFact } from '../gathered.ts';
import { segmentsWithName } from '../namedSegments.ts';
import type { PythonFile, Segment } from './file.ts';

/** A name that an import binds; offsets are relative to where the statement's text begins. */
export interface ImportedName {
  readonly local: string;
  readonly module: string;
  readonly name: string;
  readonly level: number;
  readonly start: number;
  readonly end: number;
}

/** Names bound by one `import …` or `from … import …` statement; a star import binds none that can be named here. */
export function readImportStatement(text: string): ImportedName[] {
  const clean = text
    .replace(/#[^\n]*/g, (comment) => ' '.repeat(comment.length))
    .replace(/\\\r?\n/g, (eol) => ' '.repeat(eol.length));
  const from =
    /^\s*from\s+(\.*)\s*([\w.\u0080-\uFFFF]*)\s+import\b/.exec(clean) ?? /^\s*from\s*(\.+)\s*()import\b/.exec(clean);
  if (from) return readFromImport(clean, from);
  const plain = /^\s*import\s+/.exec(clean);
  return plain ? readPlainImport(clean, plain[0].length) : [];
}

function readFromImport(clean: string, from: RegExpExecArray): ImportedName[] {
  const names: ImportedName[] = [];
  for (const item of splitItems(clean, from[0].length)) {
    const match = /^(\w+)(?:\s+as\s+(\w+))?$/u.exec(item.text) ?? /^([^\s*]+)(?:\s+as\s+(\S+))?$/.exec(item.text);
    if (!match) continue;
    names.push({
      local: match[2] ?? match[1]!,
      module: from[2]!,
      name: match[1]!,
      level: from[1]!.length,
      start: item.start,
      end: item.start + item.text.length,
    });
  }
  return names;
}

function readPlainImport(clean: string, start: number): ImportedName[] {
  const names: ImportedName[] = [];
  for (const item of splitItems(clean, start)) {
    const match = /^([\w.\u0080-\uFFFF]+)(?:\s+as\s+(\S+))?$/.exec(item.text);
    if (!match) continue;
    const module = match[1]!;
    const span = { start: item.start, end: item.start + item.text.length };
    // `import a.b` binds `a`; `import a.b as c` binds c to a.b.
    if (match[2] !== undefined) names.push({ local: match[2], module, name: '', level: 0, ...span });
    else names.push({ local: module.split('.')[0]!, module: module.split('.')[0]!, name: '', level: 0, ...span });
  }
  return names;
}

function splitItems(clean: string, start: number): { text: string; start: number }[] {
  const items: { text: string; start: number }[] = [];
  const pattern = /[^,()\n;]+/g;
  const parenthesised = /^\s*\(/.test(clean.slice(start));
  pattern.lastIndex = start;
  let end = clean.length;
  if (parenthesised) {
    const close = clean.indexOf(')', start);
    if (close !== -1) end = close;
  } else {
    const newline = clean.slice(start).search(/[\n;]/);
    if (newline !== -1) end = start + newline;
  }
  for (let match = pattern.exec(clean); match && match.index < end; match = pattern.exec(clean)) {
    const raw = clean.slice(match.index, Math.min(end, match.index + match[0].length));
    const text = raw.trim();
    if (text !== '') items.push({ text, start: match.index + raw.indexOf(text) });
  }
  return items;
}

/** What kind of statement a segment is, judged by its first line, and which names it binds. */
export interface SegmentHead {
  readonly kind: 'import' | 'assignment' | 'function' | 'class' | 'compound' | 'other';
  readonly names: readonly string[];
}

const identifier = '[A-Za-z_\\u0080-\\uFFFF][\\w\\u0080-\\uFFFF]*';
/** Blank lines, comments and decorators (with the lines their brackets span) before the statement itself. */
const preamble = /(?:[ \t\uFEFF]*(?:#[^\n]*)?\r?\n|@[^\n]*\n|[ \t][^\n]*\n|[)\]}][^\n]*\n)*\uFEFF?/y;
const importHead = /(?:import|from)\b/y;
const definitionHead = new RegExp(`(?:async[ \\t]+)?(def|class)[ \\t]+(${identifier})`, 'y');
const compoundHead = /(?:if|try|with|for|while|match|async)\b/y;
const assignmentHead = new RegExp(
  `(${identifier})[ \\t]*(?::[^=\\n]*)?=(?!=)(?:[ \\t]*(${identifier})[ \\t]*=(?!=))?`,
  'y',
);
const mutationHead = new RegExp(
  `(?:del[ \\t]+|[(\\[]\\s*)?${identifier}[ \\t]*(?:\\[|\\.|(?:[-+*/|%&^]|//|\\*\\*|<<|>>)=|,)[^=\\n]*`,
  'y',
);
const boundInside =
  /(?:^|[\s,(])([A-Za-z_]\w*)[ \t]*(?:(?::[^=\n]*)?=(?!=)|(?:[-+*/|%&^]|\/\/|\*\*|<<|>>)=|,|\.[A-Za-z_]\w*[ \t]*(?::[^=\n]*)?=(?!=)|(?:\[[^\]\n]*\][ \t]*)*(?:\[[^\]\n]*\][ \t]*=(?!=)|\.(?:update|pop|setdefault|clear|popitem)\())|\bas[ \t]+(\w+)|\bimport[ \t]+([^\n]+)|\b(?:def|class|del|for)[ \t]+(\w+)/gm;
const importedInBrackets = /^[ \t]+(?:from|import)\b[^(\n]*\([^)]{0,4000}\)/gm;

const headFact = {};
const importsFact = {};

export function headOf(file: PythonFile, segment: Segment): SegmentHead {
  return segment.remember(headFact, () => readHead(file.text, segment.start, segment.end));
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

function readHead(text: string, from: number, end: number): SegmentHead {
  // Within the segment: after a stray bracket it would read on into those that follow.
  matchAt(preamble, text.slice(from, end), 0);
  const start = from + preamble.lastIndex;
  if (matchAt(importHead, text, start)) {
    return { kind: 'import', names: readImportStatement(text.slice(start, end)).map((each) => each.local) };
  }
  const definition = matchAt(definitionHead, text, start);
  if (definition) return { kind: definition[1] === 'def' ? 'function' : 'class', names: [definition[2]!] };
  if (matchAt(compoundHead, text, start)) return { kind: 'compound', names: namesInside(text.slice(start, end)) };
  const assignment = matchAt(assignmentHead, text, start);
  // `a = b = 5` binds both.
  if (assignment) return { kind: 'assignment', names: assignment.slice(1).filter((name) => name !== undefined) };
  const mutation = matchAt(mutationHead, text, start);
  return mutation
    ? { kind: 'assignment', names: [...new Set(mutation[0].match(/[A-Za-z_]\w*/g))] }
    : { kind: 'other', names: [] };
}

function namesInside(text: string): string[] {
  const names = new Set<string>();
  for (const match of text.matchAll(boundInside)) {
    for (const name of [match[1], match[2], match[4]]) if (name) names.add(name);
    for (const each of match[3]?.match(/\w+/g) ?? []) names.add(each);
  }
  for (const each of text.match(importedInBrackets) ?? []) for (const name of each.match(/\w+/g) ?? []) names.add(name);
  return [...names];
}

/** Segments that bind a name at module level, in source order. */
export function segmentsBinding(file: PythonFile, name: string): readonly Segment[] {
  return segmentsWithName(file, name, (segment) => headOf(file, segment).names.includes(name));
}

export function boundNames(file: PythonFile): readonly string[] {
  return [...new Set(file.segments.flatMap((segment) => headOf(file, segment).names))];
}

const importLine = /^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([\w., \t]+))/gm;

/** Top-level packages that the file imports anywhere, inside functions too. */
export function importedPackages(file: PythonFile): ReadonlySet<string> {
  return file.remember('packages', () => {
    const packages = new Set<string>();
    for (const { value } of file.gather(packagesNamed)) for (const each of value) packages.add(each);
    return packages;
  });
}

const packagesNamed: TextFact<ReadonlySet<string>> = {
  read: (text) => {
    const packages = new Set<string>();
    for (const [, from, list] of text.matchAll(importLine)) {
      for (const module of from === undefined ? list!.split(',') : [from]) {
        const top = /^\s*(\w+)/.exec(module)?.[1];
        if (top !== undefined) packages.add(top);
      }
    }
    return packages.size === 0 ? undefined : packages;
  },
};

/** The reference an import of this segment binds to a name, or undefined. */
export function importIn(file: PythonFile, segment: Segment, local: string): ReferenceValue | undefined {
  const names = segment.remember(importsFact, () => readImportStatement(file.text.slice(segment.start, segment.end)));
  for (let index = names.length - 1; index >= 0; index--) {
    const each = names[index]!;
    if (each.local === local) {
      const span = { start: segment.start + each.start, end: segment.start + each.end };
      return { kind: 'reference', module: each.module, name: each.name, level: each.level, at: locate(file.uri, span) };
    }
  }
  return undefined;
}

/** The modules whose names `from … import *` brings in at module level, in source order. */
export function starImports(file: PythonFile): readonly ModuleName[] {
  return file.gather(modulesImportedWhole).flatMap(({ value }) => value);
}

interface ModuleName {
  readonly module: string;
  readonly level: number;
}

const modulesImportedWhole: TextFact<readonly ModuleName[]> = {
  read: (text) => {
    const found: ModuleName[] = [];
    for (const [, dots, module] of text.matchAll(/^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+\*/gm))
      found.push({ module: module!, level: dots!.length });
    return found.length === 0 ? undefined : found;
  },
};
