/** How one process of a server runs its work, by the class or pool it is configured with. */

/** How one process runs its work. */
export type WorkKind =
  /** One unit of work after the other. */
  | 'single'
  | 'threads'
  | 'greenlets'
  /** Coroutines of an event loop: as many as there is work, unless a limit is set. */
  | 'event-loop';

export interface WorkFact {
  readonly kind: WorkKind;
  /** Units of work at a time where no number is stated; absent where there is no limit, or none that is known. */
  readonly limit?: number;
  /** One unit, for messages: "thread", "task". */
  readonly unit: string;
}

export interface WorkerClassFact extends WorkFact {
  /** Names under which configurations choose it, in lower case. */
  readonly names: readonly string[];
  /** What an application behind it meets: the interface of a thread per request, coroutines, or greenlets. */
  readonly serves?: 'wsgi' | 'asgi' | 'gevent';
  readonly source: string;
}

export const gunicornSettings = 'https://docs.gunicorn.org/en/stable/settings.html';
export const celeryWorkers = 'https://docs.celeryq.dev/en/stable/userguide/workers.html';
export const eventLoop: WorkFact = { kind: 'event-loop', unit: 'request' };

/** Gunicorn's worker_connections where nobody sets it: the most a greenlet or ASGI worker handles at a time. */
export const gunicornWorkerConnections = 1000;

/** Granian divides its backlog among the workers, and that by two for blocking threads. */
export const granianBacklog = 1024;

export const gunicornClasses: readonly WorkerClassFact[] = [
  {
    names: ['sync', 'syncworker'],
    kind: 'single',
    limit: 1,
    unit: 'request per sync worker',
    serves: 'wsgi',
    source: `${gunicornSettings}#worker-class`,
  },
  {
    names: ['gthread', 'threadworker'],
    kind: 'threads',
    limit: 1,
    unit: 'thread',
    serves: 'wsgi',
    source: `${gunicornSettings}#threads`,
  },
  {
    // Eventlet's worker is gone since Gunicorn 26.
    names: ['gevent', 'gevent_wsgi', 'gevent_pywsgi', 'geventworker', 'ggevent', 'eventlet', 'eventletworker'],
    kind: 'greenlets',
    limit: gunicornWorkerConnections,
    unit: 'greenlet',
    serves: 'gevent',
    source: `${gunicornSettings}#worker-connections`,
  },
  { names: ['tornado', 'tornadoworker'], ...eventLoop, serves: 'wsgi', source: `${gunicornSettings}#worker-class` },
  {
    // Gunicorn's own since 25.1; before that those of Uvicorn.
    names: ['asgi', 'uvicorn', 'uvicornworker', 'uvicornh11worker'],
    ...eventLoop,
    serves: 'asgi',
    source: 'https://www.uvicorn.org/deployment/#gunicorn',
  },
];

export const granianInterfaces: readonly WorkerClassFact[] = [
  {
    names: ['wsgi'],
    kind: 'threads',
    limit: granianBacklog / 2,
    unit: 'thread',
    serves: 'wsgi',
    source: 'https://github.com/emmett-framework/granian/blob/master/granian/server/common.py',
  },
  {
    names: ['asgi', 'asginl', 'rsgi'],
    ...eventLoop,
    serves: 'asgi',
    source: 'https://github.com/emmett-framework/granian#workers-and-threads',
  },
];

export const hypercornClasses: readonly WorkerClassFact[] = [
  {
    names: ['asyncio', 'uvloop', 'trio'],
    ...eventLoop,
    serves: 'asgi',
    source: 'https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html',
  },
];

export const celeryPools: readonly WorkerClassFact[] = [
  { names: ['prefork', 'processes'], kind: 'single', limit: 1, unit: 'task per child process', source: celeryWorkers },
  { names: ['threads'], kind: 'threads', unit: 'thread', source: celeryWorkers },
  { names: ['gevent', 'eventlet'], kind: 'greenlets', unit: 'greenlet', serves: 'gevent', source: celeryWorkers },
  { names: ['solo'], kind: 'single', limit: 1, unit: 'task', source: celeryWorkers },
];

export const uwsgiGevent: WorkerClassFact = {
  names: ['gevent'],
  kind: 'greenlets',
  unit: 'greenlet',
  serves: 'gevent',
  source: 'https://uwsgi-docs.readthedocs.io/en/latest/Gevent.html',
};

/**
 * Not a class of any server: FastAPI's and Starlette's plain `def` endpoints and dependencies share one limiter of 40
 * threads per event loop.
 */
export const threadpoolClass: WorkerClassFact = {
  names: ['threadpool'],
  kind: 'threads',
  limit: 40,
  unit: 'thread',
  serves: 'asgi',
  source: 'https://www.starlette.io/threadpool/',
};

/** "gunicorn.workers.sync.SyncWorker", "SyncWorker" and "sync" are one class; undefined for one that is not known. */
export function workerClassFact(
  server: { readonly workerClasses?: readonly WorkerClassFact[] } | undefined,
  written: string,
): WorkerClassFact | undefined {
  const name = written.slice(written.lastIndexOf('.') + 1).toLowerCase();
  const classes = server ? (server.workerClasses ?? []) : [...gunicornClasses, ...celeryPools];
  return [...classes, threadpoolClass].find((fact) => fact.names.includes(name));
}

/** Names of worker classes, for completion. */
export const workerClassNames: readonly string[] = [
  ...new Set([...gunicornClasses, ...granianInterfaces, ...celeryPools, threadpoolClass].flatMap(({ names }) => names)),
].filter((name) => !/worker$|_|ggevent|processes/.test(name));
