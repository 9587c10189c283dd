/** userlist.txt, as PgBouncer's loader reads it: two words in double quotes a line, `""` for a quote, comments behind `;`. */
import { LineIndex, locate, type Span } from '../../core/text.ts';
import { isPlaceholderWord, isTemplate } from '../../declarations/credentials.ts';
import { isTemplateText, type PgbouncerUserlist, type UserlistEntry } from '../../declarations/pgbouncer.ts';
import type { CredentialSighting, SourceContext } from '../../declarations/pool.ts';
import { readSuppressions } from '../suppressions.ts';

export function readUserlist(uri: string, text: string, context: SourceContext): PgbouncerUserlist {
  const lines = LineIndex.of(text);
  const users: UserlistEntry[] = [];
  const credentials: CredentialSighting[] = [];
  const comments = new Set<number>();
  let brokenAt: Span | undefined;
  const lineEnd = (from: number) => {
    const end = text.indexOf('\n', from);
    return end === -1 ? text.length : end;
  };
  for (let at = skipSpace(text, 0); at < text.length && text[at] !== '\0'; at = skipSpace(text, at)) {
    if (text[at] === ';') {
      comments.add(at);
      at = lineEnd(at);
      continue;
    }
    const user = quotedWord(text, at);
    const opening = user === undefined ? -1 : text.indexOf('"', user.end + 1);
    const secret = opening === -1 ? undefined : quotedWord(text, opening);
    if (user === undefined || secret === undefined) {
      brokenAt = { start: at, end: trimmedEnd(text, at, lineEnd(at)) };
      break;
    }
    const name = unquoted(text, user);
    const kind = secretKind(unquoted(text, secret));
    users.push({ user: { text: name, span: user }, secret, kind });
    if (kind === 'plain') credentials.push(sighting(uri, text, secret, name));
    at = lineEnd(secret.end + 1);
  }
  const suppressions = readSuppressions(uri, text, lines, (offset) => comments.has(offset));
  const isBrokenByComment = brokenAt !== undefined && text[brokenAt.start] === '#';
  return { uri, lines, context, users, brokenAt, isBrokenByComment, credentials, suppressions };
}

function sighting(uri: string, text: string, secret: Span, user: string): CredentialSighting {
  return {
    uri,
    at: locate(uri, secret),
    literal: { uri, start: secret.start - 1, end: secret.end + 1 },
    form: 'userlist',
    host: 'unknown',
    isPlaceholderWord: isPlaceholderWord(unquoted(text, secret), user),
    isEnvironmentFallback: false,
    fixes: [],
  };
}

/** What C's isspace() holds. */
function skipSpace(text: string, at: number): number {
  let next = at;
  while (next < text.length && ' \t\n\v\f\r'.includes(text[next]!)) next++;
  return next;
}

function trimmedEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}

/** What stands between the quote at an offset and the one that ends it; words may go on over line ends. */
function quotedWord(text: string, at: number): Span | undefined {
  if (text[at] !== '"') return undefined;
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 2)) {
    if (text[end + 1] !== '"') return { start: at + 1, end };
  }
  return undefined;
}

function unquoted(text: string, span: Span): string {
  return text.slice(span.start, span.end).replaceAll('""', '"');
}

function secretKind(secret: string): UserlistEntry['kind'] {
  if (secret === '') return 'empty';
  if (/^md5[0-9a-f]{32}$/.test(secret)) return 'md5';
  if (/^SCRAM-SHA-256\$\d+:[^$]+\$[^:]+:.+$/.test(secret)) return 'scram';
  return isTemplate(secret) || isTemplateText(secret) ? 'template' : 'plain';
}
