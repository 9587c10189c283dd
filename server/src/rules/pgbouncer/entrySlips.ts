/** Connection strings in which PgBouncer reads more, or other, than their author wrote, or nothing it can take. */
import type { ConnectionPair, SettingStatement } from '../../declarations/pgbouncer.ts';
import { settingNamed } from '../../facts/pgbouncer.ts';
import type { PgbouncerInContext, RuleResult } from '../rule.ts';
import { commentMoved, fix, pairRemoved, placeIn, replaced } from './edits.ts';
import type { EntryRefusal } from './entryRefusals.ts';

/** What PgBouncer does with an entry that it cannot read. */
function consequence(stopsStart: boolean): string {
  return stopsStart ? 'PgBouncer does not start.' : 'PgBouncer refuses every client that needs this entry.';
}

/** True for what lies behind something that its author takes for a comment: that is said once. */
export function isBehindComment({ value }: SettingStatement, pair: ConnectionPair | undefined): boolean {
  return value?.comment !== undefined && pair !== undefined && pair.span.start >= value.comment.span.start;
}

export function commentInEntry({ file }: PgbouncerInContext, statement: SettingStatement): RuleResult | undefined {
  const comment = statement.value?.pairs === undefined ? undefined : statement.value.comment;
  if (comment === undefined) return undefined;
  return {
    at: placeIn(file, comment.span),
    message: `PgBouncer reads the comment as part of the connection string: comments stand only at the start of a line. ${consequence(statement.name.text !== '*')}`,
    fixes: [fix('Move the comment to its own line', 'safe', commentMoved(file, statement, comment))],
  };
}

/** Of the refusals of an entry those that are about its form. */
export function entryForm({ file }: PgbouncerInContext, refusal: EntryRefusal): RuleResult | undefined {
  const { pair, statement, stopsStart } = refusal;
  if (pair === undefined) return undefined;
  const then = consequence(stopsStart);
  switch (refusal.reason) {
    case 'pair-without-equals':
    case 'pair-without-key':
      return { at: placeIn(file, pair.span), message: `${withoutEquals(pair)} ${then}` };
    case 'empty-pair':
      return {
        at: placeIn(file, pair.span),
        message: `A value must not be empty: leave ${keyName(pair) ?? 'the key'} out instead. ${then}`,
        fixes: [fix(`Remove ${keyName(pair) ?? 'the pair'}`, 'suggestion', pairRemoved(file, statement, pair))],
      };
    case 'unclosed-quote':
      return { at: placeIn(file, pair.key.span), message: `The single quote of this value is never closed. ${then}` };
    case 'unknown-key':
      return pair.key.isUrl || pair.key.tab !== undefined ? unknownForm(file, pair, then) : undefined;
    default:
      return undefined;
  }
}

/** A key's name where it is one that PgBouncer knows: any other word may be the second half of a password. */
function keyName({ key }: ConnectionPair): string | undefined {
  const isKnown = key.text !== undefined && settingNamed('databases', key.text) !== undefined;
  return isKnown ? key.text : undefined;
}

function withoutEquals(pair: ConnectionPair): string {
  if (pair.key.isUrl) return 'PgBouncer takes key=value pairs, no URL.';
  const name = keyName(pair);
  if (name === undefined) return 'This is no key=value pair; a value with spaces in it stands in single quotes.';
  return `No equals sign follows ${name}; a value with spaces in it stands in single quotes.`;
}

function unknownForm(file: PgbouncerInContext['file'], { key, span }: ConnectionPair, then: string): RuleResult {
  if (key.tab === undefined)
    return { at: placeIn(file, span), message: `PgBouncer takes key=value pairs, no URL. ${then}` };
  return {
    at: placeIn(file, key.tab),
    message: `Only spaces separate pairs: PgBouncer takes the tab for the first letter of the key. ${then}`,
    fixes: [fix('Remove the tab', 'safe', [replaced(file, key.tab, '')])],
  };
}

/** What PgBouncer takes, though it is not what was meant. */
export function* misreadPairs({ file }: PgbouncerInContext, statement: SettingStatement): Iterable<RuleResult> {
  const { pairs = [], isTemplate } = statement.value ?? {};
  if (isTemplate) return;
  for (const pair of pairs) {
    if (isBehindComment(statement, pair)) continue;
    const { key, value, dropped } = pair;
    if (value?.swallows !== undefined) {
      const edit = replaced(file, { start: pair.span.start, end: value.outer.start }, '');
      yield {
        at: placeIn(file, { start: pair.key.span.start, end: value.swallows.span.end }),
        message: `${key.text ?? 'The key'} is left empty, so PgBouncer takes ${value.swallows.text}=… for its value: leave it out instead.`,
        fixes: [fix(`Remove the empty ${key.text ?? 'key'}`, 'suggestion', [edit])],
      };
    }
    if (value?.tab !== undefined) {
      yield {
        at: placeIn(file, value.tab.span),
        message: `Only spaces separate pairs: PgBouncer takes the tab, and ${value.tab.key} behind it, for part of the value before.`,
        fixes: [fix('Replace the tab by a space', 'safe', [replaced(file, value.tab.span, ' ')])],
      };
    }
    if (value?.isDoubleQuoted) {
      const { start, end } = value.span;
      const edits = [replaced(file, { start, end: start + 1 }, ''), replaced(file, { start: end - 1, end }, '')];
      // A password may well begin and end with any character.
      const safety = key.text === 'password' ? 'suggestion' : 'safe';
      yield {
        at: placeIn(file, value.span),
        message: 'PgBouncer takes the double quotes for part of the value: only single quotes quote.',
        fixes: [fix('Remove the quotes', safety, edits)],
      };
    }
    if (dropped !== undefined) {
      yield {
        at: placeIn(file, dropped),
        message: 'PgBouncer drops the character behind a closing quote, whatever it is: a space belongs there.',
        fixes: [fix('Insert a space', 'safe', [replaced(file, { start: dropped.start, end: dropped.start }, ' ')])],
      };
    }
  }
}
