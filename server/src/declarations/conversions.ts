/** What Python's and JavaScript's conversions make of plain values. */
import type { ConversionTarget, Scalar } from './value.ts';

/** Undefined where the conversion raises; JavaScript's never do, they yield NaN. */
export function convert(value: Scalar, to: ConversionTarget): Scalar {
  switch (to) {
    case 'str':
      return value === null ? 'None' : String(value);
    case 'flag':
      return typeof value === 'string' ? readFlag(value) : Boolean(value);
    case 'other':
      return undefined;
    case 'bool':
    case 'Boolean':
      return Boolean(value);
    case 'int':
    case 'float': {
      if (typeof value === 'boolean') return value ? 1 : 0;
      const number = typeof value === 'number' ? value : readNumber(value);
      if (number === undefined) return undefined;
      return to === 'int' && typeof value === 'number' ? Math.trunc(number) : number;
    }
    case 'Number':
      return Number(value);
    case 'parseInt':
      return Number.parseInt(String(value), 10);
    case 'parseFloat':
      return Number.parseFloat(String(value));
    case 'String':
      return String(value);
  }
}

function readNumber(value: Scalar): number | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return /^[+-]?(\d[\d_]*)(\.\d*)?(e[+-]?\d+)?$/i.test(text) ? Number(text.replaceAll('_', '')) : undefined;
}

/** The words that settings libraries take for yes and no; none takes one for the other. */
function readFlag(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (/^(?:1|true|t|yes|y|on|ok)$/.test(word)) return true;
  return /^(?:0|false|f|no|n|off)$/.test(word) ? false : undefined;
}
