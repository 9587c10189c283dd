/** The text of a new topology file from everything one analysis and the manifests show. */
import type { Location } from '../core/text.ts';
import type { Analysis } from '../rules/analysis.ts';
import { type ManifestFact, manifestKinds } from '../topology/drift.ts';
import { draftTopology, type Hint } from '../topology/init.ts';
import { maskText } from './mask.ts';

/** Folders that hold what a project is deployed with, rather than its source. */
const deploymentFolder = /(?:^|\/)\.?(?:docker|compose|deploy|deployment|ci|build|conf|config|etc)(?:\/|$)/i;

export function topologyDraft(analysis: Analysis, facts: readonly ManifestFact[]): string {
  const place = (at: Location) =>
    `${analysis.displayPath(at.uri)}:${(analysis.lines(at.uri)?.lineAt(at.start) ?? 0) + 1}`;
  const connect = new Map<string, Hint>();
  const variables = new Set<string>();
  const paths: string[] = [];
  const engines = new Map<string, Hint>();
  for (const { pool, context } of analysis.pools) {
    if (context !== 'app' || !pool.address.isNetworkDatabase) continue;
    paths.push(analysis.displayPath(pool.uri));
    for (const { value } of pool.parameters.values()) {
      if (!value.known && value.variable !== undefined) variables.add(value.variable);
      if (value.known) for (const origin of value.origins) if (origin.variable) variables.add(origin.variable);
    }
    if (pool.address.at === undefined) continue;
    const { variable, dialect, at } = pool.address;
    if (variable !== undefined && !connect.has(variable)) connect.set(variable, { value: variable, place: place(at) });
    if (dialect !== undefined && !engines.has(dialect)) engines.set(dialect, { value: dialect, place: place(at) });
  }
  const text = draftTopology(
    facts.map((fact) => ({ fact, place: place(fact.at), folder: folderOf(fact, analysis.displayPath) })),
    {
      // Code that knows several servers does not say which one is used.
      engine: engines.size === 1 ? [...engines.values()][0] : undefined,
      connect: [...connect.values()],
      variables,
      holdsPools:
        paths.length === 0
          ? undefined
          : (folder) => folder === '' || paths.some((path) => path.startsWith(`${folder}/`)),
    },
  );
  // Line by line: a name such as api_key_server must not make a secret of the line below it.
  return text.split('\n').map(maskText).join('\n');
}

/** The folder of source that a fact points at: what a build sees, or where a manifest without names lies. */
function folderOf(fact: ManifestFact, displayPath: (uri: string) => string): string | undefined {
  if (fact.key === 'context') return displayPath(`${fact.value}/x`).replace(/\/?x$/, '');
  if (fact.key === 'build' || manifestKinds[fact.kind].namesServices) return undefined;
  const folder = displayPath(fact.at.uri).split('/').slice(0, -1).join('/');
  return deploymentFolder.test(folder) ? undefined : folder;
}
