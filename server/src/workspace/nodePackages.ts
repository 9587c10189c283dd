/** Packages, lock files and TypeScript configurations of a project: which version a file gets, which file a module is. */

import type { Requirement } from '../declarations/dependencies.ts';
import {
  isScriptConfiguration,
  type LockedPackage,
  type NodeRequirement,
  type PackageManifest,
  readNodeLock,
  readPackageManifest,
  readScriptConfiguration,
  type ScriptConfiguration,
} from '../declarations/nodePackages.ts';
import {
  type Catalogs,
  catalogFiles,
  catalogOf,
  isCatalogFile,
  readCatalogFile,
} from '../declarations/packageCatalogs.ts';
import { compareVersions } from '../facts/versions.ts';
import type { DependencyView } from '../libraries/library.ts';
import type { ModuleMap, PathAlias, WorkspacePackage } from '../libraries/scriptModules.ts';
import { folderOf, foldersUpTo } from './folders.ts';

/** Configurations that extend each other deeper than this are a circle. */
const longestChain = 8;

export class NodePackages implements ModuleMap {
  private readonly manifests = new Map<string, PackageManifest>();
  private readonly configurations = new Map<string, ScriptConfiguration>();
  private readonly locks = new Map<string, readonly LockedPackage[]>();
  private readonly catalogs = new Map<string, Catalogs>();
  private packages: ReadonlyMap<string, WorkspacePackage> | undefined;
  private readonly aliasesByFolder = new Map<string, ReturnType<ModuleMap['aliases']>>();
  private readonly views = new Map<string, DependencyView>();
  private readonly namesByFolder = new Map<string, readonly string[]>();

  load(uri: string, text: string): void {
    this.remove(uri);
    const name = uri.slice(uri.lastIndexOf('/') + 1);
    if (name === 'package.json') set(this.manifests, uri, readPackageManifest(uri, text));
    else if (isScriptConfiguration(name)) set(this.configurations, uri, readScriptConfiguration(text));
    else if (isCatalogFile(name)) this.catalogs.set(uri, readCatalogFile(uri, text));
    else this.locks.set(uri, readNodeLock(uri, text));
  }

  remove(uri: string): void {
    this.manifests.delete(uri);
    this.configurations.delete(uri);
    this.locks.delete(uri);
    this.catalogs.delete(uri);
    this.packages = undefined;
    this.aliasesByFolder.clear();
    this.views.clear();
    this.namesByFolder.clear();
  }

  packageNamed(name: string): WorkspacePackage | undefined {
    this.packages ??= new Map(
      [...this.manifests].flatMap(([uri, { name: own, entries }]) =>
        own === undefined ? [] : [[own, { folder: folderOf(uri), entries }] as const],
      ),
    );
    return this.packages.get(name);
  }

  aliases(fromUri: string): ReturnType<ModuleMap['aliases']> {
    const folder = folderOf(fromUri);
    let found = this.aliasesByFolder.get(folder);
    if (found === undefined) this.aliasesByFolder.set(folder, (found = this.readAliases(fromUri)));
    return found;
  }

  private readAliases(fromUri: string): ReturnType<ModuleMap['aliases']> {
    for (const folder of foldersUpTo(fromUri, 'file:')) {
      for (const name of ['tsconfig.json', 'jsconfig.json']) {
        const uri = `${folder}/${name}`;
        if (this.configurations.has(uri)) return this.aliasesIn(uri, 0);
      }
    }
    return { paths: [] };
  }

  private aliasesIn(uri: string, depth: number): { paths: readonly PathAlias[]; baseUrl?: string } {
    const configuration = this.configurations.get(uri);
    if (configuration === undefined || depth > longestChain) return { paths: [] };
    const folder = folderOf(uri);
    const baseUrl = configuration.baseUrl === undefined ? undefined : joined(folder, configuration.baseUrl);
    const own = configuration.paths && readPaths(configuration.paths, baseUrl ?? folder);
    const inherited = configuration.extends
      .map((target) => joined(folder, target.endsWith('.json') ? target : `${target}.json`))
      .map((target) => this.aliasesIn(target, depth + 1));
    return {
      paths: own ?? inherited.findLast((each) => each.paths.length > 0)?.paths ?? [],
      baseUrl: baseUrl ?? inherited.findLast((each) => each.baseUrl !== undefined)?.baseUrl,
    };
  }

  /** The last words of names by which files import this one, besides those of its path: of its package, of aliases. */
  moduleNames(uri: string, root: string): readonly string[] {
    const folder = folderOf(uri);
    let names = this.namesByFolder.get(folder);
    if (names === undefined) this.namesByFolder.set(folder, (names = this.namesFor(folder, root)));
    return names;
  }

  private namesFor(folder: string, root: string): readonly string[] {
    // Nobody imports the package that is the workspace folder itself.
    const around = foldersUpTo(`${folder}/`, root).filter((each) => each !== root);
    const own = around.map((each) => this.manifests.get(`${each}/package.json`)).find((each) => each !== undefined);
    const names = own?.name === undefined ? [] : [own.name];
    for (const [uri, { baseUrl, paths = {} }] of this.configurations) {
      const base = baseUrl === undefined ? folderOf(uri) : joined(folderOf(uri), baseUrl);
      for (const { pattern, targets } of readPaths(paths, base)) {
        const roots = targets.map((target) => target.replace(/(?:\/(?:src|lib))?(?:\/index\.\w+|\/?\*.*)$/, ''));
        if (roots.some((root) => root !== base && (folder === root || folder.startsWith(`${root}/`))))
          names.push(pattern);
      }
    }
    return names.flatMap(
      (name) =>
        name
          .replace(/\/\*.*$/, '')
          .split('/')
          .at(-1) || [],
    );
  }

  /** What the manifests and lock files around a source, up to the workspace folder, say. */
  dependencies(fromUri: string, root: string): DependencyView {
    const folder = folderOf(fromUri);
    let view = this.views.get(folder);
    if (view === undefined) this.views.set(folder, (view = this.viewFor(foldersUpTo(fromUri, root))));
    return view;
  }

  private viewFor(folders: readonly string[]): DependencyView {
    const manifests = folders.flatMap((folder) => this.manifests.get(`${folder}/package.json`) ?? []);
    const names = manifests.flatMap((each) => each.requirements.map(({ name }) => name));
    // One without a name and requirements only says how its folder is read: `{ "type": "module" }`.
    const own = manifests.find((each) => each.name !== undefined || each.requirements.length > 0);
    return {
      packages: manifests.length === 0 ? undefined : new Set(names),
      ownPackages: own && new Set(own.requirements.map(({ name }) => name)),
      requirement: (name) => {
        const stated = manifests.flatMap((each) => each.requirements.filter((one) => one.name === name))[0];
        const best = this.lockedVersion(folders, name, stated) ?? this.inCatalog(folders, stated) ?? stated;
        return best && { version: best.version, below: best.below, evidence: { text: best.text, at: best.at } };
      },
    };
  }

  /** `"pg": "catalog:"`: what the nearest catalog of that name has. */
  private inCatalog(folders: readonly string[], stated: NodeRequirement | undefined): Requirement | undefined {
    const catalog = stated && catalogOf(stated.range);
    if (catalog === undefined) return undefined;
    for (const folder of folders) {
      const all = [
        this.manifests.get(`${folder}/package.json`)?.catalogs,
        ...catalogFiles.map((name) => this.catalogs.get(`${folder}/${name}`)),
      ];
      for (const catalogs of all) {
        const found = catalogs?.get(catalog)?.get(stated!.name);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  /** The nearest lock file's version, unless it is one that the manifest excludes: then it locks something else. */
  private lockedVersion(folders: readonly string[], name: string, stated: NodeRequirement | undefined) {
    for (const folder of folders) {
      for (const [uri, list] of this.locks) {
        if (!folder.startsWith(folderOf(uri))) continue;
        const below = folder.slice(folderOf(uri).length + 1);
        const found = list.filter((each) => each.requirement.name === name && each.folder === below);
        const chosen = found.find((each) => each.ranges?.includes(stated?.range ?? '')) ?? onlyOne(found);
        if (chosen !== undefined && !isExcluded(chosen, stated)) return chosen.requirement;
      }
    }
    return undefined;
  }
}

function onlyOne(found: readonly LockedPackage[]): LockedPackage | undefined {
  return new Set(found.map((each) => each.requirement.version)).size === 1 ? found[0] : undefined;
}

function isExcluded({ requirement }: LockedPackage, stated: Requirement | undefined): boolean {
  return stated?.below !== undefined && compareVersions(requirement.version!, stated.below) >= 0;
}

function readPaths(paths: Readonly<Record<string, readonly string[]>>, base: string): PathAlias[] {
  return Object.entries(paths)
    .map(([pattern, targets]) => ({ pattern, targets: targets.map((target) => joined(base, target)) }))
    .sort((a, b) => b.pattern.length - a.pattern.length);
}

function joined(folder: string, path: string): string {
  const parts = folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function set<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value !== undefined) map.set(key, value);
}
