/** The file system with some files' texts replaced: by standard input, or by fixes that are not written yet. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FileAccess, Listing, ReadResult } from '../workspace/fileAccess.ts';
import { kindOf, languageOf } from '../workspace/fileKinds.ts';
import { nodeFileAccess, toPath, toUri } from '../workspace/nodeFileAccess.ts';

export interface Overlay extends FileAccess {
  /** The text that counts for a file; undefined where there is none or it cannot be read. */
  text(uri: string): string | undefined;
}

/** `isHidden` leaves listed files out. */
export function overlay(texts: ReadonlyMap<string, string>, isHidden: (uri: string) => boolean): Overlay {
  const replaced = (uri: string): ReadResult | undefined => {
    const text = texts.get(uri);
    return text === undefined ? undefined : { kind: 'text', text };
  };
  return {
    async list(uri, options) {
      const here = [...texts.keys()].filter((each) => each === uri || each.startsWith(`${uri}/`));
      const isNewFile = texts.has(uri);
      const listing: Listing = isNewFile
        ? { sources: [], special: [], errors: [] }
        : await nodeFileAccess.list(uri, options);
      const added = here.filter((each) => !listing.sources.includes(each) && !listing.special.includes(each));
      const isSource = (each: string) => languageOf(kindOf(toPath(each))) !== undefined;
      return {
        sources: [...listing.sources, ...added.filter(isSource)],
        special: [
          ...listing.special.filter((each) => !isHidden(each)),
          ...added.filter((each) => !isSource(each) && kindOf(toPath(each)) !== undefined),
        ],
        errors: listing.errors,
      };
    },
    isTracked: (uri) => nodeFileAccess.isTracked(uri),
    read: (uri) => replaced(uri) ?? nodeFileAccess.read(uri),
    readMatching(uri, pattern) {
      const text = texts.get(uri);
      if (text === undefined) return nodeFileAccess.readMatching(uri, pattern);
      return pattern.test(text) ? { kind: 'text', text } : { kind: 'uninteresting' };
    },
    // What the disk holds says nothing about a text that takes its place.
    searchAhead: (uris, testOf) => (texts.size === 0 ? nodeFileAccess.searchAhead?.(uris, testOf) : undefined),
    hasFile: (folder, matches, depth) => nodeFileAccess.hasFile(folder, matches, depth),
    text(uri) {
      const read = replaced(uri) ?? nodeFileAccess.read(uri);
      return read instanceof Promise || read.kind !== 'text' ? undefined : read.text;
    },
  };
}

/** Dependency and environment files directly in a folder: they hold for everything below it. */
export function specialFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /^(?:environment|dependencies)$/.test(kindOf(entry.name) ?? ''))
      .map((entry) => toUri(join(folder, entry.name)));
  } catch {
    return [];
  }
}
