/** What a callee is in the end. */
import { qualifiedName, type Value } from '../declarations/value.ts';
import { attributeOf } from './modules.ts';
import { isLibraryModule, libraryOf } from './registry.ts';

/** A library's callable or a function of the workspace. */
export type Identity =
  | {
      readonly kind: 'library';
      readonly path: string;
      readonly hasOwnConstructor?: boolean;
      /** The file that the code is generated from which stands for the library. */
      readonly generatedFrom?: string;
      /** The class of the workspace that was called, where one extends the library's: name and file. */
      readonly heir?: string;
    }
  | { readonly kind: 'function'; readonly uri: string; readonly name: string };

export function ofLibrary(path: string | undefined): Identity | undefined {
  return path === undefined || libraryOf(path) === undefined ? undefined : { kind: 'library', path };
}

/** `mysql2.createPoolCluster().add`: the dotted name of what a library's callables yield. */
export function libraryPath(callee: Value): string | undefined {
  switch (callee.kind) {
    case 'constant':
      return libraryPath(callee.value);
    case 'call': {
      const path = libraryPath(callee.callee);
      return path && `${path}()`;
    }
    case 'attribute': {
      const path = libraryPath(callee.object);
      return path && `${path}.${callee.name}`;
    }
    case 'reference':
      return callee.level === 0 && isLibraryModule(callee.module) ? qualifiedName(callee) : undefined;
    default:
      return undefined;
  }
}

/** What a class of the workspace is told apart by. */
export function heirKey(name: string, uri: string): string {
  return `${name} ${uri}`;
}

/** What an object literal may hold under a name, the most telling first: `{ ...require('./pool') }`. */
export function heldUnder({ object, name, at }: Value & { kind: 'attribute' }): Value[] {
  const content = object.kind === 'constant' ? object.value : object;
  if (content.kind !== 'mapping') return [];
  return [...content.entries].reverse().flatMap(({ key, spread, value }) => {
    if (spread) return [attributeOf(value, name, at)];
    return key === name ? [value] : [];
  });
}
