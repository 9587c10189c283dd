/** What we say a PgBouncer does with a file, in the terms in which a real one can be asked. */
import type { PgbouncerFile, SettingStatement } from '../../server/src/declarations/pgbouncer.ts';
import { inForce } from '../../server/src/declarations/pgbouncerInForce.ts';
import { type Refusal, refusals } from '../../server/src/rules/pgbouncer/refusals.ts';
import type { LanguageParser } from '../../server/src/syntax/parser.ts';
import { readPgbouncer } from '../../server/src/syntax/pgbouncer/extract.ts';

/** The line that its log names, from 1; `refuses` where it names none. */
export type Verdict = 'starts' | 'refuses' | number;

export function verdictOf(text: string, version: string, parser: LanguageParser): Verdict {
  const file = readPgbouncer('file:///pgbouncer.ini', text, 'app', { parser });
  for (const refusal of refusals(inForce(file, version))) {
    if ('stopsStart' in refusal && !refusal.stopsStart) continue;
    return loggedLine(refusal, file, text) ?? 'refuses';
  }
  return 'starts';
}

/**
 * Where PgBouncer's parser stands when it gives up: at a mistake of form on its line, but behind a value it refuses already
 * at the next statement.
 */
function loggedLine(refusal: Refusal, file: PgbouncerFile, text: string): number | undefined {
  const body = text.slice(0, file.end);
  const lineOf = (offset: number) => body.slice(0, offset).split('\n').length;
  switch (refusal.reason) {
    case 'contradiction':
    case 'no-main-section':
      return undefined;
    case 'byte-order-mark':
      return 1;
    case 'broken-line':
    case 'missing-equals':
    case 'missing-path':
    case 'quoted-name':
    case 'unclosed-header':
    case 'unknown-section':
      return lineOf(refusal.statement.span.start);
    default: {
      const end = endOfValue(refusal.statement, body);
      const next = body.length - body.slice(end).replace(/^[ \t\n\v\f\r]+/, '').length;
      // While it complains, the character behind the value is its end; a line's end there is not counted.
      return lineOf(next) - (body[end] === '\n' ? 1 : 0);
    }
  }
}

function endOfValue(statement: SettingStatement, body: string): number {
  if (statement.value !== undefined) return statement.value.span.end;
  const afterBlanks = statement.equals!.end;
  return body[afterBlanks] === undefined ? body.length : afterBlanks;
}
