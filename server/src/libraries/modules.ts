/** Which file of the workspace a Python module name means. Pure: the caller tells which files exist. */
import type { Location } from '../core/text.ts';
import type { ReferenceValue, Value } from '../declarations/value.ts';

export interface ResolvedModule {
  readonly uri: string;
  /** What is left of the dotted name after the module: `Config.POOL_SIZE`. */
  readonly rest: string;
}

/**
 * The file for `module` + `name` as seen from `fromUri`: the longest dotted prefix that is a file or a package. Absolute
 * names are looked for in every folder from the file's own up to the workspace folder, and in `src` folders there.
 */
export function resolveModule(
  fromUri: string,
  module: string,
  name: string,
  level: number,
  exists: (uri: string) => boolean,
  root: string,
): ResolvedModule | undefined {
  const parts = [...module.split('.'), ...name.split('.')].filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  for (const base of level > 0 ? relativeBase(fromUri, level) : searchFolders(fromUri, root)) {
    for (let taken = parts.length; taken > 0; taken--) {
      const path = `${base}/${parts.slice(0, taken).join('/')}`;
      for (const uri of [`${path}.py`, `${path}/__init__.py`]) {
        if (uri !== fromUri && exists(uri)) return { uri, rest: parts.slice(taken).join('.') };
      }
    }
    // `from . import NAME`: a name of the package itself.
    const package_ = `${base}/__init__.py`;
    if (level > 0 && package_ !== fromUri && exists(package_)) return { uri: package_, rest: parts.join('.') };
  }
  return undefined;
}

function relativeBase(fromUri: string, level: number): string[] {
  let folder = fromUri;
  for (let up = 0; up < level; up++) {
    const slash = folder.lastIndexOf('/');
    if (slash <= 0) return [];
    folder = folder.slice(0, slash);
  }
  return [folder];
}

function searchFolders(fromUri: string, root: string): string[] {
  const folders: string[] = [];
  for (let folder = fromUri.slice(0, fromUri.lastIndexOf('/')); ; folder = folder.slice(0, folder.lastIndexOf('/'))) {
    folders.push(folder, `${folder}/src`);
    if (folder === root || !folder.startsWith(`${root}/`)) break;
  }
  return folders;
}

/** A name from each of the places that it may come from, in their order. */
export function placesOf(reference: ReferenceValue): ReferenceValue[] {
  const { otherwise, ...first } = reference;
  return otherwise === undefined ? [first] : [first, ...placesOf(otherwise)];
}

/** What an attribute, or one of it, is taken from. */
export function rootOf(value: Value): Value {
  return value.kind === 'attribute' ? rootOf(value.object) : value;
}

/** An attribute of a whole module is a name of it: `export * as sizes from './sizes'`. */
export function attributeOf(object: Value, name: string, at: Location): Value {
  const isModule = object.kind === 'reference' && object.name === '' && object.module !== '';
  return isModule ? { ...object, name } : { kind: 'attribute', object, name, at };
}
