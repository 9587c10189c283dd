/** Places and edits in a pgbouncer.ini, for the rules about it. */
import { type Location, locate, type Span, type TextEdit } from '../../core/text.ts';
import type {
  ConnectionPair,
  IncludeStatement,
  PgbouncerFile,
  SettingStatement,
  Written,
} from '../../declarations/pgbouncer.ts';
import type { Fix, FixSafety } from '../finding.ts';

export function placeIn(file: PgbouncerFile, span: Span): Location {
  return locate(file.uri, span);
}

export function replaced(file: PgbouncerFile, span: Span, newText: string): TextEdit {
  return { ...placeIn(file, span), newText };
}

export function fix(title: string, safety: FixSafety, edits: readonly TextEdit[], preferred = true): Fix {
  return { title, safety, preferred, edits };
}

/** Puts a comment above the line of its statement and ends the statement before it. */
export function commentMoved(
  file: PgbouncerFile,
  statement: SettingStatement | IncludeStatement,
  comment: Written,
): TextEdit[] {
  const line = file.lines.lineAt(statement.span.start);
  const isFirstOnLine = statement.span.start - statement.indentation.length === file.lines.lineStart(line);
  const above = isFirstOnLine ? statement.span.start - statement.indentation.length : file.lines.lineStart(line);
  const written = `${statement.indentation}${comment.text}${file.lineEnding}`;
  return [
    replaced(file, { start: above, end: above }, written),
    replaced(file, { start: endBefore(statement, comment), end: comment.span.end }, ''),
  ];
}

/** Where the value ends without the comment and the white space before it. */
function endBefore(statement: SettingStatement | IncludeStatement, comment: Written): number {
  if (statement.kind === 'setting' && statement.value?.pairs !== undefined) {
    const before = statement.value.pairs.filter((pair) => pair.span.end <= comment.span.start);
    return before.at(-1)!.span.end;
  }
  const value = statement.kind === 'include' ? statement.path! : statement.value!;
  return value.span.start + value.text!.slice(0, comment.span.start - value.span.start).trimEnd().length;
}

/** Takes a statement out with its line; undefined where something else stands on that line. */
export function lineRemoved(file: PgbouncerFile, statement: SettingStatement): TextEdit[] | undefined {
  const line = file.lines.lineAt(statement.span.start);
  const start = file.lines.lineStart(line);
  if (statement.span.start - statement.indentation.length !== start) return undefined;
  return [replaced(file, { start, end: Math.min(file.end, file.lines.lineStart(line + 1)) }, '')];
}

/** Takes a pair out of its connection string, with the white space that kept it from the next one. */
export function pairRemoved(file: PgbouncerFile, statement: SettingStatement, pair: ConnectionPair): TextEdit[] {
  const pairs = statement.value?.pairs ?? [];
  const index = pairs.indexOf(pair);
  const next = pairs[index + 1];
  const before = pairs[index - 1];
  if (next !== undefined) return [replaced(file, { start: pair.span.start, end: next.span.start }, '')];
  const start = before === undefined ? pair.span.start : before.span.end;
  return [replaced(file, { start, end: pair.span.end }, '')];
}

/** A name that needs no quotes. */
export function isBareName(name: string): boolean {
  return /^[A-Za-z0-9_.*-]+$/.test(name);
}
