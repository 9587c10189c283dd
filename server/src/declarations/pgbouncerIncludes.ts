/**
 * Which file of a workspace an %include means. PgBouncer takes the path from the folder that it is started in, also inside an included
 * file. Measured with 1.18 and 1.25.2, as is that a header in an include is in force behind it.
 */

/** The file that an include of a main file means, read in the section that is in force there; undefined where that cannot be told. */
export type FollowInclude<File> = (path: string, section: string | undefined) => File | undefined;

/** Includes inside includes; deeper ones PgBouncer refuses. cfparser.c */
export const deepestInclude = 10;

/** Where packages and images keep pgbouncer.ini, and what lies beside it. */
const usualFolder = '/etc/pgbouncer/';

/**
 * Where the file may lie: from the folder of the main file, or from the workspace's, for PgBouncer may be started in either. An absolute
 * path is one of the machine's: only in the folder where pgbouncer.ini usually lies is it known what lies beside it.
 */
export function includeCandidates(path: string, mainUri: string, root: string): string[] {
  if (/[$`{}*?\\%]/.test(path) || path.length > 300) return [];
  const folder = mainUri.slice(0, mainUri.lastIndexOf('/'));
  const isAbsolute = path.startsWith('/');
  if (isAbsolute && !path.startsWith(usualFolder)) return [];
  const relative = isAbsolute ? path.slice(usualFolder.length) : path;
  const found = new Set<string>();
  for (const base of isAbsolute ? [folder] : [folder, root]) {
    const uri = joined(base, relative);
    if (uri !== undefined && uri !== mainUri && (uri.startsWith(`${root}/`) || uri.startsWith(`${folder}/`)))
      found.add(uri);
  }
  return [...found];
}

function joined(base: string, path: string): string | undefined {
  const segments = base.split('/');
  for (const step of path.split('/')) {
    if (step === '..') segments.pop();
    else if (step !== '.' && step !== '') segments.push(encodeURIComponent(step));
  }
  // Scheme and authority are the first three.
  return segments.length > 3 ? segments.join('/') : undefined;
}
