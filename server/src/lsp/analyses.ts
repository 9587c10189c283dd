/** The one analysis in flight per folder: when it runs, and what the client is told after it. */
import type { Connection } from 'vscode-languageserver';
import type { Analysis } from '../rules/analysis.ts';
import { describeFailure } from '../workspace/failure.ts';
import type { Capabilities } from './capabilities.ts';
import type { FolderState, Folders } from './folders.ts';
import type { ServerHost } from './host.ts';
import { statusNotification } from './protocol.ts';
import type { Publisher } from './publisher.ts';
import { statusOf } from './status.ts';

/** Milliseconds that findings wait at most while messages keep coming. */
const longestPause = 200;

export class Analyses {
  private lastStatus = '';
  private messages = 0;

  constructor(
    private readonly connection: Connection,
    private readonly capabilities: Capabilities,
    private readonly host: ServerHost,
    private readonly folders: Folders,
    private readonly publisher: Publisher,
  ) {}

  /** Notes that a message changed something. */
  heard(): void {
    this.messages += 1;
  }

  /**
   * Runs a task once no message is waiting. Messages are handed out one at a time, and thousands may wait (a branch
   * switch): as long as they come, the task steps back, though not for ever.
   */
  afterMessages(task: () => void, since = Date.now()): void {
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

  /** Analyses now. Resolves when what there is to tell the client is on its way; what fails is logged. */
  async atOnce(state: FolderState): Promise<void> {
    const analysis = this.analysis(state);
    this.inBackground('the analysis', analysis);
    await analysis.catch(() => undefined);
    await new Promise<void>((resolve) => this.host.defer(resolve));
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
    // Without versions, environment files and the topology some of it would be wrong, and gone a moment later.
    if (analysis.isBeingRead) return analysis;
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

  refreshViews(): void {
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

  /** Work nobody waits for: a failure is logged and stops nothing. */
  inBackground(what: string, work: Promise<unknown>): void {
    work.catch((error) => this.connection.console.error(`${what} failed: ${describeFailure(error)}`));
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
