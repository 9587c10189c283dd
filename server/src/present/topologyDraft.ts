/** The text of a new topology file from everything one analysis and the manifests show. */
import type { Location } from '../core/text.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { ManifestFact } from '../topology/drift.ts';
import { draftTopology, type Hint } from '../topology/init.ts';

export function topologyDraft(analysis: Analysis, facts: readonly ManifestFact[]): string {
  const place = (at: Location) =>
    `${analysis.displayPath(at.uri)}:${(analysis.lines(at.uri)?.lineAt(at.start) ?? 0) + 1}`;
  const connect = new Map<string, Hint>();
  let engine: Hint | undefined;
  for (const { pool, context } of analysis.pools) {
    if (context !== 'app' || !pool.address.isNetworkDatabase || pool.address.at === undefined) continue;
    const { variable, dialect, at } = pool.address;
    if (variable !== undefined && !connect.has(variable)) connect.set(variable, { value: variable, place: place(at) });
    if (dialect !== undefined) engine ??= { value: dialect, place: place(at) };
  }
  return draftTopology(
    facts.map((fact) => ({ fact, place: place(fact.at) })),
    { engine, connect: [...connect.values()] },
  );
}
