/**
 * What the topology file and manifests prove about how code runs: whether it is served by ASGI or greenlets, and whether
 * its processes are forked after the application was imported. Plain data with places. An `asgi.py` is no evidence, and
 * neither is what is for development; a default that a setting elsewhere may change is marked as one.
 */
import type { Location } from '../core/text.ts';
import { serverFact } from '../facts/processModels.ts';
import { workerClassFact } from '../facts/workerClasses.ts';
import type { ManifestFact, ManifestKey } from './drift.ts';
import { decidingFact, factsAbout, factsByService } from './manifest-services.ts';
import type { Service, Topology } from './model.ts';

export interface Evidence {
  /** Name of the service in the topology file or in the manifest. */
  readonly service: string;
  /** What proves it: the worker class, the option, or the server. */
  readonly at: Location;
  /** For messages: "Gunicorn with the worker class gevent". Holds names only. */
  readonly what: string;
  /** The manifest's name, or undefined where the topology file states it. */
  readonly manifest?: string;
  /** The application the server loads, `config.asgi:application`, where the command names it. For comparing, not for messages. */
  readonly application?: string;
}

export interface ServingEvidence extends Evidence {
  /** `asgi`: coroutines, and for synchronous code a thread per request. `gevent`: a greenlet per request. */
  readonly kind: 'asgi' | 'gevent';
}

export interface ForkEvidence extends Evidence {
  readonly kind: 'gunicorn-preload' | 'uwsgi' | 'celery-prefork';
  /**
   * True where nothing chooses the pool of a Celery worker: prefork is the default, but `worker_pool` in the application's
   * own settings, which no manifest shows, decides over it.
   */
  readonly isDefault: boolean;
  /** True where more than one process is forked. */
  readonly isSeveral: boolean;
}

/** How one service runs, by the strongest statement for each key. */
interface Statements {
  readonly service: string;
  readonly of: (key: ManifestKey) => Statement | undefined;
}

interface Statement {
  readonly value: string | number | boolean | null;
  readonly at: Location;
  readonly manifest?: string;
}

/** Where a service of the topology is served by ASGI or gevent, as the topology file or else manifests about it say. */
export function servingOfService(
  topology: Topology,
  service: Service,
  facts: readonly ManifestFact[],
): ServingEvidence | undefined {
  return servingOf(statementsOfService(topology, service, facts));
}

/** Whether a service of the topology forks its processes after it imported the application, and where that is written. */
export function forkOfService(
  topology: Topology,
  service: Service,
  facts: readonly ManifestFact[],
): ForkEvidence | undefined {
  return forkOf(statementsOfService(topology, service, facts));
}

/**
 * The same for a file that no topology covers: manifests in its folder and the folders around it. Each service they
 * describe that is served so is one piece of evidence, the nearest manifest first.
 */
export function servingAround(uri: string, facts: readonly ManifestFact[]): ServingEvidence[] {
  return statementsAround(uri, facts).flatMap((statements) => servingOf(statements) ?? []);
}

export function forksAround(uri: string, facts: readonly ManifestFact[]): ForkEvidence[] {
  return statementsAround(uri, facts).flatMap((statements) => forkOf(statements) ?? []);
}

function servingOf(statements: Statements): ServingEvidence | undefined {
  const server = statements.of('server');
  const fact = typeof server?.value === 'string' ? serverFact(server.value) : undefined;
  // Work that is queued is not served; Celery closes Django's connections after every task.
  if (!server || !fact || !(fact.serves || fact.workerClasses) || fact.forksAfterImport === 'prefork-pool') {
    return undefined;
  }
  const workerClass = statements.of('worker_class');
  if (workerClass) {
    const known = typeof workerClass.value === 'string' ? workerClassFact(fact, workerClass.value) : undefined;
    if (!known?.serves || known.serves === 'wsgi') return undefined;
    const what = `${fact.title} with the worker class ${known.names[0]}`;
    return { kind: known.serves, ...evidence(statements, workerClass, what) };
  }
  // `wsgi:` in front of an application makes Hypercorn serve it in threads.
  const application = statements.of('application')?.value;
  if (fact.serves !== 'asgi' || (typeof application === 'string' && application.startsWith('wsgi:'))) return undefined;
  return { kind: 'asgi', ...evidence(statements, server, fact.title) };
}

function forkOf(statements: Statements): ForkEvidence | undefined {
  const server = statements.of('server');
  const fact = typeof server?.value === 'string' ? serverFact(server.value) : undefined;
  if (!server || !fact) return undefined;
  switch (fact.forksAfterImport) {
    case 'when-preloaded': {
      const preload = statements.of('preload');
      if (preload?.value !== true || statements.of('post_fork') !== undefined) return undefined;
      return {
        kind: 'gunicorn-preload',
        isDefault: false,
        isSeveral: isSeveral(statements.of('workers')),
        ...evidence(statements, preload, `${fact.title} with preload`),
      };
    }
    case 'unless-lazy': {
      const lazy = statements.of('lazy_apps');
      if (lazy?.value !== false) return undefined;
      return {
        kind: 'uwsgi',
        isDefault: false,
        isSeveral: isSeveral(statements.of('workers')),
        ...evidence(statements, lazy, `${fact.title} without lazy-apps`),
      };
    }
    case 'prefork-pool': {
      const pool = statements.of('worker_class');
      const known = typeof pool?.value === 'string' ? workerClassFact(fact, pool.value) : undefined;
      if (pool && known?.names[0] !== 'prefork') return undefined;
      const isDefault = pool === undefined;
      return {
        kind: 'celery-prefork',
        isDefault,
        // One for each CPU where nothing is said.
        isSeveral: statements.of('concurrency')?.value !== 1,
        ...evidence(statements, pool ?? server, `${fact.title} with its prefork pool`),
      };
    }
    case undefined:
      return undefined;
  }
}

/** The default is one; a number that cannot be read is meant to be more. */
function isSeveral(workers: Statement | undefined): boolean {
  return workers !== undefined && workers.value !== 1;
}

function evidence({ service, of }: Statements, statement: Statement, what: string): Evidence {
  const application = of('application')?.value;
  return {
    service,
    at: statement.at,
    what,
    ...(statement.manifest !== undefined && { manifest: statement.manifest }),
    ...(typeof application === 'string' && { application }),
  };
}

function statementsOfService(topology: Topology, service: Service, facts: readonly ManifestFact[]): Statements {
  const own = factsAbout(topology, service, facts);
  const stated = new Map<ManifestKey, Statement>();
  if (service.server) stated.set('server', service.server);
  if (service.workerClass) stated.set('worker_class', service.workerClass);
  if (service.workers) stated.set('workers', service.workers);
  if (service.concurrency) stated.set('concurrency', service.concurrency);
  const said = statementsIn(service.name, own);
  // What manifests say of another server than the topology states is about something else.
  const saidServer = said.of('server')?.value;
  const isOther = service.server !== undefined && saidServer !== undefined && saidServer !== service.server.value;
  return { service: service.name, of: (key) => stated.get(key) ?? (isOther ? undefined : said.of(key)) };
}

function statementsAround(uri: string, facts: readonly ManifestFact[]): Statements[] {
  const depth = (fact: ManifestFact) => fact.at.uri.split('/').length;
  const around = facts.filter((fact) => uri.startsWith(fact.at.uri.slice(0, fact.at.uri.lastIndexOf('/') + 1)));
  const services = [...factsByService(around)].sort(
    ([, left], [, right]) => Math.max(...right.map(depth)) - Math.max(...left.map(depth)),
  );
  return services.map(([service, own]) => statementsIn(service, own));
}

/** What is for development proves nothing about what is deployed. */
function statementsIn(service: string, own: readonly ManifestFact[]): Statements {
  const deployed = own.filter((fact) => !fact.isForDevelopment);
  return {
    service,
    of: (key) => {
      const fact = decidingFact(deployed, key);
      return fact && { value: fact.value, at: fact.at, manifest: fact.manifest };
    },
  };
}
