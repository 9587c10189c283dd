/** Which of several settings modules of one Django project production uses. */
import type { SettingSite } from '../../declarations/source.ts';
import type { PlacedSetting } from '../library.ts';

/** A settings module that something names, `config.settings.production`. */
export interface NamedModule {
  readonly module: string;
  /** The file that names it. */
  readonly uri: string;
}

export type Standing =
  | { readonly kind: 'production' }
  /** Not used as it stands: `by` takes its place. */
  | { readonly kind: 'replaced'; readonly by: string }
  | { readonly kind: 'development' | 'test' | 'staging' };

type Rank = 'production' | 'base' | 'staging' | 'development' | 'test';

const words: readonly (readonly [Rank, ReadonlySet<string>])[] = [
  ['test', new Set(['test', 'tests', 'testing', 'ci', 'pytest', 'e2e', 'travis', 'github'])],
  [
    'development',
    new Set('dev devel develop development local localhost debug sandbox sample example examples template'.split(' ')),
  ],
  ['staging', new Set(['staging', 'stage', 'stg', 'qa', 'uat', 'preprod', 'preview', 'demo'])],
  ['production', new Set(['prod', 'production', 'live', 'heroku', 'deploy', 'deployed', 'deployment'])],
];

/** Folders that settings modules are sorted into; what is around them is the project. */
const settingsFolders = new Set(
  'settings setting environments environment envs env components conf config configs base common defaults'.split(' '),
);

const order: readonly Rank[] = ['production', 'base', 'staging', 'development', 'test'];

export function standingOf(
  { site, context }: PlacedSetting,
  all: readonly PlacedSetting[],
  named: readonly NamedModule[],
): Standing {
  const own = rankOf(site);
  if (context === 'test' || own === 'test') return { kind: 'test' };
  const project = projectOf(site.uri);
  const candidates = all.filter(
    (each) => each.context !== 'test' && rankOf(each.site) !== 'test' && projectOf(each.site.uri) === project,
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
function weightOf(site: SettingSite, named: readonly NamedModule[]): number {
  const rank = rankOf(site);
  const isNamed = rank !== 'development' && named.some((each) => isFileOf(each.module, site.uri));
  return order.indexOf(rank) * 2 + (isNamed ? 0 : 1);
}

function isFileOf(module: string, uri: string): boolean {
  const path = module.replaceAll('.', '/');
  return uri.endsWith(`/${path}.py`) || uri.endsWith(`/${path}/__init__.py`);
}

function rankOf({ uri, holder }: SettingSite): Rank {
  const byClass = holder.kind === 'class' ? rankOfWords(wordsOf(holder.name)) : undefined;
  if (byClass !== undefined) return byClass;
  const parts = uri.replace(/\.py$/, '').split('/');
  const byName = rankOfWords(wordsOf(parts.pop()!));
  if (byName !== undefined) return byName;
  // `settings/production/database.py`: the folder says it.
  for (let index = parts.length - 1; index >= 0; index--) {
    const folder = parts[index]!.toLowerCase();
    const byFolder = rankOfWords([folder]);
    if (byFolder !== undefined) return byFolder;
    if (!settingsFolders.has(folder)) break;
  }
  return 'base';
}

/** "settings_prod" and "ProductionSettings" as words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_\-.]+/);
}

function rankOfWords(tokens: readonly string[]): Rank | undefined {
  return words.find(([, set]) => tokens.some((token) => set.has(token)))?.[0];
}

/** The folder around the settings of one project. */
function projectOf(uri: string): string {
  const parts = uri.split('/').slice(0, -1);
  const isSettings = (folder: string) => {
    const word = folder.toLowerCase();
    return settingsFolders.has(word) || words.some(([, set]) => set.has(word));
  };
  while (parts.length > 0 && isSettings(parts.at(-1)!)) parts.pop();
  return parts.join('/');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
