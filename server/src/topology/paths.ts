/** What a path or glob in the topology file may be: it stays inside the file's folder and matches in bounded time. */

/** True where a path is absolute, or climbs out of the folder it is relative to; both kinds of slash count. */
export function leavesFolder(path: string): boolean {
  const slashed = path.trim().replaceAll('\\', '/');
  if (slashed.startsWith('/') || /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(slashed)) return true;
  let depth = 0;
  for (const segment of slashed.split('/')) {
    if (segment === '..') depth--;
    else if (segment !== '' && segment !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

/**
 * True where a glob could take long: each wildcard multiplies the ways in which a path can fail to match. Globs that
 * people write have two or three.
 */
export function isCostlyGlob(glob: string): boolean {
  const segments = glob.split('/');
  const starsWithin = segments.map((segment) => (segment === '**' ? 0 : (segment.match(/\*+/g) ?? []).length));
  const deep = segments.filter((segment) => segment.includes('**')).length;
  const sum = starsWithin.reduce((total, stars) => total + stars, 0);
  return deep > 4 || sum > 8 || starsWithin.some((stars) => stars > 3) || (glob.match(/[{[(]/g) ?? []).length > 8;
}
