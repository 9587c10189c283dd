/** What of a pgbouncer.ini is in force once PgBouncer has read all of it, for one version. */
import { fallbackIn, settingNamed } from '../facts/pgbouncer.ts';
import type { ConnectionPair, IncludeStatement, PgbouncerFile, SectionHeader, SettingStatement } from './pgbouncer.ts';
import { deepestInclude, type FollowInclude } from './pgbouncerIncludes.ts';
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
  /** The same with those in included files, in the order in which PgBouncer meets them. */
  readonly allHeaders: readonly PlacedHeader[];
  /** Where there may be more than is written here, in words: an include, or lines that a template makes. */
  readonly moreIn?: string;
  /** Files that it includes and that were read in their place. */
  readonly included: readonly PgbouncerFile[];
  /** The file in which a statement, or a pair of one, stands. */
  readonly uriOf: (place: SettingStatement | ConnectionPair) => string;
}

/** A header of [pgbouncer] and the file it stands in; `include` is the main file's statement that leads there. */
export interface PlacedHeader {
  readonly header: SectionHeader;
  readonly file: PgbouncerFile;
  readonly include?: IncludeStatement;
}

/** A number that is known, or why it is not. */
export type NumberInForce =
  | { readonly kind: 'known'; readonly value: number; readonly at?: SettingStatement | ConnectionPair }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What is in force of a file; with what its includes hold, where `follow` knows them. */
export function inForce(file: PgbouncerFile, version: string, follow?: FollowInclude<PgbouncerFile>): PgbouncerInForce {
  const reading = new Reading(follow);
  reading.read(file, undefined, 0);
  const { written, entries, headers: allHeaders, included, places, template } = reading;
  const mainHeaders = allHeaders.flatMap(({ header, include }) => (include === undefined ? [header] : []));
  if (template !== undefined) reading.open();
  const { moreIn, mayBeOverridden } = reading.uncertain;
  const setting = (name: string): SettingInForce => {
    const statement = written.get(name);
    if (statement !== undefined && template === undefined) return asWritten(name, statement);
    if (mayBeOverridden !== undefined) return { kind: 'unknown', reason: `${name} may stand in ${mayBeOverridden}` };
    const fact = settingNamed('pgbouncer', name);
    return { kind: 'default', text: fact === undefined ? null : fallbackIn(fact, version) };
  };
  const uriOf = (place: SettingStatement | ConnectionPair) => places.get(place) ?? file.uri;
  return { file, version, setting, ...entries, mainHeaders, allHeaders, moreIn, included, uriOf };
}

/** One pass over a file and what it includes, as PgBouncer makes it. */
class Reading {
  readonly written = new Map<string, SettingStatement>();
  readonly entries = { databases: new Map<string, EntryInForce>(), users: new Map<string, EntryInForce>() };
  readonly headers: PlacedHeader[] = [];
  readonly included: PgbouncerFile[] = [];
  readonly places = new Map<SettingStatement | ConnectionPair, string>();
  /** Conditions and loops may stand around anything. */
  template: string | undefined;
  private more: string | undefined;
  private overriddenIn: string | undefined;
  /** The main file's statement that is being followed. */
  private followed: IncludeStatement | undefined;

  constructor(private readonly follow: FollowInclude<PgbouncerFile> | undefined) {}

  get uncertain(): { readonly moreIn: string | undefined; readonly mayBeOverridden: string | undefined } {
    return { moreIn: this.template ?? this.more, mayBeOverridden: this.template ?? this.overriddenIn };
  }

  /** Returns the section that is in force behind it; false where that is not known. */
  read(file: PgbouncerFile, inherited: string | undefined, depth: number): string | undefined | false {
    if (file.statements.some((statement) => statement.kind === 'broken' && statement.form === 'template'))
      this.template = 'a template';
    let section: string | undefined | false = inherited;
    for (const statement of file.statements) {
      if (statement.kind === 'include') section = this.include(statement, section, depth);
      else if (statement.kind === 'section') section = this.header(statement, file);
      else if (statement.kind === 'setting' && statement.equals !== undefined && section !== false)
        this.setting(statement, section, file.uri, depth);
    }
    return section;
  }

  private include(statement: IncludeStatement, section: string | undefined | false, depth: number) {
    const path = statement.path?.text;
    const isDeep = depth + 1 > deepestInclude;
    const file = path === undefined || section === false || isDeep ? undefined : this.follow?.(path, section);
    if (file !== undefined) {
      this.included.push(file);
      if (depth === 0) this.followed = statement;
      const after = this.read(file, section || undefined, depth + 1);
      if (depth === 0) this.followed = undefined;
      return after;
    }
    this.notKnown(pathOf(statement));
    return false;
  }

  private notKnown(place: string): void {
    this.more = place;
    this.overriddenIn = place;
    this.written.clear();
    this.open();
  }

  /** Each entry may be written again elsewhere. */
  open(): void {
    for (const section of [this.entries.databases, this.entries.users])
      for (const [name, entry] of section) if (!entry.isOpen) section.set(name, { ...entry, isOpen: true });
  }

  private header(statement: SectionHeader, file: PgbouncerFile): string {
    const name = statement.name.text;
    if (statement.isClosed && name === 'pgbouncer') {
      this.headers.push({ header: statement, file, include: this.followed });
      this.overriddenIn = undefined;
      this.written.clear();
    }
    return name;
  }

  private setting(statement: SettingStatement, section: string | undefined, uri: string, depth: number): void {
    const { name } = statement;
    // A header inside an include is in force here, and the value was not read for it.
    if (statement.section !== section) {
      this.notKnown(nameOf(this.included.at(-1)?.uri ?? uri));
      return;
    }
    if (depth > 0) {
      this.places.set(statement, uri);
      for (const pair of statement.value?.pairs ?? []) this.places.set(pair, uri);
    }
    if (section === 'pgbouncer') this.written.set(name.text, statement);
    else if (section === 'databases' || section === 'users') this.entries[section].set(name.text, entryOf(statement));
  }
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

function nameOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

function entryOf(statement: SettingStatement): EntryInForce {
  const { value } = statement;
  const pairs = value?.pairs ?? [];
  return {
    name: statement.name.text,
    statement,
    pair: (key) => pairs.findLast((pair) => pair.key.text === key),
    isTemplate: value?.isTemplate === true && (value.pairs === undefined || pairs.some(({ key }) => key.isTemplate)),
    isOpen: false,
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
