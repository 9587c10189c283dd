/** The URL of a datasource with the places of its parameters, wherever it stands: in the schema or in an environment file. */
import type { Location } from '../../core/text.ts';
import { readUrl, type UrlParts } from '../../declarations/credentials.ts';
import { isScalar, resolveValue } from '../../declarations/resolve.ts';
import type { ArgumentInsertion, Value } from '../../declarations/value.ts';
import type { InterpretationContext } from '../library.ts';

export interface DatasourceUrl {
  readonly parts: UrlParts;
  readonly source: 'literal' | 'environment';
  /** "DATABASE_URL in .env"; absent for a literal. */
  readonly origin?: { readonly label: string; readonly at?: Location };
  /** Where its text stands, without quotes; undefined where it cannot be edited or read back place by place. */
  readonly at: Location | undefined;
  /** How a parameter is added to it. */
  readonly insertion: ArgumentInsertion | undefined;
}

/** Undefined where the value is not known or no URL. */
export function datasourceUrl(value: Value, context: InterpretationContext): DatasourceUrl | undefined {
  const resolved = resolveValue(value, context.resolve);
  if (!resolved.known || !isScalar(resolved.value) || typeof resolved.value !== 'string') return undefined;
  const text = resolved.value;
  const parts = readUrl(text);
  if (parts === undefined) return undefined;
  const isLiteral = value.kind === 'literal';
  const origin = isLiteral ? undefined : resolved.origins[0];
  const at = isLiteral ? withoutQuotes(value.at, text) : exactly(origin?.at, text);
  return {
    parts,
    source: isLiteral ? 'literal' : 'environment',
    origin: origin && { label: origin.label, at: origin.at },
    at,
    insertion: at && insertionAt(at, text),
  };
}

/** Undefined where escapes make the text longer than what it says. */
function withoutQuotes(at: Location, text: string): Location | undefined {
  return exactly({ ...at, start: at.start + 1, end: at.end - 1 }, text);
}

function exactly(at: Location | undefined, text: string): Location | undefined {
  return at !== undefined && at.end - at.start === text.length ? at : undefined;
}

function insertionAt(at: Location, text: string): ArgumentInsertion {
  const hash = text.indexOf('#');
  const end = hash === -1 ? text.length : hash;
  const question = text.slice(0, end).indexOf('?');
  const before = question === -1 ? '?' : /[?&]$/.test(text.slice(0, end)) ? '' : '&';
  return { offset: at.start + end, before, after: '', style: { kind: 'query' }, uri: at.uri };
}
