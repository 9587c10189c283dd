/**
 * Walks a function's control flow for one connection that it takes, and tells on which ways out it is still held. What is
 * not certain counts as given back.
 */
import type { Span } from '../core/text.ts';
import type { BranchStep, CallStep, LeaveStep, LoopStep, ScopeStep, Step, TryStep } from '../declarations/lifecycle.ts';
import { stepsIn } from '../declarations/lifecycle.ts';

/** What a step does to the connection. */
export type Effect =
  /** The variable holds it from here on. */
  | 'takes'
  | 'gives back'
  /** It goes on to those who asked for it: `return conn`. */
  | 'hands over'
  /** The variable gets another value. */
  | 'forgets'
  /** A session has its connection from here on. */
  | 'uses'
  /** A session's transaction ends, and with it its hold. */
  | 'pauses'
  /** Other code works with it. */
  | 'lends'
  /** The program ends. */
  | 'exits'
  | 'nothing';

export interface Effects {
  readonly of: (step: Step) => Effect;
  /** True where a call, or code that runs in between, may raise. */
  readonly mayRaise: (step: Step) => boolean;
  /** True for `with conn:` that gives it back at its end. */
  readonly isClosedBy: (step: ScopeStep) => boolean;
  /** True for a block that swallows what is raised in it. */
  readonly swallows: (step: ScopeStep) => boolean;
  /** The variable itself. */
  readonly variable: string;
  /** True where a connection is held from the taking on; else from the first use. */
  readonly holdsAtOnce: boolean;
}

/** A way out of a function on which the connection is still held. */
export interface OpenEnd {
  readonly kind: 'end' | 'return' | 'raise' | 'next round';
  /** The statement or call that leaves; absent for the function's end. */
  readonly at?: Span;
  /** The call that may raise. */
  readonly call?: Pick<CallStep, 'text'>;
}

/** Sets of what may be the case at a place. */
const free = 1;
const idle = 2;
const active = 4;
const lent = 8;
const taken = idle | active | lent;
const held = active | lent;

interface Exit {
  mask: number;
  end?: OpenEnd;
}

class Exits {
  readonly return: Exit = { mask: 0 };
  readonly raise: Exit = { mask: 0 };
  readonly break: Exit = { mask: 0 };
  readonly continue: Exit = { mask: 0 };

  add(kind: LeaveStep['how'], mask: number, end: OpenEnd | undefined): void {
    const exit = this[kind];
    if ((mask & held) !== 0) exit.end ??= end;
    exit.mask |= mask;
  }
}

const kinds = ['return', 'raise', 'break', 'continue'] as const;

/**
 * The ways out on which it is held, those without an exception first. `begins` is true where the variable has it from the start,
 * as a parameter.
 */
export function openEnds(steps: readonly Step[], effects: Effects, begins = false): OpenEnd[] {
  const walk = new Walk(effects);
  const end = walk.block(steps, begins ? active : free);
  const ends: (OpenEnd | undefined)[] = [
    walk.exits.return.end,
    (end & held) !== 0 ? { kind: 'end' } : undefined,
    walk.lost,
    walk.exits.raise.end,
  ];
  return ends.filter((each) => each !== undefined);
}

/**
 * The calls that pass a test while the connection is certainly held, and whether it is when the function ends. `begins` is
 * true where the variable has it from the start, as a parameter.
 */
export function heldDuring(
  steps: readonly Step[],
  effects: Effects,
  begins: boolean,
  test: (call: CallStep) => boolean,
): { readonly calls: readonly CallStep[]; readonly isHeldAtEnd: boolean } {
  const calls: CallStep[] = [];
  const walk = new Walk(effects, (step, mask) => {
    if (step.kind === 'call' && mask === active && test(step) && !calls.includes(step)) calls.push(step);
  });
  const before = begins ? (effects.holdsAtOnce ? active : idle) : free;
  const end = walk.block(steps, before);
  return { calls, isHeldAtEnd: (end | walk.exits.return.mask) === active };
}

class Walk {
  exits = new Exits();
  lost: OpenEnd | undefined;

  constructor(
    private readonly effects: Effects,
    /** Told of each simple step with what may be the case before it. */
    private readonly watch?: (step: Step, mask: number) => void,
  ) {}

  /** What may be the case after the steps; 0 where nothing gets that far. */
  block(steps: readonly Step[], before: number): number {
    let mask = before;
    for (const step of steps) {
      if (mask === 0) return 0;
      mask = this.step(step, mask);
    }
    return mask;
  }

  private step(step: Step, mask: number): number {
    switch (step.kind) {
      case 'branch':
        return this.branch(step, mask);
      case 'loop':
        return this.loop(step, mask);
      case 'try':
        return this.try(step, mask);
      case 'scope':
        return this.scope(step, mask);
      case 'leave': {
        const end: OpenEnd = { kind: step.how === 'raise' ? 'raise' : 'return', at: step.span };
        this.exits.add(step.how, mask, end);
        return 0;
      }
      default:
        return this.simple(step, mask);
    }
  }

  private simple(step: Step, mask: number): number {
    this.watch?.(step, mask);
    const after = this.apply(this.effects.of(step), mask, step);
    const isTaking = this.effects.of(step) === 'takes';
    if (after !== 0 && this.effects.mayRaise(step)) {
      // Where taking it fails, it is not there; where a use fails, the connection of the use is.
      const call = step.kind === 'call' ? step : undefined;
      const at = 'span' in step ? step.span : undefined;
      this.exits.add('raise', isTaking ? mask : after, { kind: 'raise', at, call });
    }
    return after;
  }

  private apply(effect: Effect, mask: number, step: Step): number {
    switch (effect) {
      case 'takes':
        if ((mask & held) !== 0) this.lost ??= { kind: 'next round', at: 'span' in step ? step.span : undefined };
        return this.effects.holdsAtOnce ? active : idle;
      case 'gives back':
      case 'hands over':
      case 'forgets':
        return free;
      case 'uses':
        return (mask & taken) !== 0 ? (mask & free) | active : mask;
      case 'pauses':
        return (mask & taken) !== 0 ? (mask & free) | idle : mask;
      case 'lends':
        return this.effects.holdsAtOnce || (mask & taken) === 0 ? mask : (mask & free) | lent;
      case 'exits':
        return 0;
      default:
        return mask;
    }
  }

  private branch(step: BranchStep, mask: number): number {
    const { presence } = step;
    const decides = presence?.variable === this.effects.variable;
    const results = step.alternatives.map((each, index) => {
      const isThere = !decides || index === presence.alternative;
      return this.block(each, isThere ? mask : mask & free);
    });
    const takes = step.alternatives.some((each) => this.contains(each, 'takes'));
    // What was taken on one of several ways is given back under the same condition, which nobody follows here.
    if (takes && results.filter((each) => each !== 0).length > 1) return free;
    if (step.isOpen && this.contains(step.alternatives[0]!, 'gives back') && results[0] !== 0) return free;
    return results.reduce((all, each) => all | each, 0);
  }

  private loop(step: LoopStep, mask: number): number {
    const outer = this.exits;
    this.exits = new Exits();
    const takes = this.contains(step.body, 'takes');
    const round = this.block(step.body, mask);
    const inner = this.exits;
    this.exits = outer;
    for (const kind of ['return', 'raise'] as const) outer.add(kind, inner[kind].mask, inner[kind].end);
    const again = round | inner.continue.mask;
    if (takes && (again & held) !== 0) this.lost ??= { kind: 'next round' };
    const gives = !takes && this.contains(step.body, 'gives back');
    const passed = takes || gives ? free : mask | again;
    const itself = step.isEndless ? 0 : this.block(step.otherwise, passed);
    return itself | inner.break.mask;
  }

  private try(step: TryStep, mask: number): number {
    const outer = this.exits;
    const body = new Exits();
    const beyond = new Exits();
    this.exits = body;
    let after = this.block(step.body, mask);
    this.exits = beyond;
    if (after !== 0) after = this.block(step.otherwise, after);
    for (const handler of step.handlers) if (body.raise.mask !== 0) after |= this.block(handler.steps, body.raise.mask);
    const isCaught = step.handlers.some((each) => each.catches === 'all');
    for (const kind of kinds) if (kind !== 'raise' || !isCaught) beyond.add(kind, body[kind].mask, body[kind].end);
    this.exits = outer;
    for (const kind of kinds) {
      const { mask: leaving, end } = beyond[kind];
      const left = leaving === 0 ? 0 : this.block(step.last, leaving);
      outer.add(kind, left, end);
    }
    return after === 0 ? 0 : this.block(step.last, after);
  }

  private scope(step: ScopeStep, mask: number): number {
    const isClosed = this.effects.isClosedBy(step);
    const swallows = this.effects.swallows(step);
    if (!isClosed && !swallows) return this.block(step.body, mask);
    const outer = this.exits;
    const inner = new Exits();
    this.exits = inner;
    let after = this.block(step.body, mask);
    this.exits = outer;
    const left = (each: number) => (isClosed && each !== 0 ? free : each);
    for (const kind of kinds) {
      if (kind === 'raise' && swallows) after |= inner.raise.mask;
      else outer.add(kind, left(inner[kind].mask), inner[kind].end);
    }
    return left(after);
  }

  private contains(steps: readonly Step[], effect: Effect): boolean {
    for (const step of stepsIn(steps)) if (this.effects.of(step) === effect) return true;
    return false;
  }
}
