/** The edits that put what follows a taken connection into a `try`, and its release into the `finally`. */
import type { TextEdit } from '../core/text.ts';
import type { Enclosure } from '../declarations/enclosure.ts';
import type { ConnectionFact } from '../facts/lifecycle/connections.ts';

/** `start` is the offset in the file to which places are relative. */
export function finallyEdits(
  enclosure: Enclosure,
  { uri, start }: { readonly uri: string; readonly start: number },
  variable: string,
  fact: ConnectionFact,
): TextEdit[] {
  const { after, end, lineStarts, releases, indentation, unit, lineEnding, semicolon } = enclosure;
  const at = (from: number, to: number, newText: string) => ({ uri, start: start + from, end: start + to, newText });
  const release = `${fact.isReleaseAwaited ? 'await ' : ''}${fact.remedy.replace('{name}', variable)}${semicolon}`;
  const line = (text: string) => `${lineEnding}${indentation}${text}`;
  return [
    at(after, after, line('try {')),
    ...lineStarts.map((each) => at(each, each, unit)),
    ...releases.map((each) => at(each.start, each.end, '')),
    at(end, end, `${line('} finally {')}${line(`${unit}${release}`)}${line('}')}`),
  ].sort((a, b) => a.start - b.start);
}
