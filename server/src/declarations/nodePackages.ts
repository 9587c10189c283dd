/** What `package.json`, TypeScript's configuration and Node's lock files say. Read line by line; nothing is resolved. */

import type { Requirement } from './dependencies.ts';
import { readBounds } from './dependencies.ts';
import { type Catalogs, catalogsInManifest, isCatalogFile, plainRange } from './packageCatalogs.ts';

export interface PackageManifest {
  readonly name?: string;
  readonly requirements: readonly NodeRequirement[];
  /** Entry files by subpath, most telling first. */
  readonly entries: ReadonlyMap<string, readonly string[]>;
  readonly catalogs: Catalogs;
}

export interface NodeRequirement extends Requirement {
  /** `^8.11.0` */
  readonly range: string;
}

/** One package as a lock file has it. */
export interface LockedPackage {
  readonly requirement: Requirement;
  /** Folder whose files get this version, relative to the lock file's; empty for all. */
  readonly folder: string;
  /** The ranges it was resolved for, where the lock file tells them instead. */
  readonly ranges?: readonly string[];
}

export interface ScriptConfiguration {
  readonly extends: readonly string[];
  readonly baseUrl?: string;
  /** Undefined where the configuration has none, so that those it extends count. */
  readonly paths?: Readonly<Record<string, readonly string[]>>;
}

const configurationFile = /^(?:ts|js)config(?:[.-][\w.-]+)?\.json$/;
const lockFile = /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock)$/;

export function isNodePackageFile(name: string): boolean {
  return name === 'package.json' || configurationFile.test(name) || lockFile.test(name) || isCatalogFile(name);
}

export function isScriptConfiguration(name: string): boolean {
  return configurationFile.test(name);
}

// A string that stays open ends with its line: looked for its end again and again, it would take the square of the time.
const stringOrComment = /"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/g;
const stringOrComma = /"(?:[^"\\\n]|\\.)*"?|,(?=\s*[}\]])/g;

/** JSON with comments and trailing commas, as TypeScript reads it; undefined where it is not even that. */
function parseJson(text: string): unknown {
  const keepStrings = (match: string) => (match.startsWith('"') ? match : '');
  try {
    return JSON.parse(text.replace(stringOrComment, keepStrings).replace(stringOrComma, keepStrings));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

export function readPackageManifest(uri: string, text: string): PackageManifest | undefined {
  const content = parseJson(text);
  if (!isRecord(content)) return undefined;
  return {
    name: typeof content['name'] === 'string' ? content['name'] : undefined,
    requirements: readRequirements(uri, text, content),
    entries: readEntries(content),
    catalogs: catalogsInManifest(uri, text, content),
  };
}

function readRequirements(uri: string, text: string, content: Readonly<Record<string, unknown>>): NodeRequirement[] {
  const wanted = new Map<string, string>();
  for (const key of ['peerDependencies', 'devDependencies', 'optionalDependencies', 'dependencies']) {
    const list = content[key];
    if (!isRecord(list)) continue;
    for (const [name, range] of Object.entries(list)) if (typeof range === 'string') wanted.set(name, range);
  }
  const found: NodeRequirement[] = [];
  for (const match of text.matchAll(/"([^"\\\n]+)"\s*:\s*"([^"\\\n]*)"/g)) {
    const [written, name, range] = match;
    if (wanted.get(name!) !== range) continue;
    wanted.delete(name!);
    const at = { uri, start: match.index, end: match.index + written.length };
    found.push({
      name: name!,
      range: range!,
      ...readBounds(plainRange(range!)),
      isLocked: false,
      text: `${name} ${range}`,
      at,
    });
  }
  return found;
}

/** Files in the order in which they tell most: what a bundler or TypeScript would take. */
function readEntries(content: Readonly<Record<string, unknown>>): Map<string, string[]> {
  const entries = new Map<string, string[]>();
  const add = (subpath: string, files: readonly string[]) =>
    entries.set(subpath, [...(entries.get(subpath) ?? []), ...files]);
  const { exports } = content;
  if (isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.'))) {
    for (const [subpath, target] of Object.entries(exports)) add(subpath, targetsOf(target, 0));
  } else add('.', targetsOf(exports, 0));
  for (const key of ['source', 'types', 'typings', 'module', 'main']) add('.', texts(content[key]));
  return entries;
}

const deepestConditions = 6;

function targetsOf(target: unknown, depth: number): string[] {
  if (!isRecord(target) || depth > deepestConditions) return texts(target);
  return Object.values(target).flatMap((each) => targetsOf(each, depth + 1));
}

export function readScriptConfiguration(text: string): ScriptConfiguration | undefined {
  const content = parseJson(text);
  if (!isRecord(content)) return undefined;
  const options = isRecord(content['compilerOptions']) ? content['compilerOptions'] : {};
  const { paths, baseUrl } = options;
  return {
    extends: texts(content['extends']),
    baseUrl: typeof baseUrl === 'string' ? baseUrl : undefined,
    paths: isRecord(paths)
      ? Object.fromEntries(Object.entries(paths).map(([pattern, targets]) => [pattern, texts(targets)]))
      : undefined,
  };
}

export function readNodeLock(uri: string, text: string): LockedPackage[] {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  if (name.endsWith('.json')) return readNpmLock(uri, text);
  if (name === 'yarn.lock') return readYarnLock(uri, text);
  return name === 'bun.lock' ? readBunLock(uri, text) : readPnpmLock(uri, text);
}

function locked(uri: string, name: string, version: string, start: number, end: number): Requirement {
  return { name, version, isLocked: true, text: `${name} ${version}`, at: { uri, start, end } };
}

/** `"packages/api/node_modules/pg": { "version": "8.11.3"` */
function readNpmLock(uri: string, text: string): LockedPackage[] {
  const entry = /"((?:[^"\n]*\/)?)node_modules\/((?:@[\w.-]+\/)?[\w.-]+)":\s*\{\s*"version":\s*"([^"\n]+)"/g;
  return Array.from(text.matchAll(entry), (match) => ({
    requirement: locked(uri, match[2]!, match[3]!, match.index, match.index + match[0].length),
    folder: match[1]!.replace(/\/$/, ''),
  })).filter(({ folder }) => !folder.includes('node_modules'));
}

/** `pg@^8.0.0, "pg@npm:^8.11.0":` and the version in the lines after it. */
function readYarnLock(uri: string, text: string): LockedPackage[] {
  const entry = /^"?((?:@[\w.-]+\/)?[\w.-]+)@[^\n]*:\r?\n {2}version:? "?([^"\r\n]+)"?/gm;
  return Array.from(text.matchAll(entry), (match) => {
    const header = match[0].slice(0, match[0].indexOf('\n'));
    const ranges = Array.from(header.matchAll(/@(?:npm:)?([^@",:]+)(?=[",:]|$)/g), (range) => range[1]!.trim());
    return {
      requirement: locked(uri, match[1]!, match[2]!, match.index, match.index + match[0].length),
      folder: '',
      ranges,
    };
  });
}

/** `importers:` by folder, each with `specifier:` and `version:` of what it depends on. */
function readPnpmLock(uri: string, text: string): LockedPackage[] {
  const found: LockedPackage[] = [];
  let isImporters = false;
  let folder = '';
  let name: string | undefined;
  for (const match of text.matchAll(/^( *)('?)([^\s':#][^\n':]*)\2:(?: +([^\n]*))?$/gm)) {
    const depth = match[1]!.length;
    const [key, value] = [match[3]!, match[4]?.trim()];
    if (depth === 0) {
      if (key === 'packages' || key === 'snapshots') break;
      isImporters = key === 'importers';
      folder = '';
    } else if (isImporters && depth === 2) folder = key === '.' ? '' : key;
    else if (depth === (isImporters ? 6 : 2) && !value) name = key;
    else if (depth === (isImporters ? 8 : 4) && key === 'version' && name !== undefined && value) {
      const version = /^\d[^\s(_]*/.exec(value)?.[0];
      if (version !== undefined)
        found.push({ requirement: locked(uri, name, version, match.index, match.index + match[0].length), folder });
      name = undefined;
    }
  }
  return found;
}

/** `"pg": ["pg@8.11.3", …]` */
function readBunLock(uri: string, text: string): LockedPackage[] {
  const entry = /^\s*"((?:@[\w.-]+\/)?[\w.-]+)":\s*\["\1@(\d[^"\n]*)"/gm;
  return Array.from(text.matchAll(entry), (match) => ({
    requirement: locked(uri, match[1]!, match[2]!, match.index, match.index + match[0].length),
    folder: '',
  }));
}
