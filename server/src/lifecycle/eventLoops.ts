/** Asynchronous engines that Celery's tasks use under one event loop after another. */
import type { Location } from '../core/text.ts';
import type { Importing } from '../declarations/importing.ts';
import { type CallStep, callsIn } from '../declarations/lifecycle.ts';
import { asyncEngineMakers, connectionFacts, sessionFactories } from '../facts/lifecycle/connections.ts';
import { loopRunners } from '../facts/lifecycle/eventLoops.ts';
import type { FunctionInFile, WorkspaceFunctions } from './functions.ts';
import type { LibraryObject, Named, Resolved, Resolver } from './resolve.ts';

export interface EngineUnderLoops {
  /** The task's file. */
  readonly uri: string;
  /** The engine, by its name at module level. */
  readonly engine: Named;
  readonly taskName: string;
  /** What starts the loop, as written. */
  readonly runner: string;
  readonly at: Location;
  /** How the engine's file writes SQLAlchemy's NullPool. */
  readonly nullPool?: Importing;
}

/** As many functions are looked into for one task; calls of calls deeper than that are not followed. */
const mostFunctions = 40;
const deepest = 5;

const loopQuestion = {};

export function enginesUnderLoops(functions: WorkspaceFunctions): EngineUnderLoops[] {
  const found: EngineUnderLoops[] = [];
  for (const owner of functions.all()) {
    const runner = runnerIn(owner, functions.resolver);
    if (runner === undefined || functions.role(owner) !== 'celery task') continue;
    const { uri, placed } = owner;
    const span = { start: placed.start + runner.nameSpan.start, end: placed.start + runner.nameSpan.end };
    for (const engine of functions.ask(loopQuestion, owner, () => enginesUsed(owner, runner, functions))) {
      const nullPool = functions.importing(engine.uri, 'sqlalchemy.pool', 'NullPool');
      found.push({ uri, engine, taskName: placed.life.name, runner: runner.text, at: { uri, ...span }, nullPool });
    }
  }
  return found;
}

const written = /(?:^|\.)(?:run|run_until_complete)$|^the call$/;

function runnerIn({ uri, placed: { life } }: FunctionInFile, resolver: Resolver): CallStep | undefined {
  if (life.script !== undefined || life.decorators.length === 0) return undefined;
  return callsIn(life.steps).find((call) => mayRun(call) && loopRunners.has(resolver.path(uri, call.callee) ?? ''));
}

function mayRun({ text, callee }: CallStep): boolean {
  return written.test(text) || callee.kind === 'result';
}

/** Engines that the coroutines under a runner take connections from; none where one of them is disposed of. */
function enginesUsed(task: FunctionInFile, runner: CallStep, functions: WorkspaceFunctions): Named[] {
  const walk = new Walk(functions);
  const inside = callsIn(task.placed.life.steps).filter(
    ({ span }) => span !== runner.span && runner.span.start <= span.start && span.end <= runner.span.end,
  );
  for (const call of inside) walk.follow(task, call, 0);
  // `async_to_sync(work)(key)`
  const callee = functions.resolver.resolve(task.uri, runner.callee);
  if (callee?.kind === 'library' && callee.passed !== undefined)
    for (const { origin } of callee.passed.list) walk.enter(functions.resolver.resolve(callee.passed.uri, origin), 0);
  walk.look(task);
  return walk.disposes ? [] : [...walk.engines.values()];
}

class Walk {
  readonly engines = new Map<string, Named>();
  disposes = false;
  private readonly seen = new Set<string>();

  constructor(private readonly functions: WorkspaceFunctions) {}

  follow(owner: FunctionInFile, call: CallStep, depth: number): void {
    const callee = this.functions.resolver.resolve(owner.uri, call.callee);
    if (callee !== undefined) {
      this.enter(callee, depth);
      return;
    }
    // A coroutine that is defined in the task.
    const { life } = owner.placed;
    const inner = this.functions
      .inFile(owner.uri)
      .find(({ placed }) => placed.life.name === call.text && placed.life.within.at(-1) === life.name);
    if (inner !== undefined) this.walk(inner, `${owner.uri} ${life.name}.${call.text}`, depth);
  }

  enter(callee: Resolved | undefined, depth: number): void {
    if (callee?.kind !== 'function' && callee?.kind !== 'generator') return;
    const placed = this.functions.resolver.bodyOf(callee);
    if (placed !== undefined) this.walk({ uri: callee.uri, placed }, `${callee.uri} ${callee.name}`, depth);
  }

  private walk(owner: FunctionInFile, key: string, depth: number): void {
    if (depth >= deepest || this.seen.has(key) || this.seen.size >= mostFunctions) return;
    this.seen.add(key);
    this.look(owner);
    for (const call of callsIn(owner.placed.life.steps)) this.follow(owner, call, depth + 1);
  }

  /** What a function itself does with engines. */
  look({ uri, placed: { life } }: FunctionInFile): void {
    for (const call of callsIn(life.steps)) {
      if (/(?:^|\.)dispose$/.test(call.text)) this.disposes = true;
      const callee = this.functions.resolver.resolve(uri, call.callee);
      const engine = callee?.kind === 'library' ? this.engineOf(callee, call, uri) : undefined;
      if (engine?.kind === 'library' && engine.named !== undefined && asyncEngineMakers.has(engine.path))
        this.engines.set(`${engine.named.uri} ${engine.named.name}`, engine.named);
    }
  }

  /** The engine that a call takes a connection or session from. */
  private engineOf(callee: LibraryObject, call: CallStep, uri: string): Resolved | undefined {
    const { resolver } = this.functions;
    if (sessionFactories.has(callee.path)) return resolver.argument(callee, 'bind', 0);
    if (connectionFacts.get(callee.path)?.noun === 'session') {
      const bind = call.arguments.find((each) => each.name === 'bind' || each.name === undefined);
      return bind && resolver.resolve(uri, bind.origin);
    }
    return /\.(?:connect|begin)$/.test(callee.path) ? callee.of : undefined;
  }
}
