/** From checked nodes to the model. Whatever the checker refused is passed over: it is absent, never a default. */
import { type Location, locate } from '../core/text.ts';
import { kubernetesMaxSurge } from '../facts/platforms.ts';
import { providerFact } from '../facts/providers.ts';
import type {
  Database,
  ExtraConnections,
  MaxSurge,
  Pooler,
  ProjectSettings,
  Replicas,
  RuleSetting,
  Service,
  Stated,
  Workload,
} from './model.ts';
import { processConcurrency, processesPerInstance } from './processes.ts';
import { unknownWord } from './schema-database.ts';
import { type DataEntry, type DataNode, entryOf, nodeAt } from './yaml.ts';

/** Connections kept free where the file states none. */
export const defaultReserved = 10;

/** Settings of PgBouncer that the topology file may state, by their own names. */
export const poolerSettings = [
  'default_pool_size',
  'reserve_pool_size',
  'min_pool_size',
  'max_client_conn',
  'max_db_connections',
  'max_user_connections',
  'max_prepared_statements',
] as const;

export type PoolerSetting = (typeof poolerSettings)[number];

export class TopologyReader {
  constructor(
    private readonly uri: string,
    /** Nodes that the checkers refused. */
    private readonly invalid: ReadonlySet<DataNode>,
  ) {}

  databases(root: DataNode): Map<string, Database> {
    return new Map(this.sections(root, 'databases').map((entry) => [entry.key, this.database(entry)]));
  }

  services(root: DataNode): Map<string, Service> {
    return new Map(this.sections(root, 'services').map((entry) => [entry.key, this.service(entry)]));
  }

  extraConnections(root: DataNode): ExtraConnections[] {
    const list = nodeAt(root, 'extra_connections');
    if (list?.kind !== 'list') return [];
    return list.items.flatMap((item) => {
      const database = this.text(item, 'database');
      const connections = this.number(item, 'connections');
      if (!database || !connections) return [];
      const name = this.text(item, 'name');
      return [
        {
          name: name?.value ?? 'extra connections',
          database,
          connections,
          via: this.text(item, 'via'),
          at: name?.at ?? database.at,
        },
      ];
    });
  }

  settings(root: DataNode): ProjectSettings {
    return {
      rules: this.scalars(root, 'rules', (node) =>
        typeof node.value === 'string' ? (node.value as RuleSetting) : undefined,
      ),
      thresholds: this.scalars(root, 'thresholds', (node) => (typeof node.value === 'number' ? node.value : undefined)),
      testFiles: this.text(root, 'testFiles'),
      exclude: this.texts(root, 'exclude') ?? [],
    };
  }

  private database(entry: DataEntry): Database {
    const node = entry.value;
    const reserved = this.number(node, 'reserved');
    const spindles = this.number(node, 'effective_spindles');
    const provider = this.text(node, 'provider');
    const engine = this.text(node, 'engine');
    return {
      name: entry.key,
      at: this.at(entry.keySpan),
      engine: engine && { ...engine, value: engine.value === 'postgres' ? 'postgresql' : engine.value },
      version: this.text(node, 'version'),
      // With an invalid reserve the budget is not known, so its other half is withheld as well.
      maxConnections: this.isRefused(node, 'reserved') ? undefined : this.number(node, 'max_connections'),
      reserved: reserved ?? { value: defaultReserved },
      superuserReserved: this.number(node, 'superuser_reserved_connections'),
      reservedConnections: this.number(node, 'reserved_connections'),
      cpuCores: this.number(node, 'cpu_cores'),
      effectiveSpindles: spindles ?? { value: 1 },
      idleTimeout: this.isRefused(node, 'idle_timeout') ? undefined : this.idleTimeout(node, provider),
      provider,
      connect: this.texts(node, 'connect') ?? [],
      pooler: this.pooler(node),
    };
  }

  private idleTimeout(node: DataNode, provider: Stated<string> | undefined): Stated<number> | undefined {
    const stated = this.number(node, 'idle_timeout');
    if (stated || !provider) return stated;
    const seconds = providerFact(provider.value)?.idleTimeoutSeconds;
    return seconds === undefined ? undefined : { value: seconds, at: provider.at };
  }

  private pooler(database: DataNode): Pooler | undefined {
    const entry = entryOf(database, 'pooler');
    if (entry?.value.kind !== 'map' || this.invalid.has(entry.value)) return undefined;
    const node = entry.value;
    const settings = new Map<string, Stated<number>>();
    for (const name of poolerSettings) {
      const value = this.number(node, name);
      if (value) settings.set(name, value);
    }
    const at = this.at(entry.keySpan);
    return {
      kind: this.text(node, 'kind') ?? { value: 'unknown', at },
      mode: this.text(node, 'mode') as Pooler['mode'],
      config: this.text(node, 'config'),
      version: this.text(node, 'version'),
      instances: this.number(node, 'instances')?.value ?? 1,
      statedInstances: this.number(node, 'instances'),
      users: this.number(node, 'users'),
      settings,
      ignoredStartupParameters: this.texts(node, 'ignore_startup_parameters')?.flatMap(({ value }) =>
        value.split(',').flatMap((each) => each.trim().toLowerCase() || []),
      ),
      at,
    };
  }

  private service(entry: DataEntry): Service {
    const node = entry.value;
    const platform = this.text(node, 'platform');
    const numbers = {
      server: this.text(node, 'server'),
      workerClass: this.text(node, 'worker_class'),
      workers: this.number(node, 'workers'),
      threads: this.number(node, 'threads'),
      concurrency: this.number(node, 'concurrency'),
      autoscale: this.number(node, 'autoscale') ?? this.number(nodeAt(node, 'autoscale'), 'max'),
      platform,
      env: this.scalars(node, 'env', (scalar) => scalar.text),
    };
    const one = this.text(node, 'database');
    const refused = (key: string) => this.isRefused(node, key);
    const whyMissing = (key: string) => {
      if (refused(key)) return `${key} is not valid`;
      return this.text(node, key)?.value === unknownWord ? `${key} is stated as unknown` : undefined;
    };
    // A refused value leaves what depends on it unknown; `replicas` has no unknown of its own, so the processes carry it.
    const missing = ['replicas', 'server', 'worker_class', 'workers', 'concurrency', 'autoscale'].find(whyMissing);
    const unbounded = ['server', 'worker_class', 'threads', 'concurrency'].find(whyMissing);
    return {
      name: entry.key,
      at: this.at(entry.keySpan),
      databases: one ? [one] : (this.texts(node, 'databases') ?? []),
      paths: this.texts(node, 'paths'),
      ...numbers,
      replicas: this.replicas(node),
      maxSurge: refused('max_surge') ? undefined : this.maxSurge(node, platform),
      workload: this.workload(node),
      processesPerInstance: missing
        ? { known: false, reason: whyMissing(missing)!, at: this.at(entryOf(node, missing)!.keySpan) }
        : processesPerInstance(numbers),
      processConcurrency: unbounded ? { known: false, reason: whyMissing(unbounded)! } : processConcurrency(numbers),
    };
  }

  private replicas(service: DataNode): Replicas {
    const node = nodeAt(service, 'replicas');
    const absent = { steady: 1, minimum: 1 };
    if (!node || this.isRefused(service, 'replicas')) return absent;
    const plain = this.number(service, 'replicas');
    if (plain) return { steady: plain.value, minimum: plain.value, at: plain.at };
    const most = this.number(node, 'max');
    if (!most) return absent;
    return { steady: most.value, minimum: this.number(node, 'min')?.value ?? Math.min(1, most.value), at: most.at };
  }

  private maxSurge(service: DataNode, platform: Stated<string> | undefined): MaxSurge | undefined {
    const entry = entryOf(service, 'max_surge');
    if (entry?.value.kind === 'scalar') {
      const at = this.at(entry.value.span);
      const written = String(entry.value.value);
      if (written.endsWith('%')) return { kind: 'percent', value: Number(written.slice(0, -1)), at };
      return { kind: 'count', value: Number(written), at };
    }
    if (platform?.value.toLowerCase() !== 'kubernetes') return undefined;
    return { kind: 'percent', value: kubernetesMaxSurge, at: platform.at, platformDefault: true };
  }

  private workload(service: DataNode): Workload | undefined {
    const node = nodeAt(service, 'workload');
    const concurrentRequests = this.number(node, 'concurrent_requests');
    const queriesPerRequest = this.number(node, 'queries_per_request');
    return concurrentRequests && queriesPerRequest ? { concurrentRequests, queriesPerRequest } : undefined;
  }

  private sections(root: DataNode, key: string): DataEntry[] {
    const node = nodeAt(root, key);
    if (node?.kind !== 'map') return [];
    const seen = new Set<string>();
    return node.entries.filter((entry) => {
      const isFirst = !seen.has(entry.key);
      seen.add(entry.key);
      return isFirst && entry.value.kind === 'map';
    });
  }

  private scalars<T>(
    parent: DataNode,
    key: string,
    read: (node: Extract<DataNode, { kind: 'scalar' }>) => T | undefined,
  ): Map<string, Stated<T>> {
    const result = new Map<string, Stated<T>>();
    const node = nodeAt(parent, key);
    if (node?.kind !== 'map') return result;
    for (const entry of node.entries) {
      if (entry.value.kind !== 'scalar' || this.invalid.has(entry.value) || result.has(entry.key)) continue;
      const value = read(entry.value);
      if (value !== undefined) result.set(entry.key, { value, at: this.at(entry.value.span) });
    }
    return result;
  }

  private number(parent: DataNode | undefined, key: string): Stated<number> | undefined {
    const node = nodeAt(parent, key);
    if (node?.kind !== 'scalar' || typeof node.value !== 'number' || this.invalid.has(node)) return undefined;
    return { value: node.value, at: this.at(node.span) };
  }

  /** Text, or a number as it is written: version 1.20 is not 1.2. */
  private text(parent: DataNode | undefined, key: string): Stated<string> | undefined {
    const node = nodeAt(parent, key);
    if (node?.kind !== 'scalar' || node.value === null || this.invalid.has(node)) return undefined;
    return { value: node.text, at: this.at(node.span) };
  }

  private texts(parent: DataNode | undefined, key: string): Stated<string>[] | undefined {
    const node = nodeAt(parent, key);
    if (!node || (node.kind !== 'scalar' && this.invalid.has(node)) || node.kind === 'map') return undefined;
    if (node.kind === 'scalar') {
      const single = this.text(parent, key);
      return single && [single];
    }
    return node.items.flatMap((item) => {
      if (item.kind !== 'scalar' || typeof item.value !== 'string' || this.invalid.has(item)) return [];
      return [{ value: item.text, at: this.at(item.span) }];
    });
  }

  /** True where the key is there and something in its value was refused. */
  private isRefused(parent: DataNode, key: string): boolean {
    const node = nodeAt(parent, key);
    if (!node) return false;
    return (
      this.invalid.has(node) || (node.kind === 'map' && node.entries.some((entry) => this.invalid.has(entry.value)))
    );
  }

  private at(span: { readonly start: number; readonly end: number }): Location {
    return locate(this.uri, span);
  }
}
