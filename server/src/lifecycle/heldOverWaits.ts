/** Connections and sessions that a function holds while it waits for something else than the database. */
import type { Location } from '../core/text.ts';
import { type CallStep, callsIn, type FunctionLife, type Step, stepsIn } from '../declarations/lifecycle.ts';
import { type ConnectionFact, connectionFacts, holdingBlocks } from '../facts/lifecycle/connections.ts';
import { closesAfterBody, fastapiReleases, newestFastapi } from '../facts/lifecycle/fastapi.ts';
import { type OutsideKind, outsideKind, streamingResponses } from '../facts/lifecycle/outside.ts';
import type { AssumedVersion, DependencyView } from '../libraries/library.ts';
import { assumedVersionOf } from '../libraries/plainPool.ts';
import { runsAlways } from './certainty.ts';
import { effectsOn } from './effects.ts';
import type { FunctionInFile, WorkspaceFunctions } from './functions.ts';
import type { ServerTest } from './leaks.ts';
import { type Effects, heldDuring } from './paths.ts';
import { type Provided, providedBy } from './providers.ts';
import type { Named } from './resolve.ts';

export interface HeldOverWait {
  readonly uri: string;
  /** The name of what is waited for, where it is called. */
  readonly at: Location;
  readonly kind: OutsideKind | 'a streaming response';
  /** The call as written. */
  readonly text: string;
  readonly fact: ConnectionFact;
  /** The variable that holds it; absent where it is a block without a name. */
  readonly variable?: string;
  readonly functionName: string;
  /** Where it is taken. */
  readonly takenAt?: Location;
  /** For a streaming response: the version that decides, and the requirement that names it. */
  readonly framework?: AssumedVersion;
  /** A dependency whose own session it is, where the function never sees it. */
  readonly through?: string;
}

/** With places relative to the function, which may move. */
interface Found extends Omit<HeldOverWait, 'at' | 'takenAt' | 'uri'> {
  readonly call: CallStep;
  readonly takenBy?: CallStep;
  readonly source: Provided;
}

const heldQuestion = {};
const openQuestion = {};

export type DependenciesOf = (uri: string) => DependencyView;

export function heldOverWaits(
  functions: WorkspaceFunctions,
  isServer: ServerTest,
  dependenciesOf: DependenciesOf,
): HeldOverWait[] {
  const held: HeldOverWait[] = [];
  for (const owner of functions.all()) {
    if (owner.placed.life.script !== undefined || owner.placed.life.name === '') continue;
    if (!functions.mayLeak(owner)) continue;
    for (const found of functions.ask(heldQuestion, owner, () => heldIn(owner, functions))) {
      const { call, takenBy, source, ...rest } = found;
      // One that is no pool's is missed by nobody.
      if (!rest.fact.isPooled) continue;
      if (!isServer(source.callee, source.call, source.uri)) continue;
      const { uri, placed } = owner;
      const at = ({ nameSpan }: CallStep) => ({
        uri,
        start: placed.start + nameSpan.start,
        end: placed.start + nameSpan.end,
      });
      const framework = rest.kind === 'a streaming response' ? fastapiOf(dependenciesOf(uri)) : undefined;
      if (framework !== undefined && !closesAfterBody(framework.version)) continue;
      held.push({ ...rest, uri, at: at(call), takenAt: takenBy && at(takenBy), framework });
    }
  }
  return held;
}

function fastapiOf(dependencies: DependencyView): AssumedVersion {
  return assumedVersionOf(dependencies, 'fastapi', newestFastapi, fastapiReleases);
}

function heldIn(owner: FunctionInFile, functions: WorkspaceFunctions): Found[] {
  const { life } = owner.placed;
  const waits = waitsIn(owner, functions);
  if (waits.size === 0) return [];
  const found: Found[] = [];
  const seen = new Set<CallStep>();
  const add = (hold: Hold, calls: readonly CallStep[]) => {
    // One finding for each place, and one for each connection: the first wait is what the others would follow.
    const call = calls.find((each) => !seen.has(each));
    if (call === undefined) return;
    for (const each of calls) seen.add(each);
    const { variable, fact, source, takenBy, through } = hold;
    const kind = waits.get(call)!;
    found.push({ kind, text: call.text, fact, variable, functionName: life.name, through, call, takenBy, source });
  };
  for (const hold of holdsIn(owner, functions)) {
    const isMeant = (call: CallStep) => {
      const kind = waits.get(call);
      if (kind === undefined) return false;
      // Who is handed it may end it first.
      if (hold.variable !== undefined && call.passes.includes(hold.variable)) return false;
      // A response leaves the function before it is sent: only what lives on outside of it is still held.
      return kind !== 'a streaming response' || (hold.isProvided && !isTakenAlong(life, hold.variable));
    };
    if (hold.effects === undefined) add(hold, [...waits.keys()].filter(isMeant));
    else add(hold, heldDuring(life.steps, hold.effects, hold.takenBy === undefined, isMeant).calls);
  }
  return found;
}

/** True where the body that is sent may need it. */
function isTakenAlong({ steps }: FunctionLife, variable: string | undefined): boolean {
  for (const step of stepsIn(steps)) {
    if (step.kind === 'mention' && step.variable === variable && step.how !== 'member') return true;
    if (step.kind === 'call' && variable !== undefined && step.passes.includes(variable) && step.taker !== undefined) {
      // A generator over it, as an argument or in a variable.
      if (!step.isAwaited && step.taker.kind !== 'returned' && step.taker.kind !== 'chained') return true;
    }
  }
  return false;
}

/** What the function waits for, by call. */
function waitsIn(owner: FunctionInFile, functions: WorkspaceFunctions) {
  const { life } = owner.placed;
  const entered = new Set<CallStep>();
  for (const step of stepsIn(life.steps)) if (step.kind === 'scope' && step.enters) entered.add(step.enters);
  const waits = new Map<CallStep, HeldOverWait['kind']>();
  for (const call of callsIn(life.steps)) {
    const callee = functions.resolver.resolve(owner.uri, call.callee);
    if (callee?.kind === 'function' && callee.uri === owner.uri) {
      const kind = waitOf(callee, call, functions);
      if (kind !== undefined) waits.set(call, kind);
    }
    if (callee?.kind !== 'library') continue;
    if (streamingResponses.has(callee.path)) {
      if (call.taker?.kind === 'returned') waits.set(call, 'a streaming response');
      continue;
    }
    const kind = waitAt(callee.path, call, entered.has(call));
    if (kind !== undefined) waits.set(call, kind);
  }
  return waits;
}

function waitAt(path: string, call: CallStep, isEntered: boolean): OutsideKind | undefined {
  const kind = outsideKind(path);
  // A coroutine that is not awaited here runs somewhere else.
  if (kind === undefined || (runsLater.test(path) && !call.isAwaited && !isEntered)) return undefined;
  return kind === 'a sleep' && isShort(call) ? undefined : kind;
}

/** What a function of the same file waits for whenever it is called. */
function waitOf(named: Named, call: CallStep, functions: WorkspaceFunctions): OutsideKind | undefined {
  const placed = functions.resolver.bodyOf(named);
  if (placed === undefined || placed.life.isGenerator || placed.life.decorators.length > 0) return undefined;
  for (const inner of callsIn(placed.life.steps)) {
    const path = functions.resolver.path(named.uri, inner.callee);
    const kind = path === undefined ? undefined : waitAt(path, inner, false);
    if (kind === undefined || inner.isGuarded || !runsAlways(placed.life.steps, inner)) continue;
    // Without `await` a coroutine waits later, whoever gets it.
    return call.isAwaited || (!inner.isAwaited && call.taker?.kind !== 'passed') ? kind : undefined;
  }
  return undefined;
}

const runsLater = /^(?:asyncio|anyio|trio|aiohttp|aiosmtplib)\b|\bAsync|\.a(?:completion|embedding|create)$|_async$/;

/** Seconds below which a sleep is no wait that anybody notices. */
const shortSleep = 1;

function isShort({ arguments: list }: CallStep): boolean {
  const origin = list[0]?.origin;
  return origin?.kind === 'literal' && typeof origin.value === 'number' && origin.value < shortSleep;
}

/** A connection that a function has, for a while or as long as it runs. */
interface Hold {
  readonly fact: ConnectionFact;
  readonly variable?: string;
  readonly source: Provided;
  /** Absent for a parameter. */
  readonly takenBy?: CallStep;
  /** Absent where it is held all the time. */
  readonly effects?: Effects;
  readonly isProvided: boolean;
  readonly through?: string;
}

function holdsIn(owner: FunctionInFile, functions: WorkspaceFunctions): Hold[] {
  const { uri, placed } = owner;
  const { life } = placed;
  const { resolver } = functions;
  const holds: Hold[] = [];
  const never = () => false;
  const factOf = (call: CallStep) => {
    const callee = resolver.resolve(uri, call.callee);
    if (callee?.kind !== 'library') return undefined;
    const fact = connectionFacts.get(callee.path) ?? holdingBlocks.get(callee.path);
    return fact && { fact, source: { fact, callee, call, uri } };
  };
  for (const step of stepsIn(life.steps)) {
    if (step.kind === 'scope' && step.enters !== undefined) {
      const taken = factOf(step.enters);
      if (taken === undefined) continue;
      const { enters: takenBy, boundTo: variable } = step;
      const effects = effectsOn(life, undefined, variable ?? '', taken.fact, never);
      if (effects === undefined) continue;
      const isItself = (each: Step) => each === step;
      holds.push({ ...taken, variable, takenBy, effects: taking(effects, takenBy, isItself), isProvided: false });
    } else if (step.kind === 'call' && step.taker?.kind === 'variable') {
      const taken = factOf(step);
      if (taken === undefined || !connectionFacts.has(taken.source.callee.path)) continue;
      const variable = step.taker.name;
      const effects = effectsOn(life, undefined, variable, taken.fact, never);
      if (effects !== undefined)
        holds.push({ ...taken, variable, takenBy: step, effects: taking(effects, step), isProvided: false });
    }
  }
  for (const { parameter: variable, target, scope } of functions.dependencies(owner)) {
    if (scope === 'function') continue;
    const source = providedBy(target, resolver);
    if (source !== undefined) {
      const effects = effectsOn(life, undefined, variable, source.fact, never);
      if (effects !== undefined) holds.push({ fact: source.fact, variable, source, effects, isProvided: true });
      continue;
    }
    const left = leftOpenBy({ uri: target.uri, name: target.name }, functions);
    if (left !== undefined)
      holds.push({
        fact: left.fact,
        variable: left.variable,
        source: left.source,
        isProvided: true,
        through: target.name,
      });
  }
  return holds;
}

function taking(effects: Effects, take: CallStep, isClosing: (step: Step) => boolean = () => false): Effects {
  return {
    ...effects,
    of: (step) => (step === take ? 'takes' : effects.of(step)),
    isClosedBy: (step) => isClosing(step) || effects.isClosedBy(step),
  };
}

/** A session that a dependency gets for itself and has certainly used when it returns; it is the request's own. */
function leftOpenBy(
  target: { readonly uri: string; readonly name: string },
  functions: WorkspaceFunctions,
): { readonly fact: ConnectionFact; readonly variable: string; readonly source: Provided } | undefined {
  const placed = functions.resolver.bodyOf(target);
  if (placed === undefined || placed.life.isGenerator) return undefined;
  const owner = { uri: target.uri, placed };
  return functions.ask(openQuestion, owner, () => {
    for (const { parameter, target: inner, scope } of functions.dependencies(owner)) {
      const source = scope === 'function' ? undefined : providedBy(inner, functions.resolver);
      if (source === undefined) continue;
      const effects = effectsOn(placed.life, undefined, parameter, source.fact, () => false);
      if (effects && heldDuring(placed.life.steps, effects, true, () => false).isHeldAtEnd)
        return { fact: source.fact, variable: parameter, source };
    }
    return undefined;
  });
}
