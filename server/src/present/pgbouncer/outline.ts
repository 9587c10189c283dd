/** The parts of a pgbouncer.ini: sections with their settings, and what can be folded. */
import type { Span } from '../../core/text.ts';
import type { PgbouncerFile, SettingStatement } from '../../declarations/pgbouncer.ts';

export interface PgbouncerSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'section' | 'setting' | 'entry';
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly PgbouncerSymbol[];
}

/** Sections in their order, each up to the next one; settings above the first header stand by themselves. */
export function symbolsOf(file: PgbouncerFile): PgbouncerSymbol[] {
  const symbols: (PgbouncerSymbol & { children: PgbouncerSymbol[] })[] = [];
  let current: (PgbouncerSymbol & { children: PgbouncerSymbol[] }) | undefined;
  for (const statement of file.statements) {
    if (statement.kind === 'section') {
      const name = `[${statement.name.text.trim()}]`;
      current = { name, detail: '', kind: 'section', span: statement.span, nameSpan: statement.span, children: [] };
      symbols.push(current);
    } else if (current !== undefined) {
      const grown = { ...current, span: { start: current.span.start, end: statement.span.end } };
      symbols[symbols.length - 1] = current = grown;
    }
    if (statement.kind !== 'setting' || statement.name.text === '') continue;
    const symbol = symbolOf(statement);
    if (current === undefined) symbols.push({ ...symbol, children: [] });
    else current.children.push(symbol);
  }
  return symbols;
}

function symbolOf(statement: SettingStatement): PgbouncerSymbol {
  const isEntry = statement.value?.pairs !== undefined;
  return {
    name: statement.name.text,
    detail: isEntry ? addressOf(statement) : valueText(statement),
    kind: isEntry ? 'entry' : 'setting',
    span: statement.span,
    nameSpan: statement.name.span,
    children: [],
  };
}

/** Without what its author takes for a comment. */
function valueText({ value }: SettingStatement): string {
  if (value?.text === undefined) return '';
  return shortened(value.text.slice(0, (value.comment?.valueEnd ?? value.span.end) - value.span.start));
}

const longestDetail = 60;

function shortened(text: string): string {
  return text.length > longestDetail ? `${text.slice(0, longestDetail)}…` : text;
}

/** Where an entry leads; nothing else of it is shown. */
function addressOf({ value }: SettingStatement): string {
  const text = (key: string) => value?.pairs?.findLast((pair) => pair.key.text === key)?.value?.text;
  const port = text('port');
  const database = text('dbname');
  const host = text('host');
  if (host === undefined && database === undefined) return '';
  return shortened(
    `${host ?? 'socket'}${port === undefined ? '' : `:${port}`}${database === undefined ? '' : `/${database}`}`,
  );
}

export interface PgbouncerFolding {
  /** Lines from 0, both included. */
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: 'region' | 'comment';
}

/** Sections, and comments of several lines. */
export function foldingsOf(file: PgbouncerFile): PgbouncerFolding[] {
  return [...sectionFoldings(file), ...commentFoldings(file)].filter(({ startLine, endLine }) => endLine > startLine);
}

/** Up to the last setting before the next header; the comments at the end of the file belong to the last one. */
function sectionFoldings(file: PgbouncerFile): PgbouncerFolding[] {
  const foldings: PgbouncerFolding[] = [];
  for (const { kind, span } of file.statements) {
    const endLine = file.lines.lineAt(span.end);
    const last = foldings.at(-1);
    if (kind === 'section') foldings.push({ startLine: file.lines.lineAt(span.start), endLine, kind: 'region' });
    else if (last !== undefined) foldings[foldings.length - 1] = { ...last, endLine };
  }
  const last = foldings.at(-1);
  const comment = file.comments.at(-1);
  if (last === undefined || comment === undefined) return foldings;
  const endLine = Math.max(last.endLine, file.lines.lineAt(comment.end));
  return [...foldings.slice(0, -1), { ...last, endLine }];
}

function commentFoldings(file: PgbouncerFile): PgbouncerFolding[] {
  const foldings: PgbouncerFolding[] = [];
  for (const comment of file.comments) {
    const at = file.lines.lineAt(comment.start);
    const last = foldings.at(-1);
    if (last !== undefined && last.endLine === at - 1) foldings[foldings.length - 1] = { ...last, endLine: at };
    else foldings.push({ startLine: at, endLine: at, kind: 'comment' });
  }
  return foldings;
}
