/** Passwords in the clear, in connection strings and in userlist.txt: where they stand, not what they are. */
import { locate } from '../../core/text.ts';
import { hostKind, isPlaceholderWord, isTemplate } from '../../declarations/credentials.ts';
import type { ConnectionPair, PgbouncerStatement } from '../../declarations/pgbouncer.ts';
import type { CredentialSighting } from '../../declarations/pool.ts';

/** The password of every entry of [databases] that has one. */
export function passwordsIn(
  uri: string,
  text: string,
  statements: readonly PgbouncerStatement[],
): CredentialSighting[] {
  return statements.flatMap((statement) => {
    if (statement.kind !== 'setting' || statement.section !== 'databases') return [];
    const pairs = statement.value?.pairs ?? [];
    const passwords = pairs.filter((pair) => pair.key.text === 'password');
    if (passwords.length === 0) return [];
    const host = hostOf(pairs);
    const user = textOf(pairs, 'user');
    const sightings: CredentialSighting[] = [];
    for (const { value } of passwords) {
      if (value === undefined || value.swallows !== undefined) continue;
      const password = text.slice(value.span.start, value.span.end);
      if (isTemplate(password)) continue;
      sightings.push({
        uri,
        at: locate(uri, value.span),
        literal: locate(uri, value.outer),
        form: 'connection-string',
        host,
        isPlaceholderWord: isPlaceholderWord(password, user),
        isEnvironmentFallback: false,
        fixes: [],
      });
    }
    return sightings;
  });
}

/** Far as soon as one of several hosts is; no host at all is the Unix socket. */
function hostOf(pairs: readonly ConnectionPair[]): CredentialSighting['host'] {
  const pair = pairs.findLast((each) => each.key.text === 'host');
  if (pair === undefined) return 'loopback';
  if (pair.value?.text === undefined || pair.value.isTemplate) return 'unknown';
  const kinds = pair.value.text.split(',').map((host) => hostKind(host.trim()));
  return kinds.find((kind) => kind === 'remote') ?? kinds.find((kind) => kind === 'unknown') ?? 'loopback';
}

function textOf(pairs: readonly ConnectionPair[], key: string): string | undefined {
  return pairs.findLast((each) => each.key.text === key)?.value?.text;
}
