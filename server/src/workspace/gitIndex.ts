/** Which files git tracks, read from the index itself: nothing is executed. */

const signature = 'DIRC';
const headerBytes = 12;
/** Bytes of an entry before its flags: times, device, inode, mode, owner, size and object name (SHA-1). */
const bytesBeforeFlags = 60;
const extendedFlag = 0x4000;
const skipsPadding = 4;

/**
 * Paths of a git index, relative to the work tree, with `/`. Undefined where the bytes are no index that is understood:
 * versions 2 to 4 with SHA-1 names are (git's documentation of the index format).
 */
export function trackedPaths(bytes: Uint8Array): Set<string> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder();
  if (bytes.length < headerBytes || decoder.decode(bytes.subarray(0, 4)) !== signature) return undefined;
  const version = view.getUint32(4);
  if (version < 2 || version > 4) return undefined;
  const paths = new Set<string>();
  let at = headerBytes;
  let previous: Uint8Array = new Uint8Array();
  for (let left = view.getUint32(8); left > 0; left--) {
    if (at + bytesBeforeFlags + 2 > bytes.length) return undefined;
    const flags = view.getUint16(at + bytesBeforeFlags);
    const start = at;
    at += bytesBeforeFlags + 2 + (version >= 3 && (flags & extendedFlag) !== 0 ? 2 : 0);
    let kept: Uint8Array = new Uint8Array();
    if (version === skipsPadding) {
      const removed = readVariable(bytes, at);
      at = removed.next;
      kept = previous.subarray(0, previous.length - removed.value);
    }
    const end = bytes.indexOf(0, at);
    if (end === -1) return undefined;
    const path = concatenate(kept, bytes.subarray(at, end));
    paths.add(decoder.decode(path));
    previous = path;
    // Up to version 3 entries are padded with zero bytes to a multiple of eight.
    at = version === skipsPadding ? end + 1 : start + Math.ceil((end + 1 - start) / 8) * 8;
  }
  return paths;
}

/** The offset encoding of git's packs: seven bits a byte, each further byte adds one. */
function readVariable(bytes: Uint8Array, from: number): { value: number; next: number } {
  let at = from;
  let value = bytes[at]! & 0x7f;
  while ((bytes[at]! & 0x80) !== 0 && at - from < 5) {
    at++;
    value = ((value + 1) << 7) | (bytes[at]! & 0x7f);
  }
  return { value, next: at + 1 };
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
