/** Which of several settings modules of one Django project production uses. */
import type { SettingSite } from '../../declarations/source.ts';
import { type EnvironmentRank, environmentOrder, projectAround, rankOfFile, rankOfName } from '../environments.ts';
import type { PlacedSetting } from '../library.ts';

export type Standing =
  | { readonly kind: 'production' }
  /** Not used as it stands: `by` takes its place. */
  | { readonly kind: 'replaced'; readonly by: string }
  | { readonly kind: 'development' | 'test' | 'staging' };

/** `named` holds modules that something names as the settings to use. */
export function standingOf(
  { site, context }: PlacedSetting,
  all: readonly PlacedSetting[],
  named: readonly string[],
): Standing {
  const own = rankOf(site);
  if (context === 'test' || own === 'test') return { kind: 'test' };
  const project = projectAround(site.uri);
  const candidates = all.filter(
    (each) => each.context !== 'test' && rankOf(each.site) !== 'test' && projectAround(each.site.uri) === project,
  );
  const [best] = candidates
    .map((each) => each.site)
    .sort((a, b) => weightOf(a, named) - weightOf(b, named) || compare(a.uri, b.uri));
  if (own === 'development' || own === 'staging') {
    // Where nothing else is in sight, what is called staging is all there is.
    return best === site && own === 'staging' ? { kind: 'production' } : { kind: own };
  }
  return best === undefined || best === site ? { kind: 'production' } : { kind: 'replaced', by: best.uri };
}

/** The lower, the likelier it is what production uses. */
function weightOf(site: SettingSite, named: readonly string[]): number {
  const rank = rankOf(site);
  const isNamed = rank !== 'development' && named.some((each) => isFileOf(each, site.uri));
  return environmentOrder.indexOf(rank) * 2 + (isNamed ? 0 : 1);
}

function isFileOf(module: string, uri: string): boolean {
  const path = module.replaceAll('.', '/');
  return uri.endsWith(`/${path}.py`) || uri.endsWith(`/${path}/__init__.py`);
}

function rankOf({ uri, holder }: SettingSite): EnvironmentRank {
  return (holder.kind === 'class' ? rankOfName(holder.name) : undefined) ?? rankOfFile(uri);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
