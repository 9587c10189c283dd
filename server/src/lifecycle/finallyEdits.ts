/** The edits that give a connection back: in the `finally` of a `try` around what follows, or before a callback returns. */
import type { TextEdit } from '../core/text.ts';
import type { Enclosure } from '../declarations/enclosure.ts';
import type { Insertion } from '../declarations/lifecycle.ts';
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

/** Puts the release before each of the statements. */
export function releaseEdits(
  insertions: readonly Insertion[],
  { uri, start }: { readonly uri: string; readonly start: number },
  release: string,
): TextEdit[] {
  const insert = (at: number, newText: string) => ({ uri, start: start + at, end: start + at, newText });
  return insertions.flatMap(({ at, before, after, closing }) => [
    insert(at, `${before}${release}${after}`),
    ...(closing ? [insert(closing.at, closing.text)] : []),
  ]);
}
