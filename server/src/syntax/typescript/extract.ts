/** One TypeScript or JavaScript file to its {@link SourceModel}. Looks only where words of interest stand. */
import type { Node } from 'web-tree-sitter';
import type { ModuleObject } from '../../declarations/scriptObjects.ts';
import { moduleOfDefault, type PoolFactory, type SourceModel } from '../../declarations/source.ts';
import { someValue } from '../../declarations/traverse.ts';
import type { CallSite, EnclosingFunction, Value } from '../../declarations/value.ts';
import type { ExtractionRequest } from '../frontEnd.ts';
import type { PlacedNode } from '../segmentedFile.ts';
import { readSuppressions, suppressing } from '../suppressions.ts';
import { calleeValue, callOf, callOn, readCallSite, registered } from './calls.ts';
import { configurationsIn } from './configurations.ts';
import { contextOfScript } from './context.ts';
import { readCredentials } from './credentials.ts';
import { readDefinition } from './definitions.ts';
import { evaluate } from './evaluate.ts';
import { exportedValue, isDefaultExport, localNamesOf } from './exports.ts';
import type { ScriptFile, Segment } from './file.ts';
import { type Heir, heirOf, injectedSite, isInjectable, superCallIn } from './heirs.ts';
import { lifecycleOf } from './lifecycle/lifecycle.ts';
import { constructorOf } from './members.ts';
import { readModuleObject } from './moduleObjects.ts';
import { isWrapper } from './nodes.ts';
import { aliasesHandedOn } from './reexports.ts';
import { readScriptObjects } from './scriptObjects.ts';
import { aliasOf, defaultImportsOf, findWords, importedModules, mayMean } from './search.ts';
import { readSessionState } from './sessionState.ts';
import { sharedObjectsIn } from './sharedObjects.ts';

/** Aliases of aliases beyond this are not followed. */
const aliasRounds = 4;

export function extractScript(file: ScriptFile, request: ExtractionRequest): SourceModel {
  const found = new CallSearch(file, request);
  found.run();
  const context = contextOfScript(file, request.context);
  return {
    uri: file.uri,
    lines: file.lines,
    context,
    callSites: [...found.callSites.values(), ...sharedObjectsIn(file, request.sharedObjects)],
    factories: [...found.factories.values()],
    factoryCalls: [...found.factoryCalls.values()],
    factoryAliases: aliasesHandedOn(file, request.factoryNames),
    heirs: [...found.heirs],
    settings: configurationsIn(file),
    exports: { value: (name) => exportedValue(file, name), definition: (path) => readDefinition(file, path) },
    boundsAcquire: false,
    lifecycle: lifecycleOf(
      file,
      request.lifecycle,
      Array.from(found.callSites.values(), (site) => site.span.start),
      context === 'app',
    ),
    sessionStates: readSessionState(file),
    scriptObjects: readScriptObjects(file, found.objects),
    credentials: readCredentials(file, request.connectors, found.callSites.values()),
    suppressions:
      file.gather(suppressing).length > 0
        ? readSuppressions(file.uri, file.text, file.lines, (offset) => file.nodeAt(offset).node.type === 'comment')
        : [],
  };
}

/** Calls of library callables and of functions that call them, alias after alias. */
class CallSearch {
  readonly callSites = new Map<number, CallSite>();
  readonly factoryCalls = new Map<number, CallSite>();
  readonly factories = new Map<string, PoolFactory>();
  /** What module-level names stand for. */
  readonly objects: ModuleObject[] = [];
  /** Classes that are built as what they extend. */
  readonly heirs = new Set<string>();
  /** Names of functions that build pools, aliases included. */
  private readonly factoryWords: Set<string>;
  private next = new Set<string>();

  constructor(
    private readonly file: ScriptFile,
    private readonly request: ExtractionRequest,
  ) {
    this.factoryWords = new Set(this.factoryNames());
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

  private factoryNames(): string[] {
    const { factoryNames, factoryModules } = this.request;
    return [...factoryNames.keys()].filter((each) => mayMean(this.file, each, factoryModules.get(each)));
  }

  private firstWords(): string[] {
    const { callables, importedCallables } = this.request;
    const factoryNames = this.factoryWords;
    const words = new Set([...callables, ...factoryNames]);
    for (const factory of [...factoryNames]) {
      const module = moduleOfDefault(factory);
      if (module === undefined) continue;
      words.delete(factory);
      for (const name of defaultImportsOf(this.file, module)) {
        words.add(name);
        this.factoryWords.add(name);
      }
    }
    for (const module of importedModules(this.file)) {
      const its = importedCallables.get(module);
      if (its === undefined) continue;
      for (const word of its) words.add(word.replace(/\(\)$/, ''));
      // A module that is itself a function goes by any name.
      if (its.has(module) || its.has(`${module}()`))
        for (const name of localNamesOf(this.file, module)) words.add(name);
    }
    return [...words];
  }

  private take({ segment, node }: PlacedNode): void {
    const word = node.text;
    const call = node.type === 'string_fragment' ? requiredCall(node) : callOf(node);
    const heir = call === undefined ? heirOf(node) : undefined;
    if (heir !== undefined) this.takeHeir(segment, heir, word);
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
    this.takeCall(segment, call, key, word, word === 'register' ? registered(this.file, segment, call) : undefined);
    const outer = callOn(call);
    if (outer !== undefined) this.takeCall(segment, outer, offset * 4 + depthOfCall(outer), word);
    else if (this.yieldsCallable(word)) {
      const alias = aliasOf(call);
      if (alias !== undefined) this.next.add(alias);
    }
  }

  /** `class Db extends Pool`: its constructor's `super(…)` builds the pool; without one whoever builds the class does. */
  private takeHeir(segment: Segment, heir: Heir, word: string): void {
    const construction = constructorOf(heir.body);
    if (construction === undefined) {
      this.heirs.add(heir.name);
      this.next.add(heir.name);
      this.takeInjected(segment, heir);
      return;
    }
    const call = superCallIn(construction);
    const key = call === undefined ? -1 : (segment.start + call.startIndex) * 4;
    if (call === undefined || this.callSites.has(key) || this.factoryCalls.has(key)) return;
    this.takeCall(segment, call, key, word, evaluate(this.file, segment, heir.base));
  }

  private takeInjected(segment: Segment, heir: Heir): void {
    const key = (segment.start + heir.base.startIndex) * 4;
    if (!isInjectable(heir) || this.callSites.has(key)) return;
    const callee = evaluate(this.file, segment, heir.base);
    if (isOfLibrary(callee) || (isLocal(callee) && this.heirs.has(nameOf(callee))))
      this.callSites.set(key, injectedSite(this.file, segment, heir, callee));
  }

  private yieldsCallable(word: string): boolean {
    for (const [module, its] of this.request.importedCallables) {
      if (its.has(`${module}()`) && (word === module || localNamesOf(this.file, module).includes(word))) return true;
    }
    return false;
  }

  private takeCall(segment: Segment, call: Node, key: number, word: string, given?: Value): void {
    const callee = given ?? calleeValue(this.file, segment, call);
    const isFactoryCall = isLocal(callee) || (this.factoryWords.has(word) && mayBeOfWorkspace(callee));
    // A function may carry the name of a callable: which of them is meant, linking decides.
    const mayBeCallable = isOfLibrary(callee) || (isLocal(callee) && this.heirs.has(nameOf(callee)));
    if (!isFactoryCall && !mayBeCallable) return;
    const site = readCallSite(this.file, segment, call, callee);
    if (isFactoryCall) this.factoryCalls.set(key, site);
    if (mayBeCallable) {
      this.callSites.set(key, site);
      const object = readModuleObject(this.file, segment, call, site);
      if (object !== undefined) this.objects.push(object);
    }
    const found = factoryAround(site);
    if (found === undefined) return;
    const factory = { ...found, isDefaultExport: isDefaultExport(this.file, found.callName) };
    this.factories.set(factory.owner, factory);
    this.factoryWords.add(factory.callName);
    this.next.add(factory.callName);
  }
}

/** A name of another module, or something that a call of one yields. */
function isOfLibrary(callee: Value): boolean {
  if (callee.kind === 'attribute') return callee.object.kind === 'call' && isOfLibrary(callee.object);
  return callee.kind === 'call' || (callee.kind === 'reference' && !isLocal(callee));
}

/** A function of a package from a registry has no part in what pools of the workspace get. */
function mayBeOfWorkspace(callee: Value): boolean {
  switch (callee.kind) {
    case 'reference':
      return callee.level > 0 || /[/@~#]/.test(callee.module);
    case 'attribute':
      return mayBeOfWorkspace(callee.object);
    case 'call':
      return isLocal(callee.callee) || mayBeOfWorkspace(callee.callee);
    default:
      return false;
  }
}

/** How many calls the callee of a call is made of. */
function depthOfCall(call: Node): number {
  const callee = call.childForFieldName('function') ?? call.childForFieldName('constructor');
  return callee?.type === 'call_expression' && callee.startIndex === call.startIndex ? 1 + depthOfCall(callee) : 0;
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

function nameOf(callee: Value): string {
  return callee.kind === 'reference' ? callee.name : '';
}

function isLocal(callee: Value): boolean {
  return callee.kind === 'reference' && callee.module === '' && callee.level === 0;
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
