/** Whether git tracks a file, from the repository's own index. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { trackedPaths } from './gitIndex.ts';

interface KnownIndex {
  readonly modified: number;
  readonly paths: ReadonlySet<string>;
}

/** By index file; read again when it has changed. */
const known = new Map<string, KnownIndex>();

/** False also outside a repository and where its index is not understood. */
export function isTrackedByGit(path: string): boolean {
  try {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const entry = join(folder, '.git');
      if (existsSync(entry)) return pathsIn(indexOf(entry)).has(relative(folder, path).split(sep).join('/'));
      if (dirname(folder) === folder) return false;
    }
  } catch {
    return false;
  }
}

/** In a linked work tree `.git` is a file that names the folder. */
function indexOf(entry: string): string {
  if (statSync(entry).isDirectory()) return join(entry, 'index');
  const named = /^gitdir: (.+)$/m.exec(readFileSync(entry, 'utf8'))?.[1] ?? '';
  return join(named.startsWith('/') ? named : join(dirname(entry), named), 'index');
}

function pathsIn(index: string): ReadonlySet<string> {
  const modified = statSync(index).mtimeMs;
  let entry = known.get(index);
  if (entry?.modified !== modified) {
    entry = { modified, paths: trackedPaths(readFileSync(index)) ?? new Set() };
    known.set(index, entry);
  }
  return entry.paths;
}
