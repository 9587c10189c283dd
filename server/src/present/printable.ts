/** Text from files made harmless for a terminal: control and direction characters become visible. */

const control = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g;

/** Keeps tabs; everything else that would move the cursor, colour the screen or turn the writing direction is replaced. */
export function printable(text: string): string {
  return text.replace(control, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\uFFFD';
  });
}

/** Columns a character takes in a terminal: 0 for combining marks, 2 for East Asian wide characters and emoji. */
export function terminalWidth(codePoint: number): number {
  if (codePoint < 0x300) return 1;
  if (codePoint <= 0x36f || codePoint === 0x200d || (codePoint >= 0xfe00 && codePoint <= 0xfe0f)) return 0;
  const isWide =
    (codePoint >= 0x1100 && codePoint <= 0x115f) ||
    (codePoint >= 0x2e80 && codePoint <= 0xa4cf) ||
    (codePoint >= 0xac00 && codePoint <= 0xd7a3) ||
    (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
    (codePoint >= 0xfe30 && codePoint <= 0xfe6f) ||
    (codePoint >= 0xff00 && codePoint <= 0xff60) ||
    (codePoint >= 0x1f300 && codePoint <= 0x1faff) ||
    (codePoint >= 0x20000 && codePoint <= 0x3fffd);
  return isWide ? 2 : 1;
}

export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += terminalWidth(character.codePointAt(0)!);
  return width;
}

/** Pads to a number of terminal columns. */
export function padTo(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return side === 'right' ? text + space : space + text;
}
