/** Pages without files: rule documentation and the fleet budget, shown in the editor's own Markdown preview. */
import * as vscode from 'vscode';
import {
  fleetReportRequest,
  type MarkdownResult,
  type RuleDocumentationParams,
  ruleDocumentationRequest,
} from './protocol.ts';

export const ruleScheme = 'poolproof-rules';
export const fleetScheme = 'poolproof-fleet';
const fleetPage = vscode.Uri.from({ scheme: fleetScheme, path: '/Fleet budget.md' });

/** Sends a request to the running server. */
export type Request = <Result>(method: string, params: unknown) => Promise<Result>;

const ruleId = /^[a-z][a-z0-9-]*$/;

/** The rule a link to its documentation names: `vscode://poolproof.poolproof/rule/missing-pre-ping`. */
export function ruleOfLink(uri: vscode.Uri): string | undefined {
  if (uri.authority.toLowerCase() !== 'poolproof.poolproof') return undefined;
  const [, folder, rule, ...rest] = uri.path.split('/');
  return folder === 'rule' && rule !== undefined && rest.length === 0 && ruleId.test(rule) ? rule : undefined;
}

function pageOf(rule: string): vscode.Uri {
  return vscode.Uri.from({ scheme: ruleScheme, path: `/${rule}.md` });
}

/**
 * A diagnostic's code links to its rule's page. The server writes a link to the web, which every editor can show; here
 * it becomes the page that lies in the extension, and opens offline.
 */
export function linkToDocumentation(diagnostics: readonly vscode.Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    if (typeof diagnostic.code !== 'object') continue;
    const { value } = diagnostic.code;
    if (typeof value === 'string' && ruleId.test(value)) diagnostic.code = { value, target: pageOf(value) };
  }
}

export class Documentation implements vscode.TextDocumentContentProvider, vscode.UriHandler, vscode.Disposable {
  readonly #request: Request;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];
  readonly onDidChange = this.#changed.event;

  constructor(request: Request) {
    this.#request = request;
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(ruleScheme, this),
      vscode.workspace.registerTextDocumentContentProvider(fleetScheme, this),
      vscode.window.registerUriHandler(this),
      this.#changed,
    ];
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    if (uri.scheme === fleetScheme) {
      return linkWithinWorkspace((await this.#request<MarkdownResult>(fleetReportRequest, {})).markdown);
    }
    const rule = uri.path.replace(/^\//, '').replace(/\.md$/, '');
    const params: RuleDocumentationParams = { rule };
    const page = await this.#request<MarkdownResult | null>(ruleDocumentationRequest, params);
    return page?.markdown ?? `# ${rule}\n\nThis version of Poolproof has no rule of this name.\n`;
  }

  async handleUri(uri: vscode.Uri): Promise<void> {
    const rule = ruleOfLink(uri);
    if (rule !== undefined) await this.showRule(rule);
  }

  async showRule(rule: string): Promise<void> {
    if (ruleId.test(rule)) await preview(pageOf(rule));
  }

  async showFleet(): Promise<void> {
    this.refreshFleet();
    await preview(fleetPage);
  }

  /** Asks for the fleet page again where it is open. */
  refreshFleet(): void {
    if (vscode.workspace.textDocuments.some((document) => document.uri.scheme === fleetScheme)) {
      this.#changed.fire(fleetPage);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/**
 * The Markdown preview shows no links to files by their URI, only by a path from the first workspace folder. Links to
 * other folders become their label.
 */
export function linkWithinWorkspace(markdown: string): string {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.toString();
  return markdown.replace(/\[([^\]\n]*)\]\(([a-z][\w+.-]*:\/\/[^)\s]*)\)/g, (link, label: string, target: string) => {
    if (target.startsWith('https://')) return link;
    const [address = '', line] = target.split('#');
    const uri = vscode.Uri.parse(address).toString();
    if (root === undefined || !uri.startsWith(`${root}/`)) return label;
    return `[${label}](${uri.slice(root.length)}${line === undefined ? '' : `#${line}`})`;
  });
}

async function preview(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  } catch {
    // The built-in Markdown preview can be switched off; the text itself is still worth reading.
    await vscode.window.showTextDocument(uri, { preview: true });
  }
}
