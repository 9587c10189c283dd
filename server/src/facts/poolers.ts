/**
 * What stands between applications and a server, as far as it decides what an application may do: which poolers follow
 * prepared statements, which addresses are poolers. PgBouncer: its configuration reference and release notes up to 1.25;
 * Supavisor: docs/env.md (NAMED_PREPARED_STATEMENTS_ENABLED is off by default); PgCat: its configuration reference
 * (prepared_statements_cache_size is 0 by default); Azure: documentation of the built-in PgBouncer.
 */
import { isAtLeast } from './versions.ts';

/** The newest PgBouncer these facts know; assumed where nobody states a version. */
export const newestPgbouncer = '1.25';

/** `max_prepared_statements` where it is not set: there is no such setting before 1.21, 0 up to 1.23, 200 from 1.24. */
export function defaultPreparedStatements(version: string): number {
  return isAtLeast(version, '1.24') ? 200 : 0;
}

/** PgBouncer follows prepared statements of the protocol from 1.21 on. */
export function canFollowStatements(version: string): boolean {
  return isAtLeast(version, '1.21');
}

/** How a pooler is written in messages. */
export const poolerNames: Readonly<Record<string, string>> = {
  pgbouncer: 'PgBouncer',
  pgcat: 'PgCat',
  supavisor: 'Supavisor',
  'rds-proxy': 'RDS Proxy',
  neon: "Neon's pooler",
  azure: "Azure's PgBouncer",
  odyssey: 'Odyssey',
};

/** Poolers that do not follow prepared statements unless told to, and why; undefined for the others: nothing is known. */
export const statementsNotFollowed: Readonly<Record<string, string>> = {
  supavisor: 'Supavisor follows named statements only where NAMED_PREPARED_STATEMENTS_ENABLED is set',
  pgcat: 'PgCat follows them only where prepared_statements_cache_size is set',
  azure: 'max_prepared_statements is 0 there by default',
};

/** Poolers that keep the server connection for a client as soon as something is left in its session. RDS user guide, "Avoiding pinning" */
export const pinningPoolers: ReadonlySet<string> = new Set(['rds-proxy']);

/** Poolers that know one mode only. Neon: documentation of connection pooling */
export const modesOfPoolers: Readonly<Record<string, 'transaction'>> = { neon: 'transaction' };

/**
 * Parameters that a client may send when it connects, whatever the pooler is told, in lower case, and since when. The last two: PgBouncer's
 * announcement of 1.26.0, 2026-09-23 (https://www.postgresql.org/about/news/pgbouncer-1260-released-fixes-three-cves-3385/)
 */
const trackedParameters: Readonly<Record<string, string>> = {
  client_encoding: '0',
  datestyle: '0',
  timezone: '0',
  standard_conforming_strings: '0',
  application_name: '0',
  intervalstyle: '1.20',
  search_path: '1.26',
  default_transaction_read_only: '1.26',
};

/** True where PgBouncer accepts a startup parameter by itself. */
export function acceptsStartupParameter(name: string, version: string): boolean {
  const lower = name.toLowerCase();
  return Object.hasOwn(trackedParameters, lower) && isAtLeast(version, trackedParameters[lower]!);
}

/**
 * Since when PgBouncer looks into libpq's `options` for parameters that it accepts; before, it takes or drops them whole. Where
 * `ignore_startup_parameters` names `options`, what is in them and not accepted is dropped. NEWS, 1.20.0; client.c
 */
export function looksIntoOptions(version: string): boolean {
  return isAtLeast(version, '1.20');
}

export interface KnownPoolerAddress {
  readonly kind: string;
  readonly mode: 'transaction' | 'session';
}

/** The pooler that an address stands for, where its provider says so. */
export function poolerAt(host: string | undefined, port: number | undefined): KnownPoolerAddress | undefined {
  const name = host?.toLowerCase() ?? '';
  if (/(?:^|\.)pooler\.supabase\.com$/.test(name))
    return port === 6543
      ? { kind: 'supavisor', mode: 'transaction' }
      : port === 5432
        ? { kind: 'supavisor', mode: 'session' }
        : undefined;
  if (/\.supabase\.co$/.test(name) && port === 6543) return { kind: 'supavisor', mode: 'transaction' };
  if (/^[\w-]+-pooler\.[\w.-]*neon\.tech$/.test(name)) return { kind: 'neon', mode: 'transaction' };
  if (/\.postgres\.database\.azure\.com$/.test(name) && port === 6432) return { kind: 'azure', mode: 'transaction' };
  return undefined;
}
