/** Which database an alias talks to: by its ENGINE, or by the URL that it is made of. */
import { isTemplate, readUrl } from '../../declarations/credentials.ts';
import type { DatabaseAddress } from '../../declarations/pool.ts';
import { isScalar, type ResolveContext, readableText, resolveValue } from '../../declarations/resolve.ts';
import type { MappingEntry, Value } from '../../declarations/value.ts';
import { dialectOfEngine, dialectOfScheme, serverDialects } from '../../facts/django.ts';
import { serverDriverPackages } from '../../facts/sqlalchemy.ts';
import { isLiteralPassword, variableOf } from '../address.ts';
import type { InterpretationContext } from '../library.ts';
import { urlKey } from './databaseUrl.ts';

export interface Engine {
  readonly dialect?: string;
  /** The dotted name, where it is known. */
  readonly path?: string;
  /** Undefined where nothing tells. */
  readonly isServer: boolean | undefined;
}

type Keys = ReadonlyMap<string, MappingEntry>;

export function engineOf(byKey: Keys, context: ResolveContext): Engine {
  const path = textAt(byKey, 'ENGINE', context);
  const dialect = path === undefined ? dialectOfUrl(byKey, context) : dialectOfEngine(path);
  return { dialect, path, isServer: dialect === undefined ? undefined : serverDialects.has(dialect) };
}

function dialectOfUrl(byKey: Keys, context: ResolveContext): string | undefined {
  const url = byKey.get(urlKey);
  const scheme = url && readUrl(readableText(url.value, context).text)?.scheme;
  return scheme === undefined || scheme.includes('\uFFFC') ? undefined : dialectOfScheme(scheme);
}

function textAt(byKey: Keys, key: string, context: ResolveContext): string | undefined {
  const entry = byKey.get(key);
  const resolved = entry && resolveValue(entry.value, context);
  return resolved?.known && isScalar(resolved.value) && resolved.value !== null && resolved.value !== ''
    ? String(resolved.value)
    : undefined;
}

/** One way an alias may turn out, as far as it tells the database. */
interface Way {
  readonly byKey: Keys;
  readonly engine: Engine;
}

/** The address of an alias. Of several ways the first speaks, where no other says something else. */
export function addressOfAlias(ways: readonly Way[], context: InterpretationContext): DatabaseAddress {
  const all = ways.map(({ byKey, engine }) => addressOfWay(byKey, engine, context));
  const [first, ...rest] = all;
  const agreed = <K extends keyof DatabaseAddress>(key: K): DatabaseAddress[K] | undefined => {
    const said = all.map((each) => each[key]).filter((each) => each !== undefined);
    return said.every((each) => each === said[0]) ? said[0] : undefined;
  };
  if (rest.length === 0) return first!;
  const variable = agreed('variable') ?? first!.variable;
  return {
    ...first!,
    dialect: agreed('dialect'),
    driver: agreed('driver'),
    host: agreed('host'),
    port: agreed('port'),
    variable,
  };
}

function addressOfWay(byKey: Keys, engine: Engine, context: InterpretationContext): DatabaseAddress {
  const { resolve } = context;
  const url = byKey.get(urlKey);
  const read = url && readUrl(readableText(url.value, resolve).text);
  const value = (key: string): Value | undefined => byKey.get(key)?.value;
  const variables = [url?.value, value('HOST'), value('NAME')].map((each) => each && variableOf(each, resolve));
  const variable = variables.find((each) => each !== undefined);
  const host = textAt(byKey, 'HOST', resolve) ?? cleaned(read?.host);
  const port = Number(textAt(byKey, 'PORT', resolve) ?? read?.port ?? Number.NaN);
  const password = value('PASSWORD');
  return {
    dialect: engine.dialect === 'none' ? undefined : engine.dialect,
    driver: driverOf(engine, context),
    host,
    port: Number.isInteger(port) && port > 0 ? port : undefined,
    source: variable !== undefined ? 'environment' : host !== undefined || read !== undefined ? 'literal' : 'unknown',
    variable,
    hardcodedCredentials:
      (password !== undefined && isLiteralPassword(password, resolve)) || hasPassword(url?.value, resolve, variable),
    isNetworkDatabase: engine.isServer ?? mayBeServer(context),
    query: Object.fromEntries(Object.entries(read?.query ?? {}).map(([name, each]) => [name, each.value])),
    at: url?.value.at ?? value('HOST')?.at,
  };
}

function cleaned(host: string | undefined): string | undefined {
  return host === undefined || host === '' || host.includes('\uFFFC') ? undefined : host;
}

function hasPassword(url: Value | undefined, context: ResolveContext, variable: string | undefined): boolean {
  if (url === undefined || variable !== undefined) return false;
  const { text } = readableText(url, context);
  const password = readUrl(text)?.password;
  return password !== undefined && !isTemplate(text.slice(password.start, password.end));
}

/** psycopg 3 where it is among the dependencies, as in Django itself; undefined where they do not tell. */
function driverOf({ dialect }: Engine, { dependencies }: InterpretationContext): string | undefined {
  const { packages } = dependencies;
  if (packages === undefined) return undefined;
  const has = (...names: readonly string[]) => names.some((name) => packages.has(name));
  if (dialect === 'postgresql') {
    if (has('psycopg', 'psycopg-binary', 'psycopg-c')) return 'psycopg';
    return has('psycopg2', 'psycopg2-binary') ? 'psycopg2' : undefined;
  }
  if (dialect === 'mysql') {
    if (has('mysqlclient')) return 'mysqldb';
    return has('pymysql') ? 'pymysql' : undefined;
  }
  if (dialect === 'oracle') return has('oracledb') ? 'oracledb' : has('cx-oracle') ? 'cx_oracle' : undefined;
  return undefined;
}

/** A database of unknown kind is taken as one over the network, unless no dependency could talk to one. */
function mayBeServer({ dependencies }: InterpretationContext): boolean {
  const { packages } = dependencies;
  if (packages === undefined || !packages.has('django')) return true;
  return [...packages].some((name) => serverDriverPackages.has(name));
}
