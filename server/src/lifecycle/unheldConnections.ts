/** Connections that nothing in JavaScript takes: `pool.connect()` to try the database, callbacks that leave them alone. */
import {
  type CallStep,
  callsIn,
  type FunctionLife,
  type HandedConnection,
  type HandedEnd,
  type Insertion,
  stepsIn,
} from '../declarations/lifecycle.ts';
import type { ConnectionFact } from '../facts/lifecycle/connections.ts';
import { scriptConnectionFacts } from '../facts/lifecycle/scriptConnections.ts';
import { lastName } from './effects.ts';
import type { FunctionInFile } from './functions.ts';
import { type OpenEnd, openEnds } from './paths.ts';
import type { LibraryObject, Resolver } from './resolve.ts';
import { scriptEffectsOn } from './scriptEffects.ts';

export interface UnheldConnection {
  readonly call: CallStep;
  readonly fact: ConnectionFact;
  readonly callee: LibraryObject;
  /** What a callback calls it; absent where nothing can name it. */
  readonly variable?: string;
  /** Where the callback leaves with it; absent where nothing in there gives it back. */
  readonly end?: OpenEnd;
  /** How it is given back there; absent where that is not simple. */
  readonly insertions?: readonly Insertion[];
}

/** `inner` are the functions of the same outermost one. */
export function unheldIn(
  { uri, placed }: FunctionInFile,
  inner: readonly FunctionInFile[],
  resolver: Resolver,
): UnheldConnection[] {
  const { life, start } = placed;
  if (life.script === undefined && life.name !== '') return [];
  return callsIn(life.steps).flatMap((call): UnheldConnection[] => {
    if (call.isOfCallback === true || !mayHandOut.test(lastName(call))) return [];
    const taker = takerOf(call, life);
    if (taker === undefined) return [];
    const callee = resolver.resolve(uri, call.callee);
    const fact = callee?.kind === 'library' ? scriptConnectionFacts.get(callee.path) : undefined;
    if (fact?.holds !== 'at once' || fact.noun !== 'connection' || callee?.kind !== 'library') return [];
    const found = { call, fact, callee };
    if (taker === 'nothing') return [found];
    if (call.handed !== undefined) return [{ ...found, ...leftOnSomeWays(call.handed) }];
    // The outermost is the first.
    const callback = inner.find(({ placed: { life: its, start: base } }) => {
      const [from, end] = [base + its.span.start - start, base + its.span.end - start];
      return taker.from < from && end < taker.end;
    });
    const left = callback && leftBy(callback.placed.life, taker.parameter, fact);
    return left === undefined ? [] : [{ ...found, ...left }];
  });
}

function leftOnSomeWays({ variable, ends }: HandedConnection): Omit<UnheldConnection, 'call' | 'fact' | 'callee'> {
  const [{ kind, span, text }] = ends as [HandedEnd];
  const insertions = ends.flatMap((each) => each.insertion ?? []);
  return {
    variable,
    end: { kind: kind === 'rejection' ? 'raise' : kind, at: span, call: text === undefined ? undefined : { text } },
    insertions: insertions.length === ends.length ? insertions : undefined,
  };
}

const mayHandOut = /^(?:connect|getConnection)$/;

/** A callback between two places that is handed the connection, as which of its parameters. */
interface Callback {
  readonly from: number;
  readonly end: number;
  readonly parameter: number;
}

/** Undefined where something else takes the result. */
function takerOf(call: CallStep, life: FunctionLife): 'nothing' | Callback | undefined {
  const { span, taker, arguments: list } = call;
  if (call.takesFunction === true) {
    const isLeft = (taker === undefined || taker.kind === 'returned') && call.passes.length === 0;
    if (!isLeft) return undefined;
    const hasBoth = (call.callbackParameters ?? 0) > 1;
    return hasBoth ? { from: span.start, end: span.end, parameter: 1 } : taker === undefined ? 'nothing' : undefined;
  }
  if (list.length > 0) return undefined;
  if (taker === undefined) return 'nothing';
  if (taker.kind !== 'chained') return undefined;
  const [then] = callsIn(life.steps)
    .filter((each) => each.span.start === span.start && lastName(each) === 'then')
    .sort((a, b) => a.span.end - b.span.end);
  // `pool.connect().then(() => console.log('connected'))`
  if (then?.callbackParameters === 0) return 'nothing';
  return then?.callbackParameters === 1 ? { from: span.end, end: then.span.end, parameter: 0 } : undefined;
}

/** The variable by which a callback knows the connection, where on some way nothing in it may give it back. */
function leftBy(
  life: FunctionLife,
  parameter: number,
  fact: ConnectionFact,
): Pick<UnheldConnection, 'variable' | 'end'> | undefined {
  const variable = life.parameters[parameter]?.name;
  const done = parameter === 0 ? undefined : life.parameters[parameter + 1]?.name;
  if (variable === undefined || variable === '' || done === '') return undefined;
  const effects = scriptEffectsOn(life, undefined, variable, fact, () => false);
  if (effects === undefined) return undefined;
  for (const step of stepsIn(life.steps)) {
    const effect = effects.of(step);
    if (effect === 'hands over') return undefined;
    if (effect === 'gives back') {
      const [end] = parameter === 0 ? openEnds(life.steps, effects, true) : [];
      return end && { variable, end };
    }
    if (done === undefined) continue;
    if (step.kind === 'mention' && step.variable === done) return undefined;
    if (step.kind === 'call' && (step.receiver === done || step.text === done || step.passes.includes(done)))
      return undefined;
  }
  return { variable };
}
