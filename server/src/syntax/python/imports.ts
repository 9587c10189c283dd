/** Which names a module imports, read from the text of its import statements: their grammar is too small for a tree. */
import { locate } from '../../core/text.ts';
import type { ReferenceValue } from '../../declarations/value.ts';
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

const assignmentHead = /^([A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)[ \t]*(?::[^=\n]*)?=(?!=)/;
const mutationHead = /^([A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)[ \t]*(?:\[|\.|[-+*/|]=|,)/;
const definitionHead = /^(?:async[ \t]+)?(def|class)[ \t]+([A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)/;
const compoundHead = /^(?:if|try|with|for|while|match|async)\b/;

export function headOf(file: PythonFile, segment: Segment): SegmentHead {
  return segment.remember('head', () => readHead(file.text.slice(segment.start, segment.end)));
}

function readHead(full: string): SegmentHead {
  const text = full
    .replace(/^(?:[ \t\uFEFF]*(?:#[^\n]*)?\r?\n|@[^\n]*\n|[ \t]+[^\n]*\n|[)\]}][^\n]*\n)*/, '')
    .replace(/^\uFEFF/, '');
  if (/^(?:import|from)\b/.test(text)) {
    return { kind: 'import', names: readImportStatement(text).map((each) => each.local) };
  }
  const definition = definitionHead.exec(text);
  if (definition) return { kind: definition[1] === 'def' ? 'function' : 'class', names: [definition[2]!] };
  if (compoundHead.test(text)) {
    const names = new Set<string>();
    const bound =
      /(?:^|[\s,(])([A-Za-z_]\w*)[ \t]*(?:(?::[^=\n]*)?=(?!=)|,|\[[^\]\n]*\][ \t]*=(?!=)|\.(?:update|pop|setdefault)\()|\bas[ \t]+(\w+)|\bimport[ \t]+([^\n]+)|\b(?:def|class)[ \t]+(\w+)/gm;
    for (let match = bound.exec(text); match; match = bound.exec(text)) {
      for (const name of [match[1], match[2], match[4]]) if (name) names.add(name);
      for (const each of match[3]?.match(/\w+/g) ?? []) names.add(each);
    }
    for (const each of text.match(/^[ \t]+(?:from|import)\b[^(\n]*\([^)]*\)/gm) ?? []) {
      for (const name of each.match(/\w+/g) ?? []) names.add(name);
    }
    return { kind: 'compound', names: [...names] };
  }
  const assignment = assignmentHead.exec(text);
  if (assignment) {
    // `a = b = 5` binds both.
    const names = [assignment[1]!];
    const chained = /^[^=\n]*=[ \t]*([A-Za-z_]\w*)[ \t]*=(?!=)/.exec(text);
    if (chained) names.push(chained[1]!);
    return { kind: 'assignment', names };
  }
  const mutation = mutationHead.exec(text);
  if (mutation) {
    const names = new Set([mutation[1]!]);
    for (const name of text
      .split('\n', 1)[0]!
      .split('=', 1)[0]!
      .match(/[A-Za-z_]\w*/g) ?? [])
      names.add(name);
    return { kind: 'assignment', names: [...names] };
  }
  return { kind: 'other', names: [] };
}

/** The reference an import of this segment binds to a name, or undefined. */
export function importIn(file: PythonFile, segment: Segment, local: string): ReferenceValue | undefined {
  const names = segment.remember('imports', () => readImportStatement(file.text.slice(segment.start, segment.end)));
  for (let index = names.length - 1; index >= 0; index--) {
    const each = names[index]!;
    if (each.local === local) {
      const span = { start: segment.start + each.start, end: segment.start + each.end };
      return { kind: 'reference', module: each.module, name: each.name, level: each.level, at: locate(file.uri, span) };
    }
  }
  return undefined;
}
