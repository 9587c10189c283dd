/** `.env` files: `KEY=value` lines as dotenv libraries read them. */
import type { Location } from '../core/text.ts';

export interface EnvironmentEntry {
  readonly variable: string;
  readonly value: string;
  /** The value, without quotes. */
  readonly at: Location;
}

const line = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.]*)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\r\n]*))/gm;

/** Later lines win; an unquoted value ends at ` #`. */
export function readEnvironmentFile(uri: string, text: string): Map<string, EnvironmentEntry> {
  const entries = new Map<string, EnvironmentEntry>();
  for (const match of text.matchAll(line)) {
    const quoted = match[2] ?? match[3];
    const raw = quoted ?? withoutComment(match[4] ?? '').trimEnd();
    const value = match[2] !== undefined ? raw.replace(/\\n/g, '\n').replace(/\\(["\\])/g, '$1') : raw;
    const start = match.index + match[0].length - (quoted === undefined ? match[4]!.length : quoted.length + 1);
    entries.set(match[1]!, { variable: match[1]!, value, at: { uri, start, end: start + raw.length } });
  }
  return entries;
}

function withoutComment(value: string): string {
  const comment = value.search(/[ \t]#/);
  return comment === -1 ? value : value.slice(0, comment);
}
