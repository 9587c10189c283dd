/** Every command under `Poolproof:`, and those that code lenses, hovers and code actions run. */
import * as vscode from 'vscode';
import type { Documentation, Request } from './documentation.ts';
import {
  type AssistantContextParams,
  assistantContextRequest,
  type DraftTopologyParams,
  type DraftTopologyResult,
  draftTopologyRequest,
  type MarkdownResult,
} from './protocol.ts';

export interface CommandContext {
  readonly request: Request;
  readonly restart: () => Promise<void>;
  readonly showOutput: () => void;
  readonly documentation: Documentation;
  /** The extension's package.json: the one list of rules the client knows. */
  readonly manifest: unknown;
}

const topologyNames = ['poolproof.yaml', 'poolproof.yml', 'poolproof.json'];

export function registerCommands(context: CommandContext): vscode.Disposable[] {
  const handlers: Record<string, (...args: never[]) => unknown> = {
    createTopologyFile: (folder?: unknown) => createTopologyFile(context.request, folder),
    showFleetBudget: () => context.documentation.showFleet(),
    copyContextForAssistant: () => copyContextForAssistant(context.request),
    fixAllInFile: () =>
      vscode.commands.executeCommand('editor.action.codeAction', { kind: 'source.fixAll.poolproof', apply: 'first' }),
    explainRule: (rule?: unknown) => explainRule(context, rule),
    offerFixes: (uri: string, position: { line: number; character: number }) => offerFixes(uri, position),
    showOutput: context.showOutput,
    restartServer: context.restart,
  };
  return Object.entries(handlers).map(([name, handler]) =>
    vscode.commands.registerCommand(`poolproof.${name}`, async (...args: unknown[]) => {
      try {
        return await (handler as (...args: unknown[]) => unknown)(...args);
      } catch (error) {
        void vscode.window.showErrorMessage(`Poolproof: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
    }),
  );
}

async function chooseFolder(argument: unknown): Promise<vscode.Uri | undefined> {
  if (typeof argument === 'string' && argument !== '') return vscode.Uri.parse(argument);
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    void vscode.window.showInformationMessage('Open a folder first: the topology file describes what runs from it.');
    return undefined;
  }
  if (folders.length === 1) return folders[0]!.uri;
  const chosen = await vscode.window.showWorkspaceFolderPick({ placeHolder: 'Folder that the topology file governs' });
  return chosen?.uri;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

async function createTopologyFile(request: Request, argument: unknown): Promise<void> {
  const folder = await chooseFolder(argument);
  if (!folder) return;
  for (const name of topologyNames) {
    const existing = vscode.Uri.joinPath(folder, name);
    if (await exists(existing)) {
      await vscode.window.showTextDocument(existing);
      void vscode.window.showInformationMessage(`${name} exists already; nothing was changed.`);
      return;
    }
  }
  const params: DraftTopologyParams = { folder: folder.toString() };
  const { text } = await request<DraftTopologyResult>(draftTopologyRequest, params);
  const file = vscode.Uri.joinPath(folder, topologyNames[0]!);
  const edit = new vscode.WorkspaceEdit();
  // Refused by the editor where a file of this name has appeared in the meantime.
  edit.createFile(file, { overwrite: false, ignoreIfExists: false, contents: new TextEncoder().encode(text) });
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`${topologyNames[0]} could not be created.`);
  await vscode.window.showTextDocument(file);
}

async function copyContextForAssistant(request: Request): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const params: AssistantContextParams = editor
    ? {
        uri: editor.document.uri.toString(),
        position: { line: editor.selection.active.line, character: editor.selection.active.character },
      }
    : {};
  const { markdown } = await request<MarkdownResult>(assistantContextRequest, params);
  await vscode.env.clipboard.writeText(markdown);
  vscode.window.setStatusBarMessage('$(check) Context for an AI assistant copied', 4000);
}

/** Rule ids in the order of the settings schema, with their one-line descriptions. */
export function rulesOfManifest(manifest: unknown): { id: string; summary: string }[] {
  const setting = (
    manifest as {
      contributes?: {
        configuration?: { properties?: Record<string, { properties?: Record<string, { description?: string }> }> };
      };
    }
  ).contributes?.configuration?.properties?.['poolproof.rules'];
  return Object.entries(setting?.properties ?? {}).map(([id, { description }]) => ({ id, summary: description ?? '' }));
}

async function explainRule(context: CommandContext, argument: unknown): Promise<void> {
  if (typeof argument === 'string') return context.documentation.showRule(argument);
  const here = rulesAtCursor();
  const items: (vscode.QuickPickItem & { id: string })[] = rulesOfManifest(context.manifest)
    .map(({ id, summary }) => ({
      id,
      label: id,
      detail: summary,
      ...(here.has(id) ? { description: 'found here' } : {}),
    }))
    .sort((a, b) => Number(here.has(b.id)) - Number(here.has(a.id)));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Rule to explain', matchOnDetail: true });
  if (chosen) await context.documentation.showRule(chosen.id);
}

function rulesAtCursor(): ReadonlySet<string> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return new Set();
  const own = vscode.languages
    .getDiagnostics(editor.document.uri)
    .filter(({ source, range }) => source === 'poolproof' && range.intersection(editor.selection) !== undefined);
  return new Set(own.map(({ code }) => String(typeof code === 'object' ? code.value : code)));
}

/** What a click on a code lens does: the quick fix menu, at the place the lens speaks of. */
async function offerFixes(uri: string, position: { line: number; character: number }): Promise<void> {
  const at = new vscode.Position(position.line, position.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection: new vscode.Range(at, at) });
  await vscode.commands.executeCommand('editor.action.quickFix');
}
