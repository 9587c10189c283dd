/** Looks for many words at once in the bytes of a file: one pass, whatever their number (server/native/wordSearch.c). */
import { wordSearchModule } from './wordSearchModule.ts';

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly lowTables: () => number;
  readonly highTables: () => number;
  readonly bytesOfWords: () => number;
  readonly wordStart: () => number;
  readonly wordLength: () => number;
  readonly fingerprintAt: () => number;
  readonly bucketStart: () => number;
  readonly bucketWords: () => number;
  readonly found: () => number;
  readonly text: () => number;
  readonly capacity: () => number;
  readonly search: (length: number) => void;
}

/** Limits of the compiled search. */
const mostWords = 128;
const mostBytes = 4096;
const fingerprintLength = 3;
const buckets = 8;

/** Letters by how often source code has them, rarest first; what is not listed is rarer still. */
const byFrequency = 'QXZJKYWVqjzUHGBFMDPLCNRTIOASE:/w0"=kybgvfxhpmcudlnosraite_';

const encoder = new TextEncoder();
let compiled: WebAssembly.Module | undefined;

export class WordSearch {
  /** Where a text goes before `search`; a text that fills it was too long. */
  readonly buffer: Uint8Array;
  private readonly exports: Exports;
  private readonly foundBits: Uint32Array;

  private constructor(words: readonly Uint8Array[]) {
    compiled ??= new WebAssembly.Module(decodeBase64(wordSearchModule));
    this.exports = new WebAssembly.Instance(compiled, {}).exports as unknown as Exports;
    const { memory, text, capacity, found } = this.exports;
    this.buffer = new Uint8Array(memory.buffer, text(), capacity());
    this.foundBits = new Uint32Array(memory.buffer, found(), mostWords / 32);
    this.prepare(words);
  }

  /** How many of the words from an index on one search takes; 0 where it takes none, because the first is too short. */
  static capacityFor(words: readonly string[], first: number): number {
    let size = 0;
    let end = first;
    for (; end < words.length && end - first < mostWords; end++) {
      const { length } = encoder.encode(words[end]!);
      size += length;
      if (length < fingerprintLength || size > mostBytes) break;
    }
    return end - first;
  }

  /** Undefined where the words are too many, or one too short, for the compiled search. */
  static for(words: readonly string[]): WordSearch | undefined {
    if (WordSearch.capacityFor(words, 0) < words.length) return undefined;
    return new WordSearch(words.map((word) => encoder.encode(word)));
  }

  /** Looks through the first `length` bytes of the buffer; then `has` answers. */
  search(length: number): void {
    this.exports.search(length);
  }

  /** The indexes of the words that occurred. */
  found(): readonly number[] {
    const words: number[] = [];
    for (const [part, bits] of this.foundBits.entries()) {
      for (let left = bits; left !== 0; left &= left - 1) words.push(part * 32 + 31 - Math.clz32(left & -left));
    }
    return words;
  }

  private prepare(words: readonly Uint8Array[]): void {
    const { memory, ...at } = this.exports;
    const numbers = (address: number, count: number) => new Uint32Array(memory.buffer, address, count);
    const bytes = new Uint8Array(memory.buffer);
    const starts = numbers(at.wordStart(), mostWords);
    const lengths = numbers(at.wordLength(), mostWords);
    const fingerprints = numbers(at.fingerprintAt(), mostWords);
    let end = 0;
    for (const [index, word] of words.entries()) {
      starts[index] = end;
      lengths[index] = word.length;
      fingerprints[index] = rarestPlace(word);
      bytes.set(word, at.bytesOfWords() + end);
      end += word.length;
    }
    const fingerprintOf = (index: number) =>
      words[index]!.subarray(fingerprints[index]!, fingerprints[index]! + fingerprintLength);
    // Neighbours in this order share bytes, and then a bucket, so that the tables let little else through.
    const order = [...words.keys()].sort((a, b) => compareBytes(fingerprintOf(a), fingerprintOf(b)));
    const bucketStarts = numbers(at.bucketStart(), buckets + 1);
    const bucketWords = numbers(at.bucketWords(), mostWords);
    for (let bucket = 0; bucket <= buckets; bucket++)
      bucketStarts[bucket] = Math.ceil((order.length * bucket) / buckets);
    for (const [position, index] of order.entries()) {
      bucketWords[position] = index;
      const bucket = bucketStarts.findLastIndex((start) => start <= position);
      for (const [place, byte] of fingerprintOf(index).entries()) {
        bytes[at.lowTables() + place * 16 + (byte & 15)]! |= 1 << bucket;
        bytes[at.highTables() + place * 16 + (byte >> 4)]! |= 1 << bucket;
      }
    }
  }
}

/** Where the three rarest neighbouring bytes of a word begin. */
function rarestPlace(word: Uint8Array): number {
  const cost = (byte: number) => byFrequency.indexOf(String.fromCharCode(byte)) + 1;
  let best = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let at = 0; at + fingerprintLength <= word.length; at++) {
    const sum = cost(word[at]!) + cost(word[at + 1]!) + cost(word[at + 2]!);
    if (sum < lowest) {
      lowest = sum;
      best = at;
    }
  }
  return best;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (const [index, byte] of left.entries()) {
    const difference = byte - right[index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
