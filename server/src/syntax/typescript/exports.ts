/** The values that a module hands to others: `export`, `module.exports`, and what it hands on from elsewhere. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { wholeModule } from '../../declarations/source.ts';
import { type ReferenceValue, unknown, type Value } from '../../declarations/value.ts';
import type { TextFact } from '../gathered.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { headOf } from './heads.ts';
import { importsOf, referenceTo } from './imports.ts';
import { lookUpInModule } from './names.ts';
import { isFunction, itemsOf, unwrap } from './nodes.ts';
import { propertyOf } from './properties.ts';
import { modulesNamed } from './search.ts';

/** The value of an exported name for files that import it. */
export function exportedValue(file: ScriptFile, name: string): Value {
  const at = { uri: file.uri, start: file.text.length, end: file.text.length };
  return name === wholeModule ? (wholeExport(file, at) ?? unknown('it is a module', at)) : exportNamed(file, name, at);
}

function exportNamed(file: ScriptFile, name: string, at: Location): Value {
  const found = exportsOf(file).get(name);
  if (found !== undefined) return found.read(at);
  const whole = wholeExport(file, at);
  // What `import x from` and `require` make of CommonJS is the same object.
  if (whole !== undefined) return name === 'default' ? whole : propertyOf(file, whole, name, at);
  return starred(file, name, at) ?? { ...unknown(`${name} is not exported`, at), isAbsent: true };
}

/** True where a function or class of the module is what importers name as they like. */
export function isDefaultExport(file: ScriptFile, name: string): boolean {
  const at = { uri: file.uri, start: 0, end: 0 };
  const value = file.remember('default export', () => exportNamed(file, 'default', at));
  return name === 'default' || (value.kind === 'reference' && value.module === '' && value.name === name);
}

interface ExportedName {
  readonly read: (at: Location) => Value;
  /** The node of what it is, where that has no name of its own. */
  readonly node?: () => Node | null | undefined;
  readonly segment?: Segment;
}

/** A function without a name of its own that the module exports under one. */
export function exportedFunction(file: ScriptFile, name: string): { node: Node; segment: Segment } | undefined {
  const { node: find, segment } = exportsOf(file).get(name) ?? {};
  const node = find?.();
  return node && segment && isFunction(unwrap(node)) ? { node: unwrap(node), segment } : undefined;
}

const clause = /export\s*\{([^}]*)\}\s*(?:from\s*["']([^"'\n]+)["'])?/g;
const star = /export\s*\*\s*(?:as\s+([\p{ID_Continue}$]+)\s+)?from\s*["']([^"'\n]+)["']/gu;
const declared =
  /export\s+(?:declare\s+|abstract\s+|async\s+)*(?:const\s+enum|function\b\s*\*?|class|enum)\s+([\p{ID_Continue}$]+)/uy;
const variables = /export\s+(?:declare\s+)?(?:const|let|var)\b/y;
const property = /(?<![\w$.])(?:module\.)?exports\.([\p{ID_Continue}$]+)\s*=(?![=>])/gu;

function exportsOf(file: ScriptFile): ReadonlyMap<string, ExportedName> {
  return file.remember('exports', () => {
    const found = new Map<string, ExportedName>();
    for (const { segment } of file.gather(exporting)) readExports(file, segment, found);
    return found;
  });
}

/** Texts that may export something; most statements do not. */
const exporting: TextFact<true> = { read: (text) => /\bexports?\b/.test(text) || undefined };

function readExports(file: ScriptFile, segment: Segment, found: Map<string, ExportedName>): void {
  const text = file.text.slice(segment.start, segment.end);
  const start = text.search(/\bexport\b/);
  const local = (name: string): ExportedName => ({ read: (at) => lookUpInModule(file, name, at, true) });
  if (start !== -1) {
    for (const match of text.matchAll(clause)) readClause(match, found, local);
    for (const match of text.matchAll(star)) {
      const [, name, module] = match;
      if (name !== undefined) found.set(name, { read: (at) => referenceTo(module!, '', at) });
    }
    declared.lastIndex = start;
    const definition = declared.exec(text);
    if (definition) found.set(definition[1]!, local(definition[1]!));
    variables.lastIndex = start;
    if (variables.test(text)) for (const name of headOf(file, segment).names) found.set(name, local(name));
    if (/^export\s+default\b/.test(text.slice(start, start + 40))) {
      const node = () => defaultNode(file, segment);
      found.set('default', { read: (at) => defaultExport(file, segment, at), node, segment });
    }
  }
  for (const match of text.matchAll(property)) {
    const end = match.index + match[0].length;
    const node = () => assignmentAround(file, segment, end)?.childForFieldName('right');
    found.set(match[1]!, { read: (at) => assignedAt(file, segment, end, at), node, segment });
  }
}

function readClause(match: RegExpMatchArray, found: Map<string, ExportedName>, local: (name: string) => ExportedName) {
  for (const item of match[1]!.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '').split(',')) {
    const parts = /^\s*(?:type\s+)?([\p{ID_Continue}$]+)(?:\s+as\s+([\p{ID_Continue}$]+))?\s*$/u.exec(item);
    if (!parts) continue;
    const [, name, alias] = parts;
    const module = match[2];
    found.set(alias ?? name!, module === undefined ? local(name!) : { read: (at) => referenceTo(module, name!, at) });
  }
}

function defaultNode(file: ScriptFile, segment: Segment): Node | null | undefined {
  const statement = itemsOf(file.tree(segment).rootNode).find((each) => each.type === 'export_statement');
  return statement?.childForFieldName('value') ?? statement?.childForFieldName('declaration');
}

function defaultExport(file: ScriptFile, segment: Segment, at: Location): Value {
  const node = defaultNode(file, segment);
  if (!node) return unknown('the export cannot be read', at);
  const name = node.childForFieldName('name')?.text;
  const isDefinition = isFunction(unwrap(node)) || /^(?:abstract_)?class(?:_declaration)?$/.test(node.type);
  if (isDefinition) return { kind: 'reference', module: '', name: name ?? 'default', level: 0, at };
  return valueAt(file, segment, node, 'default', at);
}

function valueAt(file: ScriptFile, segment: Segment, node: Node, name: string, at: Location): Value {
  if (isFunction(unwrap(node))) return { kind: 'reference', module: '', name, level: 0, at };
  const value = evaluate(file, segment, node);
  return value.kind === 'mapping' || value.kind === 'literal' ? { kind: 'constant', name, value, at } : value;
}

/** The right side of the assignment whose equals sign ends at `offset`. */
function assignedAt(file: ScriptFile, segment: Segment, offset: number, at: Location): Value {
  const node = assignmentAround(file, segment, offset);
  const name = node?.childForFieldName('left')?.childForFieldName('property')?.text ?? '';
  const right = node?.childForFieldName('right');
  return right ? valueAt(file, segment, right, name, at) : unknown('the export cannot be read', at);
}

function assignmentAround(file: ScriptFile, segment: Segment, offset: number): Node | null {
  let node: Node | null = file.tree(segment).rootNode.descendantForIndex(offset - 1, offset - 1);
  while (node !== null && node.type !== 'assignment_expression') node = node.parent;
  return node;
}

const whole = /(?<![\w$.])(?:module\.exports|export)\s*=(?![=>])/;

/** Where the equals sign of `module.exports =` or `export =` ends, relative to the segment. */
const wholeExports: TextFact<number> = {
  read: (text) => {
    const match = whole.exec(text);
    return match === null ? undefined : match.index + match[0].length;
  },
};

/** `module.exports = …`, `export = …`. */
function wholeExport(file: ScriptFile, at: Location): Value | undefined {
  const last = file.gather(wholeExports).at(-1);
  if (last === undefined) return undefined;
  const { segment, value: end } = last;
  const node = assignmentAround(file, segment, end);
  const right = node?.childForFieldName('right') ?? exportEquals(file, segment);
  return right ? valueAt(file, segment, lastAssigned(right), 'default', at) : undefined;
}

/** `module.exports = exports = value` */
function lastAssigned(right: Node): Node {
  const inner = unwrap(right);
  const next = inner.type === 'assignment_expression' ? inner.childForFieldName('right') : null;
  return next === null ? right : lastAssigned(next);
}

function exportEquals(file: ScriptFile, segment: Segment): Node | undefined {
  const statement = itemsOf(file.tree(segment).rootNode).find((each) => each.type === 'export_statement');
  return statement && itemsOf(statement)[0];
}

/** Modules that a statement hands on whole. */
const modulesHandedOn: TextFact<readonly string[]> = {
  read: (text) => {
    const modules = Array.from(text.matchAll(star)).flatMap((match) => (match[1] === undefined ? match[2]! : []));
    return modules.length === 0 ? undefined : modules;
  },
};

/** `export * from './a'`: the first module that has the name decides. */
function starred(file: ScriptFile, name: string, at: Location): ReferenceValue | undefined {
  // A default export is never handed on.
  if (name === 'default') return undefined;
  return file
    .gather(modulesHandedOn)
    .flatMap(({ value }) => value)
    .reduceRight<ReferenceValue | undefined>(
      (otherwise, module) => ({ ...referenceTo(module, name, at), otherwise }),
      undefined,
    );
}

/** The names that stand for a whole module, or for what it exports by default. */
export function localNamesOf(file: ScriptFile, module: string): string[] {
  return file.gather(modulesNamed).flatMap(({ segment, value: modules }) => {
    if (!modules.includes(module)) return [];
    if (headOf(file, segment).kind !== 'import')
      return Array.from(file.text.slice(segment.start, segment.end).matchAll(required), ([, local, name]) =>
        name === module ? local! : '',
      ).filter((local) => local !== '');
    return importsOf(file, segment)
      .filter((each) => each.module === module && !each.isTypeOnly && (each.name === '' || each.name === 'default'))
      .map((each) => each.local);
  });
}

/** `const local = require('module')` */
const required = /(?<![\w$.])([\w$]+)\s*=\s*require\(\s*["']([^"'\n]+)["']\s*\)(?!\s*[.([])/g;
