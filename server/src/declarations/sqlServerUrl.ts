/** `sqlserver://host\instance:1433;database=shop;user=shop;password=…`: what Prisma and JDBC call a URL of SQL Server. */
import type { UrlParts } from './credentials.ts';

const head = /^\s*(?:jdbc:)?sqlserver:\/\/([^;:\\/@]*)(?:\\[^;:/@]*)?(?::(\d+))?(?=;|\s*$)/i;
/** A value in braces may hold anything, a doubled closing brace stands for one. */
const property = /;\s*([^=;{}]+?)\s*=\s*(\{(?:[^}]|\}\})*\}|[^;]*)/g;

const users: ReadonlySet<string> = new Set(['user', 'username', 'uid', 'userid', 'user id']);
const passwords: ReadonlySet<string> = new Set(['password', 'pwd']);

/** Properties are in `query` under the names that are written; undefined where the text is no such URL. */
export function readSqlServerUrl(text: string): UrlParts | undefined {
  const address = head.exec(text);
  if (address === null) return undefined;
  const from = address[0].length;
  const query: Record<string, { value: string; start: number; end: number }> = {};
  let user: string | undefined;
  let password: UrlParts['password'];
  for (const match of text.slice(from).matchAll(property)) {
    const [whole, name, value] = match as unknown as [string, string, string];
    const end = from + match.index + whole.length;
    const braces = value.startsWith('{') ? 1 : 0;
    const content = { start: end - value.length + braces, end: end - braces };
    if (users.has(name.toLowerCase())) user = text.slice(content.start, content.end);
    else if (!passwords.has(name.toLowerCase()))
      query[name] = { value, start: from + match.index + whole.indexOf(name), end };
    else if (content.end > content.start) password = content;
  }
  const [, host, port] = address;
  const portNumber = port === undefined ? undefined : Number(port);
  return { scheme: 'sqlserver', dialect: 'mssql', user, password, host, port: portNumber, query };
}
