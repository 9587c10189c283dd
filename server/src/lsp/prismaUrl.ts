/** What an editor offers inside a URL that Prisma reads, as the protocol's. */
import { type CompletionItem, CompletionItemKind, MarkupKind } from 'vscode-languageserver';
import { completePrismaUrl } from '../present/prismaUrl.ts';
import { rangeOf } from './convert.ts';
import type { DocumentInAnalysis } from './pgbouncer.ts';

export function prismaUrlCompletion({ uri, document, analysis }: DocumentInAnalysis, offset: number): CompletionItem[] {
  return completePrismaUrl(analysis, uri, document.text, offset).map((item, index) => ({
    label: item.label,
    kind: item.kind === 'parameter' ? CompletionItemKind.Property : CompletionItemKind.Value,
    detail: item.detail,
    documentation: { kind: MarkupKind.Markdown, value: item.documentation },
    // Settings of the pool stand first.
    sortText: String(index).padStart(4, '0'),
    filterText: item.insertText,
    textEdit: { range: rangeOf(document.lines, item.replace), newText: item.insertText },
  }));
}
