/** Which facts of manifests are about one service, and which of them decides. */
import { type ManifestFact, type ManifestKey, type ManifestKind, manifestKinds, precedenceOf } from './drift.ts';
import { pathInFolder } from './lookup.ts';
import type { Service, Topology } from './model.ts';
import { poolerSettings } from './read.ts';

/** Keys that the command of a program sets, and that go with it where another command takes its place. */
const commandKeys: ReadonlySet<ManifestKey> = new Set([
  'server',
  'script',
  'start_script',
  'application',
  'worker_class',
  'workers',
  'threads',
  'concurrency',
  'preload',
  'post_fork',
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

const poolerKeys: ReadonlySet<ManifestKey> = new Set([
  'pooler',
  'pooler_host',
  'pooler_mode',
  'pooler_version',
  'pooler_instances',
  'pooler_users',
  'pooler_auth',
  'pooler_fatal',
  'pooler_invalid',
  'ignore_startup_parameters',
  ...poolerSettings,
]);

export function isAboutDatabase(fact: ManifestFact): boolean {
  return databaseKeys.has(fact.key);
}

export function isAboutPooler(fact: ManifestFact): boolean {
  return poolerKeys.has(fact.key);
}

/** What manifests within a topology's folder say, by its services and of databases. */
interface AssignedFacts {
  readonly services: ReadonlyMap<Service, readonly ManifestFact[]>;
  readonly databases: readonly ManifestFact[];
  readonly poolers: readonly FoundPooler[];
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

/** The poolers that run within a topology's folder. */
export function poolersAbout(topology: Topology, facts: readonly ManifestFact[]): readonly FoundPooler[] {
  return assignedFacts(topology, facts).poolers;
}

/** A pooler that manifests run, with what they say of it. */
export interface FoundPooler {
  readonly name: string;
  readonly facts: readonly ManifestFact[];
  /** The server behind it, where it is named. */
  readonly host?: string;
}

export function poolersIn(facts: readonly ManifestFact[]): FoundPooler[] {
  const names = new Set(facts.filter(({ key }) => key === 'pooler').map(({ service }) => service));
  return [...names].map((name) => {
    const own = facts
      .filter((fact) => fact.service === name && (isAboutPooler(fact) || fact.key === 'replicas'))
      // An autoscaler speaks of replicas, whatever it scales.
      .map((fact) => (fact.key === 'replicas' ? { ...fact, key: 'pooler_instances' as const } : fact));
    const host = decidingFact(own, 'pooler_host')?.value;
    return { name, facts: own, ...(typeof host === 'string' && { host }) };
  });
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
  const poolers = poolersIn(inside);
  const relevant = servicesOnly(inside, poolers);
  const builds = buildsOf(relevant);
  const scripts = startScriptsOf(relevant);
  const all = [...topology.services.values()];
  const byName = new Map(all.map((service) => [service.name.toLowerCase(), service]));
  const own = new Map<Service, ManifestFact[]>(all.map((service) => [service, []]));
  for (const fact of relevant) {
    const names = [fact.service];
    // A manifest that names no service is about those built from it or run by it, or about the only one there is.
    if (!manifestKinds[fact.kind].namesServices) names.push(...(all.length === 1 ? [all[0]!.name] : builds(fact)));
    for (const caller of scripts(fact)) names.push(caller.service, ...builds(caller));
    for (const service of new Set(names.map((name) => byName.get(name.toLowerCase())))) {
      if (service) own.get(service)!.push(fact);
    }
  }
  return { services: new Map([...own].map(([service, list]) => [service, inRunningOrder(list)])), databases, poolers };
}

/**
 * Facts per service, in the order they were found. Manifests that name no services join those that are built from them,
 * or are called like their folder, else the only named one; another one stands for itself, unless it repeats what a
 * named service runs already.
 */
export function factsByService(facts: readonly ManifestFact[]): Map<string, ManifestFact[]> {
  const relevant = servicesOnly(facts, poolersIn(facts));
  const isNamed = (fact: ManifestFact) => manifestKinds[fact.kind].namesServices;
  const named = new Set(relevant.filter(isNamed).map((fact) => fact.service));
  const running = new Set(relevant.filter((fact) => isNamed(fact) && fact.key === 'server').map((fact) => fact.value));
  const builds = buildsOf(relevant);
  const serverIn = new Map(
    relevant.filter((fact) => fact.key === 'server').map((fact) => [fact.at.uri, fact.value] as const),
  );
  const scripts = startScriptsOf(relevant);
  const homesOf = (fact: ManifestFact): readonly string[] => {
    if (isNamed(fact)) return [fact.service || 'app'];
    const callers = scripts(fact);
    if (callers.length > 0) return callers.flatMap(homesOf);
    if (named.has(fact.service)) return [fact.service];
    const builtBy = builds(fact);
    if (builtBy.length > 0) return builtBy;
    if (named.size === 1) return [...named];
    return named.size > 0 && running.has(serverIn.get(fact.at.uri) ?? '') ? [] : [fact.service || 'app'];
  };
  const groups = new Map<string, ManifestFact[]>();
  for (const fact of relevant) {
    for (const service of new Set(homesOf(fact))) {
      const group = groups.get(service);
      if (group) group.push(fact);
      else groups.set(service, [fact]);
    }
  }
  return new Map([...groups].map(([service, own]) => [service, inRunningOrder(own)]));
}

/** A pooler is no service, and what scales it is about no other. */
function servicesOnly(facts: readonly ManifestFact[], poolers: readonly FoundPooler[]): ManifestFact[] {
  const names = new Set(poolers.map(({ name }) => name));
  return facts.filter((fact) => !isAboutDatabase(fact) && !isAboutPooler(fact) && !names.has(fact.service));
}

/** The commands that run a start script: those that name it, where no other script is called the same. */
function startScriptsOf(facts: readonly ManifestFact[]): (fact: ManifestFact) => readonly ManifestFact[] {
  const callers = new Map<unknown, ManifestFact[]>();
  const files = new Map<string, Set<string>>();
  for (const fact of facts) {
    // A script that runs another one is not followed: nobody would know whose it is.
    if (fact.key === 'start_script' && fact.kind !== 'start-script') {
      callers.set(fact.value, [...(callers.get(fact.value) ?? []), fact]);
    }
    if (fact.kind === 'start-script') {
      const name = lastSegment(fact.at.uri);
      files.set(name, (files.get(name) ?? new Set()).add(fact.at.uri));
    }
  }
  return ({ kind, at }) => {
    const name = lastSegment(at.uri);
    return kind === 'start-script' && files.get(name)?.size === 1 ? (callers.get(name) ?? []) : [];
  };
}

function lastSegment(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
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

/** Keys that name what starts the program, and the manifests that say what that starts. */
const delegates: Readonly<Partial<Record<ManifestKey, ManifestKind>>> = {
  script: 'package',
  start_script: 'start-script',
};

/**
 * Without what belongs to commands that another, stronger manifest's command takes the place of, and without the
 * configuration of another server than the one that runs.
 */
function inRunningOrder(own: readonly ManifestFact[]): ManifestFact[] {
  const starts = (fact: ManifestFact) => manifestKinds[fact.kind].startsPrograms && commandKeys.has(fact.key);
  const commands = own.filter((fact) => starts(fact) && (fact.key === 'server' || fact.key in delegates));
  const strongest = Math.min(...commands.map(precedenceOf));
  const delegated = new Set<ManifestKind>();
  const runs = (fact: ManifestFact) => precedenceOf(fact) <= strongest || delegated.has(fact.kind);
  // A script may start another one.
  for (let before = -1; before < delegated.size; ) {
    before = delegated.size;
    for (const fact of commands.filter(runs)) {
      const kind = delegates[fact.key];
      if (kind) delegated.add(kind);
    }
  }
  const servers = commands.filter((fact) => fact.key === 'server' && runs(fact));
  const running = new Set(decidingFacts(servers, 'server').map((fact) => fact.value));
  const configured = new Map(
    own.filter((fact) => fact.kind === 'config' && fact.key === 'server').map((fact) => [fact.at.uri, fact.value]),
  );
  return own.filter((fact) => {
    if (starts(fact)) return runs(fact);
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
  const strongest = Math.min(...about.map((fact) => precedenceOf(fact)));
  return about.filter((fact) => precedenceOf(fact) === strongest);
}
