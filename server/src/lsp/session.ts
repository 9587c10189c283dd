/** The server's state between messages: open documents, folders and settings. */
import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
} from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { LineIndex } from '../core/text.ts';
import type { Analysis } from '../rules/analysis.ts';
import { Grammars } from '../syntax/parser.ts';
import { ignoredFolders } from '../workspace/fileKinds.ts';
import { type ProjectSettings, readSettings } from '../workspace/settings.ts';
import { Analyses } from './analyses.ts';
import { type Capabilities, readCapabilities } from './capabilities.ts';
import { applyChange, type ContentChange, type OpenDocument } from './documents.ts';
import { type FolderState, Folders } from './folders.ts';
import type { ServerHost } from './host.ts';
import { Publisher } from './publisher.ts';
import { scanWithProgress } from './scanning.ts';
import { watched } from './watched.ts';

/** What a file outside every folder is read together with. */
const besideLoneFiles = [
  'poolproof.yaml',
  'poolproof.yml',
  'poolproof.json',
  '.env',
  'requirements.txt',
  'pyproject.toml',
];

export class Session {
  readonly documents = new Map<string, OpenDocument>();
  readonly capabilities: Capabilities;
  folders!: Folders;
  publisher!: Publisher;
  private analyses!: Analyses;
  private settings: ProjectSettings;
  private readonly changedOnDisk = new Set<string>();

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
    const grammars = new Grammars(this.host.grammars(this.connection));
    grammars.parser('python');
    await grammars.ready();
    this.folders = new Folders(this.host.access(this.connection), grammars, (message) => this.log(message));
    this.publisher = new Publisher(
      this.connection,
      this.capabilities,
      this.clientUri,
      (uri) => this.documents.get(uri)?.version,
    );
    this.analyses = new Analyses(this.connection, this.capabilities, this.host, this.folders, this.publisher);
    const { workspaceFolders, rootUri } = this.params;
    const given = workspaceFolders ?? (rootUri ? [{ uri: rootUri, name: '' }] : []);
    for (const folder of given) this.folders.add(this.rootOf(folder.uri), folder.name, this.settings, true);
  }

  /** After `initialized`: settings, watchers, the scan. */
  async begin(): Promise<void> {
    if (this.capabilities.notifiesConfiguration) {
      const registration = this.connection.client.register(DidChangeConfigurationNotification.type, {
        section: 'poolproof',
      });
      this.analyses.inBackground('registering for settings', registration);
    }
    if (this.capabilities.watchesFiles) {
      const registration = this.connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: watched }],
      });
      this.analyses.inBackground('registering for changes on disk', registration);
    }
    if (this.capabilities.notifiesFolders) {
      this.connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const folder of removed) this.removeFolder(this.rootOf(folder.uri));
        const states = added.map((folder) => this.addFolder(this.rootOf(folder.uri), folder.name));
        this.analyses.inBackground('reading a new folder', this.beginFolders(states));
      });
    }
    await this.beginFolders(this.folders.all().filter((state) => state.isWorkspaceFolder));
  }

  private async beginFolders(states: readonly FolderState[]): Promise<void> {
    for (const state of states) await this.loadSettings(state);
    for (const state of states) if (this.folders.get(state.project.root) === state) await this.scan(state);
  }

  private rootOf(uri: string): string {
    return this.normalise(uri).replace(/\/$/, '');
  }

  /** Takes a folder in; documents in it that were open before belong to it from here on. */
  private addFolder(root: string, name: string): FolderState {
    for (const lone of this.folders.all()) {
      const isInside = lone.project.root === root || lone.project.root.startsWith(`${root}/`);
      if (!lone.isWorkspaceFolder && isInside) this.folders.remove(lone.project.root);
    }
    const state = this.folders.add(root, name, this.settings, true);
    for (const [uri, document] of this.documents) {
      if (state.project.contains(uri)) state.project.open(uri, document.text);
    }
    return state;
  }

  private removeFolder(root: string): void {
    const state = this.folders.remove(root);
    if (state === undefined) return;
    for (const [uri, document] of this.documents) {
      if (this.folders.owner(uri) === undefined) this.ownersOf(uri)[0]!.project.open(uri, document.text);
    }
    this.publisher.clear((uri) => state.project.contains(uri) && this.folders.owner(uri) === undefined);
    // Files of a folder inside another are the outer one's again.
    for (const other of this.folders.all()) this.analyses.touch(other);
  }

  /** The folders that have to know of a file: the one it belongs to, and workspace folders around that one. */
  private ownersOf(uri: string): FolderState[] {
    const owner = this.folders.owner(uri) ?? this.loneFolder(uri);
    return [owner, ...this.folders.containing(uri).filter((each) => each !== owner && each.isWorkspaceFolder)];
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

  configurationChanged(pushed: unknown): void {
    this.analyses.inBackground('reading settings', this.takeConfiguration(pushed));
  }

  private async takeConfiguration(pushed: unknown): Promise<void> {
    if (!this.capabilities.asksConfiguration) {
      const given = pushed as { poolproof?: unknown } | undefined;
      this.settings = readSettings(given?.poolproof ?? given);
    }
    for (const state of this.folders.all()) {
      if ((await this.loadSettings(state)) && state.isWorkspaceFolder) await this.scan(state);
      else this.analyses.touch(state);
    }
    this.analyses.refreshViews();
  }

  private async scan(state: FolderState): Promise<void> {
    await scanWithProgress(state, this.connection, this.capabilities, this.host, async () => {
      this.analyses.touch(state);
      state.reachGround();
      // Open documents have their findings on the way before thousands of files are read.
      await this.analyses.atOnce(state);
    });
    this.analyses.touch(state);
  }

  /** A message changed something. */
  heard(): void {
    this.analyses?.heard();
  }

  /** The analysis of the newest text. */
  analysis(state: FolderState): Promise<Analysis> {
    return this.analyses.analysis(state);
  }

  opened(clientUri: string, version: number, text: string): void {
    const uri = this.normalise(clientUri);
    this.documents.set(uri, { clientUri, version, text, lines: LineIndex.of(text) });
    for (const state of this.ownersOf(uri)) {
      state.project.open(uri, text);
      this.analyses.touch(state);
    }
  }

  /** A file outside every folder: its own folder is the project, with nothing scanned. */
  private loneFolder(uri: string): FolderState {
    const root = uri.slice(0, uri.lastIndexOf('/'));
    const state = this.folders.add(root, '', this.settings, false);
    const settings = this.loadSettings(state);
    const files = state.project.filesChanged(besideLoneFiles.map((name) => `${root}/${name}`));
    const ready = Promise.all([settings, files]).then(() => this.analyses.touch(state));
    this.analyses.inBackground('reading the files beside a file', ready);
    return state;
  }

  changed(clientUri: string, version: number, changes: readonly ContentChange[]): void {
    const uri = this.normalise(clientUri);
    const document = this.documents.get(uri);
    if (document === undefined) return;
    document.version = version;
    const states = this.ownersOf(uri);
    for (const change of changes) {
      const edit = applyChange(document, change);
      for (const { project } of states) {
        if (edit === undefined) project.open(uri, document.text);
        else project.edit(uri, [edit]);
      }
    }
    for (const state of states) this.analyses.touch(state);
  }

  closed(clientUri: string): void {
    const uri = this.normalise(clientUri);
    if (!this.documents.delete(uri)) return;
    const owner = this.folders.owner(uri);
    if (
      owner?.isWorkspaceFolder === false &&
      ![...this.documents.keys()].some((each) => this.folders.owner(each) === owner)
    ) {
      this.removeFolder(owner.project.root);
      return;
    }
    for (const state of this.folders.containing(uri)) {
      this.analyses.inBackground(
        'reading a closed file',
        state.project.close(uri).finally(() => this.analyses.touch(state)),
      );
    }
  }

  /** Changes on disk are gathered until all messages that have already arrived are taken in: a branch switch sends many. */
  watchedFilesChanged(clientUris: readonly string[]): void {
    if (this.changedOnDisk.size === 0)
      this.analyses.afterMessages(() => this.analyses.inBackground('reading changed files', this.readChangedFiles()));
    for (const clientUri of clientUris) {
      const uri = this.normalise(clientUri);
      if (!uri.split('/').some((part) => ignoredFolders.has(part))) this.changedOnDisk.add(uri);
    }
  }

  private async readChangedFiles(): Promise<void> {
    const uris = [...this.changedOnDisk];
    this.changedOnDisk.clear();
    for (const state of this.folders.all()) {
      const own = uris.filter((uri) =>
        state.isWorkspaceFolder ? state.project.contains(uri) : this.folders.owner(uri) === state,
      );
      if (own.length === 0) continue;
      // Other files are ignored now, so everything is listed anew.
      if (state.isWorkspaceFolder && own.some((uri) => uri.endsWith('/.gitignore'))) {
        await this.scan(state);
        continue;
      }
      await state.project.filesChanged(own);
      this.analyses.touch(state);
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
