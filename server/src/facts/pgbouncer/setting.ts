/** The shape of a fact about one setting of PgBouncer, of a connection string's key included. */

export type PgbouncerSection = 'pgbouncer' | 'databases' | 'users' | 'peers';

/**
 * What PgBouncer makes of a value. `integer` and `switch` (0 or 1) go through C's strtol, `mode` is an integer that people
 * write in octal, `seconds` goes through strtod, `choice` is compared without regard to case; the others are text.
 */
export type PgbouncerValueType =
  | 'integer'
  | 'switch'
  | 'mode'
  | 'seconds'
  | 'choice'
  | 'text'
  | 'list'
  | 'path'
  | 'sql';

export type PgbouncerUnit =
  | 'connections'
  | 'seconds'
  | 'milliseconds'
  | 'bytes'
  | 'port'
  | 'iterations'
  | 'probes'
  | 'statements';

/** One line of the tables beside this file. */
export interface SettingRow {
  readonly name: string;
  readonly type: PgbouncerValueType;
  readonly unit?: PgbouncerUnit;
  /** The default as it would be written; null where the setting is not set, or what it overrides holds. */
  readonly fallback: string | null;
  /** Defaults of earlier versions, oldest first. */
  readonly history?: readonly { readonly before: string; readonly fallback: string }[];
  /** First release that knows the setting; `unreleased` where only the development version does. */
  readonly since: string;
  /** False where RELOAD silently ignores a change. */
  readonly isReloadable?: false;
  readonly choices?: readonly string[];
  /** First release of those choices that came after the setting. */
  readonly choicesSince?: Readonly<Record<string, string>>;
  readonly zero?: string;
  readonly negative?: string;
  /** True where the number is kept without a sign. */
  readonly isUnsigned?: true;
  /** True where only a build for Windows knows it. */
  readonly isWindowsOnly?: true;
  /** What to write instead, and since which release that exists. */
  readonly replacedBy?: { readonly name: string; readonly since: string };
  readonly meaning: string;
}

export interface PgbouncerSetting extends SettingRow {
  readonly section: PgbouncerSection;
  /** PgBouncer's own documentation of it. */
  readonly source: string;
}
