/**
 * One workspace folder: what follows from its files. Everything it computes it computes with pure functions over what
 * they say. Knows no protocol.
 */

import type { Location } from '../core/text.ts';
import type { SourceModel } from '../declarations/source.ts';
import { takesUrlsElsewhere } from '../libraries/prisma/prisma.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { TextChange } from '../syntax/frontEnd.ts';
import { AssemblyMemory, assemble } from './assemble.ts';
import { describeFailure } from './failure.ts';
import type { FileKind } from './fileKinds.ts';
import { Linking } from './linking.ts';
import type { PgbouncerFiles } from './pgbouncerFiles.ts';
import { analysisFailed, ProjectFiles, type ProjectHost, type ScanProgress } from './projectFiles.ts';
import type { ProjectSettings } from './settings.ts';

/** Rounds of asking other files for names; deeper chains are not followed. */
const demandRounds = 8;

export class Project {
  private readonly files: ProjectFiles;
  private readonly linking: Linking;
  private readonly memory = new AssemblyMemory();

  constructor(
    /** URI without trailing slash. */
    readonly root: string,
    private readonly host: ProjectHost,
    settings: ProjectSettings,
  ) {
    this.files = new ProjectFiles(root, host, settings);
    const { sources, sourceFiles, special } = this.files;
    this.linking = new Linking(root, host.access, sources, sourceFiles, special);
  }

  readonly displayPath = (uri: string): string => this.files.displayPath(uri);

  /** True where the file is this folder's business. */
  contains(uri: string): boolean {
    return this.files.contains(uri);
  }

  kindOf(uri: string): FileKind | undefined {
    return this.files.kindOf(uri);
  }

  /** True from when a scan is due until the topology files are read. */
  get isBeingRead(): boolean {
    return this.files.isBeingRead;
  }

  set isBeingRead(isBeingRead: boolean) {
    this.files.isBeingRead = isBeingRead;
  }

  /** Takes over new settings; the caller scans again where `exclude` or `topology` changed. */
  configure(settings: ProjectSettings): void {
    this.files.settings = settings;
  }

  get currentSettings(): ProjectSettings {
    return this.files.settings;
  }

  /** Lists and reads the folder (or the files and folders named). Open documents keep their text. */
  scan(progress: ScanProgress, targets?: readonly string[]): Promise<void> {
    return this.files.scan(progress, targets);
  }

  /** A document is open in the editor: its text counts, not the disk's. */
  open(uri: string, text: string): void {
    this.files.open(uri, text);
  }

  /** Changes of an open document, one after the other; each offset counts in the text the one before left. */
  edit(uri: string, changes: readonly TextChange[]): void {
    this.files.edit(uri, changes);
  }

  close(uri: string): Promise<void> {
    return this.files.close(uri);
  }

  /** Files were created, changed or deleted on disk. */
  filesChanged(uris: Iterable<string>): Promise<void> {
    return this.files.filesChanged(uris);
  }

  /** The text of a file as it stands, open or on disk; undefined where there is none. */
  read(uri: string): Promise<string | undefined> {
    return this.files.read(uri);
  }

  /** Everything that follows from what is known now. Reads further files where names lead to them. */
  async analyse(): Promise<Analysis> {
    await this.files.sources.ready();
    await this.linking.searchFactoryCalls();
    await this.linking.lookForImporters();
    const topologies = this.files.special.topologies();
    const treatments = [this.files.settings.testFiles, ...topologies.map((each) => each.settings.testFiles?.value)];
    const pathsThatMatchNothing = await this.files.pathsThatMatchNothing(topologies);
    for (let round = 0; ; round++) {
      const context = {
        model: this.files.sources.model,
        deploymentVariables: this.files.special.deploymentVariables(this.displayPath),
        boundsAcquire: this.files.sources.boundsAcquire(),
        settingsModules: this.files.special.settingsModules,
        methodCalls: this.files.sources.methodCalls,
        dependencies: (uri: string) =>
          this.files.special.dependencies(uri, this.root, this.files.languageOf(uri) ?? 'python'),
        environmentFile: (uri: string, variable: string) => {
          const entry = this.files.special.environmentVariable(
            uri,
            this.root,
            variable,
            this.files.languageOf(uri) ?? 'python',
          );
          return entry && { value: entry.value, origin: this.displayPath(entry.at.uri), at: entry.at };
        },
        displayPath: this.displayPath,
        surroundings: this.files.special.changes,
      };
      const pools = this.linking.pools(context);
      const { demands, ...read } = this.linking.lifecycle(pools, treatments.includes('full'));
      const alone = this.files.special.pgbouncer.models();
      const hasIncludes = await this.files.special.pgbouncer.followIncludes(this.root, (uri) => this.files.read(uri));
      const pgbouncer = hasIncludes ? this.files.special.pgbouncer.models() : alone;
      const failed = [...this.files.sources.failed(), ...pgbouncer.failed];
      const ingredients = {
        isBeingRead: this.isBeingRead,
        pools,
        topologies,
        pgbouncer,
        ...read,
        otherSuppressions: this.files.special.suppressions(),
        otherCredentials: this.files.special.credentials(),
        holdsUrls: (uri: string) => !takesUrlsElsewhere(context.dependencies(uri)),
        topologyProblems: this.files.special.topologyProblems(),
        manifestFacts: () => this.files.special.manifestFacts(),
        poolerFacts: () => this.files.special.poolerFacts(),
        pathsThatMatchNothing,
        settings: this.files.settings,
        displayPath: this.displayPath,
        lines: (uri: string) => this.files.sources.lineIndexOf(uri) ?? this.files.special.lines(uri),
        errors: [...this.files.errors.values(), ...failed.map((uri) => ({ uri, message: analysisFailed }))],
        files: this.files.sourceFiles.size + this.files.special.pgbouncer.size,
        onRuleFailure: (rule: string, error: unknown) =>
          this.host.log(`rule ${rule} failed: ${describeFailure(error)}`),
      };
      const analysis = assemble(ingredients, this.memory);
      const isMore = await this.linking.meet(demands);
      if (!isMore || round >= demandRounds) return analysis;
    }
  }

  /** For presenters: the model of a file that is open or was read. */
  sourceModel(uri: string): SourceModel | undefined {
    return this.files.sources.model(uri);
  }

  /** Where passwords stand in a file, reported or not: nothing that shows the file may show them. */
  credentialsIn(uri: string): Location[] {
    const inSource = this.files.sources.model(uri)?.credentials ?? [];
    return [...inSource, ...this.files.special.credentials().filter((each) => each.uri === uri)].map((each) => each.at);
  }

  /** PgBouncer's files, as the last analysis read them. */
  get pgbouncer(): PgbouncerFiles {
    return this.files.special.pgbouncer;
  }

  get topologyUris(): string[] {
    return this.files.special.topologyUris();
  }

  get manifestFacts() {
    return this.files.special.manifestFacts();
  }

  get environmentVariables(): string[] {
    return this.files.special.environmentVariables();
  }

  /** Frees every tree. */
  dispose(): void {
    this.files.sources.clear();
  }
}
