/**
 * Values as PgBouncer reads them: through C's strtol, strtod and atoi, with what these accept and what they make of it.
 * Sources: cf_set_int, cf_set_time_usec and cf_set_lookup in libusual's cfparser.c; atoi in PgBouncer's loader.c.
 */

/** A whole number as it arrives in PgBouncer's 32-bit variable. */
export interface WholeNumber {
  readonly value: number;
  /** True where the written number does not fit and another one arrives. */
  readonly isTooLarge: boolean;
}

const integer = /^[ \t\n\v\f\r]*([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))$/;
/** The digits that C's long surely holds. */
const longestDigits = 15;

/** A whole setting of [pgbouncer]: decimal, `0x…`, or octal with a leading 0; undefined where PgBouncer refuses it. */
export function readInteger(text: string): WholeNumber | undefined {
  const match = integer.exec(text);
  if (match === null) return undefined;
  const [, sign, hexadecimal, octal, decimal] = match;
  const [digits, base] = hexadecimal ? [hexadecimal, 16] : octal !== undefined ? [octal, 8] : [decimal!, 10];
  return inInt(digits, base, sign === '-');
}

/** A number of a connection string, read by atoi: what does not begin with digits is 0, what follows them is dropped. */
export function readLeadingInteger(text: string): WholeNumber & { readonly isWhole: boolean } {
  const match = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)/.exec(text);
  if (match === null) return { value: 0, isTooLarge: false, isWhole: false };
  return { ...inInt(match[2]!, 10, match[1] === '-'), isWhole: match[0].length === text.length };
}

function inInt(digits: string, base: number, isNegative: boolean): WholeNumber {
  const significant = digits.replace(/^0+/, '');
  // Beyond a C long the largest one stands for it, whose lower half is -1 or 0.
  if (significant.length > longestDigits) return wrapped(significant, base, isNegative);
  const value = significant === '' ? 0 : Number.parseInt(significant, base) * (isNegative ? -1 : 1);
  return { value: value | 0, isTooLarge: (value | 0) !== value };
}

function wrapped(digits: string, base: number, isNegative: boolean): WholeNumber {
  const prefix = base === 16 ? '0x' : base === 8 ? '0o' : '';
  const largest = (1n << 63n) - 1n;
  const smallest = -(1n << 63n);
  // No number of bits that a long holds has so many digits in any base.
  const exact = digits.length > 64 ? largest + 1n : BigInt(prefix + digits);
  const signed = isNegative ? -exact : exact;
  const long =
    digits.length > 64 && isNegative ? smallest : signed > largest ? largest : signed < smallest ? smallest : signed;
  return { value: Number(BigInt.asIntN(32, long)), isTooLarge: true };
}

const seconds =
  /^[ \t\n\v\f\r]*([+-]?)(?:(inf(?:inity)?)|(nan(?:\([0-9a-z_]*\))?)|0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?|(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)$/i;

/** A time in seconds, fractions included; undefined where PgBouncer refuses it: a unit, a sign, nothing at all. */
export function readSeconds(text: string): number | undefined {
  const match = seconds.exec(text);
  if (match === null) return undefined;
  const [, sign, infinity, nan, whole, fraction, exponent, decimal, decimalExponent] = match;
  if (nan !== undefined) return Number.NaN;
  let value: number;
  if (infinity !== undefined) value = Number.POSITIVE_INFINITY;
  else if (decimal !== undefined) {
    value = Number(decimal + (decimalExponent ?? ''));
    if (isOutOfRange(value, /[1-9]/.test(decimal))) return undefined;
  } else {
    const digits = (whole ?? '') + (fraction ?? '');
    if (digits === '') return undefined;
    const scale = Number(exponent ?? 0) - 4 * (fraction ?? '').length;
    value = Number.parseInt(digits.slice(0, 200), 16) * 2 ** (scale + 4 * Math.max(0, digits.length - 200));
    if (isOutOfRange(value, /[1-9a-f]/i.test(digits))) return undefined;
  }
  return sign === '-' && value > 0 ? undefined : value;
}

/** C reports a number that is too large or too small for a double, and PgBouncer refuses it. */
function isOutOfRange(value: number, hasDigits: boolean): boolean {
  return value === Number.POSITIVE_INFINITY || (hasDigits && value < 2 ** -1022);
}

/** The choice that a word stands for, without regard to case. */
export function readChoice(text: string, choices: readonly string[]): string | undefined {
  // Letters of ASCII alone: C's strcasecmp knows no others.
  const word = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return choices.find((choice) => choice === word);
}
