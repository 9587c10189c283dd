/** The URL of a datasource with the places of its parameters, wherever it stands: in the schema or in an environment file. */
import type { Location } from '../../core/text.ts';
import { readUrl, type UrlParts } from '../../declarations/credentials.ts';
import { headOf, isScalar, resolveValue } from '../../declarations/resolve.ts';
import type { ArgumentInsertion, Value } from '../../declarations/value.ts';
import { sqlServerSpellings } from '../../facts/prisma.ts';
import type { InterpretationContext } from '../library.ts';
import { type DatasourceEngine, sqlServerEngine } from './engines.ts';

export interface DatasourceUrl {
  readonly parts: UrlParts;
  readonly source: 'literal' | 'environment';
  /** "DATABASE_URL in .env"; absent for a literal. */
  readonly origin?: { readonly label: string; readonly at?: Location };
  /** Where its text stands, without quotes; undefined where it cannot be edited or read back place by place. */
  readonly at: Location | undefined;
  /** How a parameter is added to it. */
  readonly insertion: ArgumentInsertion | undefined;
  /** True where only its end is known: `${process.env.DATABASE_URL}?connection_limit=1`. */
  readonly isPartial?: boolean;
}

/** Undefined where the value is not known or no URL. `engine` tells how the URL of its database is written. */
export function datasourceUrl(
  value: Value,
  engine: DatasourceEngine,
  context: InterpretationContext,
): DatasourceUrl | undefined {
  const resolved = resolveValue(value, context.resolve);
  const isConnectionString = engine === sqlServerEngine;
  if (!resolved.known) return isConnectionString ? undefined : endOf(value, context);
  if (!isScalar(resolved.value) || typeof resolved.value !== 'string') return undefined;
  const text = resolved.value;
  const read = readUrl(text);
  if (read === undefined || isConnectionString !== (read.scheme === 'sqlserver')) return undefined;
  const parts = isConnectionString ? withNames(read) : read;
  const isLiteral = value.kind === 'literal';
  const origin = isLiteral ? undefined : resolved.origins[0];
  const at = isLiteral ? withoutQuotes(value.at, text) : exactly(origin?.at, text);
  return {
    parts,
    source: isLiteral ? 'literal' : 'environment',
    origin: origin && { label: origin.label, at: origin.at },
    at,
    insertion: at && (isConnectionString ? insertionAtEnd(at, text) : insertionAt(at, text)),
  };
}

/** The parameters that are added to a URL which is not known. */
function endOf(value: Value, context: InterpretationContext): DatasourceUrl | undefined {
  const head = headOf(value, context.resolve);
  const last = head.kind === 'text' ? head.parts.at(-1) : undefined;
  const end = last && resolveValue(last, context.resolve);
  const text = end?.known && typeof end.value === 'string' ? end.value : '';
  const start = text.search(/[?&]/);
  if (start === -1) return undefined;
  const { query } = readUrl(`unknown://unknown?${text.slice(start + 1)}`)!;
  const parts = { scheme: '', dialect: '', query };
  return { parts, source: 'literal', at: undefined, insertion: undefined, isPartial: true };
}

/** Undefined where escapes make the text longer than what it says. */
function withoutQuotes(at: Location, text: string): Location | undefined {
  return exactly({ ...at, start: at.start + 1, end: at.end - 1 }, text);
}

function exactly(at: Location | undefined, text: string): Location | undefined {
  return at !== undefined && at.end - at.start === text.length ? at : undefined;
}

/** A connection string of SQL Server with each setting under its one name. */
function withNames(parts: UrlParts): UrlParts {
  const query = Object.fromEntries(
    Object.entries(parts.query).map(([name, each]) => [sqlServerSpellings.get(name.toLowerCase()) ?? name, each]),
  );
  return { ...parts, query };
}

function insertionAtEnd(at: Location, text: string): ArgumentInsertion {
  const before = text.endsWith(';') ? '' : ';';
  return { offset: at.end, before, after: '', separator: ';', style: { kind: 'query' }, uri: at.uri };
}

function insertionAt(at: Location, text: string): ArgumentInsertion {
  const hash = text.indexOf('#');
  const end = hash === -1 ? text.length : hash;
  const question = text.slice(0, end).indexOf('?');
  const before = question === -1 ? '?' : /[?&]$/.test(text.slice(0, end)) ? '' : '&';
  return { offset: at.start + end, before, after: '', style: { kind: 'query' }, uri: at.uri };
}
