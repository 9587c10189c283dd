/** Passwords that no word announces: arguments of calls by their position, `user/password@host` of Oracle. */
import type { Span } from '../core/text.ts';
import type { TextKind } from './mask.ts';
import { isReference, maskQuoted } from './maskExpression.ts';

/** Callables that take user and password one after the other, and how many texts go before the password at least. */
const calls: readonly (readonly [name: RegExp, before: number])[] = [
  [/\b(?:URL\.create|URL|Sequelize|(?:\w+\.)?connect|Connection|create_?connection)\([ \t\r\n]*/gi, 2],
  [/\b(?:oracledb|cx_Oracle)\.\w+\([ \t\r\n]*|\b(?:SessionPool|create_?pool(?:_async)?)\([ \t\r\n]*/gi, 1],
];

/** `jdbc:oracle:thin:user/password@//host`, `"user/password@host:1521/name"` */
const oracleLogins = [
  /\b(?:thin|oci):[\w$#]{1,60}\/([^\r\n]{1,300})@[\w/([]/gi,
  /["'`=][\w$#]{1,60}\/([^\s/"'`][^\s"'`]{0,300})@[\w/([]/gi,
];

/** `user:password@host` without a scheme, or behind a mistyped one. */
const logins =
  /(?:["'`/]|=[ \t]?)(?!(?:npm|workspace|file|link|git|jsr|https?):)[\w.-]{1,60}:([^\s"'`@/][^\s"'`]{0,200})@(?!sha256:)[\w[]/g;

/** One positional text, or a name in its place. */
const argument = /(?:[rbfu]{0,2}(?=["'`])|[\w.]+(?=[ \t\r\n]*,))/iy;
const comma = /[ \t\r\n]*,[ \t\r\n]*/y;

export function positionalSecrets(text: string, kind: TextKind): Span[] {
  const spans: Span[] = [];
  for (const form of oracleLogins) {
    for (const match of text.matchAll(form)) {
      const end = match.index + match[0].length - 2;
      spans.push({ start: end - match[1]!.length, end });
    }
  }
  for (const match of text.matchAll(logins)) {
    const end = match.index + match[0].length - 2;
    const start = end - match[1]!.length;
    if (!isReference(match[1]!)) spans.push({ start, end });
  }
  if (kind !== 'code') return spans;
  for (const [name, before] of calls) {
    for (const match of text.matchAll(name)) maskArguments(text, match.index + match[0].length, before, spans);
  }
  return spans;
}

/** Hides every text after the first `before` arguments, up to the first argument with a name. */
function maskArguments(text: string, from: number, before: number, spans: Span[]): void {
  let at = from;
  for (let index = 0; index < 6; index++) {
    argument.lastIndex = at;
    if (argument.exec(text) === null) return;
    at = argument.lastIndex;
    if (/["'`]/.test(text[at] ?? '')) at = maskQuoted(text, at, index < before ? [] : spans);
    comma.lastIndex = at;
    if (comma.exec(text) === null) return;
    at = comma.lastIndex;
  }
}
