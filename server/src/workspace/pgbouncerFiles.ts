/** pgbouncer.ini and userlist.txt files of a project: their texts, and their models once the grammar is there. */
import { contextOf } from '../declarations/context.ts';
import type { PgbouncerFile, PgbouncerUserlist } from '../declarations/pgbouncer.ts';
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
}

export class PgbouncerFiles {
  private readonly configurations = new Map<string, Entry<PgbouncerFile>>();
  private readonly userlists = new Map<string, Entry<PgbouncerUserlist>>();
  /** Files that begin with a byte order mark on disk; editors and readers take it away before the text gets here. */
  private readonly marked = new Set<string>();

  constructor(
    private readonly grammars: ParserSource,
    private readonly onFailure: (uri: string, error: unknown) => void,
  ) {}

  /** Takes a text over; the grammar begins to load. */
  load(uri: string, path: string, text: string, isUserlist: boolean): void {
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

  private known(): (PgbouncerFile | PgbouncerUserlist)[] {
    return [...this.configurations.values(), ...this.userlists.values()].flatMap((entry) => entry.model ?? []);
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
