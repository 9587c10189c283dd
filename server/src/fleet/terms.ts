/** Sums that explain themselves: built here, and rendered so that every number can be recomputed from what is shown. */
import type { Location } from '../core/text.ts';
import { type Amount, isUnknown } from '../declarations/resolved.ts';
import { multiplyAmounts, sumAmounts, type TotalPart, totalOf } from './amounts.ts';
import type { CompoundTerm, Quantity, Term, Total } from './model.ts';

interface QuantityDetails {
  readonly text?: string;
  readonly symbol?: string;
  readonly at?: Location;
}

export function quantity(amount: Amount, label: string, details: QuantityDetails = {}): Quantity {
  return { kind: 'quantity', amount, label, ...details };
}

export function sum(terms: readonly Term[]): CompoundTerm {
  return { kind: 'sum', amount: sumAmounts(terms.map((term) => term.amount)), terms };
}

export function product(terms: readonly Term[]): CompoundTerm {
  return { kind: 'product', amount: terms.map((term) => term.amount).reduce(multiplyAmounts, 1), terms };
}

export function totalOfTerms(terms: readonly Term[]): Total {
  return totalOf(terms.map(partOfTerm));
}

/** What a term adds to a total. */
export function partOfTerm(term: Term): TotalPart {
  return { amount: term.amount, atLeast: knownPart(term), unknown: unknownReasons(term) };
}

/**
 * What is finite and known of a term: of (POOL_SIZE + 10) × 8 the 80, of 15 × an unknown number of workers nothing.
 */
function knownPart(term: Term): number {
  if (term.kind === 'quantity') return typeof term.amount === 'number' ? term.amount : 0;
  const known = term.terms.map(knownPart);
  return term.kind === 'sum' ? known.reduce((a, b) => a + b, 0) : known.reduce((a, b) => a * b, 1);
}

/** Why the leaves of a term that are not known are not known; nothing where the term is known all the same (0 × ?). */
export function unknownReasons(term: Term): readonly string[] {
  if (!isUnknown(term.amount)) return [];
  if (term.kind !== 'quantity') return term.terms.flatMap(unknownReasons);
  return [term.amount.unknown];
}

/**
 * "(5 + 10) × 4 workers × 2 replicas". Counted factors of 1 and summands of 0 are left out where something else is
 * left to show; numbers are plain digits; an unknown number is its variable's name, or a question mark.
 */
export function explainTerm(term: Term): string {
  return render(term).text;
}

interface Rendered {
  readonly text: string;
  readonly isSum: boolean;
}

function render(term: Term): Rendered {
  if (term.kind === 'quantity') return { text: renderQuantity(term), isSum: false };
  const shown = term.kind === 'sum' ? summandsShown(term.terms) : factorsShown(term.terms);
  if (shown.length === 0) return { text: term.kind === 'sum' ? '0' : '1', isSum: false };
  if (shown.length === 1) return shown[0]!;
  if (term.kind === 'sum') return { text: shown.map((each) => each.text).join(' + '), isSum: true };
  return { text: shown.map((each) => (each.isSum ? `(${each.text})` : each.text)).join(' × '), isSum: false };
}

function summandsShown(terms: readonly Term[]): readonly Rendered[] {
  const rendered = terms.map(render);
  const shown = rendered.filter((each) => each.text !== '0');
  return shown.length > 0 ? shown : rendered.slice(0, 1);
}

function factorsShown(terms: readonly Term[]): readonly Rendered[] {
  const shown = terms.filter((term) => !(term.kind === 'quantity' && term.text !== undefined && term.amount === 1));
  return (shown.length > 0 ? shown : terms.slice(0, 1)).map(render);
}

function renderQuantity(term: Quantity): string {
  return term.text ?? formatAmount(term.amount, term.symbol);
}

/** Digits, "unlimited", or what stands for a number that is not known. */
export function formatAmount(amount: Amount, symbol = '?'): string {
  if (isUnknown(amount)) return symbol;
  return amount === 'unbounded' ? 'unlimited' : String(amount);
}

/** "1 replica", "4 replicas". */
export function counted(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}
