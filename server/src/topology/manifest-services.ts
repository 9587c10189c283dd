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

/** What manifests within a topology's folder say, by its services and of databases. */
interface AssignedFacts {
  readonly services: ReadonlyMap<Service, readonly ManifestFact[]>;
  readonly databases: readonly ManifestFact[];
}

/** Facts and topologies change seldom, and rules ask after every keystroke. */
const assigned = new WeakMap<readonly ManifestFact[], WeakMap<Topology, AssignedFacts>>();

/** The facts within a topology's folder that are about one of its services. */
export function factsAbout(
  topology: Topology,
  service: Service,
  facts: readonly ManifestFact[],
): readonly ManifestFact[] {
  return assignedFacts(topology, facts).services.get(service) ?? [];
}

/** The facts within a topology's folder that are about databases. */
export function factsAboutDatabases(topology: Topology, facts: readonly ManifestFact[]): readonly ManifestFact[] {
  return assignedFacts(topology, facts).databases;
}

function assignedFacts(topology: Topology, facts: readonly ManifestFact[]): AssignedFacts {
  let byTopology = assigned.get(facts);
  if (!byTopology) assigned.set(facts, (byTopology = new WeakMap()));
  let found = byTopology.get(topology);
  if (!found) byTopology.set(topology, (found = assign(topology, facts)));
  return found;
}

function assign(topology: Topology, facts: readonly ManifestFact[]): AssignedFacts {
  const inside = facts.filter((fact) => pathInFolder(topology, fact.at.uri) !== undefined);
  const databases = inside.filter(isAboutDatabase);
  const relevant = inside.filter((fact) => !isAboutDatabase(fact));
  const builds = buildsOf(relevant);
  const all = [...topology.services.values()];
  const byName = new Map(all.map((service) => [service.name.toLowerCase(), service]));
  const own = new Map<Service, ManifestFact[]>(all.map((service) => [service, []]));
  for (const fact of relevant) {
    const names = [fact.service];
    // A manifest that names no service is about those built from it, or about the only one there is.
    if (!manifestKinds[fact.kind].namesServices) names.push(...(all.length === 1 ? [all[0]!.name] : builds(fact)));
    for (const service of new Set(names.map((name) => byName.get(name.toLowerCase())))) {
      if (service) own.get(service)!.push(fact);
    }
  }
  return { services: new Map([...own].map(([service, list]) => [service, inRunningOrder(list)])), databases };
}

/**
 * Facts per service, in the order they were found. Manifests that name no services join those that are built from them,
 * or are called like their folder, else the only named one; another one stands for itself, unless it repeats what a
 * named service runs already.
 */
export function factsByService(facts: readonly ManifestFact[]): Map<string, ManifestFact[]> {
  const relevant = facts.filter((fact) => !isAboutDatabase(fact));
  const isNamed = (fact: ManifestFact) => manifestKinds[fact.kind].namesServices;
  const named = new Set(relevant.filter(isNamed).map((fact) => fact.service));
  const running = new Set(relevant.filter((fact) => isNamed(fact) && fact.key === 'server').map((fact) => fact.value));
  const builds = buildsOf(relevant);
  const serverIn = new Map(
    relevant.filter((fact) => fact.key === 'server').map((fact) => [fact.at.uri, fact.value] as const),
  );
  const homesOf = (fact: ManifestFact): readonly string[] => {
    if (isNamed(fact) || named.has(fact.service)) return [fact.service || 'app'];
    const builtBy = builds(fact);
    if (builtBy.length > 0) return builtBy;
    if (named.size === 1) return [...named];
    return named.size > 0 && running.has(serverIn.get(fact.at.uri) ?? '') ? [] : [fact.service || 'app'];
  };
  const groups = new Map<string, ManifestFact[]>();
  for (const fact of relevant) {
    for (const service of homesOf(fact)) {
      const group = groups.get(service);
      if (group) group.push(fact);
      else groups.set(service, [fact]);
    }
  }
  return new Map([...groups].map(([service, own]) => [service, inRunningOrder(own)]));
}

/** Which services run what a manifest without names describes: those built from that Dockerfile, or from its folder. */
function buildsOf(facts: readonly ManifestFact[]): (fact: ManifestFact) => readonly string[] {
  const byPlace = new Map<string, string[]>();
  for (const { key, value, service } of facts) {
    if (key === 'build' || key === 'context')
      byPlace.set(String(value), [...(byPlace.get(String(value)) ?? []), service]);
  }
  return ({ at, kind }) => {
    const exact = byPlace.get(at.uri);
    if (exact || kind === 'dockerfile') return exact ?? [];
    return byPlace.get(at.uri.slice(0, at.uri.lastIndexOf('/'))) ?? [];
  };
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
