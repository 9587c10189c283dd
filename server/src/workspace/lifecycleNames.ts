/** Names that lead from file to file on the way of a connection: what builds pools, what hands out connections. */
import type { FileLifecycle } from '../declarations/lifecycle.ts';
import type { SourceModel } from '../declarations/source.ts';
import type { Language } from '../declarations/value.ts';
import { lifecycleWords, type SearchedKind, type SearchedName, searchedIn } from '../lifecycle/searched.ts';
import type { LifecycleWords } from '../syntax/frontEnd.ts';

export class LifecycleNames {
  private readonly known: Readonly<Record<SearchedKind, Map<string, ReadonlySet<string>>>> = {
    builder: new Map(),
    source: new Map(),
    provider: new Map(),
  };
  /** Grows with every name. */
  size = 0;
  /** How far it was when a file was asked for its own. */
  private readonly askedAt = new WeakMap<FileLifecycle, number>();
  private readonly words = new Map<Language, LifecycleWords>();

  /** Names of a file that others are searched for. Asked once for each reading, and again when more names are known. */
  in({ lifecycle }: SourceModel, modules: readonly string[]): readonly SearchedName[] {
    if (lifecycle === undefined || this.askedAt.get(lifecycle) === this.size) return [];
    this.askedAt.set(lifecycle, this.size);
    const names = searchedIn(lifecycle, this.known);
    for (const { kind, name } of names) {
      const before = this.known[kind].get(name);
      if (before !== undefined && modules.every((each) => before.has(each))) continue;
      this.known[kind].set(name, new Set([...(before ?? []), ...modules]));
      this.size++;
      this.words.clear();
    }
    return names;
  }

  wordsFor(language: Language): LifecycleWords {
    let words = this.words.get(language);
    if (words === undefined) this.words.set(language, (words = lifecycleWords(language, this.known)));
    return words;
  }
}
