/** The words that make a Python file worth reading; a file without any of them is never decoded, let alone parsed. */
import { callableNames } from '../libraries/registry.ts';

/** A URL with a password, by scheme. */
const databaseUrl = '(?:postgres|postgresql|mysql|mariadb|mssql|oracle|cockroachdb|redshift)(?:\\+\\w+)?://[^\\s\'"]*:';
/** A password by key, next to a database by name. */
const passwordKey = '\\b(?:password|passwd|PASSWORD)["\']?[ \\t]*[=:][ \\t]*[rR]?["\']';

const names = [...callableNames].sort().join('|');

export const interestingPython = new RegExp(`${names}|${databaseUrl}|${passwordKey}|poolproof:`);

/** A pattern for other files that call functions named here. */
export function wordsPattern(words: Iterable<string>): RegExp {
  return new RegExp(`\\b(?:${[...words].map((word) => word.replace(/[^\w]/g, '')).join('|')})\\b`);
}
