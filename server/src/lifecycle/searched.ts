/** Which functions of the workspace other files must be searched for. */
import { type CallStep, callsIn, type FileLifecycle, type FunctionLife } from '../declarations/lifecycle.ts';
import { type Origin, someOrigin } from '../declarations/origin.ts';
import { transparentDecorators } from '../facts/lifecycle/frameworks.ts';
import { libraryOf } from '../libraries/registry.ts';

/** Functions that other files are searched for, with the last names of the modules they can be imported from. */
export type KnownFunctions = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Functions of a file that build pools at each call, by themselves or through one that is known to, and module-level names
 * that stand for a dependency on one: who uses them decides how often.
 */
export function buildersOf(file: FileLifecycle, known: KnownFunctions): string[] {
  const builders = new Set<string>();
  for (const { life, className } of file.functions) {
    if (className !== undefined || life.within.length > 0) continue;
    if (life.name === '') for (const name of aliasesIn(life, file, known)) builders.add(name);
    else if (isSearchable(life) && isPlain(life, file) && callsAnew(life, (call) => builds(call, file, known)))
      builders.add(life.name);
  }
  return [...builders];
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

function builds(call: CallStep, file: FileLifecycle, known: KnownFunctions): boolean {
  const path = localPath(call.callee, file);
  return path !== undefined && (libraryOf(path) !== undefined || isKnown(path, file, known));
}

/** True for a path that ends with the module and the name of a known function. */
function isKnown(path: string, file: FileLifecycle, known: KnownFunctions): boolean {
  const parts = path.split('.');
  const modules = known.get(parts.at(-1)!);
  if (modules === undefined) return false;
  return parts.length === 1 ? file.function(parts[0]!) !== undefined : modules.has(parts.at(-2)!.split('/').at(-1)!);
}

/** True where a function makes one of the calls in a way that keeps nothing of it. */
export function callsAnew(life: FunctionLife, isMeant: (call: CallStep) => boolean): boolean {
  if (life.mayKeep) return false;
  for (const call of callsIn(life.steps)) if (isMeant(call) && !isKept(life, call)) return true;
  return false;
}

/** True where what a call returned is there for the next call, or may be. */
export function isKept(life: FunctionLife, call: CallStep): boolean {
  if (call.isGuarded || life.mayKeep || call.taker?.kind === 'shared' || call.taker?.kind === 'other') return true;
  return call.taker?.kind === 'variable' && life.stored.includes(call.taker.name);
}

/** `SessionDep = Annotated[Session, Depends(get_session)]` */
function aliasesIn(life: FunctionLife, file: FileLifecycle, known: KnownFunctions): readonly string[] {
  for (const call of callsIn(life.steps)) {
    const isMarker = call.arguments.some(({ origin }) =>
      someOrigin(origin, (each) => each.kind === 'global' && isKnown(localPath(each, file) ?? '', file, known)),
    );
    if (isMarker) return life.binds;
  }
  return [];
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
    case 'result':
      return localPath(origin.of, file, depth + 1)?.concat('()');
    default:
      return undefined;
  }
}
