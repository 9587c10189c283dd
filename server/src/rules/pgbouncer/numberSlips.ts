/** Numbers that PgBouncer takes, though another one arrives than is written, or one that means nothing. */
import type { SettingStatement } from '../../declarations/pgbouncer.ts';
import { readInteger, readLeadingInteger, type WholeNumber } from '../../declarations/pgbouncerValues.ts';
import { type PgbouncerSetting, settingNamed, zeroIsUnlimitedSince } from '../../facts/pgbouncer.ts';
import { isAtLeast } from '../../facts/versions.ts';
import type { Fix } from '../finding.ts';
import type { PgbouncerInContext, RuleResult } from '../rule.ts';
import { fix, placeIn, replaced } from './edits.ts';

const highestPort = 65535;

/** What is odd about a number of [pgbouncer] that PgBouncer accepts. */
export function oddNumber(context: PgbouncerInContext, statement: SettingStatement): RuleResult | undefined {
  const setting = statement.section === 'pgbouncer' ? settingNamed('pgbouncer', statement.name.text) : undefined;
  const { value } = statement;
  if (setting === undefined || value?.text === undefined || value.isTemplate) return undefined;
  const number = readInteger(value.text);
  if (number === undefined || (setting.type !== 'integer' && setting.type !== 'mode')) return undefined;
  const at = placeIn(context.file, value.span);
  if (setting.type === 'mode') return decimalMode(context, statement, value.text);
  if (setting.name === 'default_pool_size' && number.value === 0) return emptyPool(context, statement);
  const message = messageAbout(setting, number);
  return message === undefined ? undefined : { at, message };
}

function messageAbout(setting: PgbouncerSetting, { value, isTooLarge }: WholeNumber): string | undefined {
  const { name } = setting;
  if (isTooLarge && !setting.isUnsigned)
    return `PgBouncer keeps 32 bits of a number: ${name} becomes ${value}. The largest number is 2147483647.`;
  if (setting.unit === 'port') return portMessage(name, value);
  if (name === 'stats_period' && value < 0)
    return 'With a negative period PgBouncer logs its statistics without a pause.';
  if (value >= 0 || setting.unit === undefined || setting.isUnsigned) return undefined;
  const effect = setting.negative === undefined ? '' : ` (${setting.negative})`;
  return `${name} is below 0, which PgBouncer takes without a word${effect}.`;
}

function portMessage(name: string, value: number): string | undefined {
  if (value > highestPort) return `Ports end at ${highestPort}: of ${value} PgBouncer takes ${value % 65536}.`;
  if (value === 0) return `With ${name} 0 the system picks any free port.`;
  return undefined;
}

/** C takes a number for octal only if it begins with 0. */
function decimalMode(
  { file }: PgbouncerInContext,
  { value, name }: SettingStatement,
  text: string,
): RuleResult | undefined {
  if (!/^[1-7][0-7]{2,3}$/.test(text)) return undefined;
  const mode = Number(text).toString(8);
  return {
    at: placeIn(file, value!.span),
    message: `Without a leading 0 ${text} is a decimal number: ${name.text} becomes 0${mode}.`,
    fixes: [fix(`Write 0${text}`, 'suggestion', [replaced(file, value!.span, `0${text}`)])],
  };
}

/** From 1.24 on a size of 0 is no limit, which another rule judges. */
function emptyPool({ file, version }: PgbouncerInContext, { value, name }: SettingStatement): RuleResult | undefined {
  if (isAtLeast(version, zeroIsUnlimitedSince)) return undefined;
  const size = settingNamed('pgbouncer', name.text)!.fallback!;
  return {
    at: placeIn(file, value!.span),
    message: `Before PgBouncer ${zeroIsUnlimitedSince} a pool of size 0 never grows past its first connection; this is ${version}.`,
    fixes: [fix(`Set ${name.text} to ${size}, its default`, 'suggestion', [replaced(file, value!.span, size)])],
  };
}

/** What PgBouncer makes of the numbers in an entry, where that is not what is written. */
export function* oddPairs(context: PgbouncerInContext, statement: SettingStatement): Iterable<RuleResult> {
  const { section, value } = statement;
  if (section !== 'databases' && section !== 'users' && section !== 'peers') return;
  for (const { key, value: written } of value?.pairs ?? []) {
    const setting = key.text === undefined ? undefined : settingNamed(section, key.text);
    if (setting?.type !== 'integer' || written?.text === undefined || written.isTemplate || written.tab) continue;
    const number = readLeadingInteger(written.text);
    const at = placeIn(context.file, written.span);
    if (setting.unit === 'port') {
      if (number.value > highestPort || number.value < 0)
        yield { at, message: `Ports are numbers from 1 to ${highestPort}: PgBouncer never reaches the server.` };
      else if (!number.isWhole && number.value !== 0)
        yield { at, message: partOf(setting.name, number.value), fixes: partFix(context, at, number.value) };
    } else if (!number.isWhole) {
      yield {
        at,
        message: partOf(setting.name, number.value),
        fixes: number.value === 0 ? [] : partFix(context, at, number.value),
      };
    } else if (number.isTooLarge) {
      yield { at, message: `PgBouncer keeps 32 bits of a number: ${setting.name} becomes ${number.value}.` };
    } else if (number.value < 0) {
      yield { at, message: `${setting.name} is below 0, so it counts as not written at all.` };
    } else if (number.value === 0) yield* zeroLimit(context, setting, at);
  }
}

function partOf(name: string, value: number): string {
  return value === 0
    ? `PgBouncer takes a word for 0: ${name} becomes 0.`
    : `PgBouncer reads digits up to the first other character: ${name} becomes ${value}.`;
}

function partFix({ file }: PgbouncerInContext, at: RuleResult['at'], value: number): Fix[] {
  return [fix(`Write ${value}`, 'suggestion', [replaced(file, at, String(value))])];
}

/** In an entry 0 cannot lift a limit that holds for all. */
function* zeroLimit(
  { inForce }: PgbouncerInContext,
  setting: PgbouncerSetting,
  at: RuleResult['at'],
): Iterable<RuleResult> {
  if (!/^max_.*_connections$/.test(setting.name)) return;
  const global = inForce.setting(setting.name);
  if (global.kind !== 'written') return;
  const limit = readInteger(global.text)?.value ?? 0;
  if (limit <= 0) return;
  yield {
    at,
    message: `0 does not lift the limit here: ${setting.name} ${limit} of [pgbouncer] holds. Only a number above 0 takes its place.`,
  };
}
