/** Small builders of topologies and pools for tests of the fleet's arithmetic. */
import type { Location } from '../../server/src/core/text.ts';
import type { DatabaseAddress, PeakTerm, Pool, SourceContext } from '../../server/src/declarations/pool.ts';
import { type Amount, type Resolved, unknownAmount } from '../../server/src/declarations/resolved.ts';
import { addAmounts } from '../../server/src/fleet/amounts.ts';
import { computeFleet } from '../../server/src/fleet/arithmetic.ts';
import { linkPools, type PoolSource } from '../../server/src/fleet/link.ts';
import type { DatabaseBudget, Fleet, PoolShare } from '../../server/src/fleet/model.ts';
import type {
  Database,
  ExtraConnections,
  MaxSurge,
  Pooler,
  Replicas,
  Service,
  Stated,
  Topology,
} from '../../server/src/topology/model.ts';
import { processConcurrency, processesPerInstance } from '../../server/src/topology/processes.ts';

export const topologyFolder = 'file:///srv/shop';

export function place(uri = `${topologyFolder}/poolproof.yaml`, start = 0): Location {
  return { uri, start, end: start + 1 };
}

export function stated<T>(value: T): Stated<T> {
  return { value, at: place() };
}

function maybe<T>(value: T | undefined): Stated<T> | undefined {
  return value === undefined ? undefined : stated(value);
}

export interface DatabaseOptions {
  readonly name?: string;
  readonly engine?: string;
  /** Null: not stated. */
  readonly maxConnections?: number | null;
  readonly reserved?: number;
  readonly cpuCores?: number;
  readonly effectiveSpindles?: number;
  readonly connect?: readonly string[];
  readonly pooler?: Readonly<Record<string, number>> & { readonly instances?: number; readonly users?: number };
  readonly poolerVersion?: string;
}

/** main: 100 connections, 10 of them reserved. */
export function database(options: DatabaseOptions = {}): Database {
  return {
    name: options.name ?? 'main',
    at: place(),
    engine: stated(options.engine ?? 'postgresql'),
    maxConnections: options.maxConnections === null ? undefined : stated(options.maxConnections ?? 100),
    reserved: { value: options.reserved ?? 10 },
    cpuCores: maybe(options.cpuCores),
    effectiveSpindles: { value: options.effectiveSpindles ?? 1 },
    connect: (options.connect ?? []).map(stated),
    pooler: options.pooler && pooler(options.pooler, options.poolerVersion),
  };
}

function pooler(
  { instances = 1, users, ...settings }: NonNullable<DatabaseOptions['pooler']>,
  version?: string,
): Pooler {
  return {
    kind: stated('pgbouncer'),
    mode: stated('transaction'),
    version: maybe(version),
    instances,
    users: maybe(users),
    settings: new Map(Object.entries(settings).map(([name, value]) => [name, stated(value!)])),
    at: place(),
  };
}

export interface ServiceOptions {
  readonly name?: string;
  readonly databases?: readonly string[];
  readonly paths?: readonly string[];
  readonly server?: string;
  readonly workerClass?: string;
  readonly workers?: number;
  readonly threads?: number;
  readonly concurrency?: number;
  readonly replicas?: number | { readonly min: number; readonly max: number };
  /** "25%" or a number of instances. */
  readonly maxSurge?: string | number;
  readonly workload?: readonly [concurrentRequests: number, queriesPerRequest: number];
}

/** api: Gunicorn with 4 workers in 2 replicas on main. */
export function service(options: ServiceOptions = {}): Service {
  const server = options.server ?? 'gunicorn';
  const settings = {
    server: stated(server),
    workerClass: maybe(options.workerClass),
    workers: maybe(options.workers ?? (server === 'gunicorn' ? 4 : undefined)),
    threads: maybe(options.threads),
    concurrency: maybe(options.concurrency),
  };
  return {
    name: options.name ?? 'api',
    at: place(),
    databases: (options.databases ?? ['main']).map(stated),
    paths: options.paths?.map(stated),
    ...settings,
    replicas: replicas(options.replicas ?? 2),
    maxSurge: maxSurge(options.maxSurge),
    workload: options.workload && {
      concurrentRequests: stated(options.workload[0]),
      queriesPerRequest: stated(options.workload[1]),
    },
    env: new Map(),
    processesPerInstance: processesPerInstance(settings),
    processConcurrency: processConcurrency(settings),
  };
}

function replicas(value: NonNullable<ServiceOptions['replicas']>): Replicas {
  if (typeof value === 'number') return { steady: value, minimum: value, at: place() };
  return { steady: value.max, minimum: value.min, at: place() };
}

function maxSurge(value: ServiceOptions['maxSurge']): MaxSurge | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return { kind: 'count', value, at: place() };
  return { kind: 'percent', value: Number.parseFloat(value), at: place() };
}

export function extra(
  name: string,
  connections: number,
  options: { database?: string; via?: string } = {},
): ExtraConnections {
  return {
    name,
    database: stated(options.database ?? 'main'),
    connections: stated(connections),
    via: maybe(options.via),
    at: place(),
  };
}

export interface TopologyOptions {
  readonly databases?: readonly Database[];
  readonly services?: readonly Service[];
  readonly extras?: readonly ExtraConnections[];
}

export function topology(options: TopologyOptions = {}): Topology {
  return {
    uri: `${topologyFolder}/poolproof.yaml`,
    folder: topologyFolder,
    databases: new Map((options.databases ?? [database()]).map((each) => [each.name, each])),
    services: new Map((options.services ?? [service()]).map((each) => [each.name, each])),
    extraConnections: options.extras ?? [],
    settings: { rules: new Map(), thresholds: new Map(), exclude: [] },
  };
}

/** A size as written, or left to the library (`default`), or read from a variable without a default. */
export type Size = number | { readonly default: number } | { readonly variable: string };

export interface PoolOptions {
  readonly path?: string;
  /** Tells two pools of one file apart. */
  readonly line?: number;
  readonly name?: string;
  readonly context?: SourceContext;
  readonly size?: Size;
  /** Null: a pool with one size only. */
  readonly overflow?: Size | null;
  readonly kind?: 'queue' | 'null' | 'static' | 'per-thread';
  readonly address?: Partial<DatabaseAddress>;
}

/** An engine in app/db.py; without sizes the library's defaults, 5 + 10. */
export function pool(options: PoolOptions = {}): Pool {
  const uri = `${topologyFolder}/${options.path ?? 'app/db.py'}`;
  const start = (options.line ?? 1) * 100;
  const kind = options.kind ?? 'queue';
  const peakTerms = kind === 'queue' ? sizes(options, uri) : [];
  return {
    system: 'sqlalchemy',
    libraryName: 'SQLAlchemy',
    libraryVersion: '2.0',
    uri,
    site: {
      uri,
      language: 'python',
      callee: { kind: 'unknown', reason: 'fixture', at: place(uri, start) },
      calleeText: 'create_engine',
      calleeSpan: { start, end: start + 13 },
      span: { start, end: start + 50 },
      arguments: [],
      insertion: { offset: start + 49, before: ', ', after: '' },
    },
    key: '',
    callable: 'create_engine',
    name: options.name ?? 'engine',
    context: options.context ?? 'app',
    address: {
      dialect: 'postgresql',
      source: 'unknown',
      hardcodedCredentials: false,
      isNetworkDatabase: true,
      query: {},
      ...options.address,
    },
    poolClass: kind === 'queue' ? 'QueuePool' : kind === 'null' ? 'NullPool' : 'StaticPool',
    poolClassKind: kind,
    parameters: new Map(),
    otherArguments: new Map(),
    driverArguments: new Map(),
    unrecognised: [],
    hasUnreadArguments: false,
    peakPerProcess: peak(kind, peakTerms),
    peakTerms,
    acquireWait: { kind: 'unknown' },
    idleLimit: { kind: 'unknown' },
  };
}

function sizes(options: PoolOptions, uri: string): readonly PeakTerm[] {
  const size = sizeTerm('pool_size', options.size ?? { default: 5 }, uri);
  if (options.overflow === null) return [size];
  return [size, sizeTerm('max_overflow', options.overflow ?? { default: 10 }, uri)];
}

function sizeTerm(parameter: string, size: Size, uri: string): PeakTerm {
  const value = resolvedSize(size, uri);
  const number = value.known ? (value.value as number) : unknownAmount(value.reason);
  return { parameter, amount: number === -1 ? 'unbounded' : number, value };
}

function resolvedSize(size: Size, uri: string): Resolved<unknown> {
  if (typeof size === 'number')
    return { known: true, value: size, source: 'literal', origins: [], literal: place(uri) };
  if ('default' in size) return { known: true, value: size.default, source: 'default', origins: [] };
  return { known: false, reason: `${size.variable} has no default`, variable: size.variable, at: place(uri) };
}

/** As SQLAlchemy 2.0 has it: a pool_size of 0 is no limit. */
function peak(kind: NonNullable<PoolOptions['kind']>, terms: readonly PeakTerm[]): Amount {
  if (kind === 'static') return 1;
  if (kind === 'per-thread') return unknownAmount('one per thread that uses the database');
  if (kind === 'null') return unknownAmount('NullPool opens a connection per checkout');
  return terms[0]!.amount === 0 ? 'unbounded' : terms.map((term) => term.amount).reduce(addAmounts);
}

/** A pool that every service sees alike. */
export function source(one: Pool): PoolSource {
  return { uri: one.uri, owners: [one.uri], context: one.context, resolveFor: () => one };
}

/** Computes a fleet; each service includes the pools of the folders it lists in `paths` (here: prefixes), or all. */
export function fleetOf(file: Topology, pools: readonly (Pool | PoolSource)[]): Fleet {
  const sources = pools.map((each) => ('resolveFor' in each ? each : source(each)));
  const claims = (each: Service, uri: string): boolean =>
    each.paths?.some((path) => uri.startsWith(`${topologyFolder}/${path.value}`)) ?? false;
  const links = linkPools(file, sources, {
    servicesFor: (uri) => [...file.services.values()].filter((each) => each.paths === undefined || claims(each, uri)),
    claimsExplicitly: claims,
  });
  return computeFleet(file, links);
}

/** The first database of a fleet and its first pool, for tests about one. */
export function single(fleet: Fleet): { main: DatabaseBudget; share: PoolShare } {
  const main = fleet.databases[0]!;
  return { main, share: main.services.flatMap((each) => each.pools)[0]! };
}
