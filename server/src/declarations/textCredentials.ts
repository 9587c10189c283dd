/** Passwords in files of `key = value` lines: environment files, alembic.ini, compose files. Keeps places, never texts. */

import {
  databaseSchemes,
  hostKind,
  isPlaceholderWord,
  isTemplate,
  passwordVariable,
  readDsnPassword,
  readUrl,
  urlsWithPassword,
} from './credentials.ts';
import type { EnvironmentEntry } from './environmentFile.ts';
import type { CredentialSighting } from './pool.ts';

type Form = 'environment-file' | 'configuration';

/** Passwords that the entries of an environment file hold: in a database URL, in a connection string, on their own. */
export function credentialsInEnvironment(
  uri: string,
  entries: ReadonlyMap<string, EnvironmentEntry>,
): CredentialSighting[] {
  return [...entries.values()].flatMap(({ variable, value, at }) => {
    const inValue = passwordIn(value);
    // Escapes make a quoted value shorter than its text: then the places within it do not fit.
    if (inValue !== undefined) {
      const isPlain = at.end - at.start === value.length;
      const place = isPlain ? { uri, start: at.start + inValue.start, end: at.start + inValue.end } : at;
      return [sighting(uri, place, inValue, 'environment-file', variable)];
    }
    const prefix = passwordVariable.exec(variable)?.[1];
    if (prefix === undefined || isTemplate(value)) return [];
    const sibling = (...names: string[]) => names.map((name) => entries.get(prefix + name)?.value).find(Boolean);
    const found = {
      password: value,
      user: sibling('USER', 'USERNAME'),
      host: sibling('HOST', 'HOSTNAME', 'SERVER'),
    };
    return [sighting(uri, at, found, 'environment-file', variable)];
  });
}

/** Database URLs with a password anywhere in a configuration file; `comment` matches the lines that say nothing. */
export function credentialsInConfiguration(uri: string, text: string, comment: RegExp): CredentialSighting[] {
  return urlsWithPassword(text).flatMap((offset) => {
    const lineStart = text.lastIndexOf('\n', offset) + 1;
    if (comment.test(text.slice(lineStart, offset))) return [];
    const start = beginOfWord(text, offset);
    const end = endOfWord(text, offset);
    const found = passwordIn(text.slice(start, end));
    if (found === undefined) return [];
    return [sighting(uri, { uri, start: start + found.start, end: start + found.end }, found, 'configuration')];
  });
}

interface FoundPassword {
  readonly password: string;
  readonly user?: string;
  readonly host?: string;
}

function passwordIn(value: string): (FoundPassword & { start: number; end: number }) | undefined {
  const url = readUrl(value);
  if (url?.password !== undefined && databaseSchemes.test(url.scheme)) {
    const password = value.slice(url.password.start, url.password.end);
    return isTemplate(password) ? undefined : { ...url.password, password, user: url.user, host: url.host };
  }
  const dsn = readDsnPassword(value);
  if (dsn === undefined) return undefined;
  const password = value.slice(dsn.start, dsn.end);
  return isTemplate(password) ? undefined : { ...dsn, password };
}

function sighting(
  uri: string,
  at: CredentialSighting['at'],
  { password, user, host }: FoundPassword,
  form: Form,
  variable?: string,
): CredentialSighting {
  return {
    uri,
    at,
    form,
    host: hostKind(host),
    isPlaceholderWord: isPlaceholderWord(password, user),
    isEnvironmentFallback: false,
    variable,
    fixes: [],
  };
}

/** Longest scheme that is looked back for. */
const longestScheme = 40;

function beginOfWord(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && offset - start < longestScheme && /[\w.+-]/.test(text[start - 1]!)) start--;
  return start;
}

function endOfWord(text: string, offset: number): number {
  const end = /[\s'"]/.exec(text.slice(offset, offset + 2000));
  return end === null ? Math.min(text.length, offset + 2000) : offset + end.index;
}
