/**
 * Why a PgBouncer of some version would not start with a file: everything it would stop at, in the order in which it would
 * get there, as if each mistake before had been mended. What a template fills in and what an include may change is left
 * out. Follows libusual's cfparser.c and PgBouncer's main.c and loader.c; `npm run oracle:pgbouncer` compares.
 */
import type {
  BrokenStatement,
  IncludeStatement,
  SectionHeader,
  SettingStatement,
} from '../../declarations/pgbouncer.ts';
import type { PgbouncerInForce } from '../../declarations/pgbouncerInForce.ts';
import { readChoice, readInteger, readSeconds } from '../../declarations/pgbouncerValues.ts';
import {
  choicesIn,
  hasSection,
  isKnownIn,
  isSection,
  type PgbouncerSetting,
  quotedNamesSince,
  settingNamed,
} from '../../facts/pgbouncer.ts';
import { isAtLeast } from '../../facts/versions.ts';
import { type Contradiction, contradictions } from './contradictions.ts';
import { type EntryRefusal, entryRefusals } from './entryRefusals.ts';

export type Refusal =
  | { readonly reason: 'byte-order-mark' }
  | { readonly reason: 'broken-line'; readonly statement: BrokenStatement }
  | { readonly reason: 'missing-equals'; readonly statement: SettingStatement }
  | { readonly reason: 'unclosed-header' | 'unknown-section'; readonly statement: SectionHeader }
  | { readonly reason: 'missing-path'; readonly statement: IncludeStatement }
  /** Names in quotes are read since 1.25. */
  | { readonly reason: 'quoted-name' | 'outside-section' | 'unknown-setting'; readonly statement: SettingStatement }
  /** Known to other versions than this one. */
  | { readonly reason: 'other-version'; readonly statement: SettingStatement; readonly setting: PgbouncerSetting }
  | { readonly reason: 'invalid-value'; readonly statement: SettingStatement; readonly setting: PgbouncerSetting }
  | EntryRefusal
  | { readonly reason: 'no-main-section' }
  | Contradiction;

const known = new WeakMap<PgbouncerInForce, readonly Refusal[]>();

/** Several rules ask about the same file; what is in force in it never changes. */
export function refusals(configuration: PgbouncerInForce): readonly Refusal[] {
  let found = known.get(configuration);
  if (found === undefined) known.set(configuration, (found = [...findRefusals(configuration)]));
  return found;
}

function* findRefusals(configuration: PgbouncerInForce): Iterable<Refusal> {
  const { file, version } = configuration;
  if (file.hasByteOrderMark) yield { reason: 'byte-order-mark' };
  let isMainSectionSeen = false;
  let isTemplate = false;
  for (const statement of file.statements) {
    if (statement.kind === 'section') {
      isMainSectionSeen ||= statement.isClosed && statement.name.text === 'pgbouncer';
      if (!statement.isClosed) yield { reason: 'unclosed-header', statement };
      else if (!isKnownSection(statement.name.text, version)) yield { reason: 'unknown-section', statement };
    } else if (statement.kind === 'include') {
      // What it holds is not known here, whether it names a main section neither.
      isMainSectionSeen = true;
      if (statement.path === undefined) yield { reason: 'missing-path', statement };
    } else if (statement.kind === 'broken') {
      if (statement.form === 'template') isTemplate = true;
      else yield { reason: 'broken-line', statement };
    } else {
      yield* settingRefusals(statement, version);
    }
  }
  if (!isMainSectionSeen && !isTemplate) yield { reason: 'no-main-section' };
  if (!isTemplate) yield* contradictions(configuration);
}

function isKnownSection(name: string, version: string): boolean {
  return isSection(name) && hasSection(version, name);
}

function* settingRefusals(statement: SettingStatement, version: string): Iterable<Refusal> {
  const { section, name } = statement;
  if (statement.isQuoted && (name.text === '' || !isAtLeast(version, quotedNamesSince)))
    yield { reason: 'quoted-name', statement };
  else if (statement.equals === undefined) yield { reason: 'missing-equals', statement };
  else if (statement.isBehindInclude) return;
  else if (section === undefined) yield { reason: 'outside-section', statement };
  // The section itself is refused already.
  else if (!isSection(section)) return;
  else if (section !== 'pgbouncer') yield* entryRefusals(statement, section, version);
  else {
    const setting = settingNamed('pgbouncer', name.text);
    if (setting === undefined) yield { reason: 'unknown-setting', statement };
    else if (!isKnownIn(setting, version)) yield { reason: 'other-version', statement, setting };
    else if (!isAccepted(statement, setting, version)) yield { reason: 'invalid-value', statement, setting };
  }
}

/** Whether PgBouncer takes a value of [pgbouncer]; a template's value counts as taken. */
function isAccepted({ value }: SettingStatement, setting: PgbouncerSetting, version: string): boolean {
  if (value !== undefined && (value.isTemplate || value.text === undefined)) return true;
  const text = value?.text ?? '';
  switch (setting.type) {
    case 'integer':
    case 'switch':
    case 'mode':
      return readInteger(text) !== undefined;
    case 'seconds':
      return readSeconds(text) !== undefined;
    case 'choice':
      return readChoice(text, choicesIn(setting, version)!) !== undefined;
    default:
      return !(setting.name === 'auth_dbname' && text === 'pgbouncer' && isAtLeast(version, '1.20.0'));
  }
}
