/** Lines that PgBouncer cannot make anything of, and those of which it makes something else than their author. */
import { nearest } from '../../core/nearest.ts';
import type {
  BrokenStatement,
  IncludeStatement,
  SectionHeader,
  SettingStatement,
} from '../../declarations/pgbouncer.ts';
import {
  hasSection,
  isSection,
  pgbouncerSections,
  quotedNamesSince,
  sectionSince,
  settingNamed,
} from '../../facts/pgbouncer.ts';
import { isAtLeast } from '../../facts/versions.ts';
import type { Fix } from '../finding.ts';
import type { PgbouncerInContext, RuleResult } from '../rule.ts';
import { commentMoved, fix, isBareName, placeIn, replaced } from './edits.ts';

const stops = 'PgBouncer does not start';

export function brokenLine({ file, version }: PgbouncerInContext, statement: BrokenStatement): RuleResult {
  const { name, span, form } = statement;
  if (form === 'double-quoted-name' && name !== undefined) {
    return {
      at: placeIn(file, name.span),
      message: `Double quotes begin no name: ${stops}. ${isBareName(name.text) ? 'This name needs no quotes.' : quotingAdvice(version)}`,
      fixes: unquotedFixes(statement, name.text, { file, version }),
    };
  }
  const message =
    form === 'include'
      ? `An include is %include, white space and a path, in lower case: ${stops}.`
      : `This line is no section, no setting and no comment: ${stops}.`;
  return { at: placeIn(file, span), message };
}

function quotingAdvice(version: string): string {
  return isAtLeast(version, quotedNamesSince)
    ? `Since ${quotedNamesSince} a name with other characters stands in single quotes.`
    : `Names consist of letters, digits and _ . * - before ${quotedNamesSince}.`;
}

function unquotedFixes(
  { name }: BrokenStatement,
  text: string,
  { file, version }: Pick<PgbouncerInContext, 'file' | 'version'>,
): Fix[] {
  if (isBareName(text)) return [fix('Remove the quotes', 'safe', [replaced(file, name!.span, text)])];
  if (text === '' || text.includes("'") || !isAtLeast(version, quotedNamesSince)) return [];
  return [fix('Use single quotes', 'suggestion', [replaced(file, name!.span, `'${text}'`)])];
}

/** A name in single quotes for a version that does not know them. */
export function quotedName({ file, version }: PgbouncerInContext, { name }: SettingStatement): RuleResult {
  return {
    at: placeIn(file, name.span),
    message:
      name.text === ''
        ? `Nothing stands between the quotes: ${stops}.`
        : `PgBouncer reads names in single quotes since ${quotedNamesSince}; ${version} does not start.`,
    fixes: isBareName(name.text) ? [fix('Remove the quotes', 'safe', [replaced(file, name.span, name.text)])] : [],
  };
}

export function missingEquals({ file }: PgbouncerInContext, statement: SettingStatement): RuleResult {
  const { name, instead, section } = statement;
  const isKnown = section === 'pgbouncer' ? settingNamed('pgbouncer', name.text) !== undefined : section !== undefined;
  const fixes: Fix[] = [];
  if (instead !== undefined && isKnown && instead.valueStart < instead.span.end) {
    const edit = replaced(file, { start: name.span.end, end: instead.valueStart }, ' = ');
    fixes.push(fix('Write an equals sign', instead.isColon ? 'safe' : 'suggestion', [edit]));
  }
  return {
    at: placeIn(file, { start: name.span.start, end: instead?.span.end ?? name.span.end }),
    message: `No equals sign follows the name: ${stops}.`,
    fixes,
  };
}

export function wrongHeader(
  { file, version, inForce }: PgbouncerInContext,
  { name, isClosed, span }: SectionHeader,
): RuleResult {
  const word = name.text.trim();
  const exact = pgbouncerSections.find((section) => section === word.toLowerCase());
  if (!isClosed) {
    const end = name.span.start + name.text.trimEnd().length;
    const edit = exact && replaced(file, { start: name.span.start, end }, `${exact}]`);
    return {
      at: placeIn(file, { start: span.start, end }),
      message: `The section's closing bracket is missing: ${stops}.`,
      fixes: edit === undefined ? [] : [fix('Close the bracket', 'safe', [edit])],
    };
  }
  if (isSection(name.text) && !hasSection(version, name.text)) {
    return {
      at: placeIn(file, name.span),
      message: `The section ${name.text} exists since PgBouncer ${sectionSince(name.text)}; ${version} does not start.`,
    };
  }
  const near = exact ?? nearest(word, pgbouncerSections);
  // A second main section would set the first one back.
  const isSure = exact !== undefined && (exact !== 'pgbouncer' || inForce.mainHeaders.length === 0);
  const safety = isSure ? 'safe' : 'suggestion';
  const title = exact === undefined ? `Change to ${near}` : `Write ${exact}`;
  const edits = near === undefined ? [] : [replaced(file, name.span, near)];
  return {
    at: placeIn(file, name.span.start === name.span.end ? span : name.span),
    message:
      exact === undefined
        ? `PgBouncer knows the sections pgbouncer, databases, users and peers, and does not start with another.`
        : `Sections are compared letter by letter: PgBouncer knows ${exact}, not "${name.text}", and does not start.`,
    fixes: near === undefined ? [] : [fix(title, safety, edits)],
  };
}

export function outsideSection({ file }: PgbouncerInContext, { name, span }: SettingStatement): RuleResult {
  return {
    at: placeIn(file, name.span.start === name.span.end ? span : name.span),
    message: `No section has begun yet: a setting before the first header, and ${stops}.`,
  };
}

export function missingPath({ file }: PgbouncerInContext, { span }: IncludeStatement): RuleResult {
  return { at: placeIn(file, span), message: `No path follows %include: ${stops}.` };
}

export function commentInInclude({ file }: PgbouncerInContext, statement: IncludeStatement): RuleResult | undefined {
  const { comment } = statement;
  if (comment === undefined) return undefined;
  return {
    at: placeIn(file, comment.span),
    message: `PgBouncer takes the comment for part of the path, finds no such file and does not start: comments stand only at the start of a line.`,
    fixes: [fix('Move the comment to its own line', 'safe', commentMoved(file, statement, comment))],
  };
}

/** Right in form, and easily overlooked. */
export function besideHeader(
  { file }: PgbouncerInContext,
  header: SectionHeader,
  statement: SettingStatement,
): RuleResult | undefined {
  if (!header.isClosed || file.lines.lineAt(header.span.end) !== file.lines.lineAt(statement.span.start))
    return undefined;
  const between = { start: header.span.end, end: statement.span.start };
  return {
    at: placeIn(file, statement.span),
    severity: 'information',
    message:
      'PgBouncer reads what follows a header as the first setting of the section; on a line of its own it is not overlooked.',
    fixes: [fix('Put it on its own line', 'safe', [replaced(file, between, file.lineEnding)])],
  };
}
