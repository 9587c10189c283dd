/** The quick fix menu: preferred fix, alternatives, all of the kind in the file, ignore here, explain. Edits are resolved lazily. */
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { TextEdit as OurEdit } from '../core/text.ts';
import { spansOverlap } from '../core/text.ts';
import { type EnvironmentMove, type FileAddition, moveToEnvironmentFile } from '../present/environmentMove.ts';
import { canIgnore, ignoreEdit } from '../present/ignore.ts';
import { maskText } from '../present/mask.ts';
import { moveToPrismaConfig } from '../present/prismaConfigMove.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { Finding, Fix } from '../rules/finding.ts';
import { locationRange, rangeOf, toDiagnostic } from './convert.ts';
import type { OpenDocument } from './documents.ts';
import type { FolderState } from './folders.ts';
import { prismaConfigFor } from './prismaConfig.ts';
import type { Session } from './session.ts';
import { type TieData, tieActions, tieEditFor } from './tieAction.ts';

export const fixAllKind = `${CodeActionKind.SourceFixAll}.poolproof`;

/** Enough to find the action again; checked against the text it was offered for. */
interface ActionData {
  readonly uri: string;
  readonly version: number;
  readonly kind: 'fix' | 'fixRule' | 'fixAll' | 'ignore';
  readonly rule: string;
  readonly start: number;
  readonly index: number;
}

export interface ActionContext {
  readonly session: Session;
  readonly uri: string;
  readonly document: OpenDocument;
  readonly state: FolderState;
  readonly analysis: Analysis;
}

export async function codeActions(
  context: ActionContext,
  span: { start: number; end: number },
  only: readonly string[] | undefined,
): Promise<CodeAction[]> {
  const { analysis, uri, document, session } = context;
  const wants = (kind: string) =>
    only === undefined || only.some((each) => kind === each || kind.startsWith(`${each}.`));
  const actions: CodeAction[] = [];
  const data = (kind: ActionData['kind'], finding: Finding | undefined, index = 0): ActionData => ({
    uri,
    version: document.version,
    kind,
    rule: finding?.rule ?? '',
    start: finding?.at.start ?? 0,
    index,
  });
  if (wants(CodeActionKind.QuickFix)) {
    const touched = analysis.findings.filter((finding) => finding.at.uri === uri && touches(finding.at, span));
    for (const finding of touched) {
      const diagnostic = toDiagnostic(finding, analysis, session.capabilities, session.clientUri);
      const diagnostics: Diagnostic[] = diagnostic ? [diagnostic] : [];
      const byPreference = finding.fixes
        .map((fix, index) => ({ fix, index }))
        .sort((a, b) => Number(b.fix.preferred) - Number(a.fix.preferred));
      for (const { fix, index } of byPreference) {
        actions.push({
          title: maskText(fix.title),
          kind: CodeActionKind.QuickFix,
          diagnostics,
          isPreferred: fix.preferred,
          data: data('fix', finding, index),
        });
      }
    }
    for (const rule of new Set(touched.map((finding) => finding.rule))) {
      const all = analysis.findings.filter(
        (each) => each.rule === rule && each.at.uri === uri && safeFix(each) !== undefined,
      );
      if (all.length < 2) continue;
      actions.push({ title: `Fix all ${rule} in file`, kind: CodeActionKind.QuickFix, data: data('fixRule', all[0]) });
    }
    for (const finding of distinctRules(touched)) {
      if (!canIgnore(uri, document.text, document.lines, finding)) continue;
      actions.push({
        title: `Ignore ${finding.rule} here`,
        kind: CodeActionKind.QuickFix,
        data: data('ignore', finding),
      });
    }
    actions.push(...tieActions(analysis, { uri, version: document.version }, span));
    for (const finding of distinctRules(touched)) {
      if (!session.capabilities.runsExtensionCommands) continue;
      const command = { title: `Explain ${finding.rule}`, command: 'poolproof.explainRule', arguments: [finding.rule] };
      actions.push({ title: command.title, kind: CodeActionKind.QuickFix, command });
    }
  }
  // Never offered unasked: a request for everything must not rewrite the file on save.
  if (
    only !== undefined &&
    wants(fixAllKind) &&
    analysis.findings.some((each) => each.at.uri === uri && safeFix(each) !== undefined)
  ) {
    actions.push({
      title: 'Fix all Poolproof findings that are safe to fix',
      kind: fixAllKind,
      data: data('fixAll', undefined),
    });
  }
  if (session.capabilities.resolvesCodeActionEdits) return actions;
  return Promise.all(actions.map((action) => resolveAction(context, action)));
}

/** Fills in the edit; leaves the action without one where the text has changed since it was offered. */
export async function resolveAction(context: ActionContext, action: CodeAction): Promise<CodeAction> {
  const data = action.data as ActionData | TieData | undefined;
  if (data === undefined || action.edit !== undefined || data.version !== context.document.version) return action;
  const { analysis, uri } = context;
  if (data.kind === 'tie') {
    const edit = await tieEditFor(analysis, data, (file) => context.state.project.read(file));
    return edit === undefined ? action : { ...action, edit: workspaceEdit(context, [edit]) };
  }
  const inFile = analysis.findings.filter((finding) => finding.at.uri === uri);
  if (data.kind === 'fixAll' || data.kind === 'fixRule') {
    const chosen = inFile.filter((finding) => data.kind === 'fixAll' || finding.rule === data.rule);
    return { ...action, edit: workspaceEdit(context, compatibleEdits(chosen)) };
  }
  const finding = inFile.find((each) => each.rule === data.rule && each.at.start === data.start);
  if (finding === undefined) return action;
  if (data.kind === 'ignore') {
    return {
      ...action,
      edit: workspaceEdit(context, [ignoreEdit(uri, context.document.text, context.document.lines, finding)]),
    };
  }
  const fix = finding.fixes[data.index];
  if (fix === undefined) return action;
  const configured = await configurationMove(context, fix);
  if (configured === undefined) return action;
  const move = fix.moveToEnvironmentFile === undefined ? undefined : await environmentMove(context, fix);
  return { ...action, edit: workspaceEdit(context, fix.edits, { files: [...configured, ...(move?.files ?? [])] }) };
}

function touches(at: { start: number; end: number }, span: { start: number; end: number }): boolean {
  return spansOverlap(at, span) || (at.start <= span.end && span.start <= at.end);
}

function distinctRules(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.rule, finding])).values()];
}

function safeFix(finding: Finding): Fix | undefined {
  return finding.fixes.find((fix) => fix.safety === 'safe');
}

/** Edits of safe fixes; where two overlap the first wins and the other waits for the next round. */
export function compatibleEdits(findings: readonly Finding[]): OurEdit[] {
  const taken: OurEdit[] = [];
  for (const finding of findings) {
    const edits = safeFix(finding)?.edits ?? [];
    const isFree = edits.every((edit) =>
      taken.every((other) => other.uri !== edit.uri || edit.end < other.start || other.end < edit.start),
    );
    if (isFree) taken.push(...edits);
  }
  return taken;
}

async function environmentMove(context: ActionContext, fix: Fix): Promise<EnvironmentMove | undefined> {
  const { variable, literal } = fix.moveToEnvironmentFile!;
  const root = context.state.project.root;
  const source = context.document.text.slice(literal.start, literal.end);
  return moveToEnvironmentFile(variable, source, {
    environmentFile: { uri: `${root}/.env`, text: await context.state.project.read(`${root}/.env`) },
    ignoreFile: { uri: `${root}/.gitignore`, text: await context.state.project.read(`${root}/.gitignore`) },
  });
}

/** What goes into a Prisma configuration; undefined where that cannot be done. */
async function configurationMove({ state, session }: ActionContext, fix: Fix): Promise<FileAddition[] | undefined> {
  if (fix.moveToPrismaConfig === undefined) return [];
  const found = await prismaConfigFor(fix.moveToPrismaConfig.schema, state.project);
  const additions = moveToPrismaConfig({ ...fix.moveToPrismaConfig, ...found }, found.file);
  return additions?.some((each) => each.isNew) && !session.capabilities.createsFiles ? undefined : additions;
}

function workspaceEdit(context: ActionContext, edits: readonly OurEdit[], move?: EnvironmentMove): WorkspaceEdit {
  const { session, analysis } = context;
  const byUri = new Map<string, TextEdit[]>();
  for (const edit of edits) {
    const range = edit.uri === context.uri ? rangeOf(context.document.lines, edit) : locationRange(analysis, edit);
    if (range === undefined) continue;
    const list = byUri.get(edit.uri) ?? [];
    list.push({ range, newText: edit.newText });
    byUri.set(edit.uri, list);
  }
  const creations: { kind: 'create'; uri: string; options: { ignoreIfExists: boolean } }[] = [];
  for (const file of move?.files ?? []) {
    if (file.isNew) {
      if (!session.capabilities.createsFiles) continue;
      creations.push({ kind: 'create', uri: file.uri, options: { ignoreIfExists: true } });
    }
    const list = byUri.get(file.uri) ?? [];
    list.push({ range: { start: file.position, end: file.position }, newText: file.newText });
    byUri.set(file.uri, list);
  }
  if (!session.capabilities.takesDocumentChanges) {
    return { changes: Object.fromEntries([...byUri].map(([uri, list]) => [session.clientUri(uri), list])) };
  }
  const documentChanges: TextDocumentEdit[] = [...byUri].map(([uri, list]) => ({
    textDocument: { uri: session.clientUri(uri), version: session.documents.get(uri)?.version ?? null },
    edits: list,
  }));
  return { documentChanges: [...creations, ...documentChanges] };
}
