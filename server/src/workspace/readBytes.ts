/** Reads files quickly, one after the other. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { TextTest } from './fileAccess.ts';
import { TextSearch } from './textSearch.ts';

/** Most sources fit; reading them into one buffer spares an allocation and a system call each. */
const shared = Buffer.allocUnsafe(1 << 16);

/** The bytes of a file that `pattern` lets pass. They are only valid until the next call. */
export function readBytes(path: string, pattern: TextTest | undefined): Buffer | 'uninteresting' {
  // Read to where the search can see it, so that nothing is copied or decoded of files without a word of interest.
  const searched = pattern instanceof TextSearch ? pattern.buffer : undefined;
  const target = searched ?? shared;
  const length = readInto(path, target);
  if (length < target.length) {
    if (searched !== undefined && !(pattern as TextSearch).testBuffer(length)) return 'uninteresting';
    const bytes = Buffer.from(target.buffer, target.byteOffset, length);
    return searched !== undefined || passes(pattern, bytes) ? bytes : 'uninteresting';
  }
  const whole = readFileSync(path);
  return passes(pattern, whole) ? whole : 'uninteresting';
}

function passes(pattern: TextTest | undefined, bytes: Buffer): boolean {
  return pattern === undefined || pattern.test(bytes.toString('utf8'));
}

function readInto(path: string, target: Uint8Array): number {
  const file = openSync(path, 'r');
  try {
    // A regular file that does not fill the buffer has been read to its end; a second call would only confirm it.
    return readSync(file, target, 0, target.length, null);
  } finally {
    closeSync(file);
  }
}
