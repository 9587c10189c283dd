/** Text of string literals, and where each character of it stands in the source. */

export interface DecodedString {
  readonly text: string;
  /** Offset of each character of `text` relative to the segment, and one more for the end. */
  readonly offsets: readonly number[];
}

/**
 * Decodes a stretch of source inside quotes, which begins at `start` relative to the segment. `readEscape` tells what the
 * backslash at an offset of the source stands for, and how many characters it takes up; absent where it is a plain one.
 */
export function decoded(
  source: string,
  start: number,
  readEscape: ((source: string, at: number) => [piece: string, consumed: number]) | undefined,
): DecodedString {
  if (readEscape === undefined || !source.includes('\\')) {
    return { text: source, offsets: Array.from({ length: source.length + 1 }, (_, index) => start + index) };
  }
  let text = '';
  const offsets: number[] = [];
  for (let at = 0; at < source.length; ) {
    const [piece, consumed] = source[at] === '\\' ? readEscape(source, at) : [source[at]!, 1];
    for (let unit = 0; unit < piece.length; unit++) offsets.push(start + at);
    text += piece;
    at += consumed;
  }
  offsets.push(start + source.length);
  return { text, offsets };
}
