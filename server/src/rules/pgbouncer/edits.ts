/** Places and edits in a pgbouncer.ini, for the rules about it. */
import { type Location, locate, type Span, type TextEdit } from '../../core/text.ts';
import type {
  ConnectionPair,
  IncludeStatement,
  MistakenComment,
  PgbouncerFile,
  SettingStatement,
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

/**
 * Puts a comment on a line of its own: above its statement, which is written again below it; below where the statement may
 * hold a password, which no edit repeats.
 */
export function commentMoved(
  file: PgbouncerFile,
  { span, indentation }: SettingStatement | IncludeStatement,
  { span: comment, valueEnd, statement }: MistakenComment,
): TextEdit[] {
  const lineBreak = file.lineEnding + indentation;
  if (statement === undefined) return [replaced(file, { start: valueEnd, end: comment.start }, lineBreak)];
  return [
    replaced(file, { start: span.start, end: comment.start }, ''),
    replaced(file, { start: comment.end, end: comment.end }, lineBreak + statement),
  ];
}

/** Takes a statement out with its line; undefined where something else stands on that line. */
export function lineRemoved(file: PgbouncerFile, statement: SettingStatement): TextEdit[] | undefined {
  const line = file.lines.lineAt(statement.span.start);
  const start = file.lines.lineStart(line);
  if (statement.span.start - statement.indentation.length !== start) return undefined;
  return [replaced(file, { start, end: Math.min(file.end, file.lines.lineStart(line + 1)) }, '')];
}

/** Writes a line below the one on which something stands. */
export function lineAdded(file: PgbouncerFile, { end }: Span, text: string): TextEdit {
  const next = file.lines.lineStart(file.lines.lineAt(end) + 1);
  const at = Math.min(file.end, next);
  const isLast = file.lines.lineAt(at) === file.lines.lineAt(end);
  return replaced(file, { start: at, end: at }, isLast ? file.lineEnding + text : text + file.lineEnding);
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
