/**
 * A language client that is not ours: the protocol library's own connection over the stdio of the real server process.
 * Waits for conditions, never for time. A server that writes to stderr or ends unasked fails the test.
 */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  type CancellationToken,
  type ClientCapabilities,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  FileChangeType,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  LogMessageNotification,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Registration,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
  type TextEdit,
  WorkDoneProgressCreateRequest,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import { projectRoot } from './python.ts';

/** Milliseconds after which a condition that has not come true fails the test, where it names no patience of its own. */
const usualPatience = 10_000;

/** An editor that can next to nothing: findings are pushed, settings are pushed. */
export const minimalCapabilities: ClientCapabilities = {};

/** What VS Code announces, as far as this server asks. */
export const fullCapabilities: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ['create', 'rename', 'delete'] },
    diagnostics: { refreshSupport: true },
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
  },
  textDocument: {
    diagnostic: {
      relatedDocumentSupport: false,
      relatedInformation: true,
      codeDescriptionSupport: true,
      dataSupport: true,
    },
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, versionSupport: true },
    codeAction: { resolveSupport: { properties: ['edit'] }, dataSupport: true, isPreferredSupport: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
  },
  window: { workDoneProgress: true },
};

/** As {@link fullCapabilities}, for editors to which findings are pushed. */
export const pushCapabilities: ClientCapabilities = {
  ...fullCapabilities,
  textDocument: { ...fullCapabilities.textDocument, diagnostic: undefined },
};

export interface ClientOptions {
  readonly capabilities?: ClientCapabilities;
  /** URIs of the workspace folders; null where the editor opened a file without a folder. */
  readonly folders: readonly string[] | null;
  readonly rootUri?: string;
  /** Answers `workspace/configuration`, by scope. */
  readonly configuration?: (scopeUri: string | undefined) => unknown;
  readonly initializationOptions?: unknown;
  /** Sends `initialized` later, by {@link LspClient.initialized}. */
  readonly delaysInitialized?: boolean;
  /** Refuses every request of the server. */
  readonly refusesRequests?: boolean;
  readonly clientName?: string;
  /** Milliseconds to wait for anything, for work that is large on a busy machine; its cost is then measured elsewhere. */
  readonly patience?: number;
}

export class LspClient {
  readonly published = new Map<string, PublishDiagnosticsParams>();
  /** Everything the server pushed, in order. */
  readonly publications: PublishDiagnosticsParams[] = [];
  readonly logged: string[] = [];
  readonly registrations: Registration[] = [];
  readonly progress: { token: string | number; value: { kind: string; [key: string]: unknown } }[] = [];
  readonly notifications: { method: string; params: unknown }[] = [];
  readonly refreshes = new Map<string, number>();
  result!: InitializeResult;
  /** Logged errors that a test provokes on purpose; any other fails it. */
  allowsLoggedErrors = false;
  configuration: (scopeUri: string | undefined) => unknown;
  private readonly versions = new Map<string, number>();
  private readonly waiting = new Set<() => void>();
  private stderr = '';
  private exit: number | null | undefined;
  private isEnding = false;
  private readonly patience: number;

  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    readonly connection: ProtocolConnection,
    private readonly options: ClientOptions,
  ) {
    this.configuration = options.configuration ?? (() => null);
    this.patience = options.patience ?? usualPatience;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.wake();
    });
    child.on('exit', (code) => {
      this.exit = code;
      this.wake();
    });
    this.listen();
  }

  /** Starts the server and shakes hands; it is ended, and checked, when the test ends. */
  static async start(context: TestContext, options: ClientOptions): Promise<LspClient> {
    const child = spawn(process.execPath, [serverBundle(), '--stdio'], { stdio: 'pipe' });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const client = new LspClient(child, connection, options);
    context.after(() => client.end());
    const handshake = connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      clientInfo: { name: options.clientName ?? 'independent client' },
      rootUri: options.rootUri ?? options.folders?.[0] ?? null,
      capabilities: options.capabilities ?? minimalCapabilities,
      initializationOptions: options.initializationOptions,
      workspaceFolders: options.folders?.map((uri) => ({ uri, name: uri.slice(uri.lastIndexOf('/') + 1) })) ?? null,
    });
    client.result = await client.inTime(handshake, 'answer to initialize');
    if (!options.delaysInitialized) await client.initialized();
    return client;
  }

  initialized(): Promise<void> {
    return this.connection.sendNotification(InitializedNotification.type, {});
  }

  private listen(): void {
    const { connection } = this;
    const answer = <T>(value: T): T => {
      if (this.options.refusesRequests) throw new Error('refused');
      return value;
    };
    connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.published.set(params.uri, params);
      this.publications.push(params);
      this.wake();
    });
    connection.onNotification(LogMessageNotification.type, ({ type, message }) => {
      this.logged.push(`${type} ${message}`);
      this.wake();
    });
    connection.onNotification('$/progress', (params: (typeof this.progress)[number]) => {
      this.progress.push(params);
      this.wake();
    });
    for (const method of ['poolproof/status', 'window/showMessage', 'telemetry/event', '$/logTrace']) {
      connection.onNotification(method, (params: unknown) => {
        this.notifications.push({ method, params });
        this.wake();
      });
    }
    connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      this.registrations.push(...registrations);
      this.wake();
      return answer(undefined);
    });
    connection.onRequest(ConfigurationRequest.type, ({ items }) =>
      answer(items.map((item) => this.configuration(item.scopeUri ?? undefined))),
    );
    connection.onRequest(WorkDoneProgressCreateRequest.type, () => answer(undefined));
    for (const kind of ['diagnostic', 'codeLens', 'inlayHint']) {
      connection.onRequest(`workspace/${kind}/refresh`, () => {
        this.refreshes.set(kind, (this.refreshes.get(kind) ?? 0) + 1);
        this.wake();
        return answer(null);
      });
    }
    connection.listen();
  }

  private wake(): void {
    for (const each of this.waiting) each();
  }

  /** Resolves with the first value that is neither undefined nor false; looked at again after every message. */
  async until<T>(what: string, condition: () => T | undefined | false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const finish = () => {
        clearTimeout(deadline);
        this.waiting.delete(look);
      };
      const look = () => {
        try {
          const value = condition();
          if (value === undefined || value === false) {
            if (this.exit === undefined) return;
            throw new Error(`The server ended while waiting for ${what}. ${this.stderr}`);
          }
          finish();
          resolve(value);
        } catch (error) {
          finish();
          reject(error);
        }
      };
      const deadline = setTimeout(() => {
        finish();
        const shown = [...this.published]
          .slice(-20)
          .map(([uri, { diagnostics }]) => `${uri}: ${rulesOf(diagnostics).join(', ')}`);
        reject(
          new Error(
            `No ${what} within ${this.patience} ms. Published:\n${shown.join('\n')}\n${this.logged.join('\n')}`,
          ),
        );
      }, this.patience);
      this.waiting.add(look);
      look();
    });
  }

  /** Waits until the rules found in a file are these, in order. */
  async findings(uri: string, rules: readonly string[]): Promise<Diagnostic[]> {
    const expected = JSON.stringify([...rules].sort());
    return this.until(`findings ${expected} in ${uri}`, () => {
      const diagnostics = this.published.get(uri)?.diagnostics ?? [];
      return JSON.stringify(rulesOf(diagnostics).sort()) === expected && diagnostics;
    });
  }

  /** Waits until a rule is, or is not, found in a file. */
  async rule(uri: string, rule: string, isFound = true): Promise<Diagnostic | undefined> {
    await this.until(`${rule} ${isFound ? 'in' : 'gone from'} ${uri}`, () => {
      const found = this.published.get(uri)?.diagnostics;
      return rulesOf(found ?? []).includes(rule) === isFound;
    });
    return this.published.get(uri)?.diagnostics.find((each) => each.code === rule);
  }

  /** All messages sent before are taken in and their consequences published: a request waits for the newest analysis. */
  async settled(uri: string): Promise<void> {
    await this.request('textDocument/hover', {
      textDocument: { uri },
      position: { line: 0, character: 0 },
    });
  }

  open(uri: string, text: string, languageId = 'python'): void {
    this.versions.set(uri, 1);
    this.send(DidOpenTextDocumentNotification.method, { textDocument: { uri, languageId, version: 1, text } });
  }

  change(uri: string, ...contentChanges: TextDocumentContentChangeEvent[]): void {
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    this.send(DidChangeTextDocumentNotification.method, { textDocument: { uri, version }, contentChanges });
  }

  version(uri: string): number | undefined {
    return this.versions.get(uri);
  }

  close(uri: string): void {
    this.versions.delete(uri);
    this.send(DidCloseTextDocumentNotification.method, { textDocument: { uri } });
  }

  changedOnDisk(...uris: string[]): void {
    const changes = uris.map((uri) => ({ uri, type: FileChangeType.Changed }));
    this.send(DidChangeWatchedFilesNotification.method, { changes });
  }

  settings(settings: unknown): void {
    this.send(DidChangeConfigurationNotification.method, { settings });
  }

  folders(added: readonly string[], removed: readonly string[]): void {
    const named = (uri: string) => ({ uri, name: uri.slice(uri.lastIndexOf('/') + 1) });
    this.send(DidChangeWorkspaceFoldersNotification.method, {
      event: { added: added.map(named), removed: removed.map(named) },
    });
  }

  request<T>(method: string, params: unknown, token?: CancellationToken): Promise<T> {
    const answer =
      token === undefined
        ? this.connection.sendRequest<T>(method, params)
        : this.connection.sendRequest<T>(method, params, token);
    return this.inTime(answer, `answer to ${method}`);
  }

  private async inTime<T>(answer: Promise<T>, what: string): Promise<T> {
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      deadline = setTimeout(() => reject(new Error(`No ${what} within ${this.patience} ms`)), this.patience);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(deadline);
    }
  }

  send(method: string, params: unknown): void {
    void this.connection.sendNotification(method, params);
  }

  /** Everything the server said outside its answers. */
  get outsideAnswers(): string {
    return JSON.stringify([this.publications, this.logged, this.notifications, this.progress]) + this.stderr;
  }

  /** Shuts the server down in order and checks that it behaved. */
  async end(): Promise<void> {
    if (this.isEnding) return;
    this.isEnding = true;
    try {
      if (this.exit === undefined) {
        await this.inTime(this.connection.sendRequest(ShutdownRequest.type), 'answer to shutdown');
        await this.connection.sendNotification(ExitNotification.type);
        await this.until('exit of the server', () => this.exit !== undefined);
      }
    } finally {
      if (this.exit === undefined) this.child.kill('SIGKILL');
      this.connection.dispose();
    }
    assert.equal(this.stderr, '', 'the server wrote to stderr');
    assert.equal(this.exit, 0, 'exit code of the server');
    if (!this.allowsLoggedErrors) {
      assert.deepEqual(
        this.logged.filter((line) => line.startsWith('1 ')),
        [],
        'the server logged errors',
      );
    }
  }
}

export function rulesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((each) => String(each.code));
}

/** The text after edits of one file. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  const offset = ({ line, character }: { line: number; character: number }) => starts[line]! + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (all, { range, newText }) => all.slice(0, offset(range.start)) + newText + all.slice(offset(range.end)),
      text,
    );
}

/** Edits of an answer by file, whichever of the two shapes it has. */
export function editsByUri(edit: WorkspaceEdit | undefined): Map<string, TextEdit[]> {
  const edits = new Map<string, TextEdit[]>();
  for (const [uri, list] of Object.entries(edit?.changes ?? {})) edits.set(uri, list);
  for (const change of edit?.documentChanges ?? []) {
    if ('textDocument' in change) edits.set(change.textDocument.uri, change.edits as TextEdit[]);
  }
  return edits;
}

let builtServer: string | undefined;

/** The built server (or the one `POOLPROOF_SERVER` names); a test against one older than its sources would prove nothing. */
function serverBundle(): string {
  if (builtServer !== undefined) return builtServer;
  const bundle = process.env['POOLPROOF_SERVER'] ?? join(projectRoot, 'dist/server.js');
  assert.ok(existsSync(bundle), `${bundle} is missing: run \`node scripts/build.mjs\` first`);
  const isOwn = process.env['POOLPROOF_SERVER'] !== undefined;
  const isFresh = isOwn || statSync(bundle).mtimeMs >= newestSource(join(projectRoot, 'server/src'));
  assert.ok(isFresh, 'dist/server.js is older than server/src: run `node scripts/build.mjs`');
  builtServer = bundle;
  return bundle;
}

function newestSource(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((newest, entry) => {
    const path = join(folder, entry.name);
    return Math.max(newest, entry.isDirectory() ? newestSource(path) : statSync(path).mtimeMs);
  }, 0);
}
