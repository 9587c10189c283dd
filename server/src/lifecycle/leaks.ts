/** Connections and sessions that a function takes and, on some way out, does not give back. */
import type { Location } from '../core/text.ts';
import type { Enclosure, RestOfBlock } from '../declarations/enclosure.ts';
import { type CallStep, callsIn, type FunctionLife, type Insertion } from '../declarations/lifecycle.ts';
import {
  type ConnectionFact,
  connectionFacts,
  sessionBlocksSince,
  sessionsOfClass,
} from '../facts/lifecycle/connections.ts';
import { scriptConnectionFacts } from '../facts/lifecycle/scriptConnections.ts';
import { compareVersions } from '../facts/versions.ts';
import { type BlockPlan, blockPlan } from './blockEdits.ts';
import { effectsOn } from './effects.ts';
import type { FunctionInFile, WorkspaceFunctions } from './functions.ts';
import type { DependenciesOf } from './heldOverWaits.ts';
import { type Effects, type OpenEnd, openEnds } from './paths.ts';
import type { LibraryObject, Resolver } from './resolve.ts';
import { scriptEffectsOn } from './scriptEffects.ts';
import { type UnheldConnection, unheldIn } from './unheldConnections.ts';

/** An enclosure, and the offset in the file to which its places are relative. */
export interface PlacedEnclosure {
  readonly enclosure: Enclosure;
  readonly start: number;
}

export interface Leak {
  readonly uri: string;
  /** The name of the method or callable that takes it. */
  readonly at: Location;
  readonly fact: ConnectionFact;
  /** The variable that holds it; absent where nothing does. */
  readonly variable?: string;
  /** What it was taken from, as written: `pool` in `pool.getconn()`; empty where there is nothing before the name. */
  readonly source: string;
  readonly functionName: string;
  readonly isAsync: boolean;
  /** True where a callback is handed the connection. */
  readonly isHanded?: boolean;
  /** True where nothing in the function gives it back at all. */
  readonly isNever: boolean;
  readonly end: OpenEnd;
  /** How it is given back in a `finally`; absent where that is not simple. */
  readonly enclosure?: PlacedEnclosure;
  /** The same for Python, and the offset in the file to which its places are relative. */
  readonly block?: { readonly plan: BlockPlan; readonly start: number };
  /** How a callback gives it back where it leaves with it, and the offset in the file to which places are relative. */
  readonly before?: { readonly insertions: readonly Insertion[]; readonly release: string; readonly start: number };
  /** Where it is left. */
  readonly leftAt?: Location;
}

export type ServerTest = (callee: LibraryObject, call: Pick<CallStep, 'arguments'>, uri: string) => boolean;

const leakQuestion = {};
const unheldQuestion = {};

/** `isServer` tells a database server's connections from those of a file, by what was called for them and how. */
export function leaksIn(functions: WorkspaceFunctions, isServer: ServerTest, dependenciesOf: DependenciesOf): Leak[] {
  const leaks: Leak[] = [];
  const hasSessionBlocks = (uri: string) => {
    const version = dependenciesOf(uri).requirement('sqlalchemy')?.version;
    return version === undefined || compareVersions(version, sessionBlocksSince) >= 0;
  };
  for (const owner of functions.all()) {
    const { life } = owner.placed;
    if (!functions.mayLeak(owner)) continue;
    const inner = () => functions.inFile(owner.uri);
    for (const each of functions.ask(unheldQuestion, owner, () => unheldIn(owner, inner(), functions.resolver)))
      if (isServer(each.callee, each.call, owner.uri)) leaks.push(placed(unheld(each, life), owner));
    if (life.name === '') continue;
    for (const leak of functions.ask(leakQuestion, owner, () => leaksOf(owner, functions.resolver)))
      if (isServer(leak.callee, leak.call, owner.uri)) {
        const plan = leak.planOf?.(functions.restOfBlock(owner, leak.call), hasSessionBlocks(owner.uri));
        leaks.push(placed(leak, owner, plan));
      }
  }
  return leaks;
}

type PlanOf = (rest: RestOfBlock | undefined, hasSessionBlocks: boolean) => BlockPlan | undefined;

/** The same question is put with every analysis. */
function remembered(compute: PlanOf): PlanOf {
  let last: { rest: RestOfBlock | undefined; hasSessionBlocks: boolean; plan: BlockPlan | undefined } | undefined;
  return (rest, hasSessionBlocks) => {
    if (last === undefined || last.rest !== rest || last.hasSessionBlocks !== hasSessionBlocks)
      last = { rest, hasSessionBlocks, plan: compute(rest, hasSessionBlocks) };
    return last.plan;
  };
}

/** With places relative to the function, which may move. */
type RelativeLeak = Omit<Leak, 'at' | 'leftAt' | 'uri' | 'enclosure' | 'block' | 'before'> & {
  readonly call: CallStep;
  readonly callee: LibraryObject;
  readonly canEnclose?: boolean;
  readonly insertions?: readonly Insertion[];
  readonly planOf?: PlanOf;
};

function placed(
  { call, callee: _, canEnclose, insertions, planOf: _plan, ...leak }: RelativeLeak,
  { uri, placed: { start } }: FunctionInFile,
  plan?: BlockPlan,
): Leak {
  const at = (span: { start: number; end: number }) => ({ uri, start: start + span.start, end: start + span.end });
  const enclosure = canEnclose && call.enclosure ? { enclosure: call.enclosure, start } : undefined;
  const done = call.handed?.done;
  const release = done === undefined ? leak.fact.remedy.replace('{name}', leak.variable ?? '') : `${done}()`;
  return {
    ...leak,
    uri,
    at: at(call.nameSpan),
    leftAt: leak.end.at && at(leak.end.at),
    enclosure,
    block: plan && { plan, start },
    before: insertions && { insertions, release, start },
  };
}

function unheld({ call, fact, callee, variable, end, insertions }: UnheldConnection, life: FunctionLife): RelativeLeak {
  const source = call.text.includes('.') ? call.text.slice(0, call.text.lastIndexOf('.')) : '';
  return {
    call,
    fact,
    callee,
    variable,
    source,
    functionName: /^[\w$]+$/.test(life.name) && end === undefined ? life.name : 'the callback',
    isAsync: true,
    isHanded: call.takesFunction === true,
    isNever: end === undefined,
    end: end ?? { kind: 'end' },
    insertions,
  };
}

function leaksOf({ uri, placed: { life } }: FunctionInFile, resolver: Resolver): RelativeLeak[] {
  return callsIn(life.steps).flatMap((call): RelativeLeak[] => {
    if (call.taker?.kind !== 'variable' || call.isOfCallback === true) return [];
    const taken = connectionTaken(call, uri, resolver);
    if (taken === undefined) return [];
    const { fact, callee, isDirect } = taken;
    const variable = call.taker.name;
    if (life.script !== undefined && endsSource(call, life)) return [];
    const ends = (each: CallStep) => endsProgram.has(resolver.path(uri, each.callee) ?? '');
    const find = life.script === undefined ? effectsOn : scriptEffectsOn;
    const effects = find(life, call, variable, fact, ends);
    if (effects === undefined) return [];
    const [end] = openEnds(life.steps, effects);
    if (end === undefined) return [];
    const isNever = !callsIn(life.steps).some((each) => effects.of(each) === 'gives back');
    // Who leaves a session to its own end has ended the transaction; after an exception the collector does.
    if (isNever && fact.noun === 'session' && end.kind === 'raise') return [];
    const source = call.text.includes('.') ? call.text.slice(0, call.text.lastIndexOf('.')) : '';
    const shared = { call, callee, fact, variable, source, functionName: life.name, isAsync: call.isAwaited };
    const found = { ...shared, isNever, end };
    if (life.script !== undefined) return [{ ...found, canEnclose: canEnclose(life, call, fact, effects) }];
    const planOf = remembered((rest, hasSessionBlocks) => {
      const hasBlocks = fact.noun !== 'session' || hasSessionBlocks;
      return blockPlan(life, effects, { call, fact, variable, source, isDirect, hasBlocks }, rest);
    });
    return [{ ...found, planOf }];
  });
}

/** `await pool.end()`: with the pool everything ends that was taken from it. */
function endsSource({ text }: CallStep, life: FunctionLife): boolean {
  const source = text.slice(0, text.lastIndexOf('.') + 1);
  const isEnd = (name: string) => /^(?:end|destroy|close|terminate)$/.test(name);
  return callsIn(life.steps).some(
    (each) => each.text.startsWith(source) && source !== '' && isEnd(each.text.slice(source.length)),
  );
}

/** True where the releases there are stand in the block itself, so that one in a `finally` takes their place. */
function canEnclose(
  life: FunctionLife,
  { enclosure, isAwaited }: CallStep,
  fact: ConnectionFact,
  effects: Effects,
): boolean {
  if (enclosure === undefined || fact.noun !== 'connection') return false;
  if (fact.isReleaseAwaited === true && !isAwaited && !enclosure.isAsync) return false;
  const isOwn = ({ span }: CallStep) =>
    enclosure.releases.some((each) => each.start <= span.start && span.end <= each.end);
  return (
    enclosure.releases.every((each) => fact.releasedBy.includes(each.method)) &&
    callsIn(life.steps).every((each) => effects.of(each) !== 'gives back' || isOwn(each))
  );
}

/**
 * What a call takes: a connection by itself, or through a function of the workspace that returns a new one. `callee` is what
 * is called in the end.
 */
function connectionTaken(
  call: CallStep,
  uri: string,
  resolver: Resolver,
): { readonly fact: ConnectionFact; readonly callee: LibraryObject; readonly isDirect: boolean } | undefined {
  const direct = resolver.resolve(uri, call.callee);
  if (direct?.kind === 'library') {
    const fact = factOf(direct.path);
    // A transaction with a callback ends by itself.
    if (fact?.noun === 'transaction' && call.takesFunction === true) return undefined;
    // `sessionmaker(class_=AsyncSession)`
    const ofClass = fact?.noun === 'session' ? resolver.argument(direct, 'class_', -1) : undefined;
    const known = ofClass?.kind === 'library' ? (sessionsOfClass.get(ofClass.path) ?? fact) : fact;
    return known && { fact: known, callee: direct, isDirect: true };
  }
  if (direct?.kind !== 'function') return undefined;
  const placed = resolver.functionOf(direct);
  // What it keeps, or what something around it keeps, is nobody's to give back.
  if (placed === undefined || placed.life.mayKeep || isWrapped(placed.life)) return undefined;
  const [first, ...more] = placed.life.returns.filter((each) => !(each.kind === 'literal' && each.value === null));
  if (first === undefined || more.length > 0) return undefined;
  const callee = first.kind === 'result' ? resolver.resolve(direct.uri, first.of) : undefined;
  const fact = callee?.kind === 'library' ? factOf(callee.path) : undefined;
  return fact && callee?.kind === 'library' ? { fact, callee, isDirect: false } : undefined;
}

function factOf(path: string): ConnectionFact | undefined {
  return connectionFacts.get(path) ?? scriptConnectionFacts.get(path);
}

function isWrapped({ decorators, script }: FunctionLife): boolean {
  return decorators.length > 0 || (script !== undefined && script.handedTo.length > 0);
}

const endsProgram: ReadonlySet<string> = new Set([
  'sys.exit',
  'os._exit',
  'builtins.exit',
  'builtins.quit',
  'os.abort',
  'builtins.process.exit',
]);
