/**
 * Which files a project has, and what they say: listed and read on disk, or open in the editor. All that an analysis needs to
 * know of the world outside.
 */
import type { Language } from '../declarations/value.ts';
import type { AnalysisError } from '../rules/analysis.ts';
import type { TextChange } from '../syntax/frontEnd.ts';
import type { ParserSource } from '../syntax/parser.ts';
import type { Topology } from '../topology/model.ts';
import { displayPathIn } from './displayPath.ts';
import { describeFailure } from './failure.ts';
import { type FileAccess, foreseen, type ReadResult } from './fileAccess.ts';
import { type FileKind, kindOf, languageOf } from './fileKinds.ts';
import { FileSet } from './fileSet.ts';
import { PathMatches, type UnmatchedPaths } from './pathMatches.ts';
import type { ProjectSettings } from './settings.ts';
import { Sources } from './sources.ts';
import { SpecialFiles } from './specialFiles.ts';
import type { TextSearch } from './textSearch.ts';
import { searchesFor } from './words.ts';

export interface ProjectHost {
  readonly access: FileAccess;
  /** Grammars load in the background, while files are listed and searched. */
  readonly grammars: ParserSource;
  /** A rule or extractor failed; the rest goes on. Never given file content. */
  readonly log: (message: string) => void;
}

export interface ScanProgress {
  readonly isCancelled: () => boolean;
  readonly report?: (done: number, total: number) => void;
  /**
   * Everything but sources is read: what is said of a source from here on rests on all that it rests on. Sources are read
   * after what this waits for.
   */
  readonly onGround?: () => Promise<void>;
  /** Lets other work in between; called every few files. */
  readonly pause?: () => Promise<void>;
}

/** Files between two chances for other work. */
const filesPerTurn = 64;
const nothing: ReadResult = { kind: 'uninteresting' };
/** Said of a file on which this program itself failed. */
export const analysisFailed = 'the analysis failed on this file; please report it';

export class ProjectFiles {
  readonly sources: Sources;
  readonly special: SpecialFiles;
  readonly sourceFiles = new FileSet();
  /** Files that could not be read or analysed. */
  readonly errors = new Map<string, AnalysisError>();
  private readonly pathMatches: PathMatches;
  /** True once the folder has been listed. */
  private listed = false;
  /** True from when a scan is due until the topology files are read. */
  isBeingRead = false;
  private readonly openSpecial = new Map<string, string>();
  /** Open documents that no listing has named: ignored, excluded, or not saved yet. */
  private readonly unlisted = new Set<string>();
  /** Files that changed on disk and that no listing names: build output can change all day. */
  private readonly refused = new Set<string>();

  constructor(
    /** URI without trailing slash. */
    readonly root: string,
    private readonly host: ProjectHost,
    public settings: ProjectSettings,
  ) {
    const importedAs = (uri: string) => this.special.nodePackages.moduleNames(uri, this.root);
    this.sources = new Sources(host.grammars, this.languageOf, this.displayPath, this.logFailure, importedAs);
    const governedFolder = (uri: string) => (uri === this.topologyOverride() ? this.root : undefined);
    this.special = new SpecialFiles(governedFolder, host.grammars, this.logFailure);
    this.pathMatches = new PathMatches(host.access);
  }

  readonly displayPath = (uri: string): string => displayPathIn(this.root, uri);

  /** True where the file is this folder's business. */
  contains(uri: string): boolean {
    return uri === this.root || uri.startsWith(`${this.root}/`);
  }

  kindOf(uri: string): FileKind | undefined {
    return uri === this.topologyOverride() ? 'topology' : kindOf(this.displayPath(uri));
  }

  readonly languageOf = (uri: string): Language | undefined => languageOf(this.kindOf(uri));

  private isOpen(uri: string): boolean {
    return this.sources.isOpen(uri) || this.openSpecial.has(uri);
  }

  private openText(uri: string): string | undefined {
    return this.sources.openText(uri) ?? this.openSpecial.get(uri);
  }

  private topologyOverride(): string | undefined {
    const path = this.settings.topology;
    if (path === '') return undefined;
    if (/^[a-z][\w+.-]+:\/\//i.test(path)) return path;
    return `${this.root}/${path.replace(/^\.?\//, '')}`;
  }

  /** Lists and reads the folder (or the files and folders named). Open documents keep their text. */
  async scan(progress: ScanProgress, targets: readonly string[] = [this.root]): Promise<void> {
    const { respectIgnoreFiles, exclude } = this.settings;
    const sources = new Set<string>();
    const special = new Set<string>();
    this.errors.clear();
    this.refused.clear();
    for (const target of targets) {
      const listing = await this.host.access.list(target, { respectIgnoreFiles, exclude });
      for (const uri of listing.sources) sources.add(uri);
      for (const uri of listing.special) special.add(uri);
      for (const error of listing.errors) this.errors.set(error.uri, error);
    }
    this.addTopologyOverride(special);
    for (const uri of [...this.sourceFiles]) if (!sources.has(uri) && !this.sources.isOpen(uri)) this.forget(uri);
    for (const uri of this.special.uris())
      if (!special.has(uri) && !this.openSpecial.has(uri)) this.special.remove(uri);
    for (const uri of sources) this.sourceFiles.add(uri);
    this.listed = true;
    this.pathMatches.filesChanged();
    for (const uri of special) await this.loadSpecial(uri);
    this.isBeingRead = false;
    const interesting = this.interestingSource();
    const files = foreseen(this.host.access, [...sources], interesting);
    await progress.onGround?.();
    let done = 0;
    for (const { uri, isUninteresting } of files) {
      if (progress.isCancelled()) return;
      if (++done % filesPerTurn === 0) {
        progress.report?.(done, sources.size);
        if (progress.pause) await progress.pause();
      }
      if (this.sources.isOpen(uri)) continue;
      const read = isUninteresting ? nothing : this.host.access.readMatching(uri, interesting(uri));
      const result = read instanceof Promise ? await read : read;
      if (result.kind === 'text') await this.sources.ready(uri);
      this.takeSource(uri, result);
    }
  }

  /** Globs of each topology's services for which there is no file; nothing is said of a folder not listed yet. */
  async pathsThatMatchNothing(topologies: readonly Topology[]): Promise<ReadonlyMap<Topology, UnmatchedPaths>> {
    return this.listed ? this.pathMatches.of(topologies, this.sourceFiles) : new Map();
  }

  private addTopologyOverride(special: Set<string>): void {
    const override = this.topologyOverride();
    if (override !== undefined) special.add(override);
  }

  /** What makes a file worth reading: the libraries' words, and functions of this workspace that build pools. */
  private interestingSource(): (uri: string) => TextSearch {
    const search = searchesFor(this.sources.knownFactories);
    return (uri) => search(this.languageOf(uri)!);
  }

  private takeSource(uri: string, read: ReadResult): void {
    this.errors.delete(uri);
    if (read.kind === 'text') this.sources.load(uri, read.text);
    else if (!this.sources.isOpen(uri)) this.sources.remove(uri);
    if (read.kind === 'error') this.errors.set(uri, { uri, message: read.message });
    if (read.kind === 'missing') this.sourceFiles.delete(uri);
  }

  private async loadSpecial(uri: string): Promise<void> {
    const open = this.openSpecial.get(uri);
    const read: ReadResult = open === undefined ? await this.host.access.read(uri) : { kind: 'text', text: open };
    this.errors.delete(uri);
    if (open === undefined) this.special.pgbouncer.noteByteOrderMark(uri, read);
    if (read.kind === 'text') this.takeSpecial(uri, read.text);
    else {
      this.special.remove(uri);
      if (read.kind === 'error' || uri === this.topologyOverride()) {
        this.errors.set(uri, { uri, message: read.kind === 'error' ? read.message : 'no such file' });
      }
    }
  }

  private takeSpecial(uri: string, text: string): void {
    this.errors.delete(uri);
    try {
      const kind = this.kindOf(uri);
      const tracked = kind === 'environment' && this.host.access.isTracked(uri);
      this.special.load(uri, this.displayPath(uri), text, { topology: kind === 'topology', tracked });
    } catch (error) {
      this.errors.set(uri, { uri, message: analysisFailed });
      this.logFailure(uri, error);
    }
  }

  /** A document is open in the editor: its text counts, not the disk's. */
  open(uri: string, text: string): void {
    if (this.languageOf(uri) !== undefined) {
      this.errors.delete(uri);
      this.sources.open(uri, text);
      if (!this.sourceFiles.has(uri)) this.unlisted.add(uri);
      this.sourceFiles.add(uri);
    } else {
      if (!this.special.has(uri)) this.unlisted.add(uri);
      this.openSpecial.set(uri, text);
      this.takeSpecial(uri, text);
    }
  }

  /** Changes of an open document, one after the other; each offset counts in the text the one before left. */
  edit(uri: string, changes: readonly TextChange[]): void {
    if (this.sources.isOpen(uri)) {
      for (const change of changes) this.sources.edit(uri, change);
      return;
    }
    let text = this.openSpecial.get(uri);
    if (text === undefined) return;
    for (const change of changes) text = text.slice(0, change.start) + change.newText + text.slice(change.end);
    this.open(uri, text);
  }

  async close(uri: string): Promise<void> {
    this.openSpecial.delete(uri);
    this.sources.close(uri);
    if (this.unlisted.delete(uri)) {
      this.forget(uri);
      this.special.remove(uri);
    }
    await this.filesChanged([uri]);
  }

  /** Files were created, changed or deleted on disk. */
  async filesChanged(uris: Iterable<string>): Promise<void> {
    const all = [...uris];
    for (const uri of all) this.special.pgbouncer.forgetPart(uri);
    const closed = all.filter((uri) => this.kindOf(uri) !== undefined && !this.isOpen(uri));
    const isWanted = await this.listedAmong(closed);
    const interesting = this.interestingSource();
    let filesCameOrWent = false;
    for (const uri of closed) {
      if (!isWanted(uri)) continue;
      if (this.languageOf(uri) === undefined) {
        await this.loadSpecial(uri);
        continue;
      }
      const read = await this.host.access.readMatching(uri, interesting(uri));
      if (read.kind === 'text') await this.sources.ready(uri);
      const wasKnown = this.sourceFiles.has(uri);
      this.takeSource(uri, read);
      if (read.kind === 'text' || read.kind === 'uninteresting') this.sourceFiles.add(uri);
      filesCameOrWent ||= wasKnown !== this.sourceFiles.has(uri);
    }
    if (filesCameOrWent) this.pathMatches.filesChanged();
  }

  /** Of files nobody has named yet only those count that a listing names: git may ignore them, or settings leave them out. */
  private async listedAmong(uris: readonly string[]): Promise<(uri: string) => boolean> {
    const isKnown = (uri: string) => this.sourceFiles.has(uri) || this.special.has(uri) || this.errors.has(uri);
    const asked = uris.filter((uri) => !isKnown(uri) && !this.refused.has(uri));
    if (this.listed && asked.length > 0) {
      const { respectIgnoreFiles, exclude } = this.settings;
      const listing = await this.host.access.list(this.root, { respectIgnoreFiles, exclude });
      const named = new Set([...listing.sources, ...listing.special]);
      this.addTopologyOverride(named);
      for (const uri of asked) {
        // One that does not exist may come back, and then it is asked for again.
        if (!named.has(uri) && (await this.exists(uri))) this.refused.add(uri);
      }
    }
    return (uri) => !this.refused.has(uri);
  }

  private async exists(uri: string): Promise<boolean> {
    const read = await this.host.access.readMatching(uri, { test: () => false });
    return read.kind !== 'missing';
  }

  private forget(uri: string): void {
    this.sourceFiles.delete(uri);
    this.sources.remove(uri);
    this.errors.delete(uri);
  }

  /** The text of a file as it stands, open or on disk; undefined where there is none. */
  async read(uri: string): Promise<string | undefined> {
    const open = this.openText(uri);
    if (open !== undefined) return open;
    const read = await this.host.access.read(uri);
    return read.kind === 'text' ? read.text : undefined;
  }

  private readonly logFailure = (uri: string, error: unknown): void =>
    this.host.log(`${this.displayPath(uri)}: ${describeFailure(error)}`);
}
