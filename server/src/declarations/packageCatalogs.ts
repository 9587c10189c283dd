/**
 * Catalogs: ranges that a workspace states once and its packages name, `"pg": "catalog:"`. In pnpm's workspace file and in
 * Yarn's configuration as YAML, in Bun's package.json as objects.
 */
import { type Requirement, readBounds } from './dependencies.ts';

/** What the packages of a catalog are required as, by catalog ('' for the default one) and package. */
export type Catalogs = ReadonlyMap<string, ReadonlyMap<string, Requirement>>;

export const catalogFiles: readonly string[] = ['pnpm-workspace.yaml', '.yarnrc.yml'];

export function isCatalogFile(name: string): boolean {
  return catalogFiles.includes(name);
}

/** The catalog that a range names: '' for `catalog:` and `catalog:default`; undefined for other ranges. */
export function catalogOf(range: string): string | undefined {
  const name = /^catalog:(.*)$/.exec(range)?.[1]?.trim();
  return name === 'default' ? '' : name;
}

/** The range of an alias or a patched package: `npm:pg@^8.11.0`, `patch:pg@npm%3A8.11.0#…`. */
export function plainRange(range: string): string {
  const alias = /^npm:(?:@?[^@]+@)?(.+)$/.exec(range)?.[1];
  if (alias !== undefined) return alias;
  const patched = /^patch:[^#]*?npm(?:%3A|:)([^#]+)#/i.exec(range)?.[1];
  return patched ?? range;
}

class CatalogBuilder {
  readonly catalogs = new Map<string, Map<string, Requirement>>();

  constructor(private readonly uri: string) {}

  add(catalog: string, name: string, range: string, start: number, end: number): void {
    const key = catalog === 'default' ? '' : catalog;
    const entries = this.catalogs.get(key) ?? new Map<string, Requirement>();
    const at = { uri: this.uri, start, end };
    entries.set(name, { name, ...readBounds(plainRange(range)), isLocked: false, text: `${name} ${range}`, at });
    this.catalogs.set(key, entries);
  }
}

const yamlEntry = /^( *)(['"]?)([^\s'"#:][^'"\n:]*)\2:(?: +(['"]?)([^\n'"#]*)\4)?[ \t]*(?:#[^\n]*)?\r?$/gm;

/** Line by line: `catalog:` with packages below it, `catalogs:` with catalogs below it. */
export function readCatalogFile(uri: string, text: string): Catalogs {
  const builder = new CatalogBuilder(uri);
  let section = '';
  let catalog: { readonly name: string; readonly depth: number } | undefined;
  for (const match of text.matchAll(yamlEntry)) {
    const depth = match[1]!.length;
    const key = match[3]!.trim();
    const value = match[5]?.trim() ?? '';
    if (depth === 0) {
      section = value === '' ? key : '';
      catalog = section === 'catalog' ? { name: '', depth } : undefined;
    } else if (section === 'catalogs' && value === '') catalog = { name: key, depth };
    else if (catalog !== undefined && depth > catalog.depth && value !== '') {
      const start = match.index + depth;
      builder.add(catalog.name, key, value, start, match.index + match[0].trimEnd().length);
    }
  }
  return builder.catalogs;
}

/** `catalog` and `catalogs`, in package.json itself or below `workspaces`. */
export function catalogsInManifest(uri: string, text: string, content: Readonly<Record<string, unknown>>): Catalogs {
  const builder = new CatalogBuilder(uri);
  for (const holder of [content, content['workspaces']]) {
    if (!isRecord(holder)) continue;
    const { catalog, catalogs } = holder;
    const named = isRecord(catalogs) ? Object.entries(catalogs) : [];
    for (const [name, entries] of [['', catalog] as const, ...named]) {
      if (!isRecord(entries)) continue;
      for (const [packageName, range] of Object.entries(entries)) {
        if (typeof range !== 'string') continue;
        const start = Math.max(0, text.lastIndexOf(`"${packageName}"`));
        builder.add(name, packageName, range, start, start + packageName.length + 2);
      }
    }
  }
  return builder.catalogs;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
