/** Joins a project's files: gives the linker what it asks for, and reads further files where names lead to them. */
import { Linker } from '../libraries/link.ts';
import { resolveModule } from '../libraries/modules.ts';
import type { FileAccess } from './fileAccess.ts';
import type { Sources } from './sources.ts';
import { callersOf } from './words.ts';

export class Linking {
  constructor(
    private readonly root: string,
    private readonly access: FileAccess,
    private readonly sources: Sources,
    /** Every source file there is, read or not. */
    private readonly files: ReadonlySet<string>,
  ) {}

  linker(): Linker {
    return new Linker({
      model: this.sources.model,
      models: () => this.sources.models(),
      resolveModule: (fromUri, module, name, level) =>
        resolveModule(fromUri, module, name, level, (uri) => this.files.has(uri), this.root),
    });
  }

  /** Reads what linking asked for; true where anything new was read. */
  async meet(linker: Linker): Promise<boolean> {
    let isAnyNew = false;
    for (const uri of linker.demands) {
      const read = await this.access.read(uri);
      if (read.kind !== 'text') continue;
      await this.sources.ready(uri);
      this.sources.load(uri, read.text);
      isAnyNew = true;
    }
    return isAnyNew;
  }

  /** Functions that build pools out of their parameters are called by name in files without any other word. */
  async searchFactoryCalls(): Promise<void> {
    const fresh = this.sources.newFactoryNames();
    if (fresh.length === 0) return;
    const pattern = callersOf(fresh);
    for (const uri of this.files) {
      if (this.sources.isOpen(uri)) continue;
      const read = this.access.readMatching(uri, pattern);
      const result = read instanceof Promise ? await read : read;
      if (result.kind !== 'text') continue;
      await this.sources.ready(uri);
      this.sources.load(uri, result.text);
    }
  }
}
