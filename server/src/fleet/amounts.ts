/** Arithmetic on amounts that may be without limit or unknown. Unknown is never zero and never a default. */
import { type Amount, isUnknown, unknownAmount } from '../declarations/resolved.ts';
import type { Total } from './model.ts';

/** A sum without limit stays so whatever an unknown part adds, since no part is negative. */
export function addAmounts(left: Amount, right: Amount): Amount {
  if (left === 'unbounded' || right === 'unbounded') return 'unbounded';
  if (isUnknown(left)) return isUnknown(right) ? bothUnknown(left.unknown, right.unknown) : left;
  if (isUnknown(right)) return right;
  return left + right;
}

/**
 * 0 × unknown and 0 × unbounded are 0. Unbounded × unknown is unbounded: the only factors that can be unknown are
 * numbers of processes that do run, so at least one.
 */
export function multiplyAmounts(left: Amount, right: Amount): Amount {
  if (left === 0 || right === 0) return 0;
  if (left === 'unbounded' || right === 'unbounded') return 'unbounded';
  if (isUnknown(left)) return isUnknown(right) ? bothUnknown(left.unknown, right.unknown) : left;
  if (isUnknown(right)) return right;
  return left * right;
}

/** The lower of two limits; unknown where either is, except that nothing is lower than 0. */
export function minimumAmount(left: Amount, right: Amount): Amount {
  if (left === 0 || right === 0) return 0;
  if (isUnknown(left)) return isUnknown(right) ? bothUnknown(left.unknown, right.unknown) : left;
  if (isUnknown(right)) return right;
  if (left === 'unbounded') return right;
  if (right === 'unbounded') return left;
  return Math.min(left, right);
}

export function sumAmounts(amounts: readonly Amount[]): Amount {
  return amounts.reduce(addAmounts, 0);
}

function bothUnknown(left: string, right: string): Amount {
  return unknownAmount(left === right ? left : `${left}; ${right}`);
}

/** One part of a total. */
export interface TotalPart {
  readonly amount: Amount;
  /** What is finite and known of it; equals `amount` where that is a number. */
  readonly atLeast: number;
  /** The inputs that are missing in it. */
  readonly unknown: readonly string[];
}

export function totalOf(parts: readonly TotalPart[]): Total {
  const sum = sumAmounts(parts.map((part) => part.amount));
  let atLeast = 0;
  const unknown = new Set<string>();
  for (const part of parts) {
    atLeast += part.atLeast;
    if (isUnknown(part.amount)) for (const reason of part.unknown) unknown.add(reason);
  }
  return { value: isUnknown(sum) ? null : sum, atLeast, unknown: [...unknown] };
}

/** A total that parts can be taken out of again: what everything else adds up to, without adding it up for each. */
export class Remainder {
  private constructor(
    private readonly atLeast: number,
    private readonly unbounded: number,
    private readonly unknown: number,
  ) {}

  static of(parts: readonly TotalPart[]): Remainder {
    return new Remainder(
      parts.reduce((sum, part) => sum + part.atLeast, 0),
      parts.filter(({ amount }) => amount === 'unbounded').length,
      parts.filter(({ amount }) => isUnknown(amount)).length,
    );
  }

  /** Equal for equal totals. */
  get key(): string {
    return `${this.atLeast} ${this.unbounded} ${this.unknown}`;
  }

  /** What is left without some of the parts. */
  without(parts: readonly TotalPart[]): Pick<Total, 'value' | 'atLeast'> {
    const taken = Remainder.of(parts);
    const atLeast = this.atLeast - taken.atLeast;
    if (this.unbounded > taken.unbounded) return { value: 'unbounded', atLeast };
    return { value: this.unknown > taken.unknown ? null : atLeast, atLeast };
  }
}

/**
 * Whether a total stays within a limit. Null where that is not known; false also where the known part alone is too much
 * or something has no limit, which breaks every limit, known or not.
 */
export function fitsWithin(total: Total, limit: number | null): boolean | null {
  if (total.value === 'unbounded') return false;
  if (limit === null) return null;
  if (total.atLeast > limit) return false;
  return total.value === null ? null : true;
}
