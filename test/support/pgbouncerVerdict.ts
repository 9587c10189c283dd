/** What we say a PgBouncer does with a file, in the terms in which a real one can be asked. */
import type { SettingStatement } from '../../server/src/declarations/pgbouncer.ts';
import { inForce, type PgbouncerInForce } from '../../server/src/declarations/pgbouncerInForce.ts';
import { quotedNamesSince } from '../../server/src/facts/pgbouncer.ts';
import { isAtLeast } from '../../server/src/facts/versions.ts';
import { type Refusal, refusals } from '../../server/src/rules/pgbouncer/refusals.ts';
import type { LanguageParser } from '../../server/src/syntax/parser.ts';
import { readPgbouncer } from '../../server/src/syntax/pgbouncer/extract.ts';

/** The line that its log names, from 1; `refuses` where it names none; `unknown` where OpenSSL decides. */
export type Verdict = 'starts' | 'refuses' | 'unknown' | number;

export function verdictOf(text: string, version: string, parser: LanguageParser): Verdict {
  const file = readPgbouncer('file:///pgbouncer.ini', text, 'app', { parser });
  const configuration = inForce(file, version);
  for (const refusal of refusals(configuration)) {
    if ('stopsStart' in refusal && !refusal.stopsStart) continue;
    return loggedLine(refusal, configuration, text) ?? 'refuses';
  }
  return dependsOnOpenssl(configuration) ? 'unknown' : 'starts';
}

/** Ciphers in OpenSSL's own words, while TLS is on. */
function dependsOnOpenssl(configuration: PgbouncerInForce): boolean {
  return ['server', 'client'].some((side) => {
    const mode = configuration.setting(`${side}_tls_sslmode`);
    const ciphers = configuration.setting(`${side}_tls_ciphers`);
    if (mode.kind === 'unknown' || /^disable$/i.test(mode.text ?? '')) return false;
    return ciphers.kind === 'written' && !/^(?:default|secure|normal|fast|)$/i.test(ciphers.text);
  });
}

/**
 * Where PgBouncer's parser stands when it gives up: at a mistake of form on its line, but behind a value it refuses already
 * at the next statement.
 */
function loggedLine(refusal: Refusal, { file, version }: PgbouncerInForce, text: string): number | undefined {
  const body = text.slice(0, file.end);
  const lineOf = (offset: number) => body.slice(0, offset).split('\n').length;
  switch (refusal.reason) {
    case 'contradiction':
    case 'no-main-section':
      return undefined;
    case 'byte-order-mark':
      return 1;
    case 'broken-line':
      return lineOf(
        isAtLeast(version, quotedNamesSince)
          ? endOfName(refusal.statement.span.start, body)
          : refusal.statement.span.start,
      );
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

/** A name in quotes goes on to the next quote, over line ends too. */
function endOfName(start: number, body: string): number {
  if (body[start] !== "'") return start;
  const close = body.indexOf("'", start + 1);
  return close === -1 ? body.length : close;
}

function endOfValue(statement: SettingStatement, body: string): number {
  if (statement.value !== undefined) return statement.value.span.end;
  const afterBlanks = statement.equals!.end;
  return body[afterBlanks] === undefined ? body.length : afterBlanks;
}
