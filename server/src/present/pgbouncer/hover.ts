/** What a place in a pgbouncer.ini means. */
import { type Span, spanContains } from '../../core/text.ts';
import type { ConnectionPair, SettingStatement } from '../../declarations/pgbouncer.ts';
import { isUnknown } from '../../declarations/resolved.ts';
import { isSection, type PgbouncerSetting, settingNamed } from '../../facts/pgbouncer.ts';
import type { Fleet } from '../../fleet/model.ts';
import { type EntryBudget, pgbouncerBudget } from '../../fleet/pgbouncer.ts';
import { counted, explainTerm, formatAmount } from '../../fleet/terms.ts';
import type { PgbouncerInContext } from '../../rules/rule.ts';
import { escapeMarkdown } from '../values.ts';
import { code, sectionMeanings, settingDetail, settingMarkdown } from './settingText.ts';
import { budgetsBehind, explainSides } from './sides.ts';

export interface PgbouncerHover {
  readonly markdown: string;
  readonly at: Span;
}

/** `fleets` say what stands in front of the file's PgBouncer and behind it. */
export function hoverPgbouncer(
  context: PgbouncerInContext,
  offset: number,
  fleets: readonly Fleet[],
): PgbouncerHover | undefined {
  const holds = (span: Span) => span.start <= offset && offset < span.end;
  for (const statement of context.file.statements) {
    if (!spanContains(statement.span, { start: offset, end: offset })) continue;
    if (statement.kind === 'section') {
      const { text, span } = statement.name;
      return isSection(text) && holds(span)
        ? { markdown: `**[${text}]**\n\n${sectionMeanings[text]}`, at: span }
        : undefined;
    }
    if (statement.kind === 'include') return { markdown: includeText, at: statement.span };
    if (statement.kind !== 'setting' || statement.section === undefined) return undefined;
    if (statement.section === 'pgbouncer') return settingHover(context, statement, fleets);
    const pair = statement.value?.pairs?.find(({ span }) => holds(span));
    if (pair !== undefined) return pairHover(context, statement.section, pair);
    return holds(statement.name.span) ? entryHover(context, statement) : undefined;
  }
  return undefined;
}

const includeText =
  'Reads another file in this place, one of the workspace too where the path leads to a single one. The path is relative to the folder that PgBouncer is started in, wildcards mean nothing, and a file that is missing keeps PgBouncer from starting. A header in it is in force behind it as well.';

function titled(setting: PgbouncerSetting, version: string): string {
  return `**${code(setting.name)}** · ${settingDetail(setting, version)}\n\n${settingMarkdown(setting, version)}`;
}

function settingHover(
  context: PgbouncerInContext,
  statement: SettingStatement,
  fleets: readonly Fleet[],
): PgbouncerHover | undefined {
  const setting = settingNamed('pgbouncer', statement.name.text);
  if (setting === undefined) return undefined;
  const notes = [
    overriddenNote(context, statement),
    sizeNames.has(setting.name) ? sumNote(context, fleets) : undefined,
  ];
  const extra = notes.filter((note) => note !== undefined).map((note) => `\n\n${note}`);
  return { markdown: titled(setting, context.version) + extra.join(''), at: statement.span };
}

function pairHover({ version }: PgbouncerInContext, section: string, pair: ConnectionPair): PgbouncerHover | undefined {
  const setting = isSection(section) && pair.key.text !== undefined ? settingNamed(section, pair.key.text) : undefined;
  return setting && { markdown: titled(setting, version), at: pair.span };
}

/** What is written here may not be what counts in the end. */
function overriddenNote({ file, inForce }: PgbouncerInContext, statement: SettingStatement): string | undefined {
  const counted = inForce.setting(statement.name.text);
  if (counted.kind === 'written' && counted.statement !== statement)
    return `Not in force: line ${file.lines.lineAt(counted.statement.span.start) + 1} sets it again.`;
  const header = inForce.mainHeaders.at(-1);
  if (counted.kind === 'default' && header !== undefined && header.span.start > statement.span.start)
    return `Not in force: the header in line ${file.lines.lineAt(header.span.start) + 1} sets it back to its default.`;
  return undefined;
}

/** Settings that the sum of connections depends on. */
const sizeNames: ReadonlySet<string> = new Set([
  'default_pool_size',
  'reserve_pool_size',
  'reserve_pool_timeout',
  'max_db_connections',
  'max_user_connections',
  'max_client_conn',
]);

function sumNote(context: PgbouncerInContext, fleets: readonly Fleet[]): string | undefined {
  const { whole, users } = context;
  const { term, serverConnections, fileDescriptors } = pgbouncerBudget(whole, users);
  if (whole.databases.size === 0) return undefined;
  const whose = 'names' in users ? `the ${users.names.length} users of the user list` : counted(users.count, 'user');
  const sum = isUnknown(serverConnections)
    ? `not known: ${serverConnections.unknown}`
    : serverConnections === 'unbounded'
      ? 'without limit'
      : `up to **${serverConnections}** (${explainTerm(term)})`;
  const descriptors = isUnknown(fileDescriptors) ? '' : ` File descriptors needed: ${formatAmount(fileDescriptors)}.`;
  const sides = budgetsBehind(context, fleets)
    .flatMap((each) => explainSides(each, context))
    .map((each) => `\n\n${escapeMarkdown(each)}`);
  return `With ${whose} this file opens server connections ${sum}.${descriptors}${sides.join('')}`;
}

function entryHover(context: PgbouncerInContext, statement: SettingStatement): PgbouncerHover | undefined {
  if (statement.section !== 'databases') return undefined;
  const budget = pgbouncerBudget(context.whole, context.users);
  const entry = budget.entries.find((each) => each.entry.statement === statement);
  if (entry === undefined) return undefined;
  return { markdown: `**${code(statement.name.text)}**\n\n${entryLines(entry).join('\n')}`, at: statement.name.span };
}

function entryLines({ groups, limit, serverConnections, term, entry }: EntryBudget): string[] {
  const forced = entry.pair('user')?.value?.text;
  const sum = isUnknown(serverConnections)
    ? `not known: ${serverConnections.unknown}`
    : formatAmount(serverConnections);
  const [first] = groups;
  return [
    forced === undefined ? '- A pool for each user' : `- One pool: every client reaches the server as ${code(forced)}`,
    ...(first === undefined
      ? []
      : [`- ${first.size.label} ${formatAmount(first.size.amount)}${reserveText(first.reserve)}`]),
    `- max_db_connections ${limit === 'unbounded' ? 'not set' : formatAmount(limit)}`,
    `- Server connections: ${sum}${typeof serverConnections === 'number' ? ` (${explainTerm(term)})` : ''}`,
  ];
}

function reserveText(reserve: EntryBudget['groups'][number]['reserve']): string {
  return reserve.amount === 0 ? '' : ` + ${reserve.label} ${formatAmount(reserve.amount)}`;
}
