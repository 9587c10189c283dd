/** What is a password and what only stands where one would. Pure; knows no language. */
import { readSqlServerUrl } from './sqlServerUrl.ts';

/** Texts that are templates or masks, not values: nothing was leaked. */
const template =
  /^(?:\$\{?\w+\}?|\$\(\w+\)|%\(\w+\)s|%s|%\w+%|\{\{?[^{}]*\}?\}|<[^<>]*>|\[[^[\]]*\]|@\w+@|__\w+__|[*xX.\u2022#-]+|\uFFFC+)$/;

/** Words that people write where a password belongs in examples and on their own machine. */
const placeholderWords = new Set([
  'password',
  'passwd',
  'pass',
  'pwd',
  'pw',
  'secret',
  'postgres',
  'postgresql',
  'mysql',
  'mariadb',
  'root',
  'admin',
  'user',
  'username',
  'test',
  'testing',
  'example',
  'changeme',
  'change-me',
  'change_me',
  'changethis',
  'change-this',
  'change_this',
  'dev',
  'development',
  'local',
  'localhost',
  'default',
  'dummy',
  'placeholder',
  'mypassword',
  'my_password',
  'yourpassword',
  'your_password',
  'your-password',
  'letmein',
  'foo',
  'bar',
  'foobar',
  'scott',
  'tiger',
  'sa',
  'guest',
  'demo',
  'sample',
  'p',
  'x',
  'postgres_password',
  'db_password',
  'dbpassword',
  'db_pass',
  'dbpass',
  'insecure',
  'topsecret',
  'supersecret',
  'hunter2',
  '1234',
  '12345',
  '123456',
  '1234567',
  '12345678',
  '123456789',
  '123',
  'abc',
  'abc123',
  'qwerty',
  'password1',
  'password123',
  'app',
  'database',
  'db',
]);

const loopbackHosts = new Set([
  'localhost',
  '127.0.0.1',
  '::1',
  '[::1]',
  '0.0.0.0',
  'host.docker.internal',
  'localhost.localdomain',
]);

/** Variables that hold nothing but a database's password, and the part of their name that its siblings share. */
export const passwordVariable =
  /^((?:\w+_)?(?:PG|POSTGRES_|POSTGRESQL_|MYSQL_|MYSQL_ROOT_|MARIADB_|MARIADB_ROOT_|MSSQL_|MSSQL_SA_|ORACLE_|DB_|DATABASE_|SQL_))(?:PASSWORD|PASSWD|PASS)$/;

/** True where a text is no value at all: `${DB_PASSWORD}`, `<password>`, `***`, an empty or blank text. */
export function isTemplate(password: string): boolean {
  return (
    password.trim() === '' ||
    template.test(password) ||
    password.includes('\uFFFC') ||
    holds(password, '${', '}') ||
    holds(password, '{{', '}}')
  );
}

function holds(text: string, opening: string, closing: string): boolean {
  const start = text.indexOf(opening);
  return start !== -1 && text.includes(closing, start + opening.length);
}

/** True for words that stand for a password, and for a password that repeats the user's name. */
export function isPlaceholderWord(password: string, user: string | undefined): boolean {
  const word = password.toLowerCase();
  return (
    placeholderWords.has(word) ||
    (user !== undefined && user !== '' && word === user.toLowerCase()) ||
    /^(.)\1*$/.test(word)
  );
}

/** Names that stand for a server in explanations, or that no server can have (RFC 2606). */
const placeholderHost =
  /^(?:host(?:name)?|your[-_.][\w.-]+|my[-_.]?(?:host|server)|[\w.-]+\.(?:test|invalid|example))$/;

export function hostKind(host: string | undefined): 'loopback' | 'remote' | 'placeholder' | 'unknown' {
  if (host === undefined || host.includes('\uFFFC')) return 'unknown';
  // No host at all is the local socket.
  if (host === '') return 'loopback';
  const name = host.toLowerCase();
  if (loopbackHosts.has(name) || /^127\.\d+\.\d+\.\d+$/.test(name) || name.startsWith('/')) return 'loopback';
  return placeholderHost.test(name) ? 'placeholder' : 'remote';
}

/** The parts of a database URL that matter; offsets count characters of the text. */
export interface UrlParts {
  readonly scheme: string;
  readonly dialect: string;
  readonly driver?: string;
  readonly user?: string;
  readonly password?: { readonly start: number; readonly end: number };
  readonly host?: string;
  readonly port?: number;
  readonly query: Readonly<Record<string, { readonly value: string; readonly start: number; readonly end: number }>>;
}

/** Reads `dialect+driver://user:password@host:port/name?query`, or what SQL Server has instead; undefined where the text is no such URL. */
export function readUrl(text: string): UrlParts | undefined {
  const sqlServer = readSqlServerUrl(text);
  if (sqlServer !== undefined) return sqlServer;
  const scheme = /^\s*([A-Za-z][\w.-]*)(?:\+([\w.\uFFFC-]+))?:\/\//.exec(text);
  if (!scheme) return undefined;
  const start = scheme[0].length;
  const authorityEnd = endOfAuthority(text, start);
  const authority = text.slice(start, authorityEnd);
  const at = authority.lastIndexOf('@');
  const colon = at === -1 ? -1 : authority.indexOf(':');
  const hostAndPort = /^(\[[^\]]*\]|[^:,]*)(?::(\d+))?/.exec(authority.slice(at + 1));
  const hasPassword = at !== -1 && colon !== -1 && colon < at;
  return {
    scheme: scheme[0].slice(0, -3).trim(),
    dialect: scheme[1]!.toLowerCase() === 'postgres' ? 'postgresql' : scheme[1]!.toLowerCase(),
    driver: scheme[2]?.includes('\uFFFC') ? undefined : scheme[2]?.toLowerCase(),
    user: at === -1 ? undefined : authority.slice(0, hasPassword ? colon : at),
    password: hasPassword ? { start: start + colon + 1, end: start + at } : undefined,
    host: authorityEnd === text.length && authority === '' && !text.includes('///') ? undefined : hostAndPort?.[1],
    port: hostAndPort?.[2] === undefined ? undefined : Number(hostAndPort[2]),
    query: readQuery(text),
  };
}

/** Passwords often hold an unescaped slash or question mark; the part up to the last @ before the path counts. */
function endOfAuthority(text: string, start: number): number {
  const strict = /[/?#]/.exec(text.slice(start));
  const strictEnd = strict === null ? text.length : start + strict.index;
  if (text.slice(start, strictEnd).includes('@')) return strictEnd;
  const at = text.indexOf('@', strictEnd);
  if (at === -1 || !/^[^\s/]*:[^\s]*$/.test(text.slice(start, at))) return strictEnd;
  const after = /[/?#]/.exec(text.slice(at));
  return after === null ? text.length : at + after.index;
}

function readQuery(text: string): UrlParts['query'] {
  const query: Record<string, { value: string; start: number; end: number }> = {};
  const start = text.indexOf('?');
  if (start === -1) return query;
  for (const match of text.slice(start + 1).matchAll(/([^&=#]+)=([^&#]*)/g)) {
    const offset = start + 1 + match.index;
    query[match[1]!] = { value: match[2]!, start: offset, end: offset + match[0].length };
  }
  return query;
}

/** Nothing but `key=value` pairs: embedded programs and messages hold `password = …` as well. */
const connectionString = /^\s*(?:[a-z_]+\s*=\s*(?:'(?:[^'\\]|\\.)*'|[^\s']+)(?:\s+|$))+$/;

/** The password of a `host=… password=…` connection string, by character offsets; undefined where there is none. */
export function readDsnPassword(
  text: string,
): { start: number; end: number; user?: string; host?: string } | undefined {
  if (!connectionString.test(text) || !/(?:^|\s)(?:host|dbname|user|port|hostaddr|service)\s*=/.test(text))
    return undefined;
  const match = /(?:^|\s)password\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s']+))/.exec(text);
  if (!match) return undefined;
  const value = match[1] ?? match[2]!;
  const end = match.index + match[0].length - (match[1] === undefined ? 0 : 1);
  const field = (name: string) => new RegExp(`(?:^|\\s)${name}\\s*=\\s*'?([^\\s']*)`).exec(text)?.[1];
  return { start: end - value.length, end, user: field('user'), host: field('host') ?? '' };
}

/** `Server=host;Database=name;User Id=user;Password=…`, as SQL Server's drivers read it; undefined for anything else. */
export function readConnectionString(
  text: string,
): { start: number; end: number; user?: string; host?: string } | undefined {
  if (!text.includes(';') || text.includes('://') || text.length > 2000) return undefined;
  const fields = new Map<string, { value: string; start: number }>();
  let offset = 0;
  for (const field of text.split(';')) {
    const [, name, value] = /^\s*([A-Za-z][\w .]*?)\s*=\s*(.*?)\s*$/s.exec(field) ?? [];
    if (name === undefined && field.trim() !== '') return undefined;
    if (name !== undefined)
      fields.set(name.toLowerCase(), { value: value!, start: offset + field.indexOf(value!, name.length + 1) });
    offset += field.length + 1;
  }
  const first = (...names: string[]) => names.map((name) => fields.get(name)).find((each) => each !== undefined);
  const password = first('password', 'pwd');
  const host = first('server', 'data source', 'address', 'addr', 'network address');
  if (password === undefined || host === undefined) return undefined;
  return {
    start: password.start,
    end: password.start + password.value.length,
    user: first('user id', 'uid', 'user')?.value,
    host: host.value.replace(/^tcp:/i, '').replace(/[,\\].*$/, ''),
  };
}

/** Schemes of database URLs, with or without a driver. */
export const databaseSchemes =
  /^(?:postgres|postgresql|mysql|mariadb|mssql|sqlserver|oracle|cockroachdb|redshift|db2|ibm_db_sa|firebird|vertica|hana|sybase|timescaledb|postgis)(?:\+[\w.-]+)?$/i;

const endOfWord = /[\s'"]/g;

/** Where `://user:password@` stands. Each word is looked through once: an expression would start over at every `://`. */
export function urlsWithPassword(text: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf('://'); at !== -1; ) {
    const start = at + 3;
    endOfWord.lastIndex = start;
    const end = endOfWord.exec(text)?.index ?? text.length;
    const lastAt = start + text.slice(start, end).lastIndexOf('@');
    const colon = text.indexOf(':', start);
    if (lastAt < start || colon === -1) {
      at = text.indexOf('://', end);
      continue;
    }
    const isFound = colon < lastAt - 1;
    if (isFound) found.push(at);
    at = text.indexOf('://', isFound ? lastAt : start);
  }
  return found;
}
