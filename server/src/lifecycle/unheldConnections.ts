/** Connections that nothing in JavaScript takes: `pool.connect()` to try the database, callbacks that leave them alone. */
import { type CallStep, callsIn, type FunctionLife, stepsIn } from '../declarations/lifecycle.ts';
import type { ConnectionFact } from '../facts/lifecycle/connections.ts';
import { scriptConnectionFacts } from '../facts/lifecycle/scriptConnections.ts';
import { lastName } from './effects.ts';
import type { FunctionInFile } from './functions.ts';
import type { LibraryObject, Resolver } from './resolve.ts';
import { scriptEffectsOn } from './scriptEffects.ts';

export interface UnheldConnection {
  readonly call: CallStep;
  readonly fact: ConnectionFact;
  readonly callee: LibraryObject;
  /** What a callback calls it that does not give it back; absent where nothing can name it. */
  readonly variable?: string;
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
    if (call.isOfCallback === true || !mayHandOut.test(lastName(call)) || !isLeft(call, life)) return [];
    const callee = resolver.resolve(uri, call.callee);
    const fact = callee?.kind === 'library' ? scriptConnectionFacts.get(callee.path) : undefined;
    if (fact?.holds !== 'at once' || fact.noun !== 'connection' || callee?.kind !== 'library') return [];
    if (call.takesFunction !== true || (call.callbackParameters ?? 0) < 2) return [{ call, fact, callee }];
    const at = start + call.span.start;
    const callback = inner.find(
      (each) =>
        each.placed.start === start &&
        each.placed.life.within.length === life.within.length + 1 &&
        each.placed.life.span.start + start > at &&
        each.placed.life.span.end < call.span.end,
    );
    const variable = callback && leftBy(callback.placed.life, fact);
    return variable === undefined ? [] : [{ call, fact, callee, variable }];
  });
}

const mayHandOut = /^(?:connect|getConnection)$/;

/** True where the result goes nowhere, or to a callback. */
function isLeft(call: CallStep, life: FunctionLife): boolean {
  if (call.takesFunction === true) return call.taker === undefined && call.passes.length === 0;
  if (call.arguments.length > 0) return false;
  if (call.taker === undefined) return true;
  // `pool.connect().then(() => console.log('connected'))`
  return (
    call.taker.kind === 'chained' &&
    callsIn(life.steps).some(
      (each) => each.span.start === call.span.start && lastName(each) === 'then' && each.callbackParameters === 0,
    )
  );
}

/** The variable by which a callback knows the connection, where nothing in it may give it back. */
function leftBy(life: FunctionLife, fact: ConnectionFact): string | undefined {
  const variable = life.parameters[1]?.name;
  const done = life.parameters[2]?.name;
  if (variable === undefined || variable === '' || done === '') return undefined;
  const effects = scriptEffectsOn(life, undefined, variable, fact, () => false);
  if (effects === undefined) return undefined;
  for (const step of stepsIn(life.steps)) {
    if (effects.of(step) === 'gives back' || effects.of(step) === 'hands over') return undefined;
    if (done === undefined) continue;
    if (step.kind === 'mention' && step.variable === done) return undefined;
    if (step.kind === 'call' && (step.receiver === done || step.text === done || step.passes.includes(done)))
      return undefined;
  }
  return variable;
}
