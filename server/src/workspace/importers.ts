/** Modules that lie beside tests, and that nothing but tests and scripts import: no application runs them. */
import { contextOf } from '../declarations/context.ts';
import type { SourceModel } from '../declarations/source.ts';
import { displayPathIn } from './displayPath.ts';
import type { FileAccess } from './fileAccess.ts';
import type { FileSet } from './fileSet.ts';
import { TextSearch } from './textSearch.ts';

/** Names that are too short to be searched for. */
const shortestName = 3;

export class Importers {
  /** What was found out holds until a file comes or goes. */
  private version = -1;
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly root: string,
    private readonly access: FileAccess,
    private readonly files: FileSet,
  ) {}

  /** Looks at the modules that build pools or clients and have not been looked at. */
  async look(models: Iterable<SourceModel>): Promise<void> {
    if (this.version !== this.files.changes) this.known.clear();
    this.version = this.files.changes;
    for (const { uri, context, scriptObjects } of models) {
      if (context !== 'app' || (scriptObjects?.objects.length ?? 0) === 0 || this.known.has(uri)) continue;
      this.known.set(uri, this.isBesideTests(uri) && (await this.isForTests(uri)));
    }
  }

  readonly isOnlyTested = (uri: string): boolean => this.known.get(uri) === true;

  private isBesideTests(uri: string): boolean {
    const folder = uri.slice(0, uri.lastIndexOf('/') + 1);
    for (const each of this.files)
      if (each.startsWith(folder) && !each.includes('/', folder.length) && this.isTest(each)) return true;
    return false;
  }

  private isTest(uri: string): boolean {
    return contextOf(displayPathIn(this.root, uri)) !== 'app';
  }

  /** True where tests name it, and nobody of the application imports it. */
  private async isForTests(uri: string): Promise<boolean> {
    const [folder, file] = uri.split('/').slice(-2) as [string, string];
    const name = decodeURIComponent(/^index\.\w+$/.test(file) ? folder : file.replace(/(?:\.[cm]?[jt]sx?)$/, ''));
    if (name.length < shortestName) return false;
    const plain = name.replace(/[.*+?^$()[\]{}|\\/]/g, '\\$&');
    const imported = new RegExp(
      `\\b(?:from|import|require)\\s*\\(?\\s*["'][^"'\\n]{0,300}/${plain}(?:/index)?(?:\\.\\w+)?["']`,
    );
    // What tests replace by it they name in their configuration.
    const named = new RegExp(`["'](?:[^"'\\n]{0,300}/)?${plain}(?:/index)?(?:\\.\\w+)?["']`);
    const scripts = [...this.files].filter((each) => each !== uri && /\.[cm]?[jt]sx?$/.test(each));
    const isAnyIn = async (uris: readonly string[], pattern: RegExp) => {
      const search = new TextSearch([{ words: [name], patterns: [pattern] }]);
      for (const each of uris) {
        const read = await this.access.readMatching(each, search);
        // Who reads every file has not looked into it.
        if (read.kind === 'text' && search.test(read.text)) return true;
      }
      return false;
    };
    if (
      await isAnyIn(
        scripts.filter((each) => !this.isTest(each)),
        imported,
      )
    )
      return false;
    return isAnyIn(
      scripts.filter((each) => this.isTest(each)),
      named,
    );
  }
}
