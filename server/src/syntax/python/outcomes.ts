/** What holds after statements that ran side by side. */
import type { Location } from '../../core/text.ts';
import type { Value } from '../../declarations/value.ts';

export interface Outcome {
  readonly state: Value | undefined;
  /** The statements that follow do not run: the branch returns or raises. */
  readonly hasEnded?: boolean;
  /** The use lies in these statements: what follows does not matter. */
  readonly isReached?: boolean;
}

/** After a test: what the branch that ran left. */
export function merge(at: Location, test: Value, whenTrue: Outcome, whenFalse: Outcome): Outcome {
  if (whenTrue.hasEnded && whenFalse.hasEnded) return { state: whenTrue.state, hasEnded: true };
  if (whenTrue.hasEnded) return whenFalse;
  if (whenFalse.hasEnded || whenFalse.state === undefined) return whenTrue;
  if (whenTrue.state === undefined || whenTrue.state === whenFalse.state) return whenFalse;
  return {
    state: { kind: 'conditional', test, whenTrue: whenTrue.state, whenFalse: whenFalse.state, isStrict: true, at },
  };
}

/** Several ways of which nothing tells which one is taken. */
export function mergeAll(at: Location, outcomes: readonly Outcome[]): Outcome {
  const [first] = outcomes;
  const open = outcomes.filter((each) => !each.hasEnded);
  if (open.length === 0) return { state: first?.state, hasEnded: true };
  return {
    state: either(
      at,
      open.map((each) => each.state),
    ),
  };
}

export function either(at: Location, states: readonly (Value | undefined)[]): Value | undefined {
  const values = [...new Set(states.filter((each) => each !== undefined))];
  return values.length > 1 ? { kind: 'alternatives', values, at } : values[0];
}
