/** pgbouncer.ini and userlist.txt files of a project: their texts, and their models once the grammar is there. */
import type { LineIndex } from '../core/text.ts';
import { contextOf } from '../declarations/context.ts';
import type { PgbouncerFile, PgbouncerUserlist } from '../declarations/pgbouncer.ts';
import { deepestInclude, includeCandidates } from '../declarations/pgbouncerIncludes.ts';
import type { CredentialSighting, SourceContext, Suppression } from '../declarations/pool.ts';
import type { ParserSource } from '../syntax/parser.ts';
import { readPgbouncer } from '../syntax/pgbouncer/extract.ts';
import { readUserlist } from '../syntax/pgbouncer/userlist.ts';
import type { ReadResult } from './fileAccess.ts';

interface Entry<Model> {
  readonly text: string;
  readonly context: SourceContext;
  model?: Model;
  hasFailed?: boolean;
}

/** True where the first header says so; or the first is [databases], which others have as well, and the right one follows. */
export function beginsLikePgbouncer(text: string): boolean {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? text.length : end).trim();
    if (line !== '' && !line.startsWith(';') && !line.startsWith('#'))
      return line.startsWith('[pgbouncer]') || (line.startsWith('[databases]') && text.includes('\n[pgbouncer]'));
    if (end === -1) return false;
    start = end + 1;
  }
  return false;
}

export interface PgbouncerModels {
  /** In the order of their URIs, as are the others. */
  readonly configurations: readonly PgbouncerFile[];
  readonly userlists: readonly PgbouncerUserlist[];
  /** Files that could not be analysed. */
  readonly failed: readonly string[];
  readonly includes: Includes;
}

/** The files that %include means, as far as they lie in the workspace. */
export interface Includes {
  /** Grows with every change of one of them. */
  readonly changes: number;
  /** Undefined where there is none, or where two come into question. */
  readonly meant: (main: PgbouncerFile, path: string, section: string | undefined) => PgbouncerFile | undefined;
}

/** A file that is read because another includes it. */
interface Part {
  /** Undefined where there is no such file. */
  readonly text: string | undefined;
  readonly models: Map<string | undefined, PgbouncerFile>;
}

export class PgbouncerFiles {
  private readonly configurations = new Map<string, Entry<PgbouncerFile>>();
  private readonly userlists = new Map<string, Entry<PgbouncerUserlist>>();
  /** Files that begin with a byte order mark on disk; editors and readers take it away before the text gets here. */
  private readonly marked = new Set<string>();

  private readonly parts = new Map<string, Part>();
  private partChanges = 0;
  private root = '';

  constructor(
    private readonly grammars: ParserSource,
    private readonly onFailure: (uri: string, error: unknown) => void,
  ) {}

  /** Takes a text over; the grammar begins to load. */
  load(uri: string, path: string, text: string, isUserlist: boolean): void {
    this.forgetPart(uri);
    if (!isUserlist) this.grammars.parser('pgbouncer');
    (isUserlist ? this.userlists : this.configurations).set(uri, { text, context: contextOf(path) });
  }

  /** What the disk says of the first bytes; holds until it is said again. */
  noteByteOrderMark(uri: string, read: ReadResult): void {
    if (read.kind === 'text' && read.hasByteOrderMark === true) this.marked.add(uri);
    else this.marked.delete(uri);
  }

  remove(uri: string): void {
    this.configurations.delete(uri);
    this.userlists.delete(uri);
    this.marked.delete(uri);
    this.forgetPart(uri);
  }

  /** It has changed: whoever includes it asks for it again. */
  forgetPart(uri: string): void {
    if (this.parts.delete(uri)) this.partChanges++;
  }

  /** Reads what the files include, each once until it changes; true where they include anything. */
  async followIncludes(root: string, read: (uri: string) => Promise<string | undefined>): Promise<boolean> {
    this.root = root;
    let isAny = false;
    for (const { model } of this.configurations.values()) {
      if (model === undefined || !model.statements.some(({ kind }) => kind === 'include')) continue;
      isAny = true;
      await this.readParts(model, model, { read, section: undefined, depth: 0 });
    }
    return isAny;
  }

  /** Returns the section that is in force behind the file. */
  private async readParts(
    main: PgbouncerFile,
    file: PgbouncerFile,
    at: {
      readonly read: (uri: string) => Promise<string | undefined>;
      readonly section: string | undefined;
      readonly depth: number;
    },
  ): Promise<string | undefined> {
    let { section } = at;
    for (const statement of file.statements) {
      if (statement.kind === 'section') section = statement.name.text;
      if (statement.kind !== 'include' || statement.path === undefined || at.depth >= deepestInclude) continue;
      for (const uri of includeCandidates(statement.path.text, main.uri, this.root)) {
        if (this.parts.has(uri)) continue;
        this.parts.set(uri, { text: await at.read(uri), models: new Map() });
        this.partChanges++;
      }
      const part = this.meant(main, statement.path.text, section);
      if (part !== undefined) section = await this.readParts(main, part, { ...at, section, depth: at.depth + 1 });
    }
    return section;
  }

  private meant(main: PgbouncerFile, path: string, section: string | undefined): PgbouncerFile | undefined {
    const [uri, other] = includeCandidates(path, main.uri, this.root).filter(
      (each) => this.parts.get(each)?.text !== undefined,
    );
    const part = uri === undefined || other !== undefined ? undefined : this.parts.get(uri);
    if (part?.text === undefined) return undefined;
    const before = part.models.get(section);
    if (before !== undefined) return before;
    try {
      const parser = this.grammars.parser('pgbouncer');
      const model = readPgbouncer(uri!, part.text, main.context, { parser, section });
      part.models.set(section, model);
      return model;
    } catch (error) {
      this.parts.set(uri!, { text: undefined, models: new Map() });
      this.onFailure(uri!, error);
      return undefined;
    }
  }

  get size(): number {
    return this.configurations.size + this.userlists.size;
  }

  /** Everything that could be read. Call it only when the grammars are ready. */
  models(): PgbouncerModels {
    return {
      configurations: this.read(this.configurations, (uri, { text, context }) =>
        readPgbouncer(uri, text, context, {
          parser: this.grammars.parser('pgbouncer'),
          hasByteOrderMark: this.marked.has(uri),
        }),
      ),
      userlists: this.read(this.userlists, (uri, { text, context }) => readUserlist(uri, text, context)),
      includes: {
        changes: this.partChanges,
        meant: (main, path, section) => this.meant(main, path, section),
      },
      failed: [...this.configurations, ...this.userlists].flatMap(([uri, entry]) => (entry.hasFailed ? [uri] : [])),
    };
  }

  /** The model of a file that `models` has read. */
  configuration(uri: string): PgbouncerFile | undefined {
    return this.configurations.get(uri)?.model;
  }

  /** Suppression comments of files that `models` has read, by file. */
  suppressions(): [string, readonly Suppression[]][] {
    return this.known().map((model) => [model.uri, model.suppressions]);
  }

  /** Passwords in files that `models` has read. */
  credentials(): (CredentialSighting & { readonly context: SourceContext })[] {
    return this.known().flatMap(({ credentials, context }) => credentials.map((each) => ({ ...each, context })));
  }

  /** Lines of a file that is known only because another includes it. */
  linesOfPart(uri: string): LineIndex | undefined {
    return this.parts.get(uri)?.models.values().next().value?.lines;
  }

  private known(): (PgbouncerFile | PgbouncerUserlist)[] {
    const parts = [...this.parts].flatMap(([uri, { models }]) =>
      this.configurations.has(uri) ? [] : [...models.values()].slice(0, 1),
    );
    return [
      ...[...this.configurations.values(), ...this.userlists.values()].flatMap((entry) => entry.model ?? []),
      ...parts,
    ];
  }

  private read<Model>(
    entries: ReadonlyMap<string, Entry<Model>>,
    parse: (uri: string, entry: Entry<Model>) => Model,
  ): Model[] {
    return [...entries.keys()].sort().flatMap((uri) => {
      const entry = entries.get(uri)!;
      if (entry.model !== undefined || entry.hasFailed) return entry.model ?? [];
      try {
        entry.model = parse(uri, entry);
        return [entry.model];
      } catch (error) {
        entry.hasFailed = true;
        this.onFailure(uri, error);
        return [];
      }
    });
  }
}
