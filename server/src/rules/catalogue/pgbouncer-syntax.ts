/**
 * # pgbouncer-syntax
 *
 * PgBouncer cannot read a line, or reads something else in it than is written.
 *
 * ## Why it matters
 *
 * `pgbouncer.ini` looks like any INI file and is read by a parser of its own. Most slips keep PgBouncer from starting, at the
 * next restart and not before; others are read without a word, with another meaning.
 *
 * - A comment stands only at the start of a line. `pool_mode = transaction ; cheaper` is a mode that does not exist.
 * - Names need no quotes and never have double ones; values in `[pgbouncer]` have no quotes at all.
 * - Only spaces separate the pairs of a connection string: a tab becomes part of the value before it.
 * - A value must not be empty. In `password= user=app` the password is `user=app`.
 * - Sections and names are compared letter by letter: `[PgBouncer]` is unknown.
 * - In a user list only `;` begins a comment, and from the first line that cannot be read on no user is known.
 *
 * ## Wrong
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * shop = host=10.0.0.5 port=5432
 *
 * [pgbouncer]
 * pool_mode = transaction ; release the connection early
 * ```
 *
 * `pgbouncer.ini`
 * ```ini
 * [Databases]
 * "shop" = host=10.0.0.5
 *
 * [pgbouncer]
 * logfile = "/var/log/pgbouncer.log"
 * ```
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * shop = postgres://app@10.0.0.5/shop
 * ```
 *
 * `userlist.txt`
 * ```text
 * # users of the shop
 * "app" ""
 * ```
 *
 * ## Right
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * ; the primary
 * shop = host=10.0.0.5 port=5432 connect_query='set search_path to shop, public'
 *
 * [pgbouncer]
 * ; release the connection early
 * pool_mode = transaction
 * server_reset_query = DISCARD ALL; SELECT 1
 * ```
 *
 * ## Limits
 *
 * Lines and values that a template fills in (`{{ … }}`, `${…}`) are left alone, and so is what stands behind an `%include`
 * until the next header, because the included file may begin another section. In SQL a semicolon is one. A file that another
 * one includes needs no section of its own.
 *
 * ## Fix safety
 *
 * Safe where PgBouncer would not start, or where one reading only is possible: a comment moves to a line of its own, quotes
 * go, a tab becomes a space. Suggestion where something is left out.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/config.html
 * - https://github.com/libusual/libusual/blob/master/usual/cfparser.c
 */
import type { PgbouncerUserlist, SectionHeader } from '../../declarations/pgbouncer.ts';
import { fix, placeIn, replaced } from '../pgbouncer/edits.ts';
import { commentInEntry, entryForm, isBehindComment, misreadPairs } from '../pgbouncer/entrySlips.ts';
import {
  besideHeader,
  brokenLine,
  commentInInclude,
  missingEquals,
  missingPath,
  outsideSection,
  quotedName,
  wrongHeader,
} from '../pgbouncer/lineSlips.ts';
import { type Refusal, refusals } from '../pgbouncer/refusals.ts';
import { valueSlip, wrongCase } from '../pgbouncer/valueSlips.ts';
import { defineRule, everyContext, type PgbouncerInContext, type RuleResult } from '../rule.ts';

export const pgbouncerSyntax = defineRule({
  id: 'pgbouncer-syntax',
  group: 'pgbouncer',
  severity: 'error',
  fix: 'safe',
  summary: 'PgBouncer cannot read a line, or reads something else in it than is written.',
  contexts: everyContext,
  *check({ pgbouncerFiles, pgbouncerUserlists }) {
    for (const context of pgbouncerFiles) {
      let isOutside = false;
      for (const refusal of refusals(context.inForce)) {
        // One header mends them all.
        if (refusal.reason === 'outside-section' && isOutside) continue;
        isOutside ||= refusal.reason === 'outside-section';
        yield* present(resultOf(context, refusal));
      }
      yield* misreadings(context);
    }
    for (const userlist of pgbouncerUserlists) yield* present(brokenUserlist(userlist));
  },
});

function present<T>(result: T | undefined): T[] {
  return result === undefined ? [] : [result];
}

function resultOf(context: PgbouncerInContext, refusal: Refusal): RuleResult | undefined {
  switch (refusal.reason) {
    case 'byte-order-mark':
      return byteOrderMark(context);
    case 'broken-line':
      return brokenLine(context, refusal.statement);
    case 'missing-equals':
      return missingEquals(context, refusal.statement);
    case 'unclosed-header':
    case 'unknown-section':
      return wrongHeader(context, refusal.statement);
    case 'missing-path':
      return missingPath(context, refusal.statement);
    case 'quoted-name':
      return quotedName(context, refusal.statement);
    case 'outside-section':
      return isPart(context) ? undefined : outsideSection(context, refusal.statement);
    case 'no-main-section':
      return isPart(context) ? undefined : noMainSection(context);
    case 'unknown-setting':
      return wrongCase(context, refusal.statement);
    default:
      return 'stopsStart' in refusal && !isBehindComment(refusal.statement, refusal.pair)
        ? entryForm(context, refusal)
        : undefined;
  }
}

/** True for files that another one may include: by what that one says, or by a name that is not the usual one. */
function isPart({ file, isIncluded }: PgbouncerInContext): boolean {
  return isIncluded || !/(?:^|[/.])pgbouncer\.ini$/.test(file.uri);
}

function* misreadings(context: PgbouncerInContext): Iterable<RuleResult> {
  let header: SectionHeader | undefined;
  for (const statement of context.file.statements) {
    if (statement.kind === 'section') header = statement;
    else if (statement.kind === 'include') yield* present(commentInInclude(context, statement));
    else if (statement.kind === 'setting') {
      if (header !== undefined && statement.equals !== undefined)
        yield* present(besideHeader(context, header, statement));
      header = undefined;
      if (statement.isBehindInclude) continue;
      yield* present(valueSlip(context, statement));
      yield* present(commentInEntry(context, statement));
      yield* misreadPairs(context, statement);
    }
  }
}

/** Editors and readers take the mark off the text; then nothing in the text can be mended. */
function byteOrderMark({ file }: PgbouncerInContext): RuleResult {
  const first = file.statements[0]?.span ?? { start: 0, end: 0 };
  return {
    at: placeIn(file, first),
    message:
      'The file begins with a byte order mark, which PgBouncer takes for part of the first line: it does not start. Save the file as UTF-8 without one.',
    fixes: file.isMarkInText
      ? [fix('Remove the byte order mark', 'safe', [replaced(file, { start: 0, end: 1 }, '')])]
      : [],
  };
}

function noMainSection({ file }: PgbouncerInContext): RuleResult | undefined {
  const headers = file.statements.filter((statement) => statement.kind === 'section');
  // Misspelt, it is reported as that.
  if (headers.some(({ name }) => name.text.trim().toLowerCase() === 'pgbouncer')) return undefined;
  return {
    at: placeIn(file, headers[0]?.name.span ?? { start: 0, end: 0 }),
    message: 'There is no [pgbouncer] section: PgBouncer does not start, even where every default would do.',
  };
}

function brokenUserlist(userlist: PgbouncerUserlist): RuleResult | undefined {
  const { uri, brokenAt, isBrokenByComment } = userlist;
  if (brokenAt === undefined) return undefined;
  const sign = { uri, start: brokenAt.start, end: brokenAt.start + 1 };
  return {
    at: isBrokenByComment ? sign : { uri, ...brokenAt },
    message: isBrokenByComment
      ? 'In a user list only a semicolon begins a comment: PgBouncer stops here, and knows no user from this line on.'
      : 'This line is not two words in double quotes: PgBouncer stops here, and knows no user from this line on.',
    fixes: isBrokenByComment ? [fix('Begin the comment with a semicolon', 'safe', [{ ...sign, newText: ';' }])] : [],
  };
}
