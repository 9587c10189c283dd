/** Which words lead to functions that matter, and which functions of the workspace other files must be searched for. */
import { type CallStep, callsIn, type FileLifecycle, type FunctionLife } from '../declarations/lifecycle.ts';
import { type Origin, someOrigin } from '../declarations/origin.ts';
import type { Language } from '../declarations/value.ts';
import {
  connectionFacts,
  holdingBlocks,
  holdingWords,
  sessionFactories,
  sourceMakers,
  takingWords,
} from '../facts/lifecycle/connections.ts';
import { loopWords } from '../facts/lifecycle/eventLoops.ts';
import { requestContexts, transparentDecorators } from '../facts/lifecycle/frameworks.ts';
import { waitingWords } from '../facts/lifecycle/outside.ts';
import { scriptConnectionFacts } from '../facts/lifecycle/scriptConnections.ts';
import { libraryOf } from '../libraries/registry.ts';
import type { LifecycleWords } from '../syntax/frontEnd.ts';

/**
 * Why other files are searched for a name: `builder` functions build pools at each call, `source` objects hand out
 * connections, `provider` functions and types stand for a connection that a framework hands to those who ask for it.
 */
export type SearchedKind = 'builder' | 'source' | 'provider';

export interface SearchedName {
  readonly name: string;
  readonly kind: SearchedKind;
}

/** What is searched for, with the last names of the modules that it can be imported from. */
export type KnownNames = Readonly<Record<SearchedKind, ReadonlyMap<string, ReadonlySet<string>>>>;

export function lifecycleWords(language: Language, known: KnownNames): LifecycleWords {
  const isPython = language === 'python';
  return {
    takes: new Set([...(isPython ? takingWords : []), ...known.source.keys()]),
    names: new Set([...(isPython ? loopWords : []), ...known.builder.keys()]),
    // What yields a connection hands it to others.
    waits: new Set(isPython ? [...waitingWords, 'yield'] : []),
    holds: new Set(isPython ? [...holdingWords, 'Depends', ...known.source.keys()] : []),
    provides: new Set(isPython ? known.provider.keys() : []),
    modules: new Map([known.source, known.builder].flatMap((each) => [...each])),
  };
}

/** Names of a file for which others are searched, by themselves or through names that are known already. */
export function searchedIn(file: FileLifecycle, known: KnownNames): SearchedName[] {
  const found = new Map<string, SearchedName>();
  const add = (kind: SearchedKind, names: readonly string[]) => {
    for (const name of names) found.set(`${kind} ${name}`, { name, kind });
  };
  for (const { life, className } of file.functions) {
    add('source', factoriesIn(life, file));
    if (isSearchable(life) && handsOut(life, file)) add('source', [life.name]);
    // Where no connection outlives a request, whoever calls it, nothing is said of what it builds.
    if (life.within.length > 0 || life.script?.isEdge === true) continue;
    if (className !== undefined && (life.script === undefined || !isDistinctive(life.name))) continue;
    if (life.yields.some((each) => isProvided(each, file, known))) add('provider', [life.name]);
    if (life.name === '') {
      const calls = callsIn(life.steps);
      if (calls.some((call) => sourceMakers.has(localPath(call.callee, file) ?? ''))) add('source', life.binds);
      if (mentions(life, file, known.builder)) add('builder', life.binds);
      if (mentions(life, file, known.provider)) add('provider', life.binds);
    } else if (
      isSearchable(life) &&
      isPlain(life, file) &&
      callsAnew(life, file, (call) => builds(call, file, known.builder))
    )
      add('builder', [life.name]);
  }
  return [...found.values()];
}

/** Names of several words. Methods are called `find` and `query` everywhere, and no workspace is searched for those. */
export function isDistinctive(method: string): boolean {
  return /[a-z][A-Z]/.test(method);
}

/** Attributes and global names to which a function gives a session factory. */
function factoriesIn(life: FunctionLife, file: FileLifecycle): string[] {
  return callsIn(life.steps).flatMap((call) => {
    if (call.taker?.kind !== 'shared' || call.taker.name === undefined) return [];
    return sessionFactories.has(`${localPath(call.callee, file)}()`) ? [call.taker.name] : [];
  });
}

/** True for a function that returns a connection that it takes. */
function handsOut(life: FunctionLife, file: FileLifecycle): boolean {
  if (life.mayKeep || life.decorators.length > 0) return false;
  return life.returns.some((each) => {
    const path = each.kind === 'result' ? localPath(each.of, file) : undefined;
    return path !== undefined && (connectionFacts.has(path) || scriptConnectionFacts.has(path));
  });
}

/** True for a connection or session that a generator hands on: its own, or that of another that is known. */
function isProvided(origin: Origin, file: FileLifecycle, known: KnownNames): boolean {
  if (origin.kind === 'entered') return isProvided(origin.of, file, known);
  const path = origin.kind === 'result' ? localPath(origin.of, file) : undefined;
  if (path === undefined) return false;
  if (connectionFacts.has(path) || holdingBlocks.has(path)) return true;
  return isKnown(path, file, known.source) || isKnown(path, file, known.provider);
}

/** Names that only a framework uses are not looked for elsewhere. */
const frameworkNames = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|handler|loader|action|load|default|main|fetch)$/;

function isSearchable({ name, script }: FunctionLife): boolean {
  return script === undefined || (/^[\w$]+$/.test(name) && !frameworkNames.test(name));
}

/** Nothing around it decides what a call returns, nor how often it runs. */
function isPlain(life: FunctionLife, file: FileLifecycle): boolean {
  return life.decorators.every((each) => transparentDecorators.has(localPath(each, file) ?? ''));
}

function builds(call: CallStep, file: FileLifecycle, known: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const path = localPath(call.callee, file);
  return path !== undefined && (libraryOf(path) !== undefined || isKnown(path, file, known));
}

/** True for a path that ends with the module and the name of a known function. */
function isKnown(path: string, file: FileLifecycle, known: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const parts = path.split('.');
  const modules = known.get(parts.at(-1)!);
  if (modules === undefined) return false;
  return parts.length === 1 ? file.name(parts[0]!) !== undefined : modules.has(parts.at(-2)!.split('/').at(-1)!);
}

/** True where a function makes one of the calls in a way that keeps nothing of it. */
function callsAnew(life: FunctionLife, file: FileLifecycle, isMeant: (call: CallStep) => boolean): boolean {
  if (life.mayKeep && life.mayKeepBeyondRequest !== false) return false;
  for (const call of callsIn(life.steps)) {
    const of = call.taker?.kind === 'shared' ? call.taker.of : undefined;
    const endsWithRequest = of !== undefined && requestContexts.has(localPath(of, file) ?? '');
    // A function that looks into the request's objects hands on what ends with it.
    if (isMeant(call) && (endsWithRequest || life.mayKeep || !isKept(life, call))) return true;
  }
  return false;
}

/** True where what a call returned is there for the next call, or may be. */
export function isKept(life: FunctionLife, call: CallStep): boolean {
  if (call.isGuarded || life.mayKeep || call.taker?.kind === 'shared' || call.taker?.kind === 'other') return true;
  return call.taker?.kind === 'variable' && life.stored.includes(call.taker.name);
}

/** `SessionDep = Annotated[Session, Depends(get_session)]` */
function mentions(life: FunctionLife, file: FileLifecycle, known: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  return callsIn(life.steps).some((call) =>
    call.arguments.some(({ origin }) =>
      someOrigin(origin, (each) => each.kind === 'global' && isKnown(localPath(each, file) ?? '', file, known)),
    ),
  );
}

/** What a function of the file returns, where that is one thing. */
function onlyReturn(file: FileLifecycle, name: string): Origin | undefined {
  const [only, ...more] = file.function(name)?.life.returns ?? [];
  return more.length === 0 ? only : undefined;
}

const scriptExtension = /(?<=\/[\w-]+)\.[cm]?[jt]sx?$/;

/** The dotted path a callee has as far as this file's own imports and definitions tell. */
function localPath(origin: Origin, file: FileLifecycle, depth = 0): string | undefined {
  switch (origin.kind) {
    case 'global': {
      const found = depth < 5 ? file.name(origin.name) : undefined;
      return found === undefined ? `builtins.${origin.name}` : localPath(found, file, depth + 1);
    }
    case 'import':
      return [origin.module.replace(scriptExtension, ''), origin.name].filter((part) => part !== '').join('.');
    case 'definition':
      return origin.name;
    case 'member': {
      const of = localPath(origin.of, file, depth + 1);
      return of === undefined ? undefined : `${of}.${origin.name}`;
    }
    case 'result': {
      const of = localPath(origin.of, file, depth + 1);
      const returned = of === undefined || depth >= 5 || !/^\w+$/.test(of) ? undefined : onlyReturn(file, of);
      return returned === undefined ? of?.concat('()') : localPath(returned, file, depth + 1);
    }
    case 'own': {
      const found = depth < 5 ? file.field(origin.className, origin.name) : undefined;
      return found && localPath(found, file, depth + 1);
    }
    default:
      return undefined;
  }
}
