/** The client both entries share: they differ only in how the server is started. */
import * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { registerCommands } from './commands.ts';
import { Documentation, linkToDocumentation } from './documentation.ts';
import { serveFiles } from './files.ts';
import { type FleetStatus, statusNotification } from './protocol.ts';
import { RestartQueue } from './restart.ts';
import { documentSelector } from './selector.ts';
import { StatusItem, type StatusView, viewOf } from './status.ts';

/** A client that is not started yet, and what to let go of once it has stopped. */
export interface PreparedClient {
  readonly client: BaseLanguageClient;
  readonly release: () => void;
}

export type PrepareClient = (options: LanguageClientOptions) => Promise<PreparedClient>;

/** What other extensions may ask. */
export interface PoolproofApi {
  /** The status bar item as it stands. */
  status(): StatusView;
}

export class Extension {
  readonly #context: vscode.ExtensionContext;
  readonly #prepare: PrepareClient;
  readonly #output = vscode.window.createOutputChannel('Poolproof', { log: true });
  readonly #status = new StatusItem();
  readonly #documentation: Documentation;
  readonly #lifecycle = new RestartQueue(
    () => this.#start(),
    () => this.#stop(),
  );
  #running: PreparedClient | undefined;
  #selector = '';

  constructor(context: vscode.ExtensionContext, prepare: PrepareClient) {
    this.#context = context;
    this.#prepare = prepare;
    this.#documentation = new Documentation((method, params) => this.#request(method, params));
  }

  activate(): PoolproofApi {
    this.#context.subscriptions.push(
      this.#output,
      this.#status,
      this.#documentation,
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#restartForSelector()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('poolproof.topology')) this.#restartForSelector();
      }),
      ...registerCommands({
        request: (method, params) => this.#request(method, params),
        restart: () => this.#lifecycle.restart(),
        showOutput: () => this.#output.show(),
        documentation: this.#documentation,
        manifest: this.#context.extension.packageJSON,
      }),
    );
    // Not awaited: the editor counts the time until here, and the server needs no one to wait for it.
    this.#lifecycle.restart().catch((error) => this.#report(error));
    return { status: () => viewOf(this.#status.status) };
  }

  deactivate(): Promise<void> {
    return this.#lifecycle.stop();
  }

  async #start(): Promise<void> {
    const selector = documentSelector();
    this.#selector = JSON.stringify(selector);
    const prepared = await this.#prepare({
      documentSelector: selector,
      // Other editors do not get code lenses and links that run commands only this extension has.
      // Pushed, because the editor asks for a workspace's diagnostics only every two seconds.
      initializationOptions: { extensionCommands: true, diagnostics: 'push' },
      outputChannel: this.#output,
      diagnosticCollectionName: 'poolproof',
      markdown: {
        isTrusted: {
          enabledCommands: ['poolproof.explainRule', 'poolproof.createTopologyFile', 'poolproof.showFleetBudget'],
        },
        supportThemeIcons: true,
      },
      middleware: {
        handleDiagnostics: (uri, diagnostics, next) => {
          linkToDocumentation(diagnostics);
          next(uri, diagnostics);
        },
        provideDiagnostics: async (document, previousResultId, token, next) => {
          const report = await next(document, previousResultId, token);
          if (report && 'items' in report) linkToDocumentation(report.items);
          return report;
        },
        provideWorkspaceDiagnostics: (resultIds, token, resultReporter, next) =>
          next(resultIds, token, (chunk) => {
            for (const report of chunk?.items ?? []) if ('items' in report) linkToDocumentation(report.items);
            resultReporter(chunk);
          }),
      },
    });
    const { client } = prepared;
    client.onNotification(statusNotification, (status: FleetStatus) => {
      this.#status.show(status);
      this.#documentation.refreshFleet();
    });
    serveFiles(client, this.#context.extensionUri);
    this.#running = prepared;
    await client.start();
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    this.#status.show(undefined);
    if (!running) return;
    try {
      await running.client.dispose();
    } catch (error) {
      // A server that never started, or died, cannot shut down in order; a new one can start all the same.
      this.#output.warn(String(error));
    } finally {
      running.release();
    }
  }

  #request<Result>(method: string, params: unknown): Promise<Result> {
    if (!this.#running) {
      return Promise.reject(
        new Error('The Poolproof language server is not running. “Poolproof: Show Output” says why.'),
      );
    }
    return this.#running.client.sendRequest<Result>(method, params);
  }

  #restartForSelector(): void {
    if (JSON.stringify(documentSelector()) === this.#selector) return;
    this.#lifecycle.restart().catch((error) => this.#report(error));
  }

  #report(error: unknown): void {
    this.#output.error(error instanceof Error ? error : String(error));
    const showOutput = 'Show Output';
    void vscode.window
      .showErrorMessage('The Poolproof language server did not start.', showOutput)
      .then((chosen) => (chosen === showOutput ? this.#output.show() : undefined));
  }
}
