/** Where deployment manifests and the topology file disagree. */
import type { ManifestFact, ManifestKey } from './drift.ts';
import { pathInFolder } from './lookup.ts';
import { decidingFacts, factsAbout, isAboutDatabase } from './manifest-services.ts';
import type { Service, Stated, Topology } from './model.ts';

export interface Disagreement {
  /** The service, or for `max_connections` the database, in the topology file. */
  readonly service: string;
  readonly key: ManifestKey;
  readonly stated: Stated<number>;
  readonly fact: ManifestFact;
}

/**
 * Numbers that the topology states and a manifest states otherwise. Of several manifests the one that decides at run
 * time counts. Where manifests of one kind differ among themselves (one per environment), agreeing with one of them is
 * agreeing; a number that an environment variable may replace is no statement.
 */
export function compareWithManifests(topology: Topology, facts: readonly ManifestFact[]): Disagreement[] {
  const result: Disagreement[] = [];
  for (const service of topology.services.values()) {
    const own = factsAbout(topology, service, facts);
    for (const key of ['replicas', 'workers', 'threads', 'concurrency'] as const) {
      const stated = statedNumber(service, key);
      const fact = stated && disagreeing(stated.value, own, key);
      if (fact) result.push({ service: service.name, key, stated, fact });
    }
  }
  const limits = facts.filter((fact) => isAboutDatabase(fact) && pathInFolder(topology, fact.at.uri) !== undefined);
  for (const database of topology.databases.values()) {
    const stated = database.maxConnections;
    const names = [database.name, ...database.connect.map((name) => name.value)].map((name) => name.toLowerCase());
    const named = limits.filter((fact) => names.includes(fact.service.toLowerCase()));
    const isOnlyOne = topology.databases.size === 1 && new Set(limits.map((fact) => fact.service)).size === 1;
    const fact =
      stated && disagreeing(stated.value, named.length > 0 ? named : isOnlyOne ? limits : [], 'max_connections');
    if (fact) result.push({ service: database.name, key: 'max_connections', stated, fact });
  }
  return result;
}

function disagreeing(stated: number, facts: readonly ManifestFact[], key: ManifestKey): ManifestFact | undefined {
  const deciding = decidingFacts(facts, key);
  if (deciding.some((fact) => typeof fact.value !== 'number' || fact.variable !== undefined)) return undefined;
  return deciding.some((fact) => fact.value === stated) ? undefined : deciding[0];
}

function statedNumber(
  service: Service,
  key: 'replicas' | 'workers' | 'threads' | 'concurrency',
): Stated<number> | undefined {
  if (key !== 'replicas') return service[key];
  const { steady, at } = service.replicas;
  return at && { value: steady, at };
}
