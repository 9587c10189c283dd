/** What the editor asks about a pgbouncer.ini, as the protocol's. */
import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  MarkupKind,
  SymbolKind,
} from 'vscode-languageserver';
import { maskUrls } from '../present/mask.ts';
import { completePgbouncer, type PgbouncerCompletion } from '../present/pgbouncer/completion.ts';
import { hoverPgbouncer } from '../present/pgbouncer/hover.ts';
import { foldingsOf, type PgbouncerSymbol, symbolsOf } from '../present/pgbouncer/outline.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { PgbouncerInContext } from '../rules/rule.ts';
import { rangeOf } from './convert.ts';
import type { OpenDocument } from './documents.ts';

/** A document with the analysis of its newest text. */
export interface DocumentInAnalysis {
  readonly uri: string;
  readonly document: OpenDocument;
  readonly analysis: Analysis;
}

function contextOf({ uri, analysis }: DocumentInAnalysis): PgbouncerInContext | undefined {
  return analysis.pgbouncerFiles.find(({ file }) => file.uri === uri);
}

export function isPgbouncer(at: DocumentInAnalysis): boolean {
  return contextOf(at) !== undefined;
}

/** The users of a list beside the file. */
function userNames({ uri, analysis }: DocumentInAnalysis): string[] {
  const folder = uri.slice(0, uri.lastIndexOf('/') + 1);
  const list = analysis.pgbouncerUserlists.find(
    (each) => each.uri.startsWith(folder) && !each.uri.slice(folder.length).includes('/'),
  );
  return list?.users.map(({ user }) => user.text) ?? [];
}

export function pgbouncerHover(at: DocumentInAnalysis, offset: number): Hover | null {
  const context = contextOf(at);
  const found = context && hoverPgbouncer(context, offset, at.analysis.fleets);
  if (found === undefined) return null;
  return {
    contents: { kind: MarkupKind.Markdown, value: maskUrls(found.markdown) },
    range: rangeOf(at.document.lines, found.at),
  };
}

const itemKinds: Readonly<Record<PgbouncerCompletion['kind'], CompletionItemKind>> = {
  section: CompletionItemKind.Module,
  setting: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  keyword: CompletionItemKind.Keyword,
};

export function pgbouncerCompletion(at: DocumentInAnalysis, offset: number): CompletionItem[] {
  const context = contextOf(at);
  if (context === undefined) return [];
  return completePgbouncer(context, at.document.text, offset, userNames(at)).map((item, index) => ({
    label: item.label,
    kind: itemKinds[item.kind],
    detail: item.detail === '' ? undefined : item.detail,
    documentation: item.documentation === '' ? undefined : { kind: MarkupKind.Markdown, value: item.documentation },
    // What is about the same stands together, as in the manual.
    sortText: String(index).padStart(4, '0'),
    tags: item.isDeprecated ? [CompletionItemTag.Deprecated] : undefined,
    textEdit: { range: rangeOf(at.document.lines, item.replace), newText: item.insertText },
  }));
}

const symbolKinds: Readonly<Record<PgbouncerSymbol['kind'], SymbolKind>> = {
  section: SymbolKind.Namespace,
  setting: SymbolKind.Property,
  entry: SymbolKind.Object,
};

export function pgbouncerSymbols(at: DocumentInAnalysis): DocumentSymbol[] | null {
  const context = contextOf(at);
  const converted = (symbol: PgbouncerSymbol): DocumentSymbol => ({
    name: symbol.name,
    detail: symbol.detail,
    kind: symbolKinds[symbol.kind],
    range: rangeOf(at.document.lines, symbol.span),
    selectionRange: rangeOf(at.document.lines, symbol.nameSpan),
    children: symbol.children.map(converted),
  });
  return context === undefined ? null : symbolsOf(context.file).map(converted);
}

export function pgbouncerFoldings(at: DocumentInAnalysis): FoldingRange[] | null {
  const context = contextOf(at);
  return context === undefined ? null : foldingsOf(context.file).map((each) => ({ ...each }));
}
