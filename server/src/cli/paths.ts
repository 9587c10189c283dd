/** Which folder a run is about, and how its files are named for people. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { toPath } from '../workspace/nodeFileAccess.ts';

const topologyNames = ['poolproof.yaml', 'poolproof.yml', 'poolproof.json'];

/** Absolute paths of what was named, without those that lie in another one that was named. */
export function targetPaths(cwd: string, named: readonly string[]): string[] {
  const all = [...new Set((named.length === 0 ? ['.'] : named).map((path) => resolve(cwd, path)))];
  return all.filter((path) => !all.some((other) => other !== path && isInside(path, other)));
}

export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

export interface Root {
  readonly folder: string;
  /** True where a topology file above the target governs it: then its whole folder counts, or sums would be too small. */
  readonly isGoverned: boolean;
}

/**
 * The folder that a target belongs to: the nearest one around it with a topology file, not beyond the repository; else
 * the working directory where it holds the target; else the target's own folder.
 */
export function rootOf(target: string, cwd: string): Root {
  const start = isFolder(target) ? target : dirname(target);
  for (let folder = start; ; folder = dirname(folder)) {
    if (hasTopology(folder)) return { folder, isGoverned: true };
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) break;
  }
  return { folder: isInside(target, cwd) ? cwd : start, isGoverned: false };
}

export function hasTopology(folder: string): boolean {
  return topologyNames.some((name) => existsSync(join(folder, name)));
}

/** The topology file of a folder, where there is one. */
export function topologyIn(folder: string): string | undefined {
  return topologyNames.map((name) => join(folder, name)).find((path) => existsSync(path));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Names files by their path from the working directory, with `/`; what lies on another drive keeps its whole path. */
export function pathNamer(cwd: string): (uri: string) => string {
  const known = new Map<string, string>();
  return (uri) => {
    let path = known.get(uri);
    if (path === undefined) {
      path = (relative(cwd, toPath(uri)) || '.').split(sep).join('/');
      known.set(uri, path);
    }
    return path;
  };
}
