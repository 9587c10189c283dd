/** Which names a module imports, read from the text of its import statements: their grammar is too small for a tree. */
import { locate } from '../../core/text.ts';
import type { ReferenceValue } from '../../declarations/value.ts';
import type { ScriptFile, Segment } from './file.ts';

/** A name that an import binds; offsets are relative to where the text begins. */
export interface ImportedName {
  readonly local: string;
  readonly module: string;
  /** The name the module exports it under; empty for the whole module. */
  readonly name: string;
  /** Gone when the program runs. */
  readonly isTypeOnly: boolean;
  readonly start: number;
  readonly end: number;
}

const identifier = '[\\p{ID_Start}$_][\\p{ID_Continue}$]*';
const whiteSpace = /(?:\s|;|\/\/[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*/y;
const requireForm = new RegExp(
  `(?:export\\s+)?import\\s+(?:type\\s+)?(${identifier})\\s*=\\s*require\\s*\\(\\s*["']([^"'\\n]+)["']\\s*\\)`,
  'uy',
);
/** What is imported stands between `import` and the text that names the module; it holds no quotes itself. */
const importForm =
  /import\s*(type\b(?!\s*(?:,|from\b)))?([^"'`;()=]*?)(?:\bfrom\s*)?["']([^"'\n]+)["'](?:\s*(?:with|assert)\s*\{[^}]*\})?/y;

/** Names bound by the import statements at the beginning of a text, up to the first statement of another kind. */
function readImports(text: string): ImportedName[] {
  const names: ImportedName[] = [];
  for (let at = 0; at < text.length; ) {
    whiteSpace.lastIndex = at;
    whiteSpace.exec(text);
    at = whiteSpace.lastIndex;
    requireForm.lastIndex = at;
    const required = requireForm.exec(text);
    if (required) {
      names.push(bound(required[1]!, required[2]!, '', false, at + required[0].indexOf(required[1]!)));
      at = requireForm.lastIndex;
      continue;
    }
    importForm.lastIndex = at;
    const match = importForm.exec(text);
    if (!match) break;
    const clause = match[2]!;
    const start = at + match[0].indexOf(clause, 6);
    readClause(clause, start, match[3]!, match[1] !== undefined, names);
    at = importForm.lastIndex;
  }
  return names;
}

function bound(local: string, module: string, name: string, isTypeOnly: boolean, start: number): ImportedName {
  return { local, module, name, isTypeOnly, start, end: start + local.length };
}

const clausePart = new RegExp(
  `(\\*\\s*as\\s+)(${identifier})|(\\{)|(\\})|(type\\s+)?(${identifier})(?:\\s+as\\s+(${identifier}))?`,
  'gu',
);

function readClause(clause: string, start: number, module: string, isTypeOnly: boolean, names: ImportedName[]): void {
  const clean = clause.replace(/\/\/[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//g, (comment) => ' '.repeat(comment.length));
  let isInBraces = false;
  for (const match of clean.matchAll(clausePart)) {
    if (match[3] !== undefined) isInBraces = true;
    else if (match[4] !== undefined) isInBraces = false;
    else if (match[2] !== undefined) names.push(bound(match[2], module, '', isTypeOnly, start + match.index));
    else if (!isInBraces) names.push(bound(match[6]!, module, 'default', isTypeOnly, start + match.index));
    else {
      const isType = isTypeOnly || match[5] !== undefined;
      names.push(bound(match[7] ?? match[6]!, module, match[6]!, isType, start + match.index));
    }
  }
}

const importsFact = {};

export function importsOf(file: ScriptFile, segment: Segment): readonly ImportedName[] {
  return segment.remember(importsFact, () => readImports(file.text.slice(segment.start, segment.end)));
}

/** The reference that an import of this segment binds to a name, or undefined. */
export function importIn(file: ScriptFile, segment: Segment, local: string): ReferenceValue | undefined {
  const found = importsOf(file, segment).find((each) => each.local === local && !each.isTypeOnly);
  if (found === undefined) return undefined;
  const span = { start: segment.start + found.start, end: segment.start + found.end };
  return referenceTo(found.module, found.name, locate(file.uri, span));
}

/** A name of another module. A package's default export is what `require` yields, as most packages and tools have it. */
export function referenceTo(module: string, name: string, at: ReferenceValue['at']): ReferenceValue {
  const level = module.startsWith('.') ? 1 : 0;
  const isPackageDefault = level === 0 && (name === 'default' || name.startsWith('default.'));
  return { kind: 'reference', module, name: isPackageDefault ? name.slice('default.'.length) : name, level, at };
}
