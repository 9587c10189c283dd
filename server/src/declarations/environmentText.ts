/** Values that are text because they come out of the environment without a conversion. */
import type { Operator, Value } from './value.ts';

export interface EnvironmentText {
  readonly variable: string;
  /** True where a conversion to a number changes nothing that works today. */
  readonly isSafeToConvert: boolean;
}

/**
 * The variable, where the value is text whenever that variable is set: `os.environ["X"]`, `os.getenv("X", 5)`,
 * `os.getenv("X") or 5`. Undefined for everything that was converted.
 */
export function environmentTextOf(value: Value): EnvironmentText | undefined {
  switch (value.kind) {
    case 'constant':
      return environmentTextOf(value.value);
    case 'environment':
      // Without a fallback the look-up itself raises, or yields None, which a conversion cannot take.
      return { variable: value.variable, isSafeToConvert: !isNone(value.fallback) };
    case 'operation': {
      const [left, right] = value.operands;
      if (!fallbackOperators.has(value.operator) || left === undefined) return undefined;
      const text = environmentTextOf(left);
      return text && { variable: text.variable, isSafeToConvert: right !== undefined && !isNone(right) };
    }
    default:
      return undefined;
  }
}

/** Operators whose right side counts where a variable is not set. */
const fallbackOperators: ReadonlySet<Operator> = new Set(['or', '||', '??', 'default']);

/** A fallback that is None or unknown; no fallback at all is none of these: the look-up raises. */
function isNone(fallback: Value | undefined): boolean {
  if (fallback === undefined) return false;
  if (fallback.kind === 'constant') return isNone(fallback.value);
  return fallback.kind !== 'literal' || (fallback.value ?? null) === null;
}

const wordsForFalse = new Set(['false', '0', 'no', 'off', 'n', 'f', 'none']);

/** True for a text that says no but counts as true. */
export function saysNo(text: unknown): boolean {
  return typeof text === 'string' && wordsForFalse.has(text.trim().toLowerCase());
}
