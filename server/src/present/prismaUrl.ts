/** Inside a URL that Prisma reads, in a schema or in an environment file: what may be written at a place, and what stands there. */
import type { Location, Span } from '../core/text.ts';
import { spanContains } from '../core/text.ts';
import { readEnvironmentFile } from '../declarations/environmentFile.ts';
import type { Pool } from '../declarations/pool.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import { urlSettingsOfEngine } from '../facts/prisma.ts';
import { driverReaders, engineReaders, type UrlParameterFact, type UrlReader } from '../facts/prismaUrl.ts';
import type { Analysis } from '../rules/analysis.ts';
import { fittingPerProcess } from '../rules/fleetFindings.ts';
import type { PoolInContext } from '../rules/rule.ts';
import { type HoverContent, type HoverOptions, poolHover } from './hover.ts';
import { factMarkdown, parameterHover } from './parameterHover.ts';

export interface UrlCompletion {
  readonly label: string;
  readonly kind: 'parameter' | 'value';
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  readonly insertText: string;
  readonly replace: Span;
}

interface UrlInFile {
  /** Of the text of the URL, without quotes. */
  readonly span: Span;
  readonly entry: PoolInContext;
  readonly reader: UrlReader;
}

/** The URL around an offset of a schema, or of an environment file that sets a variable which Prisma reads. */
function urlAround(analysis: Analysis, uri: string, text: string, offset: number): UrlInFile | undefined {
  const point = { start: offset, end: offset };
  const readers = analysis.pools.flatMap((entry) => {
    const reader = entry.pool.system === 'prisma' ? readerOf(entry.pool) : undefined;
    return reader === undefined ? [] : [{ entry, reader }];
  });
  if (readers.length === 0) return undefined;
  if (uri.endsWith('.prisma')) {
    for (const { entry, reader } of readers) {
      const { at } = entry.pool.address;
      if (at?.uri !== uri || text[at.start] !== '"') continue;
      const span = { start: at.start + 1, end: at.end - 1 };
      if (spanContains(span, point)) return { span, entry, reader };
    }
    return undefined;
  }
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  if (!name.startsWith('.env')) return undefined;
  for (const { variable, at } of readEnvironmentFile(uri, text).values()) {
    if (!spanContains(at, point)) continue;
    const own = readers.filter(({ entry }) => entry.pool.address.variable === variable);
    const found = own.sort((a, b) => sharedFolders(b.entry.pool.uri, uri) - sharedFolders(a.entry.pool.uri, uri))[0];
    return found && { span: at, ...found };
  }
  return undefined;
}

function readerOf({ callable, address }: Pool): UrlReader | undefined {
  if (callable === 'datasource')
    return Object.hasOwn(engineReaders, address.dialect ?? '') ? engineReaders[address.dialect!] : undefined;
  return Object.hasOwn(driverReaders, callable) ? driverReaders[callable] : undefined;
}

function sharedFolders(a: string, b: string): number {
  const [parts, others] = [a.split('/'), b.split('/')];
  let count = 0;
  while (count < parts.length && parts[count] === others[count]) count++;
  return count;
}

/** One `name=value` of a URL; the value is absent where nothing follows the name. */
interface Pair {
  readonly name: string;
  readonly nameSpan: Span;
  readonly valueSpan?: Span;
}

function pairsIn(text: string, span: Span, { separators }: UrlReader): Pair[] {
  const content = text.slice(span.start, span.end);
  const query = content.indexOf(separators.first);
  if (query === -1) return [];
  const hash = separators.next === '&' ? content.indexOf('#', query) : -1;
  const pairs: Pair[] = [];
  let start = span.start + query + 1;
  const end = hash === -1 ? span.end : span.start + hash;
  for (const part of text.slice(start, end).split(separators.next)) {
    const equals = part.indexOf('=');
    const name = equals === -1 ? part : part.slice(0, equals);
    pairs.push({
      name: name.trim(),
      nameSpan: { start, end: start + name.length },
      valueSpan: equals === -1 ? undefined : { start: start + equals + 1, end: start + part.length },
    });
    start += part.length + 1;
  }
  return pairs;
}

export function completePrismaUrl(analysis: Analysis, uri: string, text: string, offset: number): UrlCompletion[] {
  const url = urlAround(analysis, uri, text, offset);
  if (url === undefined) return [];
  const { span, reader } = url;
  const pairs = pairsIn(text, span, reader);
  const point = { start: offset, end: offset };
  const value = pairs.find(({ valueSpan }) => valueSpan !== undefined && spanContains(valueSpan, point));
  if (value !== undefined) return valuesOf(url, value);
  const name = pairs.find(({ nameSpan }) => spanContains(nameSpan, point));
  // At the end of an address without parameters the first of them may follow.
  const isFirst =
    pairs.length === 0 && offset === span.end && /^\w+:\/\/[^/;?]*[^/:;?@]/.test(text.slice(span.start, span.end));
  if (name === undefined && !isFirst) return [];
  const written = new Set(pairs.filter((each) => each !== name).map((each) => each.name));
  const before = isFirst ? reader.separators.first : '';
  const after = name?.valueSpan === undefined ? '=' : '';
  return reader.parameters
    .filter((fact) => !written.has(fact.name))
    .map((fact) => ({
      label: fact.name,
      kind: 'parameter' as const,
      detail: detailOf(fact, reader),
      documentation: factMarkdown(fact, reader.name),
      insertText: before + fact.name + after,
      replace: name?.nameSpan ?? point,
    }));
}

function detailOf({ unit, fallback }: UrlParameterFact, { name }: UrlReader): string {
  const parts = [
    /^(?:seconds|milliseconds|connections)$/.test(unit) ? unit : '',
    fallback === null ? '' : `default ${fallback}`,
  ];
  return [name, ...parts.filter((part) => part !== '')].join(' · ');
}

function valuesOf({ entry, reader }: UrlInFile, { name, valueSpan }: Pair): UrlCompletion[] {
  const fact = reader.parameters.find((each) => each.name === name);
  if (fact === undefined) return [];
  const item = (label: string, detail: string): UrlCompletion => ({
    label,
    kind: 'value',
    detail,
    documentation: factMarkdown(fact, reader.name),
    insertText: label,
    replace: valueSpan!,
  });
  const choices = fact.choices ?? (fact.unit === 'boolean' ? ['true', 'false'] : []);
  const usual = fact.fallback === null ? undefined : String(fact.fallback);
  const items = choices.map((choice) => item(choice, choice === usual ? 'default' : ''));
  if (fact.role === 'size') {
    const fits = entry.shares.flatMap((share) => fittingPerProcess(share.rolloutRecommendation) ?? []);
    const most = fits.length === 0 ? undefined : Math.min(...fits);
    if (most !== undefined && most > 0) items.push(item(String(most), 'the most that fits the database'));
    if (most === undefined || most > advisedPoolSize) items.push(item(String(advisedPoolSize), 'a usual size'));
  } else if (usual !== undefined && choices.length === 0) items.push(item(usual, 'default'));
  return items;
}

/** The hover over a parameter of a URL; what pools explain better is left to them. */
export function hoverPrismaUrl(
  analysis: Analysis,
  uri: string,
  text: string,
  offset: number,
  options: HoverOptions,
): HoverContent | undefined {
  const url = urlAround(analysis, uri, text, offset);
  if (url === undefined) return undefined;
  const { span, entry, reader } = url;
  const point = { start: offset, end: offset };
  const pair = pairsIn(text, span, reader).find(({ nameSpan, valueSpan }) =>
    spanContains({ start: nameSpan.start, end: (valueSpan ?? nameSpan).end }, point),
  );
  if (pair === undefined || pair.name === '') return undefined;
  const at: Location = { uri, start: pair.nameSpan.start, end: (pair.valueSpan ?? pair.nameSpan).end };
  const parameter = entry.pool.parameters.get(pair.name);
  const isThisOne = parameter?.editable?.uri === uri && spanContains(at, parameter.editable);
  if (parameter !== undefined && isThisOne) {
    const isSize = entry.pool.peakTerms.some((term) => term.parameter === pair.name);
    const explanation = parameterHover(entry, parameter);
    return { at, markdown: isSize ? `${poolHover(analysis, entry, options)}\n\n---\n\n${explanation}` : explanation };
  }
  const fact = reader.parameters.find((each) => each.name === pair.name);
  if (fact !== undefined) return { at, markdown: `**${fact.name}**\n\n${factMarkdown(fact, reader.name)}` };
  if (!urlSettingsOfEngine.has(pair.name)) return undefined;
  return { at, markdown: `**${pair.name}** does nothing here: ${reader.name} pools, and does not read it from a URL.` };
}
