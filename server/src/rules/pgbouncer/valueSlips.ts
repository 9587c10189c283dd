/** Values of [pgbouncer] in which PgBouncer reads more, or other, than their author wrote: comments, quotes, nothing at all. */
import type { MistakenComment, SettingStatement, SettingValue } from '../../declarations/pgbouncer.ts';
import { type PgbouncerSetting, settingNamed } from '../../facts/pgbouncer.ts';
import type { PgbouncerInContext, RuleResult } from '../rule.ts';
import { commentMoved, fix, lineRemoved, placeIn, replaced } from './edits.ts';

/** Types whose values PgBouncer looks at when it starts; of the others it takes any text. */
const checkedTypes: ReadonlySet<PgbouncerSetting['type']> = new Set(['integer', 'switch', 'mode', 'seconds', 'choice']);

/** What is wrong with the form of a value; undefined where that is not what is wrong. */
export function valueSlip(context: PgbouncerInContext, statement: SettingStatement): RuleResult | undefined {
  const setting = statement.section === 'pgbouncer' ? settingNamed('pgbouncer', statement.name.text) : undefined;
  if (setting === undefined || statement.equals === undefined || statement.value?.isTemplate) return undefined;
  const { value } = statement;
  if (value === undefined) return checkedTypes.has(setting.type) ? emptyValue(context, statement) : undefined;
  if (value.comment !== undefined) return commentInValue(context, statement, value.comment, setting);
  return value.text === undefined ? undefined : quotedValue(context, statement, value.text, setting);
}

/** `"transaction ; …"`: the comment itself may hold anything. */
function shown({ text, span }: SettingValue, comment: MistakenComment): string {
  const sign = text![comment.span.start - span.start];
  return `"${text!.slice(0, comment.valueEnd - span.start)} ${sign} …"`;
}

function commentInValue(
  { file }: PgbouncerInContext,
  statement: SettingStatement,
  comment: MistakenComment,
  setting: PgbouncerSetting,
): RuleResult {
  const isFatal = checkedTypes.has(setting.type);
  const what = isFatal ? shown(statement.value!, comment) : 'the comment as part of';
  return {
    at: placeIn(file, comment.span),
    message: isFatal
      ? `PgBouncer reads ${what} as the value: comments stand only at the start of a line. It does not start.`
      : `PgBouncer reads ${what} ${setting.name}: comments stand only at the start of a line.`,
    fixes: [fix('Move the comment to its own line', 'safe', commentMoved(file, statement, comment))],
  };
}

function quotedValue(
  { file }: PgbouncerInContext,
  { value, name }: SettingStatement,
  text: string,
  setting: PgbouncerSetting,
): RuleResult | undefined {
  const inner = /^(?:"([^"]*)"|'([^']*)')$/.exec(text);
  if (inner === null) return undefined;
  const isFatal = checkedTypes.has(setting.type);
  return {
    at: placeIn(file, value!.span),
    message: `PgBouncer takes the quotes for part of ${name.text}: values in [pgbouncer] have none.${isFatal ? ' It does not start.' : ''}`,
    fixes: [fix('Remove the quotes', 'safe', [replaced(file, value!.span, inner[1] ?? inner[2]!)])],
  };
}

function emptyValue({ file }: PgbouncerInContext, statement: SettingStatement): RuleResult {
  const edits = lineRemoved(file, statement);
  return {
    at: placeIn(file, statement.name.span),
    message: `${statement.name.text} has no value: PgBouncer does not start. Without the line its default holds.`,
    fixes: edits === undefined ? [] : [fix('Remove the line', 'suggestion', edits)],
  };
}

/** A setting that PgBouncer knows in lower case. */
export function wrongCase({ file }: PgbouncerInContext, { name }: SettingStatement): RuleResult | undefined {
  const known = settingNamed('pgbouncer', name.text.toLowerCase());
  if (known === undefined || known.name === name.text) return undefined;
  return {
    at: placeIn(file, name.span),
    message: `Names are compared letter by letter: PgBouncer knows ${known.name}, not ${name.text}, and does not start.`,
    fixes: [fix(`Write ${known.name}`, 'safe', [replaced(file, name.span, known.name)])],
  };
}
