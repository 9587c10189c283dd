/** The server's state between messages: open documents, folders, settings, and the one analysis in flight per folder. */
import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
} from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { LineIndex } from '../core/text.ts';
import type { Analysis } from '../rules/analysis.ts';
import { loadParser } from '../syntax/parser.ts';
import { ignoredFolders } from '../workspace/fileKinds.ts';
import { type ProjectSettings, readSettings } from '../workspace/settings.ts';
import { type Capabilities, readCapabilities } from './capabilities.ts';
import { type FolderState, Folders } from './folders.ts';
import type { ServerHost } from './host.ts';
import { statusNotification } from './protocol.ts';
import { Publisher } from './publisher.ts';
import { statusOf } from './status.ts';

export interface OpenDocument {
  /** The URI as the client spells it. */
  readonly clientUri: string;
  version: number;
  text: string;
  lines: LineIndex;
}

const watched =
  '**/{*.py,*.pyw,*.yaml,*.yml,poolproof.json,.env,*requirements*.txt,*requirements*.in,pyproject.toml,*.lock,Pipfile,Pipfile.lock,setup.cfg,Procfile,Dockerfile*,postgresql.conf}';

export class Session {
  readonly documents = new Map<string, OpenDocument>();
  readonly capabilities: Capabilities;
  folders!: Folders;
  publisher!: Publisher;
  private settings: ProjectSettings;
  private lastStatus = '';

  constructor(
    private readonly connection: Connection,
    private readonly host: ServerHost,
    private readonly params: InitializeParams,
  ) {
    this.capabilities = readCapabilities(params);
    this.settings = readSettings((params.initializationOptions as { settings?: unknown } | undefined)?.settings);
  }

  /** One spelling per file, however the client writes its URI. */
  readonly normalise = (uri: string): string => {
    try {
      return URI.parse(uri).toString();
    } catch {
      return uri;
    }
  };

  readonly clientUri = (uri: string): string => this.documents.get(uri)?.clientUri ?? uri;

  log(message: string): void {
    this.connection.console.error(message);
  }

  /** Loads the parser and the folders; documents may be opened from here on. */
  async start(): Promise<void> {
    const parser = await loadParser('python', this.host.grammars(this.connection));
    this.folders = new Folders(this.host.access(this.connection), parser, (message) => this.log(message));
    this.publisher = new Publisher(
      this.connection,
      this.capabilities,
      this.clientUri,
      (uri) => this.documents.get(uri)?.version,
    );
    const { workspaceFolders, rootUri } = this.params;
    const given = workspaceFolders ?? (rootUri ? [{ uri: rootUri, name: '' }] : []);
    for (const folder of given) this.folders.add(this.rootOf(folder.uri), folder.name, this.settings, true);
  }

  /** After `initialized`: settings, watchers, the scan. */
  async begin(): Promise<void> {
    if (this.capabilities.notifiesConfiguration) {
      void this.connection.client.register(DidChangeConfigurationNotification.type, { section: 'poolproof' });
    }
    if (this.capabilities.watchesFiles) {
      void this.connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: watched }],
      });
    }
    if (this.capabilities.notifiesFolders) {
      this.connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
        for (const folder of removed) this.removeFolder(this.rootOf(folder.uri));
        for (const folder of added) {
          const state = this.folders.add(this.rootOf(folder.uri), folder.name, this.settings, true);
          await this.loadSettings(state);
          this.adoptOpenDocuments(state);
          await this.scan(state);
        }
      });
    }
    for (const state of this.folders.all()) await this.loadSettings(state);
    for (const state of this.folders.all()) if (state.isWorkspaceFolder) await this.scan(state);
  }

  private rootOf(uri: string): string {
    return this.normalise(uri).replace(/\/$/, '');
  }

  private removeFolder(root: string): void {
    const state = this.folders.remove(root);
    if (state?.analysis === undefined) return;
    this.publisher.update(
      { ...state.analysis, findings: [] },
      (uri) => state.project.contains(uri) && this.folders.owner(uri) === undefined,
    );
  }

  private adoptOpenDocuments(state: FolderState): void {
    for (const [uri, document] of this.documents)
      if (state.project.contains(uri)) state.project.open(uri, document.text);
  }

  /** The folder's settings from the client; true where files must be listed again. */
  private async loadSettings(state: FolderState): Promise<boolean> {
    const before = state.project.currentSettings;
    if (this.capabilities.asksConfiguration) {
      try {
        const scopeUri = state.isWorkspaceFolder ? state.project.root : undefined;
        state.project.configure(
          readSettings(await this.connection.workspace.getConfiguration({ scopeUri, section: 'poolproof' })),
        );
      } catch {
        // A client that promises configuration and then refuses: the settings so far stay.
      }
    } else state.project.configure(this.settings);
    const after = state.project.currentSettings;
    return JSON.stringify([before.exclude, before.topology]) !== JSON.stringify([after.exclude, after.topology]);
  }

  async configurationChanged(pushed: unknown): Promise<void> {
    if (!this.capabilities.asksConfiguration) {
      const given = pushed as { poolproof?: unknown } | undefined;
      this.settings = readSettings(given?.poolproof ?? given);
    }
    for (const state of this.folders.all()) {
      if ((await this.loadSettings(state)) && state.isWorkspaceFolder) await this.scan(state);
      else this.touch(state);
    }
    this.refreshViews();
  }

  /** Reads a whole folder, with progress that can be cancelled; keystrokes are served in between. */
  private async scan(state: FolderState): Promise<void> {
    state.cancelScan?.();
    let isCancelled = false;
    state.cancelScan = () => {
      isCancelled = true;
    };
    const progress = this.capabilities.showsProgress
      ? await this.connection.window.createWorkDoneProgress()
      : undefined;
    progress?.begin('Poolproof: reading pools', 0, undefined, true);
    progress?.token.onCancellationRequested(() => {
      isCancelled = true;
    });
    try {
      await state.project.scan({
        isCancelled: () => isCancelled,
        report: (done, total) => progress?.report(Math.round((100 * done) / total), `${done} of ${total} files`),
        pause: () => new Promise((resolve) => this.host.defer(resolve)),
      });
    } catch (error) {
      this.log(`scan failed: ${error instanceof Error ? error.name : 'unknown error'}`);
    } finally {
      progress?.done();
      this.touch(state);
    }
  }

  /** A folder changed: analyse it soon, once for all messages that have already arrived. */
  touch(state: FolderState): void {
    if (state.isDirty && state.running !== undefined) return;
    state.isDirty = true;
    this.host.defer(() => {
      if (state.isDirty && state.running === undefined) void this.analysis(state);
    });
  }

  /** The analysis of the newest text. */
  analysis(state: FolderState): Promise<Analysis> {
    if (state.running !== undefined) return state.running;
    if (!state.isDirty && state.analysis !== undefined) return Promise.resolve(state.analysis);
    state.running = this.analyse(state).finally(() => {
      state.running = undefined;
    });
    return state.running;
  }

  private async analyse(state: FolderState): Promise<Analysis> {
    let analysis: Analysis;
    do {
      state.isDirty = false;
      analysis = await state.project.analyse();
      // Text that changed while other files were read makes the result old; nothing old is published.
    } while (state.isDirty);
    const before = state.analysis;
    state.analysis = analysis;
    this.publisher.update(analysis, (uri) => this.folders.owner(uri) === state);
    if (before !== undefined && fleetKey(before) !== fleetKey(analysis)) this.refreshViews();
    this.sendStatus();
    return analysis;
  }

  private refreshViews(): void {
    if (this.capabilities.refreshesCodeLenses)
      void this.connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
    if (this.capabilities.refreshesInlayHints)
      void this.connection.languages.inlayHint.refresh().catch(() => undefined);
  }

  private sendStatus(): void {
    if (!this.capabilities.runsExtensionCommands) return;
    const status = statusOf(this.folders.all().flatMap((state) => state.analysis ?? []));
    const key = JSON.stringify(status);
    if (key === this.lastStatus) return;
    this.lastStatus = key;
    void this.connection.sendNotification(statusNotification, status);
  }

  opened(clientUri: string, version: number, text: string): void {
    const uri = this.normalise(clientUri);
    this.documents.set(uri, { clientUri, version, text, lines: LineIndex.of(text) });
    const state = this.folders.owner(uri) ?? this.loneFolder(uri);
    state.project.open(uri, text);
    this.touch(state);
  }

  /** A file outside every folder: its own folder is the project, with nothing scanned. */
  private loneFolder(uri: string): FolderState {
    const root = uri.slice(0, uri.lastIndexOf('/'));
    const state = this.folders.add(root, '', this.settings, false);
    void state.project
      .filesChanged(
        ['poolproof.yaml', 'poolproof.yml', 'poolproof.json', '.env', 'requirements.txt', 'pyproject.toml'].map(
          (name) => `${root}/${name}`,
        ),
      )
      .then(() => this.touch(state));
    return state;
  }

  changed(
    clientUri: string,
    version: number,
    changes: readonly {
      range?: { start: { line: number; character: number }; end: { line: number; character: number } };
      text: string;
    }[],
  ): void {
    const uri = this.normalise(clientUri);
    const document = this.documents.get(uri);
    const state = this.folders.owner(uri);
    if (document === undefined || state === undefined) return;
    document.version = version;
    for (const change of changes) {
      if (change.range === undefined) {
        document.text = change.text;
        document.lines = LineIndex.of(change.text);
        state.project.open(uri, change.text);
        continue;
      }
      const start = document.lines.offset(change.range.start);
      const end = Math.max(start, document.lines.offset(change.range.end));
      document.text = document.text.slice(0, start) + change.text + document.text.slice(end);
      document.lines = document.lines.withEdit(start, end, change.text, document.text);
      state.project.edit(uri, [{ start, end, newText: change.text }]);
    }
    this.touch(state);
  }

  async closed(clientUri: string): Promise<void> {
    const uri = this.normalise(clientUri);
    const state = this.folders.owner(uri);
    this.documents.delete(uri);
    if (state === undefined) return;
    await state.project.close(uri);
    if (!state.isWorkspaceFolder && ![...this.documents.keys()].some((each) => this.folders.owner(each) === state)) {
      this.removeFolder(state.project.root);
      return;
    }
    this.touch(state);
  }

  async watchedFilesChanged(clientUris: readonly string[]): Promise<void> {
    const byFolder = new Map<FolderState, Set<string>>();
    for (const clientUri of clientUris) {
      const uri = this.normalise(clientUri);
      if (uri.split('/').some((part) => ignoredFolders.has(part))) continue;
      const state = this.folders.owner(uri);
      if (state === undefined) continue;
      const uris = byFolder.get(state) ?? new Set();
      byFolder.set(state, uris.add(uri));
    }
    for (const [state, uris] of byFolder) {
      await state.project.filesChanged(uris);
      this.touch(state);
    }
  }

  /** Document, folder and newest analysis for a request about a file; undefined for files that are not open. */
  async at(
    clientUri: string,
  ): Promise<{ uri: string; document: OpenDocument; state: FolderState; analysis: Analysis } | undefined> {
    const uri = this.normalise(clientUri);
    const document = this.documents.get(uri);
    const state = this.folders.owner(uri);
    if (document === undefined || state === undefined) return undefined;
    const analysis = await this.analysis(state);
    return { uri, document, state, analysis };
  }

  dispose(): void {
    this.publisher?.dispose();
    for (const state of this.folders?.all() ?? []) this.folders.remove(state.project.root);
  }
}

/** What lenses and hints of other files depend on. */
function fleetKey(analysis: Analysis): string {
  return JSON.stringify(
    analysis.fleets.map((fleet) =>
      fleet.databases.map((each) => [each.database.name, each.total, each.budget, each.breaksAt?.replicas]),
    ),
  );
}
