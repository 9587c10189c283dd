/** Where words of interest stand in a file, what goes by them under another name, and which modules are named. */
import type { Node } from 'web-tree-sitter';
import { matchesOf, type TextFact } from '../gathered.ts';
import { nodesAt, type PlacedNode } from '../segmentedFile.ts';
import type { ScriptFile } from './file.ts';
import { headOf } from './heads.ts';
import { importsOf } from './imports.ts';
import { isWrapper } from './nodes.ts';

/** One pattern per set of words: it is also the key under which segments remember their hits. */
const patterns = new Map<string, TextFact<readonly number[]>>();

function patternOf(words: readonly string[]): TextFact<readonly number[]> {
  const key = [...words].sort().join('|');
  let pattern = patterns.get(key);
  if (pattern === undefined) {
    // Words of one editing session, not of all time.
    if (patterns.size > 100) patterns.clear();
    const plain = words.map((word) => word.replace(/[$.*+?()[\]{}|^\\/]/g, '\\$&'));
    pattern = matchesOf(new RegExp(`(?<![\\w$])(?:${plain.sort().join('|')})(?![\\w$])`, 'g'));
    patterns.set(key, pattern);
  }
  return pattern;
}

const nameNodes = new Set([
  'identifier',
  'property_identifier',
  'shorthand_property_identifier_pattern',
  'string_fragment',
]);

/** Names that are one of the words, anywhere in the file. Hits are remembered per segment. */
export function findWords(
  file: ScriptFile,
  words: readonly string[],
  types: ReadonlySet<string> = nameNodes,
): PlacedNode[] {
  return [...nodesAt(file, patternOf(words))].filter(({ node }) => types.has(node.type));
}

/** `import { word as alias }`, `const alias = word`, `const { word: alias } = …`: the other name. */
export function aliasOf(node: Node): string | undefined {
  let current = node;
  for (let parent = node.parent; parent !== null; current = parent, parent = parent.parent) {
    if (isWrapper(parent)) continue;
    switch (parent.type) {
      case 'import_specifier':
        return parent.childForFieldName('alias')?.text;
      case 'pair_pattern':
        return parent.childForFieldName('key')?.id === current.id
          ? identifierIn(parent.childForFieldName('value'))
          : undefined;
      case 'member_expression':
        if (parent.childForFieldName('property')?.id !== current.id) return undefined;
        continue;
      case 'binary_expression':
        // `const Pool = pg.Pool ?? pg.default.Pool`
        if (!/^(?:\?\?|\|\|)$/.test(parent.childForFieldName('operator')?.text ?? '')) return undefined;
        continue;
      case 'variable_declarator':
        return parent.childForFieldName('value')?.id === current.id
          ? identifierIn(parent.childForFieldName('name'))
          : undefined;
      case 'assignment_expression':
        return parent.childForFieldName('right')?.id === current.id
          ? identifierIn(parent.childForFieldName('left'))
          : undefined;
      case 'string':
      case 'arguments':
        // `const knex = require('knex')`
        if (node.type !== 'string_fragment') return undefined;
        continue;
      case 'call_expression':
        if (node.type !== 'string_fragment' || current.type !== 'arguments') return undefined;
        continue;
      default:
        return undefined;
    }
  }
  return undefined;
}

function identifierIn(node: Node | null): string | undefined {
  return node?.type === 'identifier' ? node.text : undefined;
}

const modulePattern = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["']([^"'\n]+)["']/g;
/** Modules that a statement names in imports of any form. */
export const modulesNamed: TextFact<readonly string[]> = {
  read: (text) => {
    if (!/import|require|from/.test(text)) return undefined;
    const modules = Array.from(text.matchAll(modulePattern), (match) => match[1]!);
    return modules.length === 0 ? undefined : modules;
  },
};

/** Modules that a file names in imports of any form. */
export function importedModules(file: ScriptFile): ReadonlySet<string> {
  return file.remember('modules', () => new Set(file.gather(modulesNamed).flatMap(({ value }) => value)));
}

const everyday = /^[a-z]+$/;

/**
 * False for an everyday word (`connect`) where a file imports none of the modules that have a function of that name, and is none
 * itself: what it calls so is something else.
 */
export function mayMean(file: ScriptFile, name: string, modules: ReadonlySet<string> | undefined): boolean {
  if (modules === undefined || !everyday.test(name)) return true;
  const parts = file.remember('parts of modules', () => {
    const own = file.uri.split('/').slice(-2);
    const isIndex = /^index\.\w+$/.test(own[1] ?? '');
    const specifiers = [...importedModules(file), isIndex ? own[0]! : own[1]!];
    return new Set(specifiers.flatMap((each) => each.replace(/\.[cm]?[jt]sx?$/, '').split('/')));
  });
  for (const each of modules) if (parts.has(each)) return true;
  return false;
}

/** Local names of what modules called so export by default. */
export function defaultImportsOf(file: ScriptFile, module: string): string[] {
  return file.gather(modulesNamed).flatMap(({ segment }) =>
    headOf(file, segment).kind === 'import'
      ? importsOf(file, segment)
          .filter((each) => each.name === 'default' && !each.isTypeOnly && lastPart(each.module) === module)
          .map((each) => each.local)
      : [],
  );
}

function lastPart(specifier: string): string {
  return specifier.slice(specifier.lastIndexOf('/') + 1).replace(/\.[cm]?[jt]sx?$/, '');
}
