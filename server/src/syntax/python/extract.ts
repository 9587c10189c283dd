/** One Python file to its {@link SourceModel}. Looks only where words of interest stand. */
import type { Node } from 'web-tree-sitter';
import { contextOfPython } from '../../declarations/context.ts';
import type { SourceContext } from '../../declarations/pool.ts';
import type { PoolFactory, SourceModel } from '../../declarations/source.ts';
import { type CallSite, unknown, type Value } from '../../declarations/value.ts';
import type { ExtractionRequest } from '../frontEnd.ts';
import { readSuppressions } from '../suppressions.ts';
import { callOf, dependsOnParameter, readCallSite } from './calls.ts';
import { readCredentials } from './credentials.ts';
import type { PythonFile, Segment } from './file.ts';
import { headOf, importedPackages } from './imports.ts';
import { lookUpClassAttribute, lookUpInModule } from './names.ts';
import { readSettings } from './settings.ts';

/** Aliases of aliases beyond this are not followed. */
const aliasRounds = 4;

interface Hit {
  readonly segment: Segment;
  readonly node: Node;
}

export function extractPython(file: PythonFile, request: ExtractionRequest): SourceModel {
  const callSites = new Map<number, CallSite>();
  const factoryCalls = new Map<number, CallSite>();
  const factories = new Map<string, PoolFactory>();
  /** Names of functions that build pools, aliases included. */
  const factoryWords = new Set(request.factoryNames);
  const seen = new Set<string>();
  let words = wordsFor(file, request);
  for (let round = 0; words.length > 0 && round < aliasRounds; round++) {
    for (const word of words) seen.add(word);
    const next = new Set<string>();
    for (const hit of findWords(file, words)) {
      const word = hit.node.text;
      const call = callOf(hit.node);
      if (call === undefined) {
        const alias = aliasOf(hit.node);
        if (alias !== undefined) next.add(alias);
        if (alias !== undefined && factoryWords.has(word)) factoryWords.add(alias);
        continue;
      }
      const offset = hit.segment.start + call.startIndex;
      if (callSites.has(offset) || factoryCalls.has(offset)) continue;
      const site = readCallSite(file, hit.segment, call);
      const isFactoryCall = factoryWords.has(word) || isLocal(site);
      // A function may carry the name of a callable: which of them is meant, linking decides.
      const mayBeCallable = site.callee.kind === 'call' || (site.callee.kind === 'reference' && !isLocal(site));
      if (isFactoryCall) factoryCalls.set(offset, site);
      if (mayBeCallable) callSites.set(offset, site);
      if (!isFactoryCall && !mayBeCallable) continue;
      const factory = factoryAround(site);
      if (factory !== undefined) {
        factories.set(factory.callName, factory);
        factoryWords.add(factory.callName);
        next.add(factory.callName);
      }
    }
    words = [...next].filter((word) => !seen.has(word));
  }
  return {
    uri: file.uri,
    lines: file.lines,
    context: contextOfFile(file, request.context),
    callSites: [...callSites.values()],
    settings: readSettings(file, request.settingNames),
    factories: [...factories.values()],
    factoryCalls: [...factoryCalls.values()],
    exports: new Map([...request.exportNames].map((name) => [name, exportedValue(file, name)])),
    boundsAcquire: boundsAcquire(file),
    credentials: readCredentials(file, request.connectors),
    suppressions: hasSuppression(file)
      ? readSuppressions(file.uri, file.text, file.lines, (offset) => file.nodeAt(offset).node.type === 'comment')
      : [],
  };
}

/** Names that many libraries share are looked for only where the library is imported. */
function wordsFor(file: PythonFile, { callables, importedCallables, factoryNames }: ExtractionRequest): string[] {
  const words = new Set([...callables, ...factoryNames]);
  for (const name of importedPackages(file)) for (const word of importedCallables.get(name) ?? []) words.add(word);
  return [...words];
}

/** One pattern per set of words: it is also the key under which segments remember their hits. */
const patterns = new Map<string, RegExp>();

function patternOf(words: readonly string[]): RegExp {
  const key = [...words].sort().join('|');
  let pattern = patterns.get(key);
  if (pattern === undefined) {
    // Words of one editing session, not of all time.
    if (patterns.size > 100) patterns.clear();
    pattern = new RegExp(`\\b(?:${key})\\b`, 'g');
    patterns.set(key, pattern);
  }
  return pattern;
}

/** Identifiers that are one of the words, anywhere in the file. Hits are remembered per segment. */
function findWords(file: PythonFile, words: readonly string[]): Hit[] {
  const pattern = patternOf(words);
  const wanted = new Set(words);
  const hits: Hit[] = [];
  for (const segment of file.segments) {
    const offsets = segment.remember(pattern, () =>
      Array.from(file.text.slice(segment.start, segment.end).matchAll(pattern), (match) => match.index),
    );
    if (offsets.length === 0) continue;
    const root = file.tree(segment).rootNode;
    for (const offset of offsets) {
      const node = root.descendantForIndex(offset, offset + 1);
      if (node?.type === 'identifier' && node.startIndex === offset && wanted.has(node.text))
        hits.push({ segment, node });
    }
  }
  return hits;
}

const suppressionFact = {};
const migrationFact = {};

const acquireFact = {};
const boundedAcquire =
  /\.acquire\([^()]{0,200}\btimeout[ \t]*=[ \t]*(?!None\b)|\b(?:wait_for|timeout|timeout_at|fail_after|move_on_after)\(/;

function boundsAcquire(file: PythonFile): boolean {
  return file.segments.some((segment) =>
    segment.remember(acquireFact, () => {
      const text = file.text.slice(segment.start, segment.end);
      return text.includes('.acquire(') && boundedAcquire.test(text);
    }),
  );
}

function hasSuppression(file: PythonFile): boolean {
  return file.segments.some((segment) =>
    segment.remember(suppressionFact, () => file.text.slice(segment.start, segment.end).includes('poolproof:')),
  );
}

/** The context by place, and by imports where the place does not tell. */
function contextOfFile(file: PythonFile, byPlace: SourceContext): SourceContext {
  const isMigration = () =>
    file.segments.some(
      (segment) =>
        headOf(file, segment).kind === 'import' &&
        segment.remember(
          migrationFact,
          () => contextOfPython('app', file.text.slice(segment.start, segment.end)) === 'migration',
        ),
    );
  return byPlace === 'app' && isMigration() ? 'migration' : byPlace;
}

/** `from m import word as alias`, `alias = word`, `alias = partial(word, …)`: the other name. */
function aliasOf(node: Node): string | undefined {
  let current = node;
  for (let parent = node.parent; parent !== null; current = parent, parent = parent.parent) {
    switch (parent.type) {
      case 'dotted_name':
      case 'attribute':
        continue;
      case 'aliased_import':
        return parent.childForFieldName('alias')?.text;
      case 'assignment':
        return parent.childForFieldName('right')?.id === current.id &&
          parent.childForFieldName('left')?.type === 'identifier'
          ? parent.childForFieldName('left')!.text
          : undefined;
      case 'argument_list':
        continue;
      case 'call':
        if (!/(?:^|\.)partial$/.test(parent.childForFieldName('function')?.text ?? '')) return undefined;
        continue;
      default:
        return undefined;
    }
  }
  return undefined;
}

function isLocal(site: CallSite): boolean {
  return site.callee.kind === 'reference' && site.callee.module === '' && site.callee.level === 0;
}

function factoryAround(site: CallSite): PoolFactory | undefined {
  const around = site.enclosing;
  if (around === undefined) return undefined;
  const depends = site.arguments.some((argument) => dependsOnParameter(argument.value, around.name));
  if (!depends) return undefined;
  const { name, className, parameters, isMethod } = around;
  const callName = name === '__init__' && className !== undefined ? className : name;
  return { functionName: name, callName, parameters, isMethod };
}

/** The value of `NAME` or `Class.NAME` at module level, for files that import it. */
function exportedValue(file: PythonFile, path: string): Value {
  const [name, attribute, ...rest] = path.split('.');
  const at = { uri: file.uri, start: file.text.length, end: file.text.length };
  if (rest.length > 0) return unknown(`${path} is not followed here`, at);
  if (attribute === undefined) return lookUpInModule(file, name!, at, 0, true);
  return lookUpClassAttribute(file, name!, attribute, at, 0) ?? unknown(`${path} is not followed here`, at);
}
