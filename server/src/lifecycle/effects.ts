/** What the steps of a function do to one connection or session that a variable holds. */
import {
  type CallStep,
  callsIn,
  type FunctionLife,
  type ScopeStep,
  type Step,
  stepsIn,
} from '../declarations/lifecycle.ts';
import type { ConnectionFact } from '../facts/lifecycle/connections.ts';
import type { Effect, Effects } from './paths.ts';

/** Calls that raise nothing in practice: between taking a connection and the `try` they are no gap. */
const harmless = new Set(
  [
    'debug info warning warn error exception critical log print len str int float bool repr format isinstance issubclass hasattr',
    'getattr setattr dict list set tuple range enumerate zip min max sorted reversed any all time now utcnow today monotonic',
    'perf_counter uuid4 strip lstrip rstrip split rsplit splitlines lower upper title join startswith endswith replace append',
    'extend items keys values get setdefault copy update add discard pop insert id type sum abs round iter cursor getLogger',
    'text select insert delete where order_by limit offset filter filter_by options add_all expunge expunge_all bindparam',
    'close set_session set_isolation_level execution_options perf_counter_ns process_time getenv cast field timedelta rollback super',
  ].flatMap((line) => line.split(' ')),
);

/** Callables that take a connection over: whoever they hand it to closes it. */
const takesOver =
  /^(?:enter_(?:async_)?context|callback|push(?:_async)?(?:_exit|_callback)?|register|finalize|append|appendleft|put(?:_nowait)?|add|setdefault|insert|submit|run_in_executor|create_task|ensure_future|start|Thread|Process|partial|setattr|set|set_result|closing|aclosing|send|addCleanup|update|extend)$/;
/** Functions of others that by their name give a connection back. */
const givesBack =
  /^_*(?:safe_?|try_?|maybe_?|force_?)?(?:close|release|put|return|dispose|free|clean|teardown|finish|end|terminate|shutdown|recycle|give)/i;
/** Functions that use a connection and are done with it when they return. */
const borrows =
  /^(?:read_sql(?:_query|_table)?|to_sql|isinstance|print|str|repr|len|bool|id|type|hasattr|getattr|inspect|execute_values|execute_batch|register_\w+|run_sync)$/;

/** Undefined where the variable's connection gets out of sight. */
export function effectsOn(
  life: FunctionLife,
  take: CallStep | undefined,
  variable: string,
  fact: ConnectionFact,
  exits: (call: CallStep) => boolean,
): Effects | undefined {
  const steps = [...stepsIn(life.steps)];
  const derived = derivedFrom(variable, steps);
  const isOwn = steps.some((step) => step.kind === 'call' && step !== take && releases(step, variable, fact));
  const isYielded = steps.some(
    (step) => step.kind === 'mention' && step.variable === variable && step.how === 'yielded',
  );
  if (take !== undefined && steps.some((step) => getsOutOfSight(step, variable, derived, fact, isOwn)))
    return undefined;
  const isProtected = steps.some((step) => protects(step, variable, fact));
  const effects = new Map<Step, Effect>();
  for (const step of steps) effects.set(step, effectOf(step, take, variable, derived, fact, exits));
  // What is returned has another owner from then on, who may well be told of it before.
  if (take !== undefined && !isOwn && [...effects.values()].includes('hands over')) return undefined;
  return {
    variable,
    holdsAtOnce: fact.holds === 'at once',
    of: (step) => effects.get(step) ?? 'nothing',
    // Whoever gives it back in a `finally` means to: before the `try` only work on the connection itself is a gap.
    mayRaise: (step) =>
      (!isProtected || effects.get(step) === 'uses') &&
      mayRaise(step, variable, fact, isYielded || isContextManager(life)),
    isClosedBy: (step) => isClosedBy(step, variable, fact),
    swallows: (step) => step.enters !== undefined && lastName(step.enters) === 'suppress',
  };
}

function isClosedBy(step: ScopeStep, variable: string, fact: ConnectionFact): boolean {
  return step.variable === variable && fact.block === 'releases';
}

function protects(step: Step, variable: string, fact: ConnectionFact): boolean {
  if (step.kind === 'scope') return isClosedBy(step, variable, fact);
  return step.kind === 'try' && callsIn(step.last).some((call) => releases(call, variable, fact));
}

export function lastName(call: CallStep): string {
  return call.text.slice(call.text.lastIndexOf('.') + 1);
}

/** Cursors, results and queries: using them is using the connection. */
function derivedFrom(variable: string, steps: readonly Step[]): ReadonlySet<string> {
  const derived = new Set([variable]);
  for (const step of steps) {
    const call = step.kind === 'scope' ? step.enters : step.kind === 'call' ? step : undefined;
    if (call?.receiver === undefined || !derived.has(call.receiver)) continue;
    if (step.kind === 'scope' && step.boundTo !== undefined) derived.add(step.boundTo);
    else if (step.kind === 'call' && step.taker?.kind === 'variable') derived.add(step.taker.name);
  }
  return derived;
}

export function releases(call: CallStep, variable: string, fact: ConnectionFact): boolean {
  const name = lastName(call);
  if (call.receiver === variable && call.isDirect) return fact.releasedBy.includes(name);
  return call.passes.includes(variable) && (fact.returnedBy.includes(name) || givesBack.test(name));
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
    if (step.how === 'yielded') return !isOwn;
    return step.how === 'member' && [...fact.releasedBy, ...fact.pausedBy].includes(step.member ?? '');
  }
  if (step.kind !== 'call') return false;
  const name = lastName(step);
  // A cursor keeps its connection: whoever gets it can close both.
  const isKept = step.receiver !== undefined && derived.has(step.receiver) && step.taker?.kind === 'shared';
  if (isKept && !finishes.test(name) && !isOwn) return true;
  if (!step.passes.some((each) => derived.has(each))) return false;
  if (step.passes.includes(variable) && takesOver.test(name)) return true;
  return !isOwn && !borrows.test(name);
}

/** Methods that return plain data. */
export const finishes =
  /^(?:fetch\w*|scalars?|scalar_one\w*|all|first|one|one_or_none|count|mappings|rowcount|tolist|to_dict|to_list|exists|keys|get|close)$/;

function effectOf(
  step: Step,
  take: CallStep | undefined,
  variable: string,
  derived: ReadonlySet<string>,
  fact: ConnectionFact,
  exits: (call: CallStep) => boolean,
): Effect {
  if (step === take) return 'takes';
  switch (step.kind) {
    case 'bind':
      return step.variable === variable ? 'forgets' : 'nothing';
    case 'mention':
      if (!derived.has(step.variable)) return 'nothing';
      return step.how === 'returned' ? 'hands over' : step.how === 'yielded' ? 'lends' : 'nothing';
    case 'call': {
      if (releases(step, variable, fact)) return 'gives back';
      if (step.taker?.kind === 'variable' && step.taker.name === variable) return 'forgets';
      if (step.receiver !== undefined && derived.has(step.receiver)) {
        const name = lastName(step);
        const isDirect = step.receiver === variable && step.isDirect;
        if (step.taker?.kind === 'returned' && !finishes.test(name)) return 'hands over';
        if (isDirect && fact.pausedBy.includes(name)) return 'pauses';
        return isDirect && fact.idleMethods.includes(name) ? 'nothing' : 'uses';
      }
      if (step.passes.some((each) => derived.has(each))) return borrows.test(lastName(step)) ? 'uses' : 'lends';
      return exits(step) ? 'exits' : 'nothing';
    }
    default:
      return 'nothing';
  }
}

function mayRaise(step: Step, variable: string, fact: ConnectionFact, throwsAtYield: boolean): boolean {
  if (step.kind === 'pause') return step.how === 'await' || throwsAtYield;
  if (step.kind !== 'call') return false;
  const name = lastName(step);
  const isDirect = step.receiver === variable && step.isDirect;
  // Ending a transaction that failed gives the connection back all the same.
  if (isDirect && (fact.pausedBy.includes(name) || fact.idleMethods.includes(name))) return false;
  if (releases(step, variable, fact) || harmless.has(name)) return false;
  // Classes are told by their capital: making an object rarely fails.
  return !/^[A-Z]/.test(name) || step.passes.includes(variable);
}

function isContextManager(life: FunctionLife): boolean {
  return life.decorators.some((each) => {
    const name = each.kind === 'global' || each.kind === 'member' ? each.name : '';
    return name === 'contextmanager' || name === 'asynccontextmanager';
  });
}
