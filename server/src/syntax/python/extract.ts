/** One Python file to its {@link SourceModel}. Looks only where words of interest stand. */
import type { Node } from 'web-tree-sitter';
import { contextOfPython } from '../../declarations/context.ts';
import { type ForkNote, forkNotesIn } from '../../declarations/forks.ts';
import type { SourceContext } from '../../declarations/pool.ts';
import type { PoolFactory, SourceModel } from '../../declarations/source.ts';
import { someValue } from '../../declarations/traverse.ts';
import type { CallSite, ParameterValue, Value } from '../../declarations/value.ts';
import type { AskedArguments, ExtractionRequest } from '../frontEnd.ts';
import { matchesOf, type TextFact } from '../gathered.ts';
import { nodesAt, type PlacedNode } from '../segmentedFile.ts';
import { readSuppressions, suppressing } from '../suppressions.ts';
import { attributesSetOnImported } from './altered.ts';
import { callOf, readCallSite } from './calls.ts';
import { readCredentials } from './credentials.ts';
import { exportsOf } from './exports.ts';
import type { PythonFile } from './file.ts';
import { callOfTaker } from './handedOver.ts';
import { headOf, importedPackages } from './imports.ts';
import { lifecycleOf } from './lifecycle/lifecycle.ts';
import { readSessionState } from './sessionState.ts';
import { readSettings } from './settings.ts';

/** Aliases of aliases beyond this are not followed. */
const aliasRounds = 4;

export function extractPython(file: PythonFile, request: ExtractionRequest): SourceModel {
  const callSites = new Map<number, CallSite>();
  const factoryCalls = new Map<number, CallSite>();
  const methodCalls = new Map<number, CallSite>();
  const factories = new Map<string, PoolFactory>();
  /** Names of functions that build pools, aliases included. */
  const factoryWords = new Set(request.factoryNames.keys());
  const factoryAliases = new Set<string>();
  const seen = new Set<string>();
  let words = wordsFor(file, request);
  // Under a name of a library every argument may count.
  const libraryWords = new Set(wordsFor(file, { ...request, factoryNames: new Map() }));
  const askedOf = (word: string): AskedArguments =>
    (libraryWords.has(word) ? undefined : request.factoryNames.get(word)) ?? 'all';
  for (let round = 0; words.length > 0 && round < aliasRounds; round++) {
    for (const word of words) seen.add(word);
    const next = new Set<string>();
    for (const hit of findWords(file, words)) {
      const word = hit.node.text;
      const call = callOf(hit.node);
      const site = call === undefined ? callOfTaker(file, hit.segment, hit.node) : undefined;
      if (call === undefined && site === undefined) {
        const alias = aliasOf(hit.node);
        if (alias !== undefined) next.add(alias);
        if (alias !== undefined && factoryWords.has(word)) {
          factoryWords.add(alias);
          factoryAliases.add(alias);
        }
        continue;
      }
      const offset = site?.span.start ?? hit.segment.start + call!.startIndex;
      if (callSites.has(offset) || factoryCalls.has(offset)) continue;
      const read = site ?? readCallSite(file, hit.segment, call!, askedOf(word));
      if (request.methodNames.has(word) && hit.node.parent?.type === 'attribute') methodCalls.set(offset, read);
      const isFactoryCall = factoryWords.has(word) || isLocal(read);
      // A function may carry the name of a callable: which of them is meant, linking decides.
      const mayBeCallable =
        read.callee.kind === 'call' ||
        (read.callee.kind === 'reference' && (!isLocal(read) || isDerivedClass(file, read.callee.name)));
      if (isFactoryCall) factoryCalls.set(offset, read);
      if (mayBeCallable) callSites.set(offset, read);
      if (!isFactoryCall && !mayBeCallable) continue;
      for (const factory of factoriesAround(read)) {
        const key = `${factory.callName} ${factory.owner}`;
        factories.set(key, askedTogether(factory, factories.get(key)));
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
    methodCalls: [...methodCalls.values()],
    factories: [...factories.values()],
    factoryAliases: [...factoryAliases],
    factoryCalls: [...factoryCalls.values()],
    exports: exportsOf(file),
    attributesSet: attributesSetOnImported(file),
    boundsAcquire: boundsAcquire(file),
    forkNotes: forkNotesOf(file),
    lifecycle: lifecycleOf(file, request.lifecycle, [...callSites.keys()]),
    sessionStates: readSessionState(file),
    credentials: readCredentials(file, request.connectors),
    suppressions:
      file.gather(suppressing).length > 0
        ? readSuppressions(file.uri, file.text, file.lines, (offset) => file.nodeAt(offset).node.type === 'comment')
        : [],
  };
}

/** Names that many libraries share are looked for only where the library is imported. */
function wordsFor(file: PythonFile, request: ExtractionRequest): string[] {
  const { callables, importedCallables, factoryNames, methodNames } = request;
  const words = new Set([...callables, ...factoryNames.keys(), ...methodNames]);
  for (const name of importedPackages(file)) for (const word of importedCallables.get(name) ?? []) words.add(word);
  return [...words];
}

/** One pattern per set of words: it is also the key under which segments remember their hits. */
const patterns = new Map<string, TextFact<readonly number[]>>();

function patternOf(words: readonly string[]): TextFact<readonly number[]> {
  const key = [...words].sort().join('|');
  let pattern = patterns.get(key);
  if (pattern === undefined) {
    // Words of one editing session, not of all time.
    if (patterns.size > 100) patterns.clear();
    pattern = matchesOf(new RegExp(`\\b(?:${key})\\b`, 'g'));
    patterns.set(key, pattern);
  }
  return pattern;
}

/** Identifiers that are one of the words, anywhere in the file. Hits are remembered per segment. */
function findWords(file: PythonFile, words: readonly string[]): PlacedNode[] {
  const wanted = new Set(words);
  return [...nodesAt(file, patternOf(words))].filter(({ node }) => node.type === 'identifier' && wanted.has(node.text));
}

const boundedAcquire =
  /\.acquire\([^()]{0,200}\btimeout[ \t]*=[ \t]*(?!None\b)|\b(?:wait_for|timeout|timeout_at|fail_after|move_on_after)\(/;

function boundsAcquire(file: PythonFile): boolean {
  return file.gather(acquiresInTime).length > 0;
}

const acquiresInTime: TextFact<true> = {
  read: (text) => (text.includes('.acquire(') && boundedAcquire.test(text)) || undefined,
};

const forking: TextFact<readonly ForkNote[]> = { read: forkNotesIn };

function forkNotesOf(file: PythonFile): readonly ForkNote[] | undefined {
  const notes = file.gather(forking);
  return notes.length === 0 ? undefined : [...new Set(notes.flatMap((each) => each.value))];
}

/** The context by place, and by imports where the place does not tell. */
function contextOfFile(file: PythonFile, byPlace: SourceContext): SourceContext {
  const isMigration = () => file.gather(migrating).some(({ segment }) => headOf(file, segment).kind === 'import');
  return byPlace === 'app' && isMigration() ? 'migration' : byPlace;
}

const migrating: TextFact<true> = { read: (text) => contextOfPython('app', text) === 'migration' || undefined };

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
      case 'class_definition':
        return parent.childForFieldName('superclasses')?.id === current.id
          ? parent.childForFieldName('name')?.text
          : undefined;
      case 'call':
        if (!/(?:^|\.)(?:partial|lru_cache|cache)$/.test(parent.childForFieldName('function')?.text ?? ''))
          return undefined;
        continue;
      default:
        return undefined;
    }
  }
  return undefined;
}

/** A class of this file that may be one of a library's. */
function isDerivedClass(file: PythonFile, name: string): boolean {
  const definition = exportsOf(file).definition(name);
  return definition?.kind === 'class' && definition.bases.length > 0;
}

function isLocal(site: CallSite): boolean {
  return site.callee.kind === 'reference' && site.callee.module === '' && site.callee.level === 0;
}

/** A function in which several pools are built asks for what any of them asks for. */
function askedTogether(factory: PoolFactory, before: PoolFactory | undefined): PoolFactory {
  if (before === undefined) return factory;
  const isTold = factory.asked !== undefined && before.asked !== undefined;
  return { ...factory, asked: isTold ? [...new Set([...before.asked, ...factory.asked])] : undefined };
}

/** The function around a call, where its callers decide; and its class, where the object they build does. */
function factoriesAround({ enclosing, arguments: list, keyedBy }: CallSite): PoolFactory[] {
  if (enclosing === undefined) return [];
  const { name, className, owner, parameters, isMethod } = enclosing;
  const values = list.map((each) => each.value);
  const parametersIn = (value: Value) => {
    const all: ParameterValue[] = [];
    someValue(value, (each) => {
      if (each.kind === 'parameter' && each.owner === owner) all.push(each);
      return false;
    });
    return all;
  };
  const decisive = values.flatMap(parametersIn);
  const asked = (test: (parameter: ParameterValue) => boolean) => decisive.some(test);
  // What tells results apart does not make the callers decide, but where they do it is theirs as well.
  const named = [...decisive, ...(keyedBy === undefined ? [] : parametersIn(keyedBy))];
  const found: PoolFactory[] = [];
  const self = parameters[0]?.name;
  const isConstructor = name === '__init__' && className !== undefined;
  if (asked((each) => each.receiver === undefined))
    found.push({
      owner,
      callName: isConstructor ? className : name,
      parameters,
      asked: named.map((each) => each.name),
      isMethod,
    });
  if (
    !isConstructor &&
    className !== undefined &&
    self !== undefined &&
    asked((each) => each.receiver?.isClass === false)
  )
    found.push({ owner, callName: className, parameters: [], isMethod, receiver: self });
  return found;
}
