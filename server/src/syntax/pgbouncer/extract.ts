/** pgbouncer.ini: text to tree to model. The tree lives no longer than the call. */
import type { Node } from 'web-tree-sitter';
import { LineIndex, lineEndingOf, type Span } from '../../core/text.ts';
import {
  type BrokenStatement,
  type ConnectionPair,
  isTemplateText,
  type MistakenComment,
  type PgbouncerFile,
  type PgbouncerStatement,
  type SettingStatement,
  type SettingValue,
} from '../../declarations/pgbouncer.ts';
import type { SourceContext } from '../../declarations/pool.ts';
import { settingNamed } from '../../facts/pgbouncer.ts';
import type { LanguageParser } from '../parser.ts';
import { readSuppressions } from '../suppressions.ts';
import { connectionPairs } from './connectionString.ts';
import { passwordsIn } from './credentials.ts';
import { type ParsedText, spanOf, textIn } from './parsed.ts';

export interface ReadingContext {
  readonly parser: LanguageParser;
  /** True where a byte order mark was taken off the text. */
  readonly hasByteOrderMark?: boolean;
  /** The section that is in force where the file is included. */
  readonly section?: string;
}

export function readPgbouncer(
  uri: string,
  text: string,
  context: SourceContext,
  { parser, hasByteOrderMark = false, section }: ReadingContext,
): PgbouncerFile {
  const lines = LineIndex.of(text);
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const nul = text.indexOf('\0');
  const end = nul === -1 ? text.length : nul;
  // In an entry's section values are read otherwise: the grammar is told by a header that is not there.
  const header = section === undefined ? '' : `[${section}]\n`;
  const body = header + text.slice(start, end);
  // Only a line's end tells white space behind a value from white space in it.
  const tree = parser.parse(body.endsWith('\n') ? body : `${body}\n`);
  const reader = new Reader({ text, start: start - header.length }, section);
  try {
    reader.readStatements(tree.rootNode, section);
  } finally {
    tree.delete();
  }
  const { statements, comments } = reader;
  const starts = new Set(comments.map((comment) => comment.start));
  return {
    uri,
    lines,
    context,
    statements,
    comments,
    lineEnding: lineEndingOf(text),
    hasByteOrderMark: hasByteOrderMark || start === 1,
    isMarkInText: start === 1,
    end,
    credentials: passwordsIn(uri, text, statements),
    suppressions: readSuppressions(uri, text, lines, (offset) => starts.has(offset)),
  };
}

/** In SQL both signs mean something; in numbers and words neither does. */
function signIn(name: string): RegExp | undefined {
  const type = settingNamed('pgbouncer', name.toLowerCase())?.type;
  if (type === 'sql') return undefined;
  return type === 'text' || type === 'list' || type === 'path' ? spacedSign : /[;#]/;
}

const spacedSign = /(?<=[ \t])[;#]/;

/** An entry that stands in the wrong section holds one, and so do the options of an LDAP server. */
function mayHoldPassword(name: string): boolean {
  return name === 'auth_ldap_options' || settingNamed('pgbouncer', name.toLowerCase()) === undefined;
}

class Reader {
  readonly statements: PgbouncerStatement[] = [];
  readonly comments: Span[] = [];
  private isBehindInclude = false;

  constructor(
    private readonly parsed: ParsedText,
    /** Of the header that is not in the text. */
    private readonly inherited: string | undefined,
  ) {}

  readStatements(parent: Node, section: string | undefined): void {
    let current = section;
    for (const node of parent.namedChildren) {
      if (node === null) continue;
      if (node.type === 'settings_section' || node.type === 'entries_section') this.readStatements(node, undefined);
      else if (node.type === 'comment') this.comments.push(spanOf(this.parsed, node));
      else if (node.type === 'header') current = this.readHeader(node);
      else if (node.type === 'include') this.readInclude(node);
      else if (node.type === 'setting') this.statements.push(this.setting(node, current));
      else this.statements.push(this.broken(spanOf(this.parsed, node)));
    }
  }

  private readHeader(node: Node): string | undefined {
    if (this.inherited !== undefined && node.startIndex === 0) return this.inherited;
    this.isBehindInclude = false;
    const span = spanOf(this.parsed, node);
    const name = node.childForFieldName('name');
    const nameSpan = name === null ? { start: span.start + 1, end: span.start + 1 } : spanOf(this.parsed, name);
    const text = textIn(this.parsed, nameSpan);
    const isClosed = span.end > nameSpan.end;
    this.statements.push({ kind: 'section', name: { text, span: nameSpan }, isClosed, span });
    return text;
  }

  private readInclude(node: Node): void {
    this.isBehindInclude = true;
    const path = node.childForFieldName('path');
    const span = path === null ? undefined : spanOf(this.parsed, path);
    const comment = span && this.commentIn(textIn(this.parsed, span), span, spacedSign, node);
    const shown = span && { start: span.start, end: comment?.valueEnd ?? span.end };
    this.statements.push({
      kind: 'include',
      path: shown && { text: textIn(this.parsed, shown), span: shown },
      comment,
      indentation: this.indentationOf(spanOf(this.parsed, node).start),
      span: spanOf(this.parsed, node),
    });
  }

  private setting(node: Node, section: string | undefined): SettingStatement {
    const span = spanOf(this.parsed, node);
    const name = node.childForFieldName('name');
    const equals = node.childForFieldName('equals');
    const value = node.childForFieldName('value');
    const nameSpan = name === null ? { start: span.start, end: span.start } : spanOf(this.parsed, name);
    const isQuoted = name?.type === 'quoted_name';
    const nameText = textIn(this.parsed, nameSpan);
    const equalsSpan = equals === null ? undefined : spanOf(this.parsed, equals);
    const left = equals === null ? node.namedChildren.find((child) => child?.type === 'broken') : undefined;
    return {
      kind: 'setting',
      section,
      isBehindInclude: this.isBehindInclude,
      name: { text: isQuoted ? nameText.slice(1, -1) : nameText, span: nameSpan },
      isQuoted,
      indentation: this.indentationOf(span.start),
      span: value === null && equalsSpan !== undefined ? this.withoutSpaceAtEnd(span) : span,
      equals: equalsSpan,
      instead: left === undefined || left === null ? undefined : this.instead(spanOf(this.parsed, left)),
      value: value === null ? undefined : this.value(value, section, nameText),
    };
  }

  private indentationOf(offset: number): string {
    const { text } = this.parsed;
    let start = offset;
    while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
    return start === 0 || text[start - 1] === '\n' ? text.slice(start, offset) : '';
  }

  private withoutSpaceAtEnd(span: Span): Span {
    return { start: span.start, end: span.start + textIn(this.parsed, span).trimEnd().length };
  }

  private instead(span: Span): SettingStatement['instead'] {
    const text = textIn(this.parsed, span);
    const start = span.start + text.length - text.trimStart().length;
    const isColon = this.parsed.text[start] === ':';
    const value = this.parsed.text.slice(isColon ? start + 1 : start, span.end).trimStart();
    return { span: { start, end: span.end }, isColon, valueStart: span.end - value.length };
  }

  private value(node: Node, section: string | undefined, name: string): SettingValue {
    const span = spanOf(this.parsed, node);
    const text = textIn(this.parsed, span);
    const isTemplate = isTemplateText(text);
    // Their own spaces separate nothing.
    if (node.type === 'connection_string' && /\{\{|\{%|<%/.test(text)) return { span, isTemplate };
    if (node.type === 'connection_string') {
      const pairs = connectionPairs(this.parsed, node, section);
      return { span, pairs, comment: this.commentAmong(pairs, span, node), isTemplate };
    }
    if (mayHoldPassword(name)) {
      return { span, isLikeEntry: /^(?:host|port|dbname|user|password|auth_user)[ ]*=/.test(text), isTemplate };
    }
    return { span, text, comment: this.commentIn(text, span, signIn(name), node.parent!), isTemplate };
  }

  private commentIn(text: string, span: Span, sign: RegExp | undefined, statement: Node): MistakenComment | undefined {
    // Where any text will do, a comment alone stands for none.
    const isAll = sign === spacedSign && /^[;#](?:[ \t]|$)/.test(text);
    const index = sign === undefined ? -1 : isAll ? 0 : text.search(sign);
    if (index < 1 && !isAll) return undefined;
    const valueEnd = span.start + text.slice(0, index).trimEnd().length;
    const start = this.parsed.start + statement.startIndex;
    return {
      span: { start: span.start + index, end: span.end },
      valueEnd,
      statement: textIn(this.parsed, { start, end: valueEnd }).trimEnd(),
    };
  }

  /** Where a pair would begin; what may be the rest of a password is no comment. */
  private commentAmong(pairs: readonly ConnectionPair[], span: Span, node: Node): MistakenComment | undefined {
    const first = pairs.findIndex(({ key }) => key.isComment);
    if (first === -1) return undefined;
    const start = this.parsed.start + node.parent!.startIndex;
    // An entry without pairs is one of the same name, through the socket.
    const valueEnd = pairs[first - 1]?.span.end ?? span.start;
    // Any key that is not known may be a password's.
    const isOpen = pairs.slice(0, first).every(({ value }) => value?.text !== undefined);
    return {
      span: { start: pairs[first]!.span.start, end: span.end },
      valueEnd,
      statement: isOpen ? textIn(this.parsed, { start, end: valueEnd }).trimEnd() : undefined,
    };
  }

  private broken(span: Span): BrokenStatement {
    const text = textIn(this.parsed, span);
    if (isTemplateText(text)) return { kind: 'broken', span, form: 'template' };
    const quoted = /^"([^"\n]*)"[ \t]*=/.exec(text);
    if (quoted !== null) {
      const name = { text: quoted[1]!, span: { start: span.start, end: span.start + quoted[1]!.length + 2 } };
      return { kind: 'broken', span, form: 'double-quoted-name', name };
    }
    return { kind: 'broken', span, form: /^[%!]?include\b/i.test(text) ? 'include' : 'other' };
  }
}
