/** One TypeScript or JavaScript file to its {@link SourceModel}. Looks only where words of interest stand. */
import type { Node } from 'web-tree-sitter';
import type { PoolFactory, SourceModel } from '../../declarations/source.ts';
import { someValue } from '../../declarations/traverse.ts';
import type { CallSite, EnclosingFunction } from '../../declarations/value.ts';
import type { ExtractionRequest } from '../frontEnd.ts';
import { readSuppressions } from '../suppressions.ts';
import { callOf, callOn, readCallSite } from './calls.ts';
import { readDefinition } from './definitions.ts';
import { exportedValue, isDefaultExport, localNamesOf } from './exports.ts';
import type { ScriptFile, Segment } from './file.ts';
import { headOf } from './heads.ts';
import { importsOf } from './imports.ts';
import { isWrapper } from './nodes.ts';

/** Aliases of aliases beyond this are not followed. */
const aliasRounds = 4;

interface Hit {
  readonly segment: Segment;
  readonly node: Node;
}

export function extractScript(file: ScriptFile, request: ExtractionRequest): SourceModel {
  file.renewBudget();
  const found = new CallSearch(file, request);
  found.run();
  return {
    uri: file.uri,
    lines: file.lines,
    context: request.context,
    callSites: [...found.callSites.values()],
    factories: [...found.factories.values()],
    factoryCalls: [...found.factoryCalls.values()],
    settings: [],
    exports: { value: (name) => exportedValue(file, name), definition: (path) => readDefinition(file, path) },
    boundsAcquire: false,
    credentials: [],
    suppressions: hasSuppression(file)
      ? readSuppressions(file.uri, file.text, file.lines, (offset) => file.nodeAt(offset).node.type === 'comment')
      : [],
  };
}

/** Calls of library callables and of functions that call them, alias after alias. */
class CallSearch {
  readonly callSites = new Map<number, CallSite>();
  readonly factoryCalls = new Map<number, CallSite>();
  readonly factories = new Map<string, PoolFactory>();
  /** Names of functions that build pools, aliases included. */
  private readonly factoryWords: Set<string>;
  private next = new Set<string>();

  constructor(
    private readonly file: ScriptFile,
    private readonly request: ExtractionRequest,
  ) {
    this.factoryWords = new Set(request.factoryNames);
  }

  run(): void {
    const seen = new Set<string>();
    let words = this.firstWords();
    for (let round = 0; words.length > 0 && round < aliasRounds; round++) {
      for (const word of words) seen.add(word);
      this.next = new Set();
      for (const hit of findWords(this.file, words)) this.take(hit);
      words = [...this.next].filter((word) => !seen.has(word));
    }
  }

  private firstWords(): string[] {
    const { callables, importedCallables, factoryNames } = this.request;
    const words = new Set([...callables, ...factoryNames]);
    // The default export of a module of the workspace goes by whatever name its user gives it.
    if (factoryNames.has('default')) {
      words.delete('default');
      for (const name of defaultImports(this.file)) {
        words.add(name);
        this.factoryWords.add(name);
      }
    }
    for (const module of importedModules(this.file)) {
      const its = importedCallables.get(module);
      if (its === undefined) continue;
      for (const word of its) words.add(word);
      // A module that is itself a function goes by any name.
      if (its.has(module) || its.has(`${module}()`))
        for (const name of localNamesOf(this.file, module)) words.add(name);
    }
    return [...words];
  }

  private take({ segment, node }: Hit): void {
    const word = node.text;
    const call = node.type === 'string_fragment' ? requiredCall(node) : callOf(node);
    if (call === undefined) {
      const alias = aliasOf(node);
      if (alias !== undefined) this.next.add(alias);
      if (alias !== undefined && this.factoryWords.has(word)) this.factoryWords.add(alias);
      return;
    }
    const offset = segment.start + call.startIndex;
    // `pgp(options)(connection)`: the outer call begins where the inner one does.
    const key = offset * 4 + depthOfCall(call);
    if (this.callSites.has(key) || this.factoryCalls.has(key)) return;
    this.takeCall(segment, call, key, word);
    const outer = callOn(call);
    if (outer !== undefined) this.takeCall(segment, outer, offset * 4 + depthOfCall(outer), word);
    else if (this.yieldsCallable(word)) {
      const alias = aliasOf(call);
      if (alias !== undefined) this.next.add(alias);
    }
  }

  private yieldsCallable(word: string): boolean {
    for (const [module, its] of this.request.importedCallables) {
      if (its.has(`${module}()`) && (word === module || localNamesOf(this.file, module).includes(word))) return true;
    }
    return false;
  }

  private takeCall(segment: Segment, call: Node, key: number, word: string): void {
    const site = readCallSite(this.file, segment, call);
    const isFactoryCall = this.factoryWords.has(word) || isLocal(site);
    // A function may carry the name of a callable: which of them is meant, linking decides.
    const mayBeCallable = site.callee.kind === 'call' || (site.callee.kind === 'reference' && !isLocal(site));
    if (isFactoryCall) this.factoryCalls.set(key, site);
    if (mayBeCallable) this.callSites.set(key, site);
    if (!isFactoryCall && !mayBeCallable) return;
    const found = factoryAround(site);
    if (found === undefined) return;
    const factory = { ...found, isDefaultExport: isDefaultExport(this.file, found.callName) };
    this.factories.set(factory.owner, factory);
    this.factoryWords.add(factory.callName);
    this.next.add(factory.callName);
  }
}

/** How many calls the callee of a call is made of. */
function depthOfCall(call: Node): number {
  const callee = call.childForFieldName('function') ?? call.childForFieldName('constructor');
  return callee?.type === 'call_expression' && callee.startIndex === call.startIndex ? 1 + depthOfCall(callee) : 0;
}

const modulePattern = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["']([^"'\n]+)["']/g;
const modulesFact = {};

/** Modules that a file names in imports of any form. */
function importedModules(file: ScriptFile): ReadonlySet<string> {
  const modules = new Set<string>();
  for (const segment of file.segments) {
    const its = segment.remember(modulesFact, () => {
      const text = file.text.slice(segment.start, segment.end);
      return text.includes('import') || text.includes('require') || text.includes('from')
        ? Array.from(text.matchAll(modulePattern), (match) => match[1]!)
        : [];
    });
    for (const each of its) modules.add(each);
  }
  return modules;
}

function defaultImports(file: ScriptFile): string[] {
  return file.segments.flatMap((segment) =>
    headOf(file, segment).kind === 'import'
      ? importsOf(file, segment)
          .filter((each) => each.name === 'default' && !each.isTypeOnly)
          .map((each) => each.local)
      : [],
  );
}

/** `require('knex')(config)`: the call of what a module is. */
function requiredCall(fragment: Node): Node | undefined {
  const call = fragment.parent?.parent?.parent;
  return call?.type === 'call_expression' ? callOn(outermost(call)) : undefined;
}

function outermost(node: Node): Node {
  let outer = node;
  while (outer.parent !== null && isWrapper(outer.parent)) outer = outer.parent;
  return outer;
}

/** One pattern per set of words: it is also the key under which segments remember their hits. */
const patterns = new Map<string, RegExp>();

function patternOf(words: readonly string[]): RegExp {
  const key = [...words].sort().join('|');
  let pattern = patterns.get(key);
  if (pattern === undefined) {
    // Words of one editing session, not of all time.
    if (patterns.size > 100) patterns.clear();
    const plain = words
      .filter((word) => !word.endsWith('()'))
      .map((word) => word.replace(/[$.*+?()[\]{}|^\\/]/g, '\\$&'));
    pattern = new RegExp(`(?<![\\w$])(?:${plain.sort().join('|')})(?![\\w$])`, 'g');
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
function findWords(file: ScriptFile, words: readonly string[]): Hit[] {
  const pattern = patternOf(words);
  const hits: Hit[] = [];
  for (const segment of file.segments) {
    const offsets = segment.remember(pattern, () =>
      Array.from(file.text.slice(segment.start, segment.end).matchAll(pattern), (match) => match.index),
    );
    if (offsets.length === 0) continue;
    const root = file.tree(segment).rootNode;
    for (const offset of offsets) {
      const node = root.descendantForIndex(offset, offset + 1);
      if (node !== null && nameNodes.has(node.type) && node.startIndex === offset) hits.push({ segment, node });
    }
  }
  return hits;
}

/** `import { word as alias }`, `const alias = word`, `const { word: alias } = …`: the other name. */
function aliasOf(node: Node): string | undefined {
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

const suppressionFact = {};

function hasSuppression(file: ScriptFile): boolean {
  return file.segments.some((segment) =>
    segment.remember(suppressionFact, () => file.text.slice(segment.start, segment.end).includes('poolproof:')),
  );
}

function isLocal(site: CallSite): boolean {
  return site.callee.kind === 'reference' && site.callee.module === '' && site.callee.level === 0;
}

/** The innermost function around on whose parameters the call's arguments depend, or the constructor of the object around it. */
function factoryAround({ enclosing, arguments: list }: CallSite): PoolFactory | undefined {
  const dependsOn = (owner: string) =>
    list.some(({ value }) => someValue(value, (each) => each.kind === 'parameter' && each.owner === owner));
  for (let around: EnclosingFunction | undefined = enclosing; around !== undefined; around = around.outer) {
    const { name, className, owner, parameters, construction } = around;
    if (name !== '' && dependsOn(owner)) {
      const callName = name === 'constructor' && className !== undefined ? className : name;
      return { owner, callName, parameters, isMethod: false };
    }
    if (className !== undefined && construction !== undefined && dependsOn(construction.owner))
      return { ...construction, callName: className, isMethod: false };
  }
  return undefined;
}
