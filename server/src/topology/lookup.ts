/** Which topology governs a file, and which of its services the file belongs to. */
import picomatch from 'picomatch';
import type { Service, Topology } from './model.ts';

/**
 * The topology of the nearest folder around a file, or undefined where none governs it. Folders are compared segment
 * by segment: `/srv/app` does not govern `/srv/app2/db.py`.
 */
export function governingTopology(topologies: Iterable<Topology>, uri: string): Topology | undefined {
  const file = segmentsOf(uri);
  let best: Topology | undefined;
  let bestDepth = -1;
  for (const topology of topologies) {
    const folder = segmentsOf(topology.folder);
    if (folder.length <= bestDepth || folder.length >= file.length) continue;
    if (!folder.every((segment, index) => segment === file[index])) continue;
    best = topology;
    bestDepth = folder.length;
  }
  return best;
}

/** The services a file belongs to, in the topology's order. A service without `paths` has every file. */
export function servicesFor(topology: Topology, uri: string): Service[] {
  const path = pathInFolder(topology, uri);
  if (path === undefined) return [];
  return [...topology.services.values()].filter((service) => !service.paths || matcherOf(service.paths)(path));
}

/** True where the topology's `exclude` names the file. */
export function isExcluded(topology: Topology, uri: string): boolean {
  const globs = topology.settings.exclude;
  const path = globs.length > 0 ? pathInFolder(topology, uri) : undefined;
  return path !== undefined && matcherOf(globs)(path);
}

/** The path of a file relative to the topology's folder, with `/`; undefined for files outside it. */
export function pathInFolder(topology: Topology, uri: string): string | undefined {
  const file = segmentsOf(uri);
  const folder = segmentsOf(topology.folder);
  if (folder.length >= file.length || !folder.every((segment, index) => segment === file[index])) return undefined;
  return file.slice(folder.length).join('/');
}

type Globs = readonly { readonly value: string }[];
type Matcher = (path: string) => boolean;

/** Lists of globs live as long as their topology, so their compiled matchers may as well. */
const matchers = new WeakMap<Globs, Matcher>();

function matcherOf(globs: Globs): Matcher {
  const cached = matchers.get(globs);
  if (cached) return cached;
  const isExclusion = (glob: string) => glob.startsWith('!');
  const values = globs.map((glob) => glob.value);
  const included = values.filter((glob) => !isExclusion(glob)).map(globMatcher);
  const excluded = values.filter(isExclusion).map((glob) => globMatcher(glob.slice(1)));
  // Exclusions alone take away from everything; an empty list names nothing.
  const startsFull = included.length === 0 && excluded.length > 0;
  const matcher: Matcher = (path) =>
    (startsFull || included.some((matches) => matches(path))) && !excluded.some((matches) => matches(path));
  matchers.set(globs, matcher);
  return matcher;
}

export function globMatcher(glob: string): Matcher {
  const plain = glob
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '');
  if (plain === '' || plain === '.') return () => glob !== '';
  // Extended globs can take exponential time; nothing here needs them.
  const options = { dot: true, nonegate: true, noextglob: true };
  // A folder stands for what it holds.
  const matches = picomatch(/[*?[\]{}]/.test(plain) ? [plain] : [plain, `${plain}/**`], options);
  // Most paths lie in other folders than the glob's, and thousands are asked about.
  const folder = /^(?:[\w-]+\/)*/.exec(plain)![0].slice(0, -1);
  const depth = deepestMatch(plain);
  return (path) => path.startsWith(folder) && !(depth === 0 && path.includes('/')) && matches(path);
}

/** The most folders that the path of a file may have that a glob matches; infinite where there is no such limit. */
export function deepestMatch(glob: string): number {
  const hasLimit = /[*?[\]]/.test(glob) && !/\*\*|[{}\\]/.test(glob);
  return hasLimit ? glob.split('/').length - 1 : Number.POSITIVE_INFINITY;
}

/** Scheme, authority and path of a URI as comparable segments; encodings and the case of a drive letter do not count. */
function segmentsOf(uri: string): string[] {
  const segments = uri.replace(/\/+$/, '').split('/').map(decoded);
  if (/^[a-zA-Z]:$/.test(segments[3] ?? '')) segments[3] = segments[3]!.toLowerCase();
  return segments;
}

function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
