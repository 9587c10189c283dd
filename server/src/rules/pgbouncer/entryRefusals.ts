/** What PgBouncer refuses in an entry of [databases], [users] or [peers]: loader.c, parse_database and its siblings. */
import type { ConnectionPair, SettingStatement } from '../../declarations/pgbouncer.ts';
import { readChoice, readLeadingInteger } from '../../declarations/pgbouncerValues.ts';
import {
  choicesIn,
  fallbackDatabase,
  isKnownIn,
  largestPeerId,
  type PgbouncerSection,
  type PgbouncerSetting,
  reservedDatabase,
  settingNamed,
} from '../../facts/pgbouncer.ts';

export type EntryRefusal = EntryProblem & {
  readonly statement: SettingStatement;
  /** False for the `*` entry: PgBouncer starts, and refuses whoever falls back to it. */
  readonly stopsStart: boolean;
};

type EntryProblem =
  | { readonly reason: 'reserved-name' | 'invalid-peer-id' | 'missing-peer-host'; readonly pair?: undefined }
  | { readonly reason: PairReason; readonly pair: ConnectionPair }
  | { readonly reason: 'other-version-key'; readonly pair: ConnectionPair; readonly setting: PgbouncerSetting }
  | { readonly reason: 'invalid-pair-value'; readonly pair: ConnectionPair; readonly setting: PgbouncerSetting };

type PairReason = 'pair-without-equals' | 'pair-without-key' | 'empty-pair' | 'unclosed-quote' | 'unknown-key';

export function* entryRefusals(
  statement: SettingStatement,
  section: Exclude<PgbouncerSection, 'pgbouncer'>,
  version: string,
): Iterable<EntryRefusal> {
  const name = statement.name.text;
  const isDatabase = section === 'databases';
  if (isDatabase && name === reservedDatabase) yield { reason: 'reserved-name', statement, stopsStart: true };
  const stopsStart = !(isDatabase && name === fallbackDatabase);
  if (section === 'peers' && !isPeerId(name)) yield { reason: 'invalid-peer-id', statement, stopsStart };
  const pairs = statement.value?.pairs ?? [];
  for (const pair of pairs) {
    const problem = pairProblem(pair, section, version);
    if (problem !== undefined) yield { ...problem, statement, stopsStart };
  }
  const isTemplate = statement.value?.isTemplate === true;
  if (section === 'peers' && !isTemplate && !pairs.some((pair) => pair.key.text === 'host'))
    yield { reason: 'missing-peer-host', statement, stopsStart };
}

/** A number from 1 to 65535, as strtonum reads it. */
function isPeerId(name: string): boolean {
  const number = readLeadingInteger(name);
  return number.isWhole && !number.isTooLarge && number.value >= 1 && number.value <= largestPeerId;
}

function pairProblem(pair: ConnectionPair, section: PgbouncerSection, version: string): EntryProblem | undefined {
  const { key, value } = pair;
  if (key.isTemplate) return undefined;
  if (pair.equals === undefined) return { reason: 'pair-without-equals', pair };
  if (key.text === '' && key.tab === undefined) return { reason: 'pair-without-key', pair };
  if (value === undefined || (value.isEmpty && value.quoting !== 'unclosed')) return { reason: 'empty-pair', pair };
  if (value.quoting === 'unclosed') return { reason: 'unclosed-quote', pair };
  const setting = key.text === undefined || key.tab !== undefined ? undefined : settingNamed(section, key.text);
  if (setting === undefined) return { reason: 'unknown-key', pair };
  if (!isKnownIn(setting, version)) return { reason: 'other-version-key', pair, setting };
  return value.isTemplate || isAccepted(setting, value.text, version)
    ? undefined
    : { reason: 'invalid-pair-value', pair, setting };
}

/** Only ports and words are looked at; of any other number PgBouncer makes something. */
function isAccepted(setting: PgbouncerSetting, text: string | undefined, version: string): boolean {
  if (setting.type === 'choice')
    return text !== undefined && readChoice(text, choicesIn(setting, version)!) !== undefined;
  if (setting.unit !== 'port') return true;
  return text !== undefined && readLeadingInteger(text).value !== 0;
}
