/** The functions of a workspace: what runs them, who calls them. Answers are kept until something they rest on changes. */
import type { RestOfBlock } from '../declarations/enclosure.ts';
import type { Importing } from '../declarations/importing.ts';
import { type CallStep, callsIn, type FunctionLife, type PlacedFunction } from '../declarations/lifecycle.ts';
import type { Origin } from '../declarations/origin.ts';
import type { SourceContext } from '../declarations/pool.ts';
import type { SourceModel } from '../declarations/source.ts';
import type { Memory, TracingView } from './memory.ts';
import type { Named, Resolver } from './resolve.ts';
import { type Dependency, dependenciesOf, type Role, roleOf, runsAtEveryCall } from './roles.ts';
import { roleByTaker } from './scriptRoles.ts';
import { isDistinctive } from './searched.ts';

/** A function of a file. */
export interface FunctionInFile {
  readonly uri: string;
  readonly placed: PlacedFunction;
}

export interface Dependant extends Dependency {
  readonly owner: FunctionInFile;
}

/** A call of a function, and the function it stands in. */
export interface Caller {
  readonly owner: FunctionInFile;
  readonly call: CallStep;
}

/** Decorators and base classes of commands. */
const onceRun = /^(?:click|typer|django\.core\.management|flask\.cli|invoke|fire)\b/;

/** `@app.command()`, `@cli.command`, `@manager.command` */
function isCommand(decorator: Origin): boolean {
  const callee = decorator.kind === 'result' ? decorator.of : decorator;
  return callee.kind === 'member' && (callee.name === 'command' || callee.name === 'cli');
}

/** The questions under which answers are kept. */
const roleQuestion = {};
const keptQuestion = {};
const onceQuestion = {};
const dependencyQuestion = {};

export class WorkspaceFunctions {
  private readonly files = new Map<string, readonly FunctionInFile[]>();
  private readonly models = new Map<string, SourceModel>();
  private dependantsByTarget: Map<string, Dependant[]> | undefined;
  private readonly callersByTarget = new Map<string, readonly Caller[]>();

  constructor(
    read: readonly SourceModel[],
    readonly resolver: Resolver,
    private readonly view: TracingView,
    private readonly memory: Memory,
    /** False for files of which nothing that their functions do is told. */
    isTold: (model: SourceModel) => boolean,
  ) {
    for (const model of read) {
      if (!isTold(model)) continue;
      if (model.lifecycle === undefined || model.lifecycle.functions.length === 0) continue;
      this.files.set(
        model.uri,
        model.lifecycle.functions.map((placed) => ({ uri: model.uri, placed })),
      );
      this.models.set(model.uri, model);
    }
  }

  inFile(uri: string): readonly FunctionInFile[] {
    return this.files.get(uri) ?? [];
  }

  *all(): Generator<FunctionInFile> {
    for (const functions of this.files.values()) yield* functions;
  }

  contextOf(uri: string): SourceContext {
    return this.models.get(uri)?.context ?? 'app';
  }

  /** How code of a file writes a name of a library. */
  importing(uri: string, module: string, name: string): Importing | undefined {
    return this.view.lifecycle(uri)?.importing?.(module, name);
  }

  /** What follows a call in its block, as long as the function's text is the same. */
  restOfBlock({ uri, placed }: FunctionInFile, call: CallStep): RestOfBlock | undefined {
    let rest = rests.get(call);
    if (rest === undefined) {
      const { start } = placed;
      rest = this.view.lifecycle(uri)?.restOfBlock?.(start, start + call.span.start) ?? null;
      rests.set(call, rest);
    }
    return rest ?? undefined;
  }

  modelOf({ uri }: FunctionInFile): SourceModel {
    return this.models.get(uri)!;
  }

  /** An answer about a function that rests on nothing but its text and on names. */
  ask<T>(question: object, { uri, placed }: FunctionInFile, compute: () => T): T {
    return this.memory.recall(question, uri, placed.life, this.view, compute);
  }

  role(owner: FunctionInFile): Role | undefined {
    return this.ask(roleQuestion, owner, () => roleOf(owner.placed, owner.uri, this.resolver));
  }

  runsAtEveryCall(owner: FunctionInFile): boolean {
    return this.ask(keptQuestion, owner, () => runsAtEveryCall(owner.placed, owner.uri, this.resolver));
  }

  dependencies(owner: FunctionInFile): readonly Dependency[] {
    const { parameters } = owner.placed.life;
    if (parameters.every((each) => each.annotation === undefined && each.fallback === undefined)) return [];
    return this.ask(dependencyQuestion, owner, () => dependenciesOf(owner.placed, owner.uri, this.resolver));
  }

  /** False for code that runs once: what it holds ends with the program. */
  mayLeak(owner: FunctionInFile): boolean {
    const { life, bases } = owner.placed;
    if (life.name === 'main' || life.name === '__main__' || life.holdsOnPurpose) return false;
    return this.ask(onceQuestion, owner, () => {
      const runsOnce = (path: string | undefined) => path !== undefined && onceRun.test(path);
      if (life.decorators.some((each) => isCommand(each) || runsOnce(this.resolver.path(owner.uri, each))))
        return false;
      return !bases.some((base) => runsOnce(this.resolver.path(owner.uri, base)));
    });
  }

  /** True for a file that runs as a program of its own and serves nobody. */
  isProgram(uri: string): boolean {
    if (this.models.get(uri)?.lifecycle?.isProgram() !== true) return false;
    return this.inFile(uri).every((owner) => this.role(owner) === undefined);
  }

  /** Functions of applications with a parameter that a framework fills by calling the target. */
  dependants(target: Named): readonly Dependant[] {
    if (this.dependantsByTarget === undefined) {
      this.dependantsByTarget = new Map();
      for (const owner of this.all()) {
        if (this.modelOf(owner).context !== 'app') continue;
        for (const dependency of this.dependencies(owner)) {
          const key = keyOf(dependency.target);
          const list = this.dependantsByTarget.get(key);
          if (list === undefined) this.dependantsByTarget.set(key, [{ ...dependency, owner }]);
          else list.push({ ...dependency, owner });
        }
      }
    }
    return this.dependantsByTarget.get(keyOf(target)) ?? [];
  }

  /** Calls of a function of the workspace, inside other functions of applications. Many pools ask about one function. */
  callersOf(target: Named): readonly Caller[] {
    const key = keyOf(target);
    let callers = this.callersByTarget.get(key);
    if (callers === undefined) this.callersByTarget.set(key, (callers = [...this.findCallersOf(target)]));
    return callers;
  }

  /** A method with an everyday name is looked for in its own file alone. */
  private *findCallersOf(target: Named): Generator<Caller> {
    const [, method] = target.name.split('.');
    const isSearched = method === undefined || isDistinctive(method);
    const files = isSearched ? this.files : [[target.uri, this.inFile(target.uri)] as const];
    for (const [uri, functions] of files) {
      if (this.models.get(uri)?.context !== 'app') continue;
      const local = method === undefined ? this.namesFor(uri, target.name) : [method];
      for (const owner of functions) {
        const { life } = owner.placed;
        if (life.name === '' || (uri === target.uri && life.name === target.name)) continue;
        if (!local.some((name) => calleeNames(life).has(name))) continue;
        for (const call of callsIn(life.steps)) {
          if (!local.some((name) => call.text === name || call.text.endsWith(`.${name}`))) continue;
          const callee = this.resolver.resolve(uri, call.callee);
          if (callee?.kind === 'function' && keyOf(callee) === keyOf(target)) yield { owner, call };
        }
      }
    }
  }

  /** What runs a function of JavaScript that is handed over by its name: `app.get('/orders', listOrders)`. */
  registeredRole(target: Named): Role | undefined {
    for (const [uri, functions] of this.files) {
      if (this.models.get(uri)?.context !== 'app') continue;
      const local = new Set(this.namesFor(uri, target.name));
      for (const { placed } of functions) {
        for (const call of callsIn(placed.life.steps)) {
          if (!call.arguments.some(({ origin }) => local.has(lastNameOf(origin) ?? ''))) continue;
          const role = roleByTaker(call.callee, call.arguments[0]?.origin, uri, this.resolver);
          if (role !== undefined && call.arguments.some(({ origin }) => this.means(uri, origin, target))) return role;
        }
      }
    }
    return undefined;
  }

  private means(uri: string, origin: Origin, target: Named): boolean {
    const found = this.resolver.resolve(uri, origin);
    return found?.kind === 'function' && keyOf(found) === keyOf(target);
  }

  /** The name itself, and what a file imports it as. */
  private namesFor(uri: string, name: string): string[] {
    return [name, ...(this.models.get(uri)?.lifecycle?.importedAs(name) ?? [])];
  }
}

function keyOf({ uri, name }: Named): string {
  return `${name} ${uri}`;
}

/** `list` of `list` and of `orders.list`. */
function lastNameOf(origin: Origin): string | undefined {
  return origin.kind === 'global' || origin.kind === 'member' ? origin.name : undefined;
}

const rests = new WeakMap<CallStep, RestOfBlock | null>();

const namesByLife = new WeakMap<FunctionLife, ReadonlySet<string>>();

/** Last names of everything a function calls, as written. */
function calleeNames(life: FunctionLife): ReadonlySet<string> {
  let names = namesByLife.get(life);
  if (names === undefined) {
    names = new Set([...callsIn(life.steps)].map((call) => call.text.split('.').at(-1)!));
    namesByLife.set(life, names);
  }
  return names;
}
