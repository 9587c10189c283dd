/** Python sources: open documents with their trees, closed files with their models only. */
import { contextOf } from '../declarations/context.ts';
import type { SourceModel } from '../declarations/source.ts';
import { callableNames, connectors } from '../libraries/registry.ts';
import type { LanguageParser } from '../syntax/parser.ts';
import { extractPython } from '../syntax/python/extract.ts';
import { PythonFile, type TextChange } from '../syntax/python/file.ts';

interface Entry {
  /** Present while the document is open. */
  file?: PythonFile;
  model?: SourceModel;
  exportNames: Set<string>;
  /** Extraction threw on the text as it stands; it is not tried again before the text changes. */
  hasFailed?: boolean;
}

export type ExtractionFailure = (uri: string, error: unknown) => void;

export class Sources {
  private readonly entries = new Map<string, Entry>();
  private readonly factoryNames = new Set<string>();

  constructor(
    private readonly parser: LanguageParser,
    private readonly pathOf: (uri: string) => string,
    private readonly onFailure: ExtractionFailure,
  ) {}

  model = (uri: string): SourceModel | undefined => {
    const entry = this.entries.get(uri);
    if (entry === undefined) return undefined;
    if (entry.model === undefined && entry.file !== undefined && !entry.hasFailed)
      entry.model = this.extract(entry.file, entry);
    return entry.model;
  };

  *models(): Generator<SourceModel> {
    for (const uri of this.entries.keys()) {
      const model = this.model(uri);
      if (model !== undefined) yield model;
    }
  }

  isOpen(uri: string): boolean {
    return this.entries.get(uri)?.file !== undefined;
  }

  /** The text of an open document. */
  openText(uri: string): string | undefined {
    return this.entries.get(uri)?.file?.text;
  }

  open(uri: string, text: string): void {
    const entry = this.entry(uri);
    entry.file?.release();
    entry.file = new PythonFile(uri, text, this.parser);
    entry.model = undefined;
    entry.hasFailed = false;
  }

  /** Applies one change to an open document. */
  edit(uri: string, change: TextChange): void {
    const entry = this.entries.get(uri);
    if (entry?.file === undefined) return;
    entry.file.edit(change);
    entry.model = undefined;
    entry.hasFailed = false;
  }

  lineIndexOf(uri: string) {
    const entry = this.entries.get(uri);
    return entry?.file?.lines ?? entry?.model?.lines;
  }

  /** The document was closed; what is on disk holds again. */
  close(uri: string): void {
    const entry = this.entries.get(uri);
    entry?.file?.release();
    if (entry !== undefined) entry.file = undefined;
  }

  /** Reads a closed file: extract, then free the trees. */
  load(uri: string, text: string): void {
    const entry = this.entry(uri);
    if (entry.file !== undefined) return;
    const file = new PythonFile(uri, text, this.parser);
    entry.model = this.extract(file, entry);
    file.release();
  }

  remove(uri: string): void {
    this.entries.get(uri)?.file?.release();
    this.entries.delete(uri);
  }

  /** Files on which the extraction failed. */
  failed(): string[] {
    return [...this.entries].flatMap(([uri, entry]) => (entry.hasFailed ? [uri] : []));
  }

  /** Notes that other files ask for module-level names; true where the file must be read (again) for them. */
  demand(uri: string, name: string): boolean {
    const entry = this.entry(uri);
    if (entry.exportNames.has(name) && entry.model !== undefined) return false;
    entry.exportNames.add(name);
    if (entry.file !== undefined) {
      entry.model = undefined;
      return false;
    }
    return true;
  }

  /** Names of pool-building functions that no file has been searched for yet; open documents are read again for them. */
  newFactoryNames(): string[] {
    const fresh = new Set<string>();
    for (const model of this.models()) {
      if (model.context === 'test') continue;
      for (const { callName } of model.factories) if (!this.factoryNames.has(callName)) fresh.add(callName);
    }
    for (const name of fresh) this.factoryNames.add(name);
    if (fresh.size > 0)
      for (const entry of this.entries.values()) if (entry.file !== undefined) entry.model = undefined;
    return [...fresh];
  }

  get knownFactoryNames(): ReadonlySet<string> {
    return this.factoryNames;
  }

  clear(): void {
    for (const entry of this.entries.values()) entry.file?.release();
    this.entries.clear();
  }

  private entry(uri: string): Entry {
    let entry = this.entries.get(uri);
    if (entry === undefined) {
      entry = { exportNames: new Set() };
      this.entries.set(uri, entry);
    }
    return entry;
  }

  private extract(file: PythonFile, entry: Entry): SourceModel | undefined {
    try {
      entry.hasFailed = false;
      return extractPython(file, {
        context: contextOf(this.pathOf(file.uri)),
        callables: callableNames,
        connectors,
        factoryNames: this.factoryNames,
        exportNames: entry.exportNames,
      });
    } catch (error) {
      entry.hasFailed = true;
      this.onFailure(file.uri, error);
      return undefined;
    }
  }
}
