/** Where deployment manifests and the topology file disagree. */
import type { ManifestFact, ManifestKey } from './drift.ts';
import { decidingFacts, factsAbout, factsAboutDatabases } from './manifest-services.ts';
import type { Database, Service, Stated, Topology } from './model.ts';

export interface Disagreement {
  /** The service or the database in the topology file. */
  readonly name: string;
  /** The key there. */
  readonly key: string;
  readonly stated: Stated<number | string>;
  readonly fact: ManifestFact;
}

const serviceKeys = ['replicas', 'workers', 'threads', 'concurrency', 'max_surge'] as const;
const databaseKeys = ['max_connections', 'superuser_reserved_connections', 'reserved_connections'] as const;

/**
 * Numbers that the topology states and a manifest states otherwise. Of several manifests the one that decides at run
 * time counts. Where manifests of one kind differ among themselves (one per environment), agreeing with one of them is
 * agreeing; a number that an environment variable may replace is no statement.
 */
export function compareWithManifests(topology: Topology, facts: readonly ManifestFact[]): Disagreement[] {
  const result: Disagreement[] = [];
  for (const service of topology.services.values()) {
    const own = factsAbout(topology, service, facts);
    for (const key of serviceKeys) {
      const stated = statedBy(service, key);
      const fact = stated && disagreeing(stated.value, own, key);
      const isAutoscaler = key === 'concurrency' && service.autoscale !== undefined;
      if (fact) result.push({ name: service.name, key: isAutoscaler ? 'autoscale' : key, stated, fact });
    }
  }
  const about = factsAboutDatabases(topology, facts);
  for (const database of topology.databases.values()) {
    const names = [database.name, ...database.connect.map((name) => name.value)].map((name) => name.toLowerCase());
    const named = about.filter((fact) => names.includes(fact.service.toLowerCase()));
    for (const key of databaseKeys) {
      const stated = statedLimit(database, key);
      const limits = about.filter((fact) => fact.key === key);
      // The only server that manifests speak of is the only one the topology has, whatever it is called.
      const isOnlyOne = topology.databases.size === 1 && new Set(limits.map((fact) => fact.service)).size === 1;
      const fact = stated && disagreeing(stated.value, named.length > 0 ? named : isOnlyOne ? limits : [], key);
      if (fact) result.push({ name: database.name, key, stated, fact });
    }
  }
  return result;
}

function disagreeing(
  stated: number | string,
  facts: readonly ManifestFact[],
  key: ManifestKey,
): ManifestFact | undefined {
  const deciding = decidingFacts(facts, key);
  // What a variable may replace, and what is for development, says nothing about the deployment.
  const isNoStatement = (fact: ManifestFact) =>
    fact.value === null || fact.variable !== undefined || fact.isForDevelopment;
  if (deciding.some(isNoStatement)) return undefined;
  return deciding.some((fact) => fact.value === stated) ? undefined : deciding[0];
}

function statedBy(service: Service, key: (typeof serviceKeys)[number]): Stated<number | string> | undefined {
  switch (key) {
    case 'replicas': {
      const { steady, at } = service.replicas;
      return at && { value: steady, at };
    }
    case 'concurrency':
      return service.autoscale ?? service.concurrency;
    case 'max_surge': {
      const { maxSurge } = service;
      // A platform's default stands nowhere.
      if (maxSurge?.at === undefined || (maxSurge.kind === 'percent' && maxSurge.platformDefault)) return undefined;
      return { value: maxSurge.kind === 'percent' ? `${maxSurge.value}%` : maxSurge.value, at: maxSurge.at };
    }
    default:
      return service[key];
  }
}

function statedLimit(database: Database, key: (typeof databaseKeys)[number]): Stated<number> | undefined {
  switch (key) {
    case 'max_connections':
      return database.maxConnections;
    case 'superuser_reserved_connections':
      return database.superuserReserved;
    case 'reserved_connections':
      return database.reservedConnections;
  }
}
