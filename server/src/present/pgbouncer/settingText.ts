/** A setting of PgBouncer in words, for hover and completion. */
import {
  choicesIn,
  fallbackIn,
  newestPgbouncer,
  type PgbouncerSection,
  type PgbouncerSetting,
} from '../../facts/pgbouncer.ts';

const kinds: Readonly<Record<PgbouncerSetting['type'], string>> = {
  integer: 'whole number',
  switch: '0 or 1',
  mode: 'octal number',
  seconds: 'number of seconds',
  choice: 'one word',
  text: 'text',
  list: 'list, separated by commas',
  path: 'path',
  sql: 'SQL',
};

/** "whole number of connections, default 20" */
export function settingDetail(setting: PgbouncerSetting, version: string): string {
  const unit =
    setting.unit === undefined || setting.unit === 'port' || setting.type === 'seconds' ? '' : ` of ${setting.unit}`;
  return `${kinds[setting.type]}${unit}${defaultText(setting, version)}`;
}

function defaultText(setting: PgbouncerSetting, version: string): string {
  const fallback = fallbackIn(setting, version);
  if (fallback === null) return '';
  if (fallback === '') return ', empty by default';
  return fallback.length > 40 ? '' : `, default ${fallback}`;
}

/** Everything the facts say of a setting, as Markdown. */
export function settingMarkdown(setting: PgbouncerSetting, version: string): string {
  const lines = [setting.meaning, '', ...special(setting, version), `- ${age(setting)} ${reload(setting)}`];
  return `${lines.join('\n')}\n\n[PgBouncer's manual](${setting.source})`;
}

function special(setting: PgbouncerSetting, version: string): string[] {
  const lines: string[] = [];
  const choices = choicesIn(setting, version);
  if (choices !== undefined) lines.push(`- One of ${choices.map(code).join(', ')}, in upper or lower case.`);
  if (setting.zero !== undefined) lines.push(`- ${code('0')}: ${setting.zero}`);
  if (setting.negative !== undefined) lines.push(`- below 0: ${setting.negative}`);
  const fallback = fallbackIn(setting, version);
  if (fallback !== null && fallback.length > 40) lines.push(`- Default: ${code(fallback)}`);
  return lines;
}

/** "Since PgBouncer 1.21.0; the default was 0 before 1.24.0." */
function age({ since, history = [], isWindowsOnly, replacedBy }: PgbouncerSetting): string {
  const start = since === 'unreleased' ? `No release up to ${newestPgbouncer} has it` : `Since PgBouncer ${since}`;
  const system = isWindowsOnly ? ', on Windows only' : '';
  const earlier = history.map((each) => `; the default was ${code(each.fallback)} before ${each.before}`).join('');
  const renamed = replacedBy === undefined ? '' : `; called ${code(replacedBy.name)} since ${replacedBy.since}`;
  return `${start}${system}${earlier}${renamed}.`;
}

function reload({ isReloadable }: PgbouncerSetting): string {
  return isReloadable === false
    ? 'Only a restart takes a change over; RELOAD ignores it without a word.'
    : 'RELOAD takes a change over.';
}

export function code(text: string): string {
  return text === '' ? '*empty*' : `\`${text.replaceAll('`', '')}\``;
}

export const sectionMeanings: Readonly<Record<PgbouncerSection, string>> = {
  pgbouncer: 'Settings of the process. Each time this header appears, every setting starts from its default again.',
  databases: 'The databases that clients may ask for, and the server behind each. The entry `*` stands for all others.',
  users: 'Settings of single users. They win over those of the database.',
  peers: 'Other PgBouncer processes of the same service, by their peer_id, so that cancel requests find their way.',
};
