/** Files of `[section]` and `key = value` lines: supervisord, systemd. */
import type { Span } from '../../core/text.ts';

export interface IniEntry {
  /** In lower case. */
  readonly key: string;
  readonly keySpan: Span;
  /** As long as its span: breaks of continued lines and comments between them are kept or blank. */
  readonly value: string;
  readonly span: Span;
}

export interface IniSection {
  readonly name: string;
  readonly span: Span;
  readonly entries: readonly IniEntry[];
}

export interface IniOptions {
  /** How a value goes on in the next line: with a backslash at the end, or with blanks in front. */
  readonly continues: 'backslash' | 'indent';
}

export function readIni(text: string, { continues }: IniOptions): IniSection[] {
  const sections: { name: string; span: Span; entries: IniEntry[] }[] = [];
  let at = 0;
  while (at < text.length) {
    let end = endOfLine(text, at);
    const line = text.slice(at, end);
    const header = /^[ \t]*\[([^\]\r\n]+)\]/.exec(line);
    if (header) {
      const start = at + line.indexOf('[');
      sections.push({ name: header[1]!.trim(), span: { start, end: start + header[1]!.length + 2 }, entries: [] });
    } else if (!/^[ \t]*[;#]/.test(line)) {
      const equals = line.indexOf('=');
      if (equals > 0) {
        while (end < text.length && goesOn(text, end, continues)) end = endOfLine(text, end + 1);
        const start = at + equals + 1 + /^[ \t]*/.exec(line.slice(equals + 1))![0].length;
        const written = withoutComments(text.slice(start, end)).trimEnd();
        const key = line.slice(0, equals).trim();
        const keyStart = at + line.indexOf(key);
        sections.at(-1)?.entries.push({
          key: key.toLowerCase(),
          keySpan: { start: keyStart, end: keyStart + key.length },
          value: written,
          span: { start, end: start + written.length },
        });
      }
    }
    at = end + 1;
  }
  return sections;
}

/** `end` is a line break. */
function goesOn(text: string, end: number, how: IniOptions['continues']): boolean {
  if (how === 'backslash') return /\\\r?$/.test(text.slice(Math.max(0, end - 2), end));
  return /^[ \t]+[^\s[]/.test(text.slice(end + 1, end + 300));
}

/** Comment lines inside a continued value become blanks, so that places stay where they are. */
function withoutComments(value: string): string {
  return value.replace(/\n[ \t]*[;#][^\n]*/g, (comment) => ' '.repeat(comment.length));
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
