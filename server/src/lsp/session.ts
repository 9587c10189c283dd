/** The server's state between messages: open documents, folders, settings, and the one analysis in flight per folder. */
import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type WorkDoneProgressServerReporter,
} from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { LineIndex } from '../core/text.ts';
import type { Analysis } from '../rules/analysis.ts';
import { Grammars } from '../syntax/parser.ts';
import { describeFailure } from '../workspace/failure.ts';
import { ignoredFolders } from '../workspace/fileKinds.ts';
import { type ProjectSettings, readSettings } from '../workspace/settings.ts';
import { type Capabilities, readCapabilities } from './capabilities.ts';
import { applyChange, type ContentChange, type OpenDocument } from './documents.ts';
import { type FolderState, Folders } from './folders.ts';
import type { ServerHost } from './host.ts';
import { statusNotification } from './protocol.ts';
import { Publisher } from './publisher.ts';
import { statusOf } from './status.ts';
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

/** Milliseconds that findings wait at most while messages keep coming. */
const longestPause = 200;

export class Session {
  readonly documents = new Map<string, OpenDocument>();
  readonly capabilities: Capabilities;
  folders!: Folders;
  publisher!: Publisher;
  private settings: ProjectSettings;
  private lastStatus = '';
  private readonly changedOnDisk = new Set<string>();
  private messages = 0;

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
      this.inBackground('registering for settings', registration);
    }
    if (this.capabilities.watchesFiles) {
      const registration = this.connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: watched }],
      });
      this.inBackground('registering for changes on disk', registration);
    }
    if (this.capabilities.notifiesFolders) {
      this.connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const folder of removed) this.removeFolder(this.rootOf(folder.uri));
        const states = added.map((folder) => this.addFolder(this.rootOf(folder.uri), folder.name));
        this.inBackground('reading a new folder', this.beginFolders(states));
      });
    }
    await this.beginFolders(this.folders.all().filter((state) => state.isWorkspaceFolder));
  }

  /** Work nobody waits for: a failure is logged and stops nothing. */
  private inBackground(what: string, work: Promise<unknown>): void {
    work.catch((error) => this.log(`${what} failed: ${describeFailure(error)}`));
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
    for (const other of this.folders.all()) this.touch(other);
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
    this.inBackground('reading settings', this.takeConfiguration(pushed));
  }

  private async takeConfiguration(pushed: unknown): Promise<void> {
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
    const progress = await this.createProgress();
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
      this.log(`reading ${state.name || 'the folder'} failed: ${describeFailure(error)}`);
    } finally {
      state.project.isBeingRead = false;
      progress?.done();
      this.touch(state);
    }
  }

  private async createProgress(): Promise<WorkDoneProgressServerReporter | undefined> {
    if (!this.capabilities.showsProgress) return undefined;
    try {
      return await this.connection.window.createWorkDoneProgress();
    } catch {
      // A client that promises progress and then refuses gets none.
      return undefined;
    }
  }

  /** Notes that a message changed something. */
  heard(): void {
    this.messages += 1;
  }

  /**
   * Runs a task once no message is waiting. Messages are handed out one at a time, and thousands may wait (a branch
   * switch): as long as they come, the task steps back, though not for ever.
   */
  private afterMessages(task: () => void, since = Date.now()): void {
    const before = this.messages;
    this.host.defer(() => {
      if (this.messages === before || Date.now() - since > longestPause) task();
      else this.afterMessages(task, since);
    });
  }

  /** A folder changed: analyse it soon, once for all messages that have already arrived. */
  touch(state: FolderState): void {
    if (state.isDirty && state.running !== undefined) return;
    state.isDirty = true;
    this.afterMessages(() => {
      if (!state.isDirty || state.running !== undefined) return;
      this.inBackground('the analysis', this.analysis(state));
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
    // A folder that was closed meanwhile has nothing to say any more.
    if (this.folders.get(state.project.root) !== state) return analysis;
    this.nameErrors(state, analysis);
    this.publisher.update(analysis, (uri) => this.folders.owner(uri) === state);
    if (before !== undefined && fleetKey(before) !== fleetKey(analysis)) this.refreshViews();
    this.sendStatus();
    return analysis;
  }

  /** Names every file that could not be read or analysed, once for each reason. */
  private nameErrors(state: FolderState, analysis: Analysis): void {
    const errors = new Set(analysis.errors.map(({ uri, message }) => `${analysis.displayPath(uri)}: ${message}`));
    for (const error of errors) if (!state.namedErrors.has(error)) this.connection.console.warn(error);
    state.namedErrors = errors;
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
    for (const state of this.ownersOf(uri)) {
      state.project.open(uri, text);
      this.touch(state);
    }
  }

  /** A file outside every folder: its own folder is the project, with nothing scanned. */
  private loneFolder(uri: string): FolderState {
    const root = uri.slice(0, uri.lastIndexOf('/'));
    const state = this.folders.add(root, '', this.settings, false);
    const settings = this.loadSettings(state);
    const files = state.project.filesChanged(besideLoneFiles.map((name) => `${root}/${name}`));
    const ready = Promise.all([settings, files]).then(() => this.touch(state));
    this.inBackground('reading the files beside a file', ready);
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
    for (const state of states) this.touch(state);
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
      this.inBackground(
        'reading a closed file',
        state.project.close(uri).finally(() => this.touch(state)),
      );
    }
  }

  /** Changes on disk are gathered until all messages that have already arrived are taken in: a branch switch sends many. */
  watchedFilesChanged(clientUris: readonly string[]): void {
    if (this.changedOnDisk.size === 0)
      this.afterMessages(() => this.inBackground('reading changed files', this.readChangedFiles()));
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
