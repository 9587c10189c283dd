/** Which words lead to functions that matter, and which functions of the workspace other files must be searched for. */
import { callsIn, type FileLifecycle, type FunctionLife } from '../declarations/lifecycle.ts';
import { type Origin, someOrigin } from '../declarations/origin.ts';
import type { Language } from '../declarations/value.ts';
import { connectionWords } from '../facts/lifecycle/connections.ts';
import { searchedNames } from '../libraries/registry.ts';
import type { LifecycleWords } from '../syntax/frontEnd.ts';

export function lifecycleWords(language: Language, names: Iterable<string>): LifecycleWords {
  const own = language === 'python' ? connectionWords : [];
  return { calls: new Set([...builderNames(language), ...own]), names: new Set(names) };
}

const buildersByLanguage = new Map<Language, ReadonlySet<string>>();

/** Last names of all callables that build pools. */
function builderNames(language: Language): ReadonlySet<string> {
  let names = buildersByLanguage.get(language);
  if (names === undefined) {
    const { callables, importedCallables } = searchedNames(language);
    names = new Set([...callables, ...[...importedCallables.values()].flatMap((each) => [...each])]);
    buildersByLanguage.set(language, names);
  }
  return names;
}

/**
 * Functions of a file that build pools at each call, by themselves or through one of `known`, and module-level names that
 * stand for a dependency on one: who uses them decides how often.
 */
export function buildersOf(file: FileLifecycle, language: Language, known: ReadonlySet<string>): string[] {
  const makers = builderNames(language);
  const builders = new Set<string>();
  const leads = (origin: Origin) => {
    const name = lastName(origin, file);
    return makers.has(name) || known.has(name);
  };
  for (const { life, className } of file.functions) {
    if (className !== undefined || life.within.length > 0 || life.mayKeep) continue;
    if (life.name === '') for (const name of aliasesIn(life, known)) builders.add(name);
    else if (callsAnew(life, leads)) builders.add(life.name);
  }
  return [...builders];
}

function callsAnew(life: FunctionLife, leads: (callee: Origin) => boolean): boolean {
  for (const call of callsIn(life.steps))
    if (!call.isGuarded && call.taker?.kind !== 'shared' && leads(call.callee)) return true;
  return false;
}

/** `SessionDep = Annotated[Session, Depends(get_session)]` */
function aliasesIn(life: FunctionLife, known: ReadonlySet<string>): readonly string[] {
  for (const call of callsIn(life.steps)) {
    const isMarker = call.arguments.some(({ origin }) =>
      someOrigin(origin, (each) => each.kind === 'global' && known.has(each.name)),
    );
    if (isMarker) return life.binds;
  }
  return [];
}

function lastName(origin: Origin, file: FileLifecycle, depth = 0): string {
  switch (origin.kind) {
    case 'global': {
      const found = depth < 5 ? file.name(origin.name) : undefined;
      return found === undefined ? origin.name : lastName(found, file, depth + 1);
    }
    case 'import':
    case 'member':
    case 'definition':
      return origin.name.split('.').at(-1)!;
    default:
      return '';
  }
}
