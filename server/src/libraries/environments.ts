/** For which environment a module or class of settings is, by its name. */

export type EnvironmentRank = 'production' | 'base' | 'staging' | 'development' | 'test';

const words: readonly (readonly [EnvironmentRank, ReadonlySet<string>])[] = [
  ['test', new Set(['test', 'tests', 'testing', 'ci', 'pytest', 'e2e', 'travis', 'github'])],
  [
    'development',
    new Set('dev devel develop development local localhost debug sandbox sample example examples template'.split(' ')),
  ],
  ['staging', new Set(['staging', 'stage', 'stg', 'qa', 'uat', 'preprod', 'preview', 'demo'])],
  ['production', new Set(['prod', 'production', 'live', 'heroku', 'deploy', 'deployed', 'deployment'])],
];

/** The likelier production uses it, the earlier. */
export const environmentOrder: readonly EnvironmentRank[] = ['production', 'base', 'staging', 'development', 'test'];

/** Folders that settings modules are sorted into; what is around them is the project. */
const settingsFolders = new Set(
  'settings setting environments environment envs env components conf config configs base common defaults'.split(' '),
);

/** "settings_prod" and "ProductionConfig" say it; undefined where a name says nothing. */
export function rankOfName(name: string): EnvironmentRank | undefined {
  const tokens = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_\-.]+/);
  return words.find(([, set]) => tokens.some((token) => set.has(token)))?.[0];
}

/** The rank of a Python file, by its name or by the folders that settings are sorted into. */
export function rankOfFile(uri: string): EnvironmentRank {
  const parts = uri.replace(/\.py$/, '').split('/');
  const byName = rankOfName(parts.pop()!);
  if (byName !== undefined) return byName;
  // `settings/production/database.py`: the folder says it.
  for (let index = parts.length - 1; index >= 0; index--) {
    const folder = parts[index]!.toLowerCase();
    const byFolder = words.find(([, set]) => set.has(folder))?.[0];
    if (byFolder !== undefined) return byFolder;
    if (!settingsFolders.has(folder)) break;
  }
  return 'base';
}

/** The folder around the settings of one project. */
export function projectAround(uri: string): string {
  const parts = uri.split('/').slice(0, -1);
  const isSettings = (folder: string) => {
    const word = folder.toLowerCase();
    return settingsFolders.has(word) || words.some(([, set]) => set.has(word));
  };
  while (parts.length > 0 && isSettings(parts.at(-1)!)) parts.pop();
  return parts.join('/');
}
