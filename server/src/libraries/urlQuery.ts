/** Pool settings that stand in the query of a URL, where the library reads them there. */
import type { Location } from '../core/text.ts';
import type { DatabaseAddress } from '../declarations/pool.ts';
import { readableText } from '../declarations/resolve.ts';
import type { Argument, ArgumentInsertion, Value } from '../declarations/value.ts';
import type { InterpretationContext } from './library.ts';

export interface UrlQuery {
  /** The parameters as arguments, numbers as numbers. */
  readonly byName: ReadonlyMap<string, Argument>;
  /** How a parameter is added; absent where the URL is no literal without escapes. */
  readonly insertion?: ArgumentInsertion;
  /** True where the end of the URL cannot be read: it may hold any parameter. */
  readonly isUnread: boolean;
}

export const unreadUrl = 'the URL is not known, and it may set it';

export function queryOf(url: Argument, address: DatabaseAddress, context: InterpretationContext): UrlQuery {
  const { text, complete } = readableText(url.value, context.resolve);
  const isUnread = !text.includes('://') || (!complete && text.endsWith('\uFFFC'));
  const at = literalAt(url.value, text);
  const byName = new Map<string, Argument>();
  for (const [name, value] of Object.entries(address.query)) {
    const whole = address.queryAt?.[name];
    const place = whole && { ...whole, start: whole.end - value.length };
    byName.set(name, {
      keyword: name,
      value: settingOf(value, place, url.valueSpan),
      span: whole ?? url.valueSpan,
      valueSpan: place ?? url.valueSpan,
    });
  }
  const insertion = at && {
    offset: at.end - 1,
    before: text.includes('?') ? '&' : '?',
    after: '',
    style: { kind: 'query' } as const,
    uri: at.uri,
  };
  return { byName, insertion, isUnread };
}

/** A number that may be edited where it stands in a literal, and not where it comes from elsewhere. */
function settingOf(text: string, place: Location | undefined, url: Location): Value {
  const isNumber = /^-?\d{1,9}(?:\.\d{1,9})?$/.test(text);
  if (place !== undefined) return { kind: 'literal', value: isNumber ? Number(text) : text, at: place };
  const literal: Value = { kind: 'literal', value: text, at: url };
  return isNumber ? { kind: 'convert', to: text.includes('.') ? 'float' : 'int', value: literal, at: url } : literal;
}

/** The literal a URL is, where its text stands in it letter by letter between single quotation marks. */
function literalAt(value: Value, text: string): Location | undefined {
  if (value.kind === 'constant') return literalAt(value.value, text);
  const quotes = 2;
  return value.kind === 'literal' && value.at.end - value.at.start === text.length + quotes ? value.at : undefined;
}
