/** What the steps of a function of JavaScript do to one connection or transaction that a variable holds. */
import { type CallStep, callsIn, type FunctionLife, type Step, stepsIn } from '../declarations/lifecycle.ts';
import type { ConnectionFact } from '../facts/lifecycle/connections.ts';
import { lastName } from './effects.ts';
import type { Effect, Effects } from './paths.ts';

/** Callables that take a connection over: whoever they hand it to gives it back. */
const takesOver =
  /^(?:set|push|unshift|add|append|register|resolve|callback|cb|next|done|emit|accept|defer|use|bind|assign|save|store|pipeline|pipe|finished)$/i;
/** Functions of others that by their name give a connection back. */
const givesBack =
  /^_*(?:safe|try|maybe|force)?_?(?:close|release|return|dispose|free|clean|teardown|finish|end|terminate|destroy|rollback|commit|give)/i;
/** The same for a transaction, which models are destroyed in. */
const endsIt = /^_*(?:safe|try|maybe|force)?_?(?:commit|rollback|end|finish|close|complete)/i;
/** Functions that use a connection and are done with it when they return. */
const borrows = /^(?:log|info|debug|warn|error|Boolean|String|inspect|stringify)$/;
/** Methods whose result is data, not another handle of the connection. */
const givesData =
  /^(?:query|execute|batch|ping|prepare|find\w*|save|insert|update|upsert|delete|remove|count|get(?:One|Many|Raw)\w*|then|catch|finally)$/;

/** Undefined where the variable's connection gets out of sight. */
export function scriptEffectsOn(
  life: FunctionLife,
  take: CallStep | undefined,
  variable: string,
  fact: ConnectionFact,
  exits: (call: CallStep) => boolean,
): Effects | undefined {
  const steps = [...stepsIn(life.steps)];
  const derived = derivedFrom(variable, steps);
  const isOwn = steps.some((step) => step.kind === 'call' && step !== take && releases(step, variable, fact));
  if (steps.some((step) => getsOutOfSight(step, variable, derived, fact, isOwn))) return undefined;
  // Whoever gives it back where something fails means to, and is not told of the query before the `try`.
  const isCaredFor = steps.some(
    (step) =>
      step.kind === 'try' &&
      [step.last, ...step.handlers.map((each) => each.steps)].some((each) =>
        callsIn(each).some((call) => releases(call, variable, fact)),
      ),
  );
  const effects = new Map<Step, Effect>();
  for (const step of steps) effects.set(step, effectOf(step, take, variable, derived, fact, exits));
  // What is returned has another owner from then on, who may well be told of it before.
  if (!isOwn && [...effects.values()].includes('hands over')) return undefined;
  return {
    variable,
    holdsAtOnce: fact.holds === 'at once',
    of: (step) => effects.get(step) ?? 'nothing',
    mayRaise: (step) => !isCaredFor && mayReject(step, variable, fact),
    isClosedBy: (step) => step.variable === variable,
    swallows: () => false,
  };
}

/** Queries and streams that are made but not waited for: using them is using the connection. */
function derivedFrom(variable: string, steps: readonly Step[]): ReadonlySet<string> {
  const derived = new Set([variable]);
  for (const step of steps) {
    if (step.kind !== 'call' || step.isAwaited || step.receiver === undefined || !derived.has(step.receiver)) continue;
    if (step.taker?.kind === 'variable') derived.add(step.taker.name);
  }
  return derived;
}

function releases(call: CallStep, variable: string, fact: ConnectionFact): boolean {
  const name = lastName(call);
  if (call.receiver === variable && call.isDirect) return fact.releasedBy.includes(name);
  const gives = fact.noun === 'transaction' ? endsIt : givesBack;
  return call.passes.includes(variable) && (fact.returnedBy.includes(name) || gives.test(name));
}

/** True where somebody else may give it back, so that nothing can be said. */
function getsOutOfSight(
  step: Step,
  variable: string,
  derived: ReadonlySet<string>,
  fact: ConnectionFact,
  isOwn: boolean,
): boolean {
  if (step.kind === 'mention' && derived.has(step.variable)) {
    if (step.how === 'stored' || step.how === 'captured') return step.variable === variable || !isOwn;
    if (step.variable !== variable) return false;
    return step.how === 'yielded' ? !isOwn : step.how === 'member' && fact.releasedBy.includes(step.member ?? '');
  }
  if (step.kind !== 'call') return false;
  const isHandle = step.receiver !== undefined && derived.has(step.receiver) && !step.isAwaited;
  if (isHandle && step.taker?.kind === 'shared' && !isOwn) return true;
  if (!step.passes.some((each) => derived.has(each))) return false;
  const name = lastName(step);
  if (step.passes.includes(variable) && takesOver.test(name)) return true;
  // `const unit = new UnitOfWork(client)`: what is made with it may give it back.
  if (step.passes.includes(variable) && !step.isAwaited && step.taker !== undefined) return true;
  return !isOwn && !borrows.test(name);
}

function effectOf(
  step: Step,
  take: CallStep | undefined,
  variable: string,
  derived: ReadonlySet<string>,
  fact: ConnectionFact,
  exits: (call: CallStep) => boolean,
): Effect {
  if (step === take) return 'takes';
  if (step.kind === 'bind') return step.variable === variable ? 'forgets' : 'nothing';
  if (step.kind === 'mention') return derived.has(step.variable) && step.how === 'returned' ? 'hands over' : 'nothing';
  if (step.kind !== 'call') return 'nothing';
  if (releases(step, variable, fact)) return 'gives back';
  if (step.taker?.kind === 'variable' && step.taker.name === variable) return 'forgets';
  const name = lastName(step);
  if (step.receiver !== undefined && derived.has(step.receiver)) {
    if (step.taker?.kind === 'returned' && !step.isAwaited && !givesData.test(name)) return 'hands over';
    return step.receiver === variable && step.isDirect && fact.idleMethods.includes(name) ? 'nothing' : 'uses';
  }
  if (step.passes.some((each) => derived.has(each))) return 'uses';
  return exits(step) ? 'exits' : 'nothing';
}

/** What is waited for may fail; a failure inside the handling of another one is not held against anybody. */
function mayReject(step: Step, variable: string, fact: ConnectionFact): boolean {
  if (step.kind === 'pause') return step.how === 'await';
  if (step.kind !== 'call' || !step.isAwaited || step.isGuarded || releases(step, variable, fact)) return false;
  return !(step.receiver === variable && step.isDirect && fact.idleMethods.includes(lastName(step)));
}
