/** Where deployment manifests and the topology file disagree. */
import type { ManifestFact, ManifestKey } from './drift.ts';
import { pathInFolder } from './lookup.ts';
import { manifestsWithoutNames } from './manifests/names.ts';
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
 * time counts: an autoscaler over its deployment, a cluster over a compose file, a command over a configuration file.
 * Where manifests of one kind differ among themselves (one per environment), agreeing with one of them is agreeing.
 */
export function compareWithManifests(topology: Topology, facts: readonly ManifestFact[]): Disagreement[] {
  const inside = facts.filter((fact) => pathInFolder(topology, fact.at.uri) !== undefined);
  const result: Disagreement[] = [];
  for (const service of topology.services.values()) {
    const own = inside.filter((fact) => isAbout(fact, service, topology));
    for (const key of ['replicas', 'workers', 'threads', 'concurrency'] as const) {
      const stated = statedNumber(service, key);
      const fact =
        stated &&
        disagreeing(
          stated.value,
          own.filter((candidate) => candidate.key === key),
        );
      if (fact) result.push({ service: service.name, key, stated, fact });
    }
  }
  const limits = inside.filter((fact) => fact.key === 'max_connections');
  for (const database of topology.databases.values()) {
    const stated = database.maxConnections;
    const names = [database.name, ...database.connect.map((name) => name.value)].map((name) => name.toLowerCase());
    const named = limits.filter((fact) => names.includes(fact.service.toLowerCase()));
    const isOnlyOne = topology.databases.size === 1 && new Set(limits.map((fact) => fact.service)).size === 1;
    const fact = stated && disagreeing(stated.value, named.length > 0 ? named : isOnlyOne ? limits : []);
    if (fact) result.push({ service: database.name, key: 'max_connections', stated, fact });
  }
  return result;
}

function disagreeing(stated: number, facts: readonly ManifestFact[]): ManifestFact | undefined {
  const strongest = Math.min(...facts.map(rankOf));
  const deciding = facts.filter((fact) => rankOf(fact) === strongest && typeof fact.value === 'number');
  return deciding.some((fact) => fact.value === stated) ? undefined : deciding[0];
}

/** Smaller decides over larger. */
export function rankOf(fact: ManifestFact): number {
  if (fact.manifest === 'Kubernetes HorizontalPodAutoscaler') return 0;
  if (fact.manifest.startsWith('Kubernetes')) return 1;
  const order = ['Procfile', 'Dockerfile', 'gunicorn.conf.py', 'postgresql.conf'].indexOf(fact.manifest);
  return order === -1 ? 2 : 3 + order;
}

/** A manifest that names no service is about the only one there is. */
function isAbout(fact: ManifestFact, service: Service, topology: Topology): boolean {
  if (fact.service.toLowerCase() === service.name.toLowerCase()) return true;
  return topology.services.size === 1 && manifestsWithoutNames.has(fact.manifest);
}

function statedNumber(
  service: Service,
  key: 'replicas' | 'workers' | 'threads' | 'concurrency',
): Stated<number> | undefined {
  if (key !== 'replicas') return service[key];
  const { steady, at } = service.replicas;
  return at && { value: steady, at };
}
