/** SQL that leaves something behind in a server session, which a pooler in transaction mode gives to somebody else. Pure; any language. */
import type { Location, TextEdit } from '../core/text.ts';

/** What a statement leaves behind in the session that ran it. */
export type SessionStateKind =
  | { readonly kind: 'listen' }
  | { readonly kind: 'advisory-lock'; readonly function: string }
  /** `isCall`: by `set_config(…, false)`. */
  | { readonly kind: 'set'; readonly parameter: string; readonly isCall?: true }
  | { readonly kind: 'with-hold' }
  | { readonly kind: 'temporary-table' }
  /** A query with a name: node-postgres makes a prepared statement of it. */
  | { readonly kind: 'named-statement' };

/** A text that reaches the database and holds such a statement. */
export interface SessionStateSighting {
  readonly uri: string;
  /** The literal. */
  readonly at: Location;
  readonly state: SessionStateKind;
  /** How to take the name out of the query. */
  readonly removal?: readonly TextEdit[];
}

/** Substrings, one of which every such text holds; files without any need not be read. */
export const sessionStateWords: readonly string[] = [
  'pg_advisory_lock',
  'pg_try_advisory_lock',
  'LISTEN ',
  'WITH HOLD',
  'TEMP TABLE',
  'TEMPORARY TABLE',
  'SET search_path',
  'SET SESSION',
  'SET ROLE',
  'SET statement_timeout',
  'SET lock_timeout',
  'SET idle_in_transaction',
  'SET app.',
  'set_config(',
];

/** Finds the words. */
export const sessionStatePattern = new RegExp(
  sessionStateWords.map((word) => word.replace(/[.(]/g, '\\$&')).join('|'),
  'g',
);

const advisoryLock = /\b(pg_(?:try_)?advisory_lock(?:_shared)?)\s*\(/i;
const listen = /^\s*LISTEN\s+["\w]/i;
const withHold = /\bDECLARE\b[^;]*\bWITH\s+HOLD\b/i;
const temporaryTable = /\bCREATE\s+(?:(?:GLOBAL|LOCAL)\s+)?TEMP(?:ORARY)?\s+TABLE\b([^;]*)/i;
const setting = /^\s*SET\s+(?:SESSION\s+)?([A-Za-z_][\w.]*)\s*(?:=|\bTO\b)/i;
const role = /^\s*SET\s+(?:SESSION\s+)?(ROLE|AUTHORIZATION)\b/i;

/** Its third argument says whether it ends with the transaction. */
const configuration = /\bset_config\s*\(\s*'([A-Za-z_][\w.]{0,60})'\s*,[^,()]{0,200},\s*false\s*\)/i;

/** `SET a = …` may as well be a piece of an UPDATE: only names that are certainly parameters count. */
const parameterNames =
  /^(?:search_path|statement_timeout|lock_timeout|idle_in_transaction_session_timeout|idle_session_timeout|transaction_timeout|work_mem|jit|row_security|synchronous_commit|default_transaction_\w+|timezone|datestyle|client_encoding|application_name|[a-z_]\w*\.\w[\w.]*)$/i;

/** What the first such statement of a text leaves behind; undefined where it leaves nothing that is known of. */
export function sessionStateIn(sql: string): SessionStateKind | undefined {
  const lock = advisoryLock.exec(sql);
  if (lock !== null) return { kind: 'advisory-lock', function: lock[1]!.toLowerCase() };
  if (listen.test(sql)) return { kind: 'listen' };
  const parameter = setting.exec(sql)?.[1] ?? role.exec(sql)?.[1];
  if (parameter !== undefined && (/^(?:role|authorization)$/i.test(parameter) || parameterNames.test(parameter)))
    return { kind: 'set', parameter };
  const configured = configuration.exec(sql)?.[1];
  if (configured !== undefined) return { kind: 'set', parameter: configured, isCall: true };
  if (withHold.test(sql)) return { kind: 'with-hold' };
  const table = temporaryTable.exec(sql);
  if (table !== null && !/\bON\s+COMMIT\s+DROP\b/i.test(table[1]!)) return { kind: 'temporary-table' };
  return undefined;
}

/** Last names of functions and methods whose first argument is sent to the database as SQL. */
export const sqlSenders: ReadonlySet<string> = new Set([
  'execute',
  'executemany',
  'exec_driver_sql',
  'fetch',
  'fetchrow',
  'fetchval',
  'fetch_all',
  'fetch_one',
  'fetch_val',
  'scalar',
  'scalars',
  'query',
  'queryRaw',
  '$queryRawUnsafe',
  '$executeRawUnsafe',
  'raw',
  'unsafe',
  'text',
  'DDL',
  'SQL',
]);

/** Tags of templates that are sent to the database, or made into what is. */
export const sqlTags: ReadonlySet<string> = new Set([
  'sql',
  'SQL',
  'unsafe',
  'raw',
  '$queryRaw',
  '$executeRaw',
  'queryRaw',
  'executeRaw',
]);
