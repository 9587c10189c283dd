/** From a service's server, worker class and numbers to its processes per instance and the work each runs at a time. */
import type { ProcessConcurrency, ProcessCount, Stated } from './model.ts';

export interface ProcessSettings {
  readonly server?: Stated<string>;
  readonly workerClass?: Stated<string>;
  readonly workers?: Stated<number>;
  readonly threads?: Stated<number>;
  readonly concurrency?: Stated<number>;
}

/** Servers that run one process where `workers` is absent; each server's own documentation, facts on process models. */
const oneProcessByDefault = new Set([
  'gunicorn',
  'uvicorn',
  'hypercorn',
  'granian',
  'uwsgi',
  'node',
  'pm2',
  'rq',
  'daphne',
  'arq',
]);

/** Servers of which one process runs an event loop: connections in use are bounded by the pool alone. */
const asynchronousServers = new Set(['uvicorn', 'hypercorn', 'granian', 'daphne', 'node', 'pm2']);

/** Celery pools that run their work inside one process. */
const celeryOneProcessPools = new Set(['threads', 'gevent', 'eventlet', 'solo']);

/** Gunicorn's worker_connections, the most requests a gevent worker handles at a time. */
const geventConnections = 1000;
/** Dramatiq's `--threads`. */
const dramatiqThreads = 8;

/** Processes per instance in steady state. */
export function processesPerInstance(settings: ProcessSettings): ProcessCount {
  const server = settings.server?.value.toLowerCase();
  if (server === 'celery') return celeryProcesses(settings);
  if (server === 'serverless') {
    if (settings.concurrency) return counted(settings.concurrency, 'concurrent instance', 'concurrent instances');
    return unknown(
      'concurrency is not stated: a serverless platform starts as many instances as there are requests',
      settings.server,
    );
  }
  if (server === 'script') return { known: true, value: 1, label: '1 process', at: settings.server?.at };
  const [one, many] = server === 'node' || server === 'pm2' ? ['process', 'processes'] : ['worker', 'workers'];
  if (settings.workers) return counted(settings.workers, one!, many!);
  if (server && oneProcessByDefault.has(server)) {
    return { known: true, value: 1, label: `1 ${one}`, at: settings.server?.at };
  }
  if (server === 'dramatiq') {
    return unknown('workers is not stated: Dramatiq starts one process per CPU core', settings.server);
  }
  if (!server) return unknown('neither server nor workers is stated');
  return unknown(`workers is not stated, and the default of ${settings.server!.value} is not known`, settings.server);
}

function celeryProcesses(settings: ProcessSettings): ProcessCount {
  const programs = settings.workers;
  const pool = settings.workerClass?.value.toLowerCase();
  if (pool && celeryOneProcessPools.has(pool)) {
    if (programs) return counted(programs, 'worker', 'workers');
    return { known: true, value: 1, label: '1 worker', at: settings.workerClass?.at };
  }
  const children = settings.concurrency;
  if (!children) {
    return unknown('concurrency is not stated: Celery starts one child process per CPU core', settings.server);
  }
  const each = counted(children, 'child process', 'child processes');
  if (!programs || programs.value === 1 || !each.known) return each;
  const label = `${programs.value} workers × ${each.label}`;
  return { known: true, value: programs.value * children.value, label, at: children.at };
}

/** Units of work one process runs at a time, which bounds how many connections it can use. */
export function processConcurrency(settings: ProcessSettings): ProcessConcurrency {
  const server = settings.server?.value.toLowerCase();
  const workerClass = settings.workerClass && shortWorkerClass(settings.workerClass.value);
  if (server === 'celery') return celeryConcurrency(settings, workerClass);
  if (server === 'dramatiq') {
    if (settings.threads) return threaded(settings.threads);
    return {
      known: true,
      value: dramatiqThreads,
      label: `${dramatiqThreads} threads`,
      stated: false,
      at: settings.server?.at,
    };
  }
  if (server === 'rq') return { known: true, value: 1, label: '1 job', stated: false, at: settings.server?.at };
  if (server === 'arq') {
    if (!settings.concurrency) return { known: false, reason: 'concurrency (max_jobs) is not stated' };
    const { value, at } = settings.concurrency;
    return { known: true, value, label: plural(value, 'job', 'jobs'), stated: true, at };
  }
  if (server === 'serverless') return { known: false, reason: 'requests per serverless instance are not known' };
  if (server && asynchronousServers.has(server)) {
    return { known: false, reason: 'an asynchronous process has no bound of its own' };
  }
  return workerClass ? byWorkerClass(settings, workerClass) : byThreads(settings);
}

function celeryConcurrency(settings: ProcessSettings, pool: string | undefined): ProcessConcurrency {
  if (pool === 'threads' || pool === 'gevent' || pool === 'eventlet') {
    if (!settings.concurrency)
      return { known: false, reason: 'concurrency is not stated: Celery takes the number of CPU cores' };
    const { value, at } = settings.concurrency;
    const label = pool === 'threads' ? plural(value, 'thread', 'threads') : plural(value, 'greenlet', 'greenlets');
    return { known: true, value, label, stated: true, at };
  }
  if (pool && pool !== 'prefork' && pool !== 'solo' && pool !== 'processes') {
    return { known: false, reason: `the Celery pool ${pool} is not known` };
  }
  const label = pool === 'solo' ? '1 task' : '1 task per child process';
  return {
    known: true,
    value: 1,
    label,
    stated: pool !== undefined,
    at: settings.workerClass?.at ?? settings.server?.at,
  };
}

function byWorkerClass(settings: ProcessSettings, workerClass: string): ProcessConcurrency {
  const at = settings.workerClass!.at;
  switch (workerClass) {
    case 'sync':
      // Gunicorn turns sync with several threads into gthread.
      if (settings.threads && settings.threads.value > 1) return threaded(settings.threads);
      return { known: true, value: 1, label: '1 request per sync worker', stated: true, at };
    case 'gthread':
    case 'threads':
      if (settings.threads) return threaded(settings.threads);
      return { known: true, value: 1, label: '1 thread', stated: true, at };
    case 'gevent':
    case 'gevent_wsgi':
    case 'gevent_pywsgi':
      return { known: true, value: geventConnections, label: `${geventConnections} greenlets`, stated: true, at };
    default:
      return { known: false, reason: `worker_class ${settings.workerClass!.value} has no bound that is known` };
  }
}

function byThreads(settings: ProcessSettings): ProcessConcurrency {
  if (settings.threads) return threaded(settings.threads);
  return { known: false, reason: 'neither worker_class nor threads is stated' };
}

/** "gunicorn.workers.sync.SyncWorker" and "SyncWorker" are "sync"; other dotted names keep their last part. */
function shortWorkerClass(written: string): string {
  const last = written.slice(written.lastIndexOf('.') + 1);
  const own = { SyncWorker: 'sync', ThreadWorker: 'gthread', GeventWorker: 'gevent' }[last];
  return own ?? last.toLowerCase();
}

function threaded(threads: Stated<number>): ProcessConcurrency {
  return {
    known: true,
    value: threads.value,
    label: plural(threads.value, 'thread', 'threads'),
    stated: true,
    at: threads.at,
  };
}

function counted(number: Stated<number>, one: string, many: string): ProcessCount {
  return { known: true, value: number.value, label: plural(number.value, one, many), at: number.at };
}

function plural(value: number, one: string, many: string): string {
  return `${value} ${value === 1 ? one : many}`;
}

function unknown(reason: string, at?: Stated<unknown>): ProcessCount {
  return { known: false, reason, at: at?.at };
}
