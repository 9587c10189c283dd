/** What to write instead of a value that PgBouncer refuses. */
import { nearest } from '../../core/nearest.ts';
import { choicesIn, type PgbouncerSetting } from '../../facts/pgbouncer.ts';

const yes = /^(?:yes|y|on|true|t|enabled?)$/i;
const no = /^(?:no|n|off|false|f|disabled?|never|none|unlimited)$/i;

/** Seconds in each unit that people write. */
const seconds: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|msec|milliseconds?)$/i, 0.001],
  [/^(?:s|secs?|seconds?)$/i, 1],
  [/^(?:m|min|mins|minutes?)$/i, 60],
  [/^(?:h|hours?)$/i, 3600],
  [/^(?:d|days?)$/i, 86400],
];
const bytes: readonly (readonly [RegExp, number])[] = [
  [/^(?:b|bytes?)$/i, 1],
  [/^(?:k|kb|kib)$/i, 1024],
  [/^(?:m|mb|mib)$/i, 1024 ** 2],
  [/^(?:g|gb|gib)$/i, 1024 ** 3],
];

/** The value as PgBouncer would take it; undefined where what is meant is not clear. */
export function suggestedValue(setting: PgbouncerSetting, text: string, version: string): string | undefined {
  if (setting.type === 'choice') return suggestedChoice(setting, text, version);
  if (setting.type === 'switch') return yes.test(text) ? '1' : no.test(text) ? '0' : undefined;
  // Zero switches off what it says so of.
  if (no.test(text)) return setting.zero === undefined || setting.name === 'server_lifetime' ? undefined : '0';
  const match = /^([\d_,]+(?:\.\d+)?) ?([a-z]*)$/i.exec(text);
  if (match === null) return undefined;
  const number = Number(match[1]!.replace(/[_,]/g, ''));
  const factor = match[2] === '' ? 1 : factorOf(setting, match[2]!);
  if (Number.isNaN(number) || factor === undefined) return undefined;
  const value = Number((number * factor).toFixed(6));
  return setting.type === 'seconds' || Number.isInteger(value) ? String(value) : undefined;
}

function factorOf({ unit }: PgbouncerSetting, word: string): number | undefined {
  const found = (units: readonly (readonly [RegExp, number])[]) => units.find(([name]) => name.test(word))?.[1];
  switch (unit) {
    case 'seconds':
      return found(seconds);
    case 'milliseconds': {
      const factor = found(seconds);
      return factor === undefined ? undefined : factor * 1000;
    }
    case 'bytes':
      return found(bytes);
    case 'connections':
      return /^conn(?:ection)?s?$/i.test(word) ? 1 : undefined;
    default:
      return undefined;
  }
}

function suggestedChoice(setting: PgbouncerSetting, text: string, version: string): string | undefined {
  const choices = choicesIn(setting, version)!;
  const word = text.toLowerCase();
  const beginning = word.length < 3 ? [] : choices.filter((choice) => choice.startsWith(word));
  return beginning.length === 1 ? beginning[0] : nearest(word, choices);
}

/** What a setting takes, for a message: "a number of seconds without a unit". */
export function expectation(setting: PgbouncerSetting, version: string): string {
  switch (setting.type) {
    case 'choice':
      return `one of ${choicesIn(setting, version)!.join(', ')}`;
    case 'switch':
      return '1 or 0';
    case 'seconds':
      return 'a number of seconds, without a unit';
    default:
      return setting.unit === undefined || setting.unit === 'port'
        ? 'a whole number'
        : `a whole number of ${setting.unit}, without a unit`;
  }
}

/** A value in a message, where it can be no secret and no novel. */
export function shownValue(text: string): string {
  return /^[\w.,:+*-]{1,24}$/.test(text) ? `"${text}"` : 'this value';
}
