/** Which database an address argument means, as far as the source says. Reads URLs, `URL.create(…)` and `make_url(…)`. */
import type { Location } from '../core/text.ts';
import { isTemplate, readUrl, type UrlParts } from '../declarations/credentials.ts';
import type { DatabaseAddress } from '../declarations/pool.ts';
import { headOf, isScalar, type ResolveContext, readableText, resolveValue } from '../declarations/resolve.ts';
import { type Argument, qualifiedName, type Value } from '../declarations/value.ts';
import { networkDialects, serverDriverPackages } from '../facts/sqlalchemy.ts';
import { flattenArguments } from './arguments.ts';
import type { InterpretationContext } from './library.ts';

/** Stands where a text is not known. */
const hole = '\uFFFC';

const nothing = { hardcodedCredentials: false, query: {} } as const;

export function addressOf(
  argument: Argument | undefined,
  context: InterpretationContext,
  connectArguments?: Argument,
): DatabaseAddress {
  if (argument === undefined)
    return { ...nothing, source: 'unknown', isNetworkDatabase: isNetwork(undefined, context) };
  const address = addressOfValue(argument.value, context);
  const withPassword = connectArguments !== undefined && hasPasswordEntry(connectArguments, context);
  return { ...address, at: argument.valueSpan, hardcodedCredentials: address.hardcodedCredentials || withPassword };
}

function addressOfValue(value: Value, context: InterpretationContext): DatabaseAddress {
  const head = headOf(value, context.resolve);
  if (head.kind === 'convert' && head.to === 'str') return addressOfValue(head.value, context);
  const possible =
    head.kind === 'conditional' ? [head.whenTrue, head.whenFalse] : head.kind === 'alternatives' ? head.values : [];
  // Without an address nothing is built.
  const built = possible.filter((each) => !isNone(each, context.resolve));
  if (built.length > 0) return inCommon(built.map((each) => addressOfValue(each, context)));
  const call = callOf(value, context.resolve);
  if (call !== undefined) {
    const name = call.callee.kind === 'reference' ? qualifiedName(call.callee) : '';
    if (/\bURL(?:\.create)?$/.test(name)) return addressOfParts(call.arguments, context);
    if (/\b(?:make_url|DatabaseURL)$/.test(name) && call.arguments[0] !== undefined)
      return addressOfValue(call.arguments[0].value, context);
  }
  const { text } = readableText(value, context.resolve);
  const url = readUrl(text);
  const variable = variableOf(value, context.resolve);
  const source = variable !== undefined ? 'environment' : text !== '' && url !== undefined ? 'literal' : 'unknown';
  const host = url?.host?.includes(hole) ? undefined : url?.host;
  const dialect = url?.dialect.includes(hole) ? undefined : url?.dialect;
  const password = url?.password && text.slice(url.password.start, url.password.end);
  return {
    dialect,
    driver: url?.driver,
    isDriverOpen: url !== undefined && url.driver === undefined && url.scheme.includes('+'),
    host,
    port: url?.port,
    source,
    variable,
    hardcodedCredentials: password !== undefined && !isTemplate(password) && variable === undefined,
    isNetworkDatabase: isNetwork(dialect, context),
    query: Object.fromEntries(Object.entries(url?.query ?? {}).map(([key, each]) => [key, each.value])),
    queryAt: url === undefined ? undefined : placesInLiteral(value, text, url.query),
    queryInFile: url === undefined ? undefined : placesInFile(value, text, url.query, context),
  };
}

/** Where query parameters stand in the environment file that a URL is read from. */
function placesInFile(
  value: Value,
  text: string,
  query: UrlParts['query'],
  context: InterpretationContext,
): Record<string, Location> | undefined {
  if (Object.keys(query).length === 0 || variableOf(value, context.resolve) === undefined) return undefined;
  const resolved = resolveValue(value, context.resolve);
  const at = resolved.known && resolved.value === text ? resolved.origins[0]?.at : undefined;
  // Escapes would shift the places.
  if (at === undefined || at.end - at.start !== text.length) return undefined;
  return placesFrom(at.uri, at.start, query);
}

/** Where query parameters stand, in a literal without escapes; undefined for any other value. */
function placesInLiteral(value: Value, text: string, query: UrlParts['query']): Record<string, Location> | undefined {
  if (value.kind === 'constant') return placesInLiteral(value.value, text, query);
  const quotes = 2;
  if (value.kind !== 'literal' || value.at.end - value.at.start !== text.length + quotes) return undefined;
  return placesFrom(value.at.uri, value.at.start + 1, query);
}

function placesFrom(uri: string, start: number, query: UrlParts['query']): Record<string, Location> {
  const place = (each: { start: number; end: number }) => ({ uri, start: start + each.start, end: start + each.end });
  return Object.fromEntries(Object.entries(query).map(([key, each]) => [key, place(each)]));
}

function isNone(value: Value, context: ResolveContext): boolean {
  const head = headOf(value, context);
  return head.kind === 'literal' && head.value === null;
}

/** What is true of an address whichever of several it is. */
function inCommon(addresses: readonly DatabaseAddress[]): DatabaseAddress {
  const common = <K extends 'dialect' | 'driver' | 'host' | 'port'>(key: K): DatabaseAddress[K] | undefined => {
    const values = new Set(addresses.map((each) => each[key]));
    return values.size === 1 ? addresses[0]![key] : undefined;
  };
  const sources = new Set(addresses.map((each) => each.source));
  return {
    dialect: common('dialect'),
    driver: common('driver'),
    isDriverOpen: addresses.some((each) => each.isDriverOpen) || new Set(addresses.map((each) => each.driver)).size > 1,
    host: common('host'),
    port: common('port'),
    source: sources.size === 1 ? addresses[0]!.source : sources.has('environment') ? 'environment' : 'unknown',
    variable: addresses.find((each) => each.variable !== undefined)?.variable,
    hardcodedCredentials: addresses.some((each) => each.hardcodedCredentials),
    isNetworkDatabase: addresses.some((each) => each.isNetworkDatabase),
    query: {},
  };
}

/** `URL.create("postgresql+asyncpg", username=…, password=…, host=…)`. */
function addressOfParts(list: readonly Argument[], context: InterpretationContext): DatabaseAddress {
  const names = ['drivername', 'username', 'password', 'host', 'port', 'database', 'query'];
  const parts = flattenArguments(list, names, context.resolve).byName;
  const text = (name: string): string | undefined => {
    const part = parts.get(name);
    const resolved = part && resolveValue(part.value, context.resolve);
    return resolved?.known && isScalar(resolved.value) && resolved.value !== null ? String(resolved.value) : undefined;
  };
  const drivername = parts.get('drivername');
  const [dialect, driver] = drivername === undefined ? [] : schemeOf(drivername.value, context.resolve);
  const variables = ['drivername', 'host', 'database'].map((name) => {
    const part = parts.get(name);
    return part && variableOf(part.value, context.resolve);
  });
  const password = parts.get('password');
  const name = dialect === 'postgres' ? 'postgresql' : dialect;
  const port = text('port');
  return {
    dialect: name || undefined,
    driver: driver?.includes(hole) ? undefined : driver,
    isDriverOpen: driver?.includes(hole) === true,
    host: text('host'),
    port: port === undefined || Number.isNaN(Number(port)) ? undefined : Number(port),
    source: variables.some((each) => each !== undefined) ? 'environment' : name ? 'literal' : 'unknown',
    variable: variables[1] ?? variables[2] ?? variables[0],
    hardcodedCredentials: password !== undefined && isLiteralPassword(password.value, context.resolve),
    isNetworkDatabase: isNetwork(name || undefined, context),
    query: {},
  };
}

/** Dialect and driver; a part that is not wholly known holds a hole. */
function schemeOf(value: Value, context: ResolveContext): (string | undefined)[] {
  const { text, complete } = readableText(value, context);
  if (!complete && !text.includes('+')) return [];
  return text.split('+');
}

function callOf(value: Value, context: ResolveContext): Extract<Value, { kind: 'call' }> | undefined {
  const resolved = resolveValue(value, context);
  return resolved.known && !isScalar(resolved.value) && resolved.value.type === 'call'
    ? resolved.value.call
    : undefined;
}

export function isLiteralPassword(value: Value, context: ResolveContext): boolean {
  const resolved = resolveValue(value, context);
  if (!resolved.known || typeof resolved.value !== 'string' || isTemplate(resolved.value)) return false;
  return resolved.source === 'literal' || resolved.source === 'constant';
}

function hasPasswordEntry(argument: Argument, context: InterpretationContext): boolean {
  const resolved = resolveValue(argument.value, context.resolve);
  if (!resolved.known || isScalar(resolved.value) || resolved.value.type !== 'mapping') return false;
  const entry = resolved.value.entries.find((each) => each.key === 'password' || each.key === 'passwd');
  return entry !== undefined && isLiteralPassword(entry.value, context.resolve);
}

/** User and password say nothing about which database it is. */
const credentialVariable = /^(?!.*(?:url|uri|dsn|host)$).*(?:pass|pwd|pw$|secret|user|token)/i;
const hostVariable = /host|server|addr/i;

/** Of the variables a URL is put together from, the one that tells which database it is: its host, if one does. */
function variableOfParts(parts: readonly Value[], context: ResolveContext, depth: number): string | undefined {
  const variables = parts.flatMap((part) => variableOf(part, context, depth + 1) ?? []);
  const telling = parts.length === 1 ? variables : variables.filter((name) => !credentialVariable.test(name));
  return telling.find((name) => hostVariable.test(name)) ?? telling[0];
}

/** The first environment variable that tells which database an address means. */
export function variableOf(value: Value, context: ResolveContext, depth = 0): string | undefined {
  if (depth > 16) return undefined;
  const among = (values: readonly Value[]): string | undefined => {
    for (const each of values) {
      const found = variableOf(each, context, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const head = headOf(value, context);
  switch (head.kind) {
    case 'environment':
      // What a condition asks for says less than what the address is made of.
      return (head.isCondition && head.fallback && variableOf(head.fallback, context, depth + 1)) || head.variable;
    case 'unknown':
      return head.variable;
    case 'convert':
      return variableOf(head.value, context, depth + 1);
    case 'operation':
      return head.operator === '+' ? variableOfParts(head.operands, context, depth) : among(head.operands);
    case 'text':
      return variableOfParts(head.parts, context, depth);
    case 'alternatives':
      return among(head.values);
    case 'conditional':
      return among([head.whenTrue, head.whenFalse]);
    case 'call':
      return variableOfParts(
        head.arguments.map((each) => each.value),
        context,
        depth,
      );
    default:
      return undefined;
  }
}

/**
 * An address that cannot be read is taken as a network database, unless the dependencies are known and hold no driver
 * for one.
 */
function isNetwork(dialect: string | undefined, context: InterpretationContext): boolean {
  if (dialect !== undefined) return networkDialects.has(dialect);
  const packages = context.dependencies.packages;
  if (packages === undefined || !packages.has('sqlalchemy')) return true;
  return [...packages].some((name) => serverDriverPackages.has(name));
}
