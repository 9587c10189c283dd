/** Writes a fresh topology file from what the workspace shows; what was not found becomes a marked question. */
import { written } from './assist.ts';
import { type ManifestFact, type ManifestKey, manifestKinds } from './drift.ts';
import { factsByService } from './manifest-services.ts';

/** A fact with the place it came from as a person reads it: "docker-compose.yml:12". */
export interface PlacedFact {
  readonly fact: ManifestFact;
  readonly place: string;
}

/** A value found elsewhere than in manifests, with its place. */
export interface Hint {
  readonly value: string;
  readonly place: string;
}

export interface DraftHints {
  /** "postgresql", from URLs and drivers in code. */
  readonly engine?: Hint;
  /** Environment variables and aliases by which code names the database. */
  readonly connect?: readonly Hint[];
  /** Path of a pgbouncer.ini, relative to the new file's folder. */
  readonly poolerConfig?: Hint;
  /** Globs of source per service. */
  readonly paths?: ReadonlyMap<string, readonly string[]>;
  /** Where the schema lies, for editors. */
  readonly schema?: string;
}

const serviceKeys: readonly ManifestKey[] = ['server', 'worker_class', 'workers', 'threads', 'concurrency', 'replicas'];

/** The text of a new poolproof.yaml. It is valid as it stands; lines marked `# ?` want an answer. */
export function draftTopology(facts: readonly PlacedFact[], hints: DraftHints = {}): string {
  const lines: string[] = [];
  if (hints.schema && /^[\w:/.@~-]+$/.test(hints.schema)) lines.push(`# yaml-language-server: $schema=${hints.schema}`);
  lines.push(
    '# What runs against which database. Lines marked "# ?" were not found in the workspace: check the value.',
    'databases:',
    ...databaseLines(facts, hints),
    'services:',
  );
  const services = groupByService(facts);
  for (const [name, own] of services) lines.push(...serviceLines(name, own, hints, services.size));
  return `${lines.join('\n')}\n`;
}

function databaseLines(facts: readonly PlacedFact[], hints: DraftHints): string[] {
  const limit = strongest(facts.filter(({ fact }) => fact.key === 'max_connections'));
  const lines = [
    '  main:',
    hints.engine
      ? found('    ', 'engine', hints.engine.value, hints.engine.place)
      : question('    ', 'engine', 'postgresql', 'which database server is it?'),
    limit
      ? found('    ', 'max_connections', limit.fact.value!, limit.place)
      : question('    ', 'max_connections', 100, 'SHOW max_connections; 100 is the default of PostgreSQL'),
    question('    ', 'reserved', 10, 'connections kept free for administration and migrations; 10 is the default'),
  ];
  const connect = hints.connect ?? [];
  if (connect.length > 0) {
    const names = connect.map((hint) => written(hint.value, true)).join(', ');
    lines.push(`    connect: [${names}]${comment(`from ${connect.map((hint) => hint.place).join(', ')}`)}`);
  } else {
    lines.push(`    # connect: [DATABASE_URL]${comment('? how does the code name this database?')}`);
  }
  if (hints.poolerConfig) {
    lines.push('    pooler:', '      kind: pgbouncer');
    lines.push(found('      ', 'config', hints.poolerConfig.value, hints.poolerConfig.place));
  }
  return lines;
}

function serviceLines(name: string, facts: readonly PlacedFact[], hints: DraftHints, services: number): string[] {
  const of = (key: ManifestKey) => strongest(facts.filter(({ fact }) => fact.key === key));
  const lines = [`  ${written(name, true)}:`, '    database: main'];
  const paths = hints.paths?.get(name) ?? [];
  if (paths.length > 0) lines.push(`    paths: [${paths.map((path) => written(path, true)).join(', ')}]`);
  else if (services > 1)
    lines.push(`    # paths: [services/${plain(name)}/**]${comment('? which source belongs to it?')}`);
  for (const key of serviceKeys) {
    const fact = of(key);
    if (fact) lines.push(found('    ', key, fact.fact.value!, fact.place));
    else lines.push(...missing(key, String(of('server')?.fact.value ?? '')));
  }
  return lines;
}

/** The question to ask for a key that no manifest states, where it matters for that server. */
function missing(key: ManifestKey, server: string): string[] {
  const isCelery = server === 'celery';
  if (key === 'replicas') return [question('    ', key, 1, 'how many instances run? 1 is the default')];
  if (key === 'server')
    return [`    # server: gunicorn${comment('? what runs it: gunicorn, uvicorn, celery, node, script, serverless?')}`];
  if (key === 'concurrency' && isCelery) {
    return [
      `    # concurrency: 4${comment('? child processes per instance; Celery starts one per CPU core by default')}`,
    ];
  }
  if (key !== 'workers' || isCelery) return [];
  if (server === '' || server === 'dramatiq') return [`    # workers: 1${comment('? processes per instance')}`];
  return [question('    ', key, 1, `processes per instance; 1 is the default of ${plain(server)}`)];
}

/** Facts per service in the order they were found. */
function groupByService(facts: readonly PlacedFact[]): Map<string, PlacedFact[]> {
  const places = new Map(facts.map((placed) => [placed.fact, placed]));
  const groups = new Map<string, PlacedFact[]>();
  for (const [service, own] of factsByService(facts.map(({ fact }) => fact))) {
    if (own.some((fact) => describesProcesses(fact)))
      groups.set(
        service,
        own.map((fact) => places.get(fact)!),
      );
  }
  return groups.size > 0 ? groups : new Map([['app', []]]);
}

function describesProcesses({ key }: ManifestFact): boolean {
  return key !== 'build' && key !== 'env' && key !== 'note';
}

function strongest(facts: readonly PlacedFact[]): PlacedFact | undefined {
  const known = facts.filter(({ fact }) => fact.value !== null);
  return known.sort((a, b) => manifestKinds[a.fact.kind].precedence - manifestKinds[b.fact.kind].precedence)[0];
}

function found(indent: string, key: string, value: number | string | boolean, place: string): string {
  return `${indent}${key}: ${written(String(value), typeof value === 'string')}${comment(`from ${place}`)}`;
}

function question(indent: string, key: string, value: number | string, text: string): string {
  return `${indent}${key}: ${value}${comment(`? not found: ${text}`)}`;
}

function comment(text: string): string {
  return `  # ${text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')}`;
}

function plain(text: string): string {
  return text.replace(/[^\w.-]/g, '-');
}
