/** Which facts of manifests are about one service, and which of them decides. */
import { type ManifestFact, type ManifestKey, manifestKinds } from './drift.ts';
import { pathInFolder } from './lookup.ts';
import type { Service, Topology } from './model.ts';

/** Keys that the command of a program sets, and that go with it where another command takes its place. */
const commandKeys: ReadonlySet<ManifestKey> = new Set([
  'server',
  'script',
  'application',
  'worker_class',
  'workers',
  'threads',
  'concurrency',
  'preload',
  'lazy_apps',
]);

const databaseKeys: ReadonlySet<ManifestKey> = new Set([
  'engine',
  'max_connections',
  'superuser_reserved_connections',
  'reserved_connections',
  'idle_timeout',
  'pooler_config',
]);

export function isAboutDatabase(fact: ManifestFact): boolean {
  return databaseKeys.has(fact.key);
}

/** The facts within a topology's folder that are about one of its services. */
export function factsAbout(topology: Topology, service: Service, facts: readonly ManifestFact[]): ManifestFact[] {
  const inside = facts.filter((fact) => pathInFolder(topology, fact.at.uri) !== undefined);
  const name = service.name.toLowerCase();
  const named = inside.filter((fact) => fact.service.toLowerCase() === name);
  const builds = new Set(named.filter((fact) => fact.key === 'build').map((fact) => fact.value));
  const isOnly = topology.services.size === 1;
  return inRunningOrder(
    inside.filter((fact) => {
      if (isAboutDatabase(fact)) return false;
      if (fact.service.toLowerCase() === name || builds.has(fact.at.uri)) return true;
      // A manifest that names no service is about the only one there is.
      return isOnly && !manifestKinds[fact.kind].namesServices;
    }),
  );
}

/**
 * Facts per service, in the order they were found. Manifests that name no services join the service that is built from
 * them or is called like their folder, else the only named one; another one stands for itself, unless it repeats what
 * a named service runs already.
 */
export function factsByService(facts: readonly ManifestFact[]): Map<string, ManifestFact[]> {
  const relevant = facts.filter((fact) => !isAboutDatabase(fact));
  const isNamed = (fact: ManifestFact) => manifestKinds[fact.kind].namesServices;
  const named = new Set(relevant.filter(isNamed).map((fact) => fact.service));
  const builds = new Map<string, string[]>();
  for (const fact of relevant) {
    if (fact.key !== 'build') continue;
    const dockerfile = String(fact.value);
    builds.set(dockerfile, [...(builds.get(dockerfile) ?? []), fact.service]);
  }
  const running = new Set(relevant.filter((fact) => isNamed(fact) && fact.key === 'server').map((fact) => fact.value));
  const groups = new Map<string, ManifestFact[]>();
  for (const fact of relevant) {
    for (const service of homesOf(fact)) groups.set(service, [...(groups.get(service) ?? []), fact]);
  }
  for (const [service, own] of groups) groups.set(service, inRunningOrder(own));
  return groups;

  function homesOf(fact: ManifestFact): readonly string[] {
    if (isNamed(fact) || named.has(fact.service)) return [fact.service || 'app'];
    const builtBy = builds.get(fact.at.uri);
    if (builtBy) return builtBy;
    if (named.size === 1) return [...named];
    const server = relevant.find((other) => other.at.uri === fact.at.uri && other.key === 'server')?.value;
    return named.size > 0 && running.has(server ?? '') ? [] : [fact.service || 'app'];
  }
}

/**
 * Without what belongs to commands that another, stronger manifest's command takes the place of, and without the
 * configuration of another server than the one that runs.
 */
function inRunningOrder(own: readonly ManifestFact[]): ManifestFact[] {
  const startsHere = (fact: ManifestFact) => manifestKinds[fact.kind].startsPrograms && commandKeys.has(fact.key);
  const started = own.filter((fact) => startsHere(fact) && fact.key === 'server');
  const strongest = Math.min(...started.map((fact) => manifestKinds[fact.kind].precedence));
  const running = new Set(
    started.filter((fact) => manifestKinds[fact.kind].precedence === strongest).map((fact) => fact.value),
  );
  const configured = new Map(
    own.filter((fact) => fact.kind === 'config' && fact.key === 'server').map((fact) => [fact.at.uri, fact.value]),
  );
  return own.filter((fact) => {
    if (startsHere(fact)) return manifestKinds[fact.kind].precedence <= strongest;
    const server = fact.kind === 'config' ? configured.get(fact.at.uri) : undefined;
    return server === undefined || running.size === 0 || running.has(server);
  });
}

/** Of one service's facts the one that decides a key at run time; of equally strong ones the first. */
export function decidingFact(own: readonly ManifestFact[], key: ManifestKey): ManifestFact | undefined {
  return decidingFacts(own, key)[0];
}

/** The strongest facts of a key: several where manifests of one kind differ, as one per environment may. */
export function decidingFacts(own: readonly ManifestFact[], key: ManifestKey): ManifestFact[] {
  const about = own.filter((fact) => fact.key === key);
  const strongest = Math.min(...about.map((fact) => manifestKinds[fact.kind].precedence));
  return about.filter((fact) => manifestKinds[fact.kind].precedence === strongest);
}
