/** The offer, on the header of [databases], to name a pgbouncer.ini in the topology file. */
import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import type { TextEdit } from '../core/text.ts';
import { maskText } from '../present/mask.ts';
import { databasesHeader, targetsOf } from '../present/pgbouncer/lenses.ts';
import type { Analysis } from '../rules/analysis.ts';
import { tieEdit } from '../topology/tie.ts';

export interface TieData {
  readonly uri: string;
  readonly version: number;
  readonly kind: 'tie';
  /** Which of the databases that come into question; their names may hold anything. */
  readonly index: number;
}

export function tieActions(
  analysis: Analysis,
  document: { readonly uri: string; readonly version: number },
  span: { start: number; end: number },
): (CodeAction & { data: TieData })[] {
  const context = analysis.pgbouncerFiles.find(({ file }) => file.uri === document.uri);
  const header = context && databasesHeader(context);
  if (context === undefined || header === undefined || span.end < header.start || header.end < span.start) return [];
  return targetsOf(analysis, context).map(({ topology, database }, index) => ({
    title: maskText(`Make this the pooler of ${database.name} in ${analysis.displayPath(topology.uri)}`),
    kind: CodeActionKind.QuickFix,
    data: { ...document, kind: 'tie', index },
  }));
}

/** Undefined where the topology file has changed so that it does not fit any more. */
export async function tieEditFor(
  analysis: Analysis,
  { uri, index }: TieData,
  read: (uri: string) => Promise<string | undefined>,
): Promise<TextEdit | undefined> {
  const context = analysis.pgbouncerFiles.find(({ file }) => file.uri === uri);
  const target = context && targetsOf(analysis, context)[index];
  const text = target && (await read(target.topology.uri));
  return text === undefined ? undefined : tieEdit(target!.topology.uri, text, target!.database.name, target!.path);
}
