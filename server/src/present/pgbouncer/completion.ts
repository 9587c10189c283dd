/** What may be written at a place of a pgbouncer.ini, for the version that reads it. Tolerates lines that are not finished. */
import type { Span } from '../../core/text.ts';
import {
  choicesIn,
  fallbackIn,
  hasSection,
  isKnownIn,
  isSection,
  type PgbouncerSection,
  type PgbouncerSetting,
  pgbouncerSections,
  settingNamed,
  settingsOf,
} from '../../facts/pgbouncer.ts';
import { isAtLeast } from '../../facts/versions.ts';
import type { PgbouncerInContext } from '../../rules/rule.ts';
import { sectionMeanings, settingDetail, settingMarkdown } from './settingText.ts';

export interface PgbouncerCompletion {
  readonly label: string;
  readonly kind: 'section' | 'setting' | 'value' | 'keyword';
  readonly detail: string;
  readonly documentation: string;
  readonly insertText: string;
  readonly replace: Span;
  readonly isDeprecated?: boolean;
}

/** `userNames` are those of the user list, where there is one. */
export function completePgbouncer(
  context: PgbouncerInContext,
  text: string,
  offset: number,
  userNames: readonly string[],
): PgbouncerCompletion[] {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  if (/^\s*[;#]/.test(before)) return [];
  const header = /^\s*\[([\w]*)$/.exec(before);
  if (header !== null) return sections(context, text, { start: offset - header[1]!.length, end: offset });
  const section = sectionAt(context, offset);
  const name = /^\s*(%?[\w.*-]*)$/.exec(before);
  if (name !== null) {
    const replace = { start: offset - name[1]!.length, end: offset };
    return names(context, section, userNames, replace, hasEquals(text, offset));
  }
  const value = /^\s*([\w.*-]+|'[^']*')[ \t]*=[ \t]*(.*)$/s.exec(before);
  if (value === null || section === undefined) return [];
  return section === 'pgbouncer'
    ? values(settingNamed('pgbouncer', value[1]!), context.version, value[2]!, offset)
    : pairs(context, section, value[2]!, offset);
}

function sectionAt({ file }: PgbouncerInContext, offset: number): PgbouncerSection | undefined {
  const header = file.statements.findLast((each) => each.kind === 'section' && each.span.end <= offset);
  return header?.kind === 'section' && isSection(header.name.text) ? header.name.text : undefined;
}

function hasEquals(text: string, offset: number): boolean {
  return /^[\w.*-]*[ \t]*=/.test(text.slice(offset, offset + 200));
}

function sections({ version }: PgbouncerInContext, text: string, replace: Span): PgbouncerCompletion[] {
  const close = text[replace.end] === ']' ? '' : ']';
  return pgbouncerSections
    .filter((section) => hasSection(version, section))
    .map((section) => ({
      label: section,
      kind: 'section' as const,
      detail: 'section',
      documentation: sectionMeanings[section],
      insertText: section + close,
      replace,
    }));
}

function names(
  context: PgbouncerInContext,
  section: PgbouncerSection | undefined,
  userNames: readonly string[],
  replace: Span,
  isAssigned: boolean,
): PgbouncerCompletion[] {
  const assign = isAssigned ? '' : ' = ';
  const keyword: PgbouncerCompletion = {
    label: '%include',
    kind: 'keyword',
    detail: 'another file',
    documentation: 'Reads another file in this place.',
    insertText: '%include ',
    replace,
  };
  const include = isAssigned ? [] : [keyword];
  if (section === 'users') return [...userNames.map((user) => userItem(user, assign, replace)), ...include];
  if (section !== 'pgbouncer') return include;
  const { version, inForce, file } = context;
  const here = file.statements.find((each) => each.kind === 'setting' && each.name.span.start === replace.start);
  const isWritten = (name: string) => {
    const setting = inForce.setting(name);
    return setting.kind === 'written' && setting.statement !== here;
  };
  return [
    ...settingsOf('pgbouncer')
      .filter((setting) => isKnownIn(setting, version) && !isWritten(setting.name))
      .map((setting) => settingItem(setting, version, assign, replace)),
    ...include,
  ];
}

function userItem(user: string, assign: string, replace: Span): PgbouncerCompletion {
  const detail = 'user of the user list';
  return { label: user, kind: 'value', detail, documentation: '', insertText: user + assign, replace };
}

function settingItem(setting: PgbouncerSetting, version: string, assign: string, replace: Span): PgbouncerCompletion {
  return {
    label: setting.name,
    kind: 'setting',
    detail: settingDetail(setting, version),
    documentation: settingMarkdown(setting, version),
    insertText: setting.name + assign,
    replace,
    isDeprecated: setting.replacedBy !== undefined && isAtLeast(version, setting.replacedBy.since),
  };
}

function values(
  setting: PgbouncerSetting | undefined,
  version: string,
  typed: string,
  offset: number,
): PgbouncerCompletion[] {
  if (setting === undefined || /\s/.test(typed)) return [];
  const replace = { start: offset - typed.length, end: offset };
  const fallback = fallbackIn(setting, version);
  const usual = fallback === null || fallback === '' || fallback.length > 40 ? [] : [fallback];
  const words =
    setting.type === 'switch' ? ['1', '0'] : (choicesIn(setting, version) ?? usualWords[setting.name] ?? []);
  return [...new Set([...words, ...usual])].map((word) => ({
    label: word,
    kind: 'value',
    detail: word === fallback ? 'default' : '',
    documentation: setting.meaning,
    insertText: word,
    replace,
  }));
}

/** What people write for settings that take any text. */
const usualWords: Readonly<Record<string, readonly string[]>> = {
  listen_addr: ['*', '127.0.0.1'],
  ignore_startup_parameters: ['extra_float_digits', 'options'],
  client_tls_protocols: ['secure', 'tlsv1.3', 'tlsv1.2', 'all'],
  server_tls_protocols: ['secure', 'tlsv1.3', 'tlsv1.2', 'all'],
};

function pairs(
  { version }: PgbouncerInContext,
  section: Exclude<PgbouncerSection, 'pgbouncer'>,
  typed: string,
  offset: number,
): PgbouncerCompletion[] {
  const word = wordBeingTyped(typed);
  if (word === undefined) return [];
  const equals = word.indexOf('=');
  if (equals !== -1)
    return values(settingNamed(section, word.slice(0, equals)), version, word.slice(equals + 1), offset);
  if (!/^\w*$/.test(word)) return [];
  const replace = { start: offset - word.length, end: offset };
  const written = new Set([...typed.matchAll(/(\w+) *=/g)].map((match) => match[1]));
  return settingsOf(section)
    .filter((setting) => isKnownIn(setting, version) && !written.has(setting.name))
    .map((setting) => settingItem(setting, version, '=', replace));
}

/** The last word of a connection string; undefined inside a quoted value. */
function wordBeingTyped(typed: string): string | undefined {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < typed.length; at++) {
    if (typed[at] === "'") isQuoted = !isQuoted;
    else if (typed[at] === ' ' && !isQuoted) start = at + 1;
  }
  return isQuoted ? undefined : typed.slice(start);
}
