/** What operators make of known values, in Python and in JavaScript. */
import { isScalar, type ResolvedContent } from './content.ts';
import type { Operator, Scalar } from './value.ts';

/** The truth of a value; undefined where it is not known. Empty lists and dictionaries are false in Python alone. */
export function truthOf(content: ResolvedContent, language: 'python' | 'javascript'): boolean | undefined {
  if (isScalar(content)) return Boolean(content);
  if (content.type === 'call' || content.type === 'symbol') return language === 'python' ? true : undefined;
  if (language === 'javascript') return true;
  return content.type === 'mapping' ? content.entries.length > 0 : content.items.length > 0;
}

/** Operators whose second operand counts only after a look at the first. */
export type ShortCircuit = 'or' | 'and' | '||' | '&&' | '??' | 'default';

const shortCircuits: ReadonlySet<Operator> = new Set<ShortCircuit>(['or', 'and', '||', '&&', '??', 'default']);

export function isShortCircuit(operator: Operator): operator is ShortCircuit {
  return shortCircuits.has(operator);
}

/** Whether the first operand is the result; undefined where it cannot be told. */
export function firstDecides(operator: ShortCircuit, first: ResolvedContent): boolean | undefined {
  if (operator === '??') return first !== null && first !== undefined;
  if (operator === 'default') return first !== undefined;
  if (!isScalar(first) && (first.type === 'call' || first.type === 'symbol')) return undefined;
  const holds = truthOf(first, operator === 'or' || operator === 'and' ? 'python' : 'javascript');
  return operator === 'or' || operator === '||' ? holds : holds === undefined ? undefined : !holds;
}

/** Undefined where the operands do not go together. */
export function combine(operator: Operator, left: ResolvedContent, right: ResolvedContent): Scalar {
  if (!isScalar(left) || !isScalar(right)) return undefined;
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left === 'string' && typeof right === 'string' && operator === '+') return left + right;
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  const result = arithmetic(operator, left, right);
  return Number.isFinite(result) ? result : undefined;
}

function arithmetic(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '//':
      return Math.floor(left / right);
    case '%':
      return left - right * Math.floor(left / right);
    case 'rem':
      return left % right;
    case '**':
      return left ** right;
    default:
      return Number.NaN;
  }
}
