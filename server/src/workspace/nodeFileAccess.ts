/** The file system, for the command line and the server in Node. Synchronous on purpose: one pass, no thread hops. */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ignoreFile, { type Ignore } from 'ignore';
import picomatch from 'picomatch';
import { URI } from 'vscode-uri';
import { isEnvironmentFile } from './environmentFiles.ts';
import { type FileAccess, type ListOptions, largestSource, type ReadResult, type TextTest } from './fileAccess.ts';
import { ignoredFolders, kindOf, languageOf } from './fileKinds.ts';
import { isTrackedByGit } from './nodeGit.ts';
import { expectSearch, searchAhead } from './nodeSearch.ts';
import { readBytes } from './readBytes.ts';

/** Deeper folders are a loop of links or generated. */
const deepestFolder = 60;

interface IgnoreScope {
  readonly folder: string;
  readonly rules: Ignore;
}

/** Paths that look the same in a URI; the usual ones, for which the general way is too slow. */
const plainPath = /^\/[\w./-]*$/;

export function toUri(path: string): string {
  return plainPath.test(path) ? `file://${path}` : URI.file(path).toString();
}

export function toPath(uri: string): string {
  if (uri.startsWith('file:///') && plainPath.test(uri.slice(7))) return uri.slice(7);
  return URI.parse(uri).fsPath;
}

export const nodeFileAccess: FileAccess = {
  list(uri, options) {
    const path = toPath(uri);
    const listing = {
      sources: [] as string[],
      special: [] as string[],
      errors: [] as { uri: string; message: string }[],
    };
    let isFile: boolean;
    try {
      isFile = statSync(path).isFile();
    } catch (error) {
      return { ...listing, errors: [{ uri, message: reasonOf(error) }] };
    }
    if (isFile) {
      // A file that is named is analysed, whatever ignore files say.
      add(path, path, listing);
      return listing;
    }
    const isExcluded = options.exclude.length > 0 ? picomatch([...options.exclude], { dot: true }) : undefined;
    const scopes = options.respectIgnoreFiles ? outerScopes(path) : [];
    walk(path, path, scopes, 0, isExcluded, options, listing);
    return listing;
  },
  read(uri) {
    return readDecoded(toPath(uri), undefined);
  },
  readMatching(uri, pattern) {
    return readDecoded(toPath(uri), pattern);
  },
  searchAhead: (uris, testOf) => searchAhead(uris, toPath, testOf),
  isTracked: (uri) => isTrackedByGit(toPath(uri)),
  hasFile(folder, matches, depth) {
    return anyFile(toPath(folder), '', matches, Math.min(depth, deepestFolder));
  },
};

function anyFile(folder: string, prefix: string, matches: (path: string) => boolean, deeper: number): boolean {
  let entries: import('node:fs').Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return false;
  }
  return entries.some((entry) => {
    if (!entry.isDirectory()) return matches(prefix + entry.name);
    if (ignoredFolders.has(entry.name) || deeper === 0) return false;
    return anyFile(join(folder, entry.name), `${prefix}${entry.name}/`, matches, deeper - 1);
  });
}

function add(path: string, shown: string, listing: { sources: string[]; special: string[] }): void {
  const kind = kindOf(shown.split(sep).join('/'));
  if (languageOf(kind) !== undefined) {
    listing.sources.push(toUri(path));
    expectSearch(listing.sources.length);
  } else if (kind !== undefined) listing.special.push(toUri(path));
}

function walk(
  root: string,
  folder: string,
  scopes: readonly IgnoreScope[],
  depth: number,
  isExcluded: ((path: string) => boolean) | undefined,
  options: ListOptions,
  listing: { sources: string[]; special: string[]; errors: { uri: string; message: string }[] },
): void {
  let entries: import('node:fs').Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    listing.errors.push({ uri: toUri(folder), message: reasonOf(error) });
    return;
  }
  if (depth > 0 && entries.some((entry) => entry.name === 'pyvenv.cfg')) return;
  const inner =
    options.respectIgnoreFiles && entries.some((entry) => entry.name === '.gitignore')
      ? withScope(scopes, folder)
      : scopes;
  for (const entry of entries) {
    const name = entry.name;
    // Links are not followed: their targets are listed where they are, and loops cannot arise.
    const isFolder = entry.isDirectory();
    if (isFolder ? ignoredFolders.has(name) : !entry.isFile() && !entry.isSymbolicLink()) continue;
    const path = `${folder}${folder.endsWith(sep) ? '' : sep}${name}`;
    if (!isFolder && kindOf(relativePath(root, path)) === undefined) continue;
    // `.env` is nearly always ignored, and it is where the values are; it counts for values only.
    if (inner.length > 0 && !isEnvironmentFile(name) && isIgnored(inner, path, isFolder)) continue;
    if (isExcluded?.(relativePath(root, path))) continue;
    if (isFolder) {
      if (depth < deepestFolder) walk(root, path, inner, depth + 1, isExcluded, options, listing);
    } else if (entry.isSymbolicLink()) {
      addLinkTarget(root, path, listing);
    } else add(path, relativePath(root, path), listing);
  }
}

/** A link to a file inside the tree is that file; one that leads nowhere is named. */
function addLinkTarget(
  root: string,
  path: string,
  listing: { sources: string[]; special: string[]; errors: { uri: string; message: string }[] },
): void {
  try {
    if (statSync(path).isFile()) add(path, relativePath(root, path), listing);
  } catch (error) {
    if (languageOf(kindOf(path)) !== undefined) listing.errors.push({ uri: toUri(path), message: reasonOf(error) });
  }
}

function relativePath(root: string, path: string): string {
  return sep === '/'
    ? path.slice(root.length + (root.endsWith('/') ? 0 : 1))
    : relative(root, path).split(sep).join('/');
}

/** Ignore files of the folders above, up to the repository's root, hold here too. */
function outerScopes(path: string): IgnoreScope[] {
  const above: string[] = [];
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) {
      let scopes: IgnoreScope[] = [];
      for (const each of above.reverse()) if (existsSync(join(each, '.gitignore'))) scopes = withScope(scopes, each);
      return scopes;
    }
    const parent = dirname(folder);
    if (parent === folder) return [];
    above.push(parent);
  }
}

function withScope(scopes: readonly IgnoreScope[], folder: string): IgnoreScope[] {
  try {
    const rules = ignoreFile().add(readFileSync(join(folder, '.gitignore'), 'utf8'));
    return [...scopes, { folder, rules }];
  } catch {
    return [...scopes];
  }
}

function isIgnored(scopes: readonly IgnoreScope[], path: string, isFolder: boolean): boolean {
  // The innermost file that says anything decides, as in git.
  for (let index = scopes.length - 1; index >= 0; index--) {
    const { folder, rules } = scopes[index]!;
    const verdict = rules.test(relativePath(folder, path) + (isFolder ? '/' : ''));
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

function readDecoded(path: string, pattern: TextTest | undefined): ReadResult {
  let bytes: Buffer;
  try {
    const read = readBytes(path, pattern);
    if (read === 'uninteresting') return { kind: 'uninteresting' };
    bytes = read;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !isDanglingLink(path)) return { kind: 'missing' };
    return { kind: 'error', message: reasonOf(error) };
  }
  if (bytes.length > largestSource) {
    return {
      kind: 'error',
      message: `too large to analyse (${(bytes.length / 1e6).toFixed(1)} MB; the limit is ${largestSource / 1e6} MB)`,
    };
  }
  if (bytes.subarray(0, 8192).includes(0)) return { kind: 'uninteresting' };
  const text = bytes.toString('utf8');
  const hasByteOrderMark = text.charCodeAt(0) === 0xfeff;
  return hasByteOrderMark ? { kind: 'text', text: text.slice(1), hasByteOrderMark } : { kind: 'text', text };
}

function isDanglingLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ELOOP':
      return 'too many links';
    default:
      return `cannot be read (${code ?? 'unknown error'})`;
  }
}
