/** Writes a fresh topology file from what the workspace shows; what was not found becomes a marked question. */
import { written } from './assist.ts';
import { type ManifestKey, manifestKinds } from './drift.ts';
import { comment, found, type Hint, openQuestion, origin, type PlacedFact, question } from './init-lines.ts';
import { poolerLines } from './init-pooler.ts';
import { type FoundService, serviceLines } from './init-service.ts';
import { decidingFacts, type FoundPooler, factsByService, isAboutDatabase, poolersIn } from './manifest-services.ts';

export type { Hint, PlacedFact } from './init-lines.ts';

export interface DraftHints {
  /** "postgresql", from URLs and drivers in code. */
  readonly engine?: Hint;
  /** Environment variables and aliases by which code names the database. */
  readonly connect?: readonly Hint[];
  /** Variables that code takes the settings of its pools from. */
  readonly variables?: ReadonlySet<string>;
  /** True where source with pools lies in a folder, relative to the new file's folder. */
  readonly holdsPools?: (folder: string) => boolean;
  /** Where the schema lies, for editors. */
  readonly schema?: string;
}

/** The text of a new poolproof.yaml. It is valid as it stands; lines marked `# ?` want an answer. */
export function draftTopology(facts: readonly PlacedFact[], hints: DraftHints = {}): string {
  const lines: string[] = [];
  if (hints.schema && /^[\w:/.@~-]+$/.test(hints.schema)) lines.push(`# yaml-language-server: $schema=${hints.schema}`);
  const databases = databasesOf(facts);
  const poolers = poolersIn(facts.map(({ fact }) => fact));
  const placeOf = (fact: PlacedFact['fact']) =>
    origin({ fact, place: facts.find((each) => each.fact.at === fact.at)!.place });
  lines.push(
    '# What runs against which database. Lines marked "# ?" were not found in the workspace: check the value.',
    'databases:',
    ...databases.flatMap((database) => [
      ...databaseLines(database, databases.length, hints),
      ...poolersInFront(database, poolers, databases.length, placeOf),
    ]),
    'services:',
  );
  const names = databases.map(({ name }) => name);
  const places = new Map(facts.map((placed) => [placed.fact, placed]));
  const groups = [...factsByService(facts.map(({ fact }) => fact))].map(([name, own]) => ({
    name,
    facts: own.map((fact) => places.get(fact)!),
  }));
  const services = servicesAmong(groups, hints);
  if (services.length === 0) services.push({ name: 'app', facts: [] });
  for (const service of services) lines.push(...serviceLines(service, names, services.length, hints));
  return `${lines.join('\n')}\n`;
}

/** Names of what runs for a moment before the others start; its pools never count. */
const oneOffName = /(?:^|[-_])(?:migrat\w*|prestart|seed\w*|init|setup|bootstrap)(?=[-_]|$)/i;

function servicesAmong(groups: readonly FoundService[], { holdsPools }: DraftHints): FoundService[] {
  const holds = ({ folder }: PlacedFact) => folder !== undefined && (holdsPools?.(folder) ?? true);
  const described = groups.filter(({ name, facts }) => {
    if (oneOffName.test(name)) return false;
    // What is built from source with pools runs them, whatever its command is.
    const isBuilt = facts.some(({ fact }) => fact.key === 'build') && facts.some(holds);
    if (isBuilt) return true;
    // A manifest without names that starts nothing known may hold a base image, or tools.
    return facts.some(({ fact: { key, kind } }) =>
      manifestKinds[kind].namesServices ? describesProcesses(key) : key === 'server',
    );
  });
  // What only a machine of one's own runs counts where nothing else is known.
  const deployed = described.filter(({ facts }) => facts.some(({ fact }) => !fact.isForDevelopment));
  const isNamed = ({ facts }: FoundService) => facts.some(({ fact }) => manifestKinds[fact.kind].namesServices);
  // What no manifest names counts where it has pools, or where there is nothing else.
  const telling = deployed.filter((group) => isNamed(group) || (holdsPools && group.facts.some(holds)));
  return [telling, deployed, described].find((list) => list.length > 0) ?? [];
}

/** What stands for a program, rather than only beside one. */
function describesProcesses(key: ManifestKey): boolean {
  return !['build', 'context', 'env', 'note', 'application', 'max_surge', 'lazy_apps', 'post_fork'].includes(key);
}

interface FoundDatabase {
  readonly name: string;
  /** The host by which services of the same manifest reach it. */
  readonly host?: string;
  readonly facts: readonly PlacedFact[];
}

/** One database, unless one manifest runs several servers: then each under its own name, which is its host as well. */
function databasesOf(facts: readonly PlacedFact[]): FoundDatabase[] {
  const about = facts.filter(({ fact }) => isAboutDatabase(fact));
  const engines = about.filter(({ fact }) => fact.key === 'engine' && fact.kind !== 'database');
  const perManifest = new Map<string, Set<string>>();
  for (const { fact } of engines) {
    const servers = perManifest.get(fact.at.uri) ?? new Set();
    perManifest.set(fact.at.uri, servers.add(fact.service));
  }
  const several = [...perManifest.values()].find((servers) => servers.size > 1);
  if (!several) return [{ name: 'main', facts: about }];
  return [...several].map((name) => ({
    name,
    host: name,
    facts: about.filter(({ fact }) => fact.service === name),
  }));
}

function databaseLines({ name, host, facts }: FoundDatabase, databases: number, hints: DraftHints): string[] {
  const of = (key: ManifestKey) => {
    const fact = decidingFacts(
      facts.map((placed) => placed.fact),
      key,
    )[0];
    return facts.find((placed) => placed.fact === fact);
  };
  const indent = '    ';
  const lines = [`  ${written(name, true)}:`];
  const engine = of('engine');
  const engines = new Set(facts.filter(({ fact }) => fact.key === 'engine').map(({ fact }) => fact.value));
  const hint = databases === 1 ? hints.engine : undefined;
  if (hint) lines.push(found(indent, 'engine', hint.value, hint.place));
  else if (engine?.fact.value && engines.size === 1) {
    lines.push(found(indent, 'engine', engine.fact.value, origin(engine)));
  } else if (engines.size > 1) {
    lines.push(`${indent}engine: postgresql${comment(`? manifests name ${[...engines].join(' and ')}`)}`);
  } else lines.push(question(indent, 'engine', 'postgresql', 'which database server is it?'));
  const limit = of('max_connections');
  if (typeof limit?.fact.value === 'number') {
    lines.push(found(indent, 'max_connections', limit.fact.value, origin(limit)));
  } else {
    const reason = limit?.fact.reason ? `${limit.fact.reason} (${limit.place}); ` : '';
    const text = `${reason}SHOW max_connections; 100 is the default of PostgreSQL`;
    lines.push(question(indent, 'max_connections', 100, text));
  }
  lines.push(
    question(indent, 'reserved', 10, 'connections kept free for administration and migrations; 10 is the default'),
  );
  for (const key of ['superuser_reserved_connections', 'reserved_connections', 'idle_timeout'] as const) {
    const fact = of(key);
    if (typeof fact?.fact.value === 'number') lines.push(found(indent, key, fact.fact.value, origin(fact)));
  }
  lines.push(...connectLines(host, databases === 1 ? (hints.connect ?? []) : []));
  return lines;
}

function poolersInFront(
  { host, facts }: FoundDatabase,
  poolers: readonly FoundPooler[],
  databases: number,
  placeOf: (fact: PlacedFact['fact']) => string,
): string[] {
  // The first part of a name in a cluster is the service's.
  const own = databases === 1 ? poolers : poolers.filter((each) => each.host?.split('.')[0] === host);
  if (own.length > 1) {
    const names = own.map(({ name }) => name).join(', ');
    return [openQuestion('    ', 'pooler: {kind: pgbouncer}', `several run in front of it: ${names}`)];
  }
  const config = databases === 1 ? facts.find(({ fact }) => fact.key === 'pooler_config') : undefined;
  return poolerLines(own[0], config, placeOf);
}

function connectLines(host: string | undefined, connect: readonly Hint[]): string[] {
  if (host !== undefined) {
    return [`    connect: [${written(host, true)}]${comment('the host; ? which environment variables name it?')}`];
  }
  if (connect.length === 0)
    return [openQuestion('    ', 'connect: [DATABASE_URL]', 'how does the code name this database?')];
  const names = connect.map((hint) => written(hint.value, true)).join(', ');
  return [`    connect: [${names}]${comment(`from ${connect.map((hint) => hint.place).join(', ')}`)}`];
}
