/** What of a pgbouncer.ini is in force once PgBouncer has read all of it, for one version. */
import { fallbackIn, settingNamed } from '../facts/pgbouncer.ts';
import type { ConnectionPair, IncludeStatement, PgbouncerFile, SectionHeader, SettingStatement } from './pgbouncer.ts';
import { readInteger, readLeadingInteger, readSeconds } from './pgbouncerValues.ts';

/** One setting of [pgbouncer] as it counts. */
export type SettingInForce =
  | { readonly kind: 'written'; readonly text: string; readonly statement: SettingStatement }
  /** Null: PgBouncer has none. */
  | { readonly kind: 'default'; readonly text: string | null }
  | { readonly kind: 'unknown'; readonly reason: string };

/** An entry of [databases], [users] or [peers]; of several with one name the last counts. */
export interface EntryInForce {
  readonly name: string;
  readonly statement: SettingStatement;
  /** The last pair of a key. */
  readonly pair: (key: string) => ConnectionPair | undefined;
  /** True where a template makes its pairs. */
  readonly isTemplate: boolean;
  /** True where it may be written again: in an include behind it, or in lines that a template makes. */
  readonly isOpen: boolean;
}

export interface PgbouncerInForce {
  readonly file: PgbouncerFile;
  readonly version: string;
  readonly setting: (name: string) => SettingInForce;
  readonly databases: ReadonlyMap<string, EntryInForce>;
  readonly users: ReadonlyMap<string, EntryInForce>;
  /** Headers of [pgbouncer]; from the second on, each one sets everything back. */
  readonly mainHeaders: readonly SectionHeader[];
  /** Where there may be more than is written here, in words: an include, or lines that a template makes. */
  readonly moreIn?: string;
}

/** A number that is known, or why it is not. */
export type NumberInForce =
  | { readonly kind: 'known'; readonly value: number; readonly at?: SettingStatement | ConnectionPair }
  | { readonly kind: 'unknown'; readonly reason: string };

export function inForce(file: PgbouncerFile, version: string): PgbouncerInForce {
  const written = new Map<string, SettingStatement>();
  const entries = { databases: new Map<string, EntryInForce>(), users: new Map<string, EntryInForce>() };
  const mainHeaders: SectionHeader[] = [];
  // Conditions and loops may stand around anything.
  const template = file.statements.some((statement) => statement.kind === 'broken' && statement.form === 'template')
    ? 'a template'
    : undefined;
  let moreIn = template;
  let mayBeOverridden = template;
  for (const statement of file.statements) {
    if (statement.kind === 'include') {
      moreIn = pathOf(statement);
      mayBeOverridden = moreIn;
      written.clear();
      for (const section of [entries.databases, entries.users])
        for (const [name, entry] of section) section.set(name, { ...entry, isOpen: true });
    } else if (statement.kind === 'section' && statement.isClosed && statement.name.text === 'pgbouncer') {
      mainHeaders.push(statement);
      mayBeOverridden = template;
      written.clear();
    } else if (statement.kind === 'setting' && statement.equals !== undefined && !statement.isBehindInclude) {
      const { section, name } = statement;
      if (section === 'pgbouncer') written.set(name.text, statement);
      else if (section === 'databases' || section === 'users')
        entries[section].set(name.text, entryOf(statement, template !== undefined));
    }
  }
  const setting = (name: string): SettingInForce => {
    const statement = written.get(name);
    if (statement !== undefined && template === undefined) return asWritten(name, statement);
    if (mayBeOverridden !== undefined) return { kind: 'unknown', reason: `${name} may stand in ${mayBeOverridden}` };
    const fact = settingNamed('pgbouncer', name);
    return { kind: 'default', text: fact === undefined ? null : fallbackIn(fact, version) };
  };
  return { file, version, setting, ...entries, mainHeaders, moreIn };
}

function asWritten(name: string, statement: SettingStatement): SettingInForce {
  const { value } = statement;
  if (value?.isTemplate) return { kind: 'unknown', reason: `${name} is filled in by a template` };
  if (value !== undefined && value.text === undefined) return { kind: 'unknown', reason: `${name} is not read` };
  return { kind: 'written', text: value?.text ?? '', statement };
}

function pathOf({ path }: IncludeStatement): string {
  return path === undefined ? 'an include' : path.text;
}

function entryOf(statement: SettingStatement, isOpen: boolean): EntryInForce {
  const { value } = statement;
  const pairs = value?.pairs ?? [];
  return {
    name: statement.name.text,
    statement,
    pair: (key) => pairs.findLast((pair) => pair.key.text === key),
    isTemplate: value?.isTemplate === true && (value.pairs === undefined || pairs.some(({ key }) => key.isTemplate)),
    isOpen,
  };
}

/** A whole or fractional number of [pgbouncer]; unknown also where PgBouncer would refuse the value. */
export function numberInForce(configuration: PgbouncerInForce, name: string): NumberInForce {
  const setting = configuration.setting(name);
  if (setting.kind === 'unknown') return setting;
  const at = setting.kind === 'written' ? setting.statement : undefined;
  const isTime = settingNamed('pgbouncer', name)?.type === 'seconds';
  const value = isTime ? readSeconds(setting.text ?? '') : readInteger(setting.text ?? '')?.value;
  return value === undefined ? { kind: 'unknown', reason: `${name} is no number` } : { kind: 'known', value, at };
}

/** A number of an entry; undefined where the entry does not set it. */
export function numberOfEntry(entry: EntryInForce | undefined, key: string): NumberInForce | undefined {
  if (entry?.isTemplate) return { kind: 'unknown', reason: `${entry.name} is filled in by a template` };
  const pair = entry?.pair(key);
  if (pair === undefined) return undefined;
  if (pair.value?.text === undefined || pair.value.isTemplate)
    return { kind: 'unknown', reason: `${key} of ${entry!.name} cannot be read` };
  const { value, isWhole } = readLeadingInteger(pair.value.text);
  // What PgBouncer makes of it is not what its author meant.
  if (!isWhole) return { kind: 'unknown', reason: `${key} of ${entry!.name} is no number` };
  return { kind: 'known', value, at: pair };
}
