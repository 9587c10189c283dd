/** The part of a fresh topology file about one service. */
import { serverFact } from '../facts/processModels.ts';
import { written } from './assist.ts';
import type { ManifestKey } from './drift.ts';
import type { DraftHints } from './init.ts';
import { comment, found, openQuestion, origin, type PlacedFact, plain, question } from './init-lines.ts';
import { decidingFact, decidingFacts } from './manifest-services.ts';
import { unknownWord } from './schema-database.ts';

const indent = '    ';

export interface FoundService {
  readonly name: string;
  readonly facts: readonly PlacedFact[];
}

export function serviceLines(
  service: FoundService,
  databases: readonly string[],
  services: number,
  hints: DraftHints,
): string[] {
  return new ServiceWriter(service).lines(databases, services, hints);
}

class ServiceWriter {
  /** Name of the server, empty where none is known. */
  private readonly server: string;

  constructor(private readonly service: FoundService) {
    const server = this.of('server')?.fact.value;
    // What a script of package.json starts is a program of Node.js.
    this.server = typeof server === 'string' ? server : this.of('script') && !this.of('server') ? 'node' : '';
  }

  lines(databases: readonly string[], services: number, hints: DraftHints): string[] {
    const [first = 'main', ...others] = databases;
    const isOne = others.length === 0;
    return [
      `  ${written(this.service.name, true)}:`,
      isOne
        ? `${indent}database: ${written(first, true)}`
        : `${indent}databases: [${databases.map((name) => written(name, true)).join(', ')}]${comment('? which of them does it use?')}`,
      ...this.paths(services, hints),
      ...this.serverLines(),
      ...this.value('worker_class'),
      ...this.workers(),
      ...this.value('threads'),
      ...this.concurrency(),
      ...this.replicas(),
      ...this.value('max_surge'),
      ...this.value('platform'),
      ...this.environment(hints.variables),
      ...this.notes(),
    ];
  }

  private of(key: ManifestKey): PlacedFact | undefined {
    const deciding = decidingFacts(
      this.service.facts.map(({ fact }) => fact),
      key,
    );
    // Of environments that differ, one that is known.
    const fact = deciding.find((each) => each.value !== null) ?? deciding[0];
    return this.service.facts.find((placed) => placed.fact === fact);
  }

  /** The key as found; where something decides it that nobody can see, it is unknown rather than a default. */
  private value(key: ManifestKey): string[] {
    const placed = this.of(key);
    if (!placed) return [];
    const { value } = placed.fact;
    if (value !== null) return [found(indent, key, value, origin(placed))];
    if (key !== 'workers' && key !== 'threads' && key !== 'concurrency') return [];
    return [undecided(key, placed)];
  }

  /** The variable as the strongest manifest sets it. */
  private variable(name: string): PlacedFact | undefined {
    const facts = this.service.facts.map(({ fact }) => fact).filter(({ variable }) => variable === name);
    const fact = decidingFact(facts, 'env');
    return this.service.facts.find((placed) => placed.fact === fact);
  }

  private paths(services: number, { holdsPools }: DraftHints): string[] {
    const folders = this.service.facts.filter(({ folder }) => folder !== undefined && folder !== '');
    const distinct = [...new Set(folders.map(({ folder }) => folder!))].filter((folder) => holdsPools?.(folder));
    const [folder] = distinct;
    if (distinct.length === 1 && folder !== undefined) {
      const { place } = folders.find((each) => each.folder === folder)!;
      return [`${indent}paths: [${written(`${folder}/**`, true)}]${comment(`from ${place}`)}`];
    }
    if (services < 2) return [];
    return [openQuestion(indent, `paths: [services/${plain(this.service.name)}/**]`, 'which source belongs to it?')];
  }

  private serverLines(): string[] {
    const placed = this.of('server') ?? this.of('script');
    if (placed && this.server !== '') return [found(indent, 'server', this.server, origin(placed))];
    const known = placed?.fact.reason ? `${placed.fact.reason} (${placed.place}): ` : '';
    const text = `${known}what runs it: gunicorn, uvicorn, celery, node, script, serverless?`;
    return [openQuestion(indent, 'server: gunicorn', text)];
  }

  private workers(): string[] {
    if (this.of('workers')) return this.value('workers');
    const fact = serverFact(this.server);
    for (const variable of fact?.workersVariables ?? []) {
      const set = this.variable(variable);
      const value = Number(set?.fact.value);
      if (set && Number.isInteger(value) && value > 0) return [found(indent, 'workers', value, origin(set))];
      if (set?.fact.value === null) return [undecided('workers', set)];
    }
    if (this.server === '' || this.server === 'dramatiq') {
      return [openQuestion(indent, 'workers: 1', 'processes per instance')];
    }
    const mayHaveMore = fact?.processes === 1 && this.server !== 'script' && this.server !== 'daphne';
    if (!mayHaveMore) return [];
    return [question(indent, 'workers', 1, `processes per instance; 1 is the default of ${fact.title}`)];
  }

  private concurrency(): string[] {
    if (this.of('concurrency')) return this.value('concurrency');
    const questions: Readonly<Record<string, string>> = {
      celery: 'child processes per instance; Celery starts one per CPU core by default',
      serverless: 'instances that run at a time; nothing limits them here',
      cron: 'runs that may overlap',
    };
    const text = questions[this.server];
    return text === undefined ? [] : [openQuestion(indent, 'concurrency: 4', text)];
  }

  private replicas(): string[] {
    // What a platform starts as needed has none.
    if (this.server === 'serverless') return [];
    const placed = this.of('replicas');
    if (!placed) return [question(indent, 'replicas', 1, 'how many instances run? 1 is the default')];
    const { value } = placed.fact;
    if (typeof value !== 'number') return [undecided('replicas', placed)];
    const fewest = this.of('min_replicas')?.fact.value;
    if (typeof fewest === 'number' && fewest < value) {
      return [`${indent}replicas: {min: ${fewest}, max: ${value}}${comment(`from ${origin(placed)}`)}`];
    }
    return [found(indent, 'replicas', value, origin(placed))];
  }

  /** What the deployment sets of the variables that pools are made with. */
  private environment(wanted: ReadonlySet<string> | undefined): string[] {
    const set = new Map<string, PlacedFact>();
    for (const { fact } of this.service.facts) {
      const { key, variable } = fact;
      if (key !== 'env' || variable === undefined || !wanted?.has(variable) || set.has(variable)) continue;
      const placed = this.variable(variable);
      if (placed !== undefined && placed.fact.value !== null) set.set(variable, placed);
    }
    if (set.size === 0) return [];
    return [
      `${indent}env:`,
      ...[...set].map(
        ([variable, { fact, place }]) =>
          `${indent}  ${written(variable, true)}: ${JSON.stringify(String(fact.value))}${comment(`from ${place}`)}`,
      ),
    ];
  }

  private notes(): string[] {
    return this.service.facts
      .filter(({ fact }) => fact.key === 'note')
      .map(({ fact, place }) => `${indent}# ${fact.value} (${place}).`);
  }
}

/** Something decides it that nobody can see here. */
function undecided(key: ManifestKey, { fact, place }: PlacedFact): string {
  return `${indent}${key}: ${unknownWord}${comment(`? ${fact.reason} (${place})`)}`;
}
