/** Which file of the workspace a JavaScript module specifier means. Pure: the caller tells which files exist. */
import { wholeModule } from '../declarations/source.ts';
import type { ResolvedModule } from './modules.ts';

/** What `tsconfig.json` and `package.json` files say about specifiers that are no paths. */
export interface ModuleMap {
  /** `paths` of the nearest configuration, longest pattern first, and the folders `baseUrl` adds. */
  readonly aliases: (fromUri: string) => { readonly paths: readonly PathAlias[]; readonly baseUrl?: string };
  /** A package of the workspace by name. */
  readonly packageNamed: (name: string) => WorkspacePackage | undefined;
}

export interface PathAlias {
  /** `@/*` */
  readonly pattern: string;
  /** URIs, with `*` where the pattern has one. */
  readonly targets: readonly string[];
}

export interface WorkspacePackage {
  /** URI of its folder. */
  readonly folder: string;
  /** Entry files by subpath (`.` for the package itself), relative to the folder, most telling first. */
  readonly entries: ReadonlyMap<string, readonly string[]>;
}

const extensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'];
/** `./db.js` is how a module written as `./db.ts` is imported. */
const sourcesOf: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

export function resolveScriptModule(
  fromUri: string,
  module: string,
  name: string,
  exists: (uri: string) => boolean,
  map: ModuleMap,
): ResolvedModule | undefined {
  const rest = name === '' ? wholeModule : name;
  for (const base of moduleCandidates(fromUri, module, map)) {
    const uri = fileAt(base, exists);
    if (uri !== undefined && uri !== fromUri) return { uri, rest };
  }
  return undefined;
}

/** URIs a module specifier may mean, most telling first, with or without an extension. */
export function* moduleCandidates(fromUri: string, module: string, map: ModuleMap): Generator<string> {
  if (module.startsWith('.')) {
    const path = joined(folderOf(fromUri), module);
    if (path !== undefined) yield path;
    return;
  }
  const { paths, baseUrl } = map.aliases(fromUri);
  for (const { pattern, targets } of paths) {
    const star = pattern.indexOf('*');
    const [before, after] = star === -1 ? [pattern, undefined] : [pattern.slice(0, star), pattern.slice(star + 1)];
    if (after === undefined ? module !== pattern : !(module.startsWith(before) && module.endsWith(after))) continue;
    const middle = after === undefined ? '' : module.slice(before.length, module.length - after.length);
    for (const target of targets) yield target.replace('*', () => middle);
  }
  if (baseUrl !== undefined) yield `${baseUrl}/${module}`;
  yield* packageFiles(module, map);
  // The usual aliases, where no configuration is in sight.
  const usual = /^[@~]\/(.+)$/.exec(module)?.[1];
  if (usual !== undefined) {
    for (let folder = folderOf(fromUri); folder.includes('/', 8); folder = folderOf(folder)) {
      yield `${folder}/src/${usual}`;
      yield `${folder}/${usual}`;
    }
  }
}

function* packageFiles(module: string, map: ModuleMap): Generator<string> {
  const parts = module.split('/');
  const taken = module.startsWith('@') ? 2 : 1;
  const found = map.packageNamed(parts.slice(0, taken).join('/'));
  if (found === undefined) return;
  const below = parts.slice(taken).join('/');
  const { folder, entries } = found;
  for (const entry of entries.get(below === '' ? '.' : `./${below}`) ?? []) {
    const path = joined(folder, entry);
    if (path === undefined) continue;
    yield path;
    // Build output is not there; what it is built from is.
    yield path.replace(/\/(?:dist|build|lib|out)(\/(?:esm|cjs|src))?\//, '/src/');
  }
  yield below === '' ? `${folder}/src/index` : `${folder}/src/${below}`;
  yield below === '' ? `${folder}/index` : `${folder}/${below}`;
}

/** The file a path without a certain extension stands for. */
function fileAt(path: string, exists: (uri: string) => boolean): string | undefined {
  const extension = /\.(?:[cm]?[jt]sx?|json)$/.exec(path)?.[0];
  if (extension !== undefined) {
    if (exists(path)) return path;
    const bare = path.slice(0, -extension.length);
    for (const other of sourcesOf[extension] ?? []) if (exists(bare + other)) return bare + other;
  }
  for (const each of extensions) if (exists(path + each)) return path + each;
  for (const each of extensions) if (exists(`${path}/index${each}`)) return `${path}/index${each}`;
  return undefined;
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}

/** A relative path from a file; undefined where it leaves everything. */
export function pathFrom(uri: string, path: string): string | undefined {
  return joined(folderOf(uri), path);
}

/** Undefined for a path that leaves everything. */
function joined(folder: string, path: string): string | undefined {
  const parts = folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.length <= 3) return undefined;
      parts.pop();
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
