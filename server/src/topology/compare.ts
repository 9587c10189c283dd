/** Where deployment manifests and the topology file disagree. */
import type { ManifestFact, ManifestKey } from './drift.ts';
import { decidingFacts, factsAbout, factsAboutDatabases, poolersAbout } from './manifest-services.ts';
import type { Database, Pooler, Service, Stated, Topology } from './model.ts';
import { poolerSettings } from './read.ts';

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
  return [...result, ...comparePoolers(topology, facts)];
}

/** What a pooler in front of a database states, beside the one that manifests run there. */
function comparePoolers(topology: Topology, facts: readonly ManifestFact[]): Disagreement[] {
  const poolers = poolersAbout(topology, facts);
  if (poolers.length === 0) return [];
  const stated = [...topology.databases.values()].filter((database) => database.pooler !== undefined);
  return stated.flatMap((database) => {
    const names = [database.name, ...database.connect.map((name) => name.value)].map((name) => name.toLowerCase());
    const isNamed = (text: string | undefined) =>
      text !== undefined && names.includes(text.split('.')[0]!.toLowerCase());
    const own = poolers.filter(({ name, host }) => isNamed(name) || isNamed(host));
    // The only pooler there is stands in front of the only database that has one.
    const pooler = own.length > 0 ? own[0] : stated.length === 1 ? poolers[0] : undefined;
    if (pooler === undefined || own.length > 1 || (own.length === 0 && poolers.length > 1)) return [];
    return poolerKeys.flatMap((key) => {
      const value = statedOfPooler(database.pooler!, key);
      const fact = value && disagreeing(value.value, pooler.facts, manifestKeyOf(key), isSameVersion(key));
      return fact ? [{ name: `The pooler of ${database.name}`, key, stated: value, fact }] : [];
    });
  });
}

const poolerKeys = ['mode', 'version', 'instances', ...poolerSettings] as const;

function manifestKeyOf(key: (typeof poolerKeys)[number]): ManifestKey {
  return key === 'mode' || key === 'version' || key === 'instances' ? `pooler_${key}` : key;
}

function statedOfPooler(pooler: Pooler, key: (typeof poolerKeys)[number]): Stated<number | string> | undefined {
  if (key === 'mode') return pooler.mode;
  if (key === 'version') return pooler.version;
  if (key === 'instances') return pooler.statedInstances;
  return pooler.settings.get(key);
}

/** "1.24" is every 1.24 there is. */
function isSameVersion(key: string): Equality {
  if (key !== 'version') return (stated, said) => stated === said;
  return (stated, said) =>
    stated === said || String(said).startsWith(`${stated}.`) || String(stated).startsWith(`${said}.`);
}

type Equality = (stated: number | string, said: ManifestFact['value']) => boolean;

function disagreeing(
  stated: number | string,
  facts: readonly ManifestFact[],
  key: ManifestKey,
  isSame: Equality = (one, other) => one === other,
): ManifestFact | undefined {
  const deciding = decidingFacts(facts, key);
  // What a variable may replace, and what is for development, says nothing about the deployment.
  const isNoStatement = (fact: ManifestFact) =>
    fact.value === null || fact.variable !== undefined || fact.isForDevelopment;
  if (deciding.some(isNoStatement)) return undefined;
  return deciding.some((fact) => isSame(stated, fact.value)) ? undefined : deciding[0];
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
