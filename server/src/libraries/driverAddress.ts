/** The database of pools that hand their arguments to a driver: a DSN, `host=…` and the like, or both. */
import type { DatabaseAddress } from '../declarations/pool.ts';

import { isScalar, readableText, resolveValue } from '../declarations/resolve.ts';
import type { Argument } from '../declarations/value.ts';
import { addressOf, isLiteralPassword, variableOf } from './address.ts';
import type { InterpretationContext } from './library.ts';

/** What a driver calls the parts of an address. */
export interface AddressKeywords {
  readonly host: readonly string[];
  readonly database: readonly string[];
  readonly password: readonly string[];
}

/** The names of libpq and asyncpg, which most others follow. */
export const usualKeywords: AddressKeywords = {
  host: ['host'],
  database: ['database', 'dbname', 'db'],
  password: ['password', 'passwd'],
};

export interface DriverIdentity {
  readonly dialect: string;
  readonly driver: string;
}

/** Keywords win over the DSN, as in the drivers. The driver is fixed, so the server is one over the network. */
export function driverAddress(
  dsn: Argument | undefined,
  byName: ReadonlyMap<string, Argument>,
  { dialect, driver }: DriverIdentity,
  context: InterpretationContext,
  keywords: AddressKeywords = usualKeywords,
): DatabaseAddress {
  const base = addressOf(dsn, context);
  const fields = dsn === undefined ? undefined : connectionFields(readableText(dsn.value, context.resolve).text);
  const find = (names: readonly string[]) => names.map((name) => byName.get(name)).find((each) => each !== undefined);
  const text = (argument: Argument | undefined) => {
    const resolved = argument && resolveValue(argument.value, context.resolve);
    return resolved?.known && isScalar(resolved.value) && resolved.value !== null ? String(resolved.value) : undefined;
  };
  const host = find(keywords.host);
  const database = find(keywords.database);
  const password = find(keywords.password);
  const variable =
    [host, database].flatMap((each) => (each && variableOf(each.value, context.resolve)) ?? [])[0] ?? base.variable;
  const port = Number(text(byName.get('port')) ?? fields?.port ?? base.port ?? Number.NaN);
  const hostName = text(host) ?? fields?.host ?? base.host;
  return {
    ...base,
    dialect,
    driver,
    host: hostName,
    port: Number.isInteger(port) ? port : undefined,
    variable,
    source: variable !== undefined ? 'environment' : hostName !== undefined ? 'literal' : base.source,
    hardcodedCredentials:
      base.hardcodedCredentials || (password !== undefined && isLiteralPassword(password.value, context.resolve)),
    isNetworkDatabase: true,
    query: { ...fields?.query, ...base.query },
    at: dsn?.valueSpan ?? host?.valueSpan,
  };
}

/** Host and port of a `host=… port=… dbname=…` connection string; undefined where the text is none. */
function connectionFields(
  text: string,
): { readonly host?: string; readonly port?: string; readonly query: Readonly<Record<string, string>> } | undefined {
  if (text.includes('://') || !/(?:^|\s)(?:host|dbname|user|port)\s*=/.test(text)) return undefined;
  const field = (pattern: RegExp) => {
    const value = pattern.exec(text)?.[1];
    return value === undefined || value === '' || value.includes('\uFFFC') ? undefined : value;
  };
  const idle = field(/(?:^|\s)keepalives_idle\s*=\s*'?(\d+)/);
  return {
    host: field(/(?:^|\s)host\s*=\s*'?([^\s']*)/),
    port: field(/(?:^|\s)port\s*=\s*'?(\d+)/),
    query: idle === undefined ? {} : { keepalives_idle: idle },
  };
}
