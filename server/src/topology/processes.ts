/** From a service's server, worker class and numbers to its processes per instance and the work each runs at a time. */
import { platformFact } from '../facts/platforms.ts';
import { type ServerFact, serverFact } from '../facts/processModels.ts';
import { granianBacklog, type WorkerClassFact, type WorkFact, workerClassFact } from '../facts/workerClasses.ts';
import type { ProcessConcurrency, ProcessCount, Stated } from './model.ts';

export interface ProcessSettings {
  readonly server?: Stated<string>;
  readonly workerClass?: Stated<string>;
  readonly workers?: Stated<number>;
  readonly threads?: Stated<number>;
  readonly concurrency?: Stated<number>;
  /** Most child processes of Celery's autoscaler; decides over `concurrency`. */
  readonly autoscale?: Stated<number>;
  readonly platform?: Stated<string>;
  /** What the deployment sets; some servers take their number of workers from it. */
  readonly env?: ReadonlyMap<string, Stated<string>>;
}

/** Processes per instance in steady state. Each holds pools of its own. */
export function processesPerInstance(settings: ProcessSettings): ProcessCount {
  const { server } = settings;
  const fact = serverFact(server?.value);
  if (fact?.forksAfterImport === 'prefork-pool') return celeryProcesses(settings, fact);
  switch (fact?.processes) {
    case 'requests':
      return serverlessInstances(settings, fact);
    case 'runs':
      if (settings.concurrency) return counted(settings.concurrency, fact.noun);
      return unknown('concurrency is not stated: runs of a cron job may overlap without bound', server?.at);
  }
  const workers = workersOf(settings, fact);
  return fact?.threadsLoadModules ? withThreads(workers, settings.threads) : workers;
}

function workersOf(settings: ProcessSettings, fact: ServerFact | undefined): ProcessCount {
  const { server, workers } = settings;
  if (workers) return counted(workers, fact?.noun ?? 'worker');
  if (!server) return unknown('neither server nor workers is stated');
  if (!fact) return unknown(`workers is not stated, and the default of ${server.value} is not known`, server.at);
  for (const variable of fact.workersVariables ?? []) {
    const set = settings.env?.get(variable);
    if (!set) continue;
    if (!/^[1-9]\d{0,5}$/.test(set.value)) return unknown(`${variable} is not a whole number above 0`, set.at);
    return counted({ value: Number(set.value), at: set.at }, fact.noun);
  }
  if (fact.processes === 1) return counted({ value: 1, at: server.at }, fact.noun);
  return unknown(`workers is not stated: ${fact.title} starts one process per CPU core`, server.at);
}

/** A worker thread of Node.js loads modules of its own, and with them pools. */
function withThreads(processes: ProcessCount, threads: Stated<number> | undefined): ProcessCount {
  if (!threads || !processes.known || threads.value === 1) return processes;
  const label = `${processes.label} × ${plural(threads.value, 'thread')}`;
  return { known: true, value: processes.value * threads.value, label, at: threads.at };
}

function celeryProcesses(settings: ProcessSettings, fact: ServerFact): ProcessCount {
  const { workers, workerClass, server } = settings;
  const pool = workerClass && workerClassFact(fact, workerClass.value);
  if (workerClass && !pool) return unknown(`the Celery pool ${workerClass.value} is not known`, workerClass.at);
  // All pools but prefork run their tasks inside one process.
  if (pool && pool.names[0] !== 'prefork') return counted(workers ?? { value: 1, at: workerClass?.at }, 'worker');
  const children = settings.autoscale ?? settings.concurrency;
  if (!children) {
    return unknown(`concurrency is not stated: ${fact.title} starts one child process per CPU core`, server?.at);
  }
  const each = counted(children, fact.noun);
  if (!workers || workers.value === 1) return each;
  const label = `${plural(workers.value, 'worker')} × ${each.label}`;
  return { known: true, value: workers.value * children.value, label, at: children.at };
}

function serverlessInstances(settings: ProcessSettings, fact: ServerFact): ProcessCount {
  if (settings.concurrency) return counted(settings.concurrency, fact.noun);
  const reason =
    platformFact(settings.platform?.value)?.instances ??
    'a serverless platform starts as many instances as there are requests';
  return unknown(`concurrency is not stated: ${reason}`, settings.server?.at);
}

/** Units of work one process runs at a time, which bounds how many connections it can use. */
export function processConcurrency(settings: ProcessSettings): ProcessConcurrency {
  const { server, workerClass, threads } = settings;
  const fact = serverFact(server?.value);
  if (fact?.processes === 'requests') return perServerlessInstance(settings);
  const ofClass = workerClass && workerClassFact(fact, workerClass.value);
  if (workerClass && !ofClass) {
    if (fact?.work) return { known: false, reason: `worker_class ${workerClass.value} of ${fact.title} is not known` };
    return { known: false, reason: `worker_class ${workerClass.value} has no bound that is known` };
  }
  // Gunicorn turns sync with several threads into gthread.
  if (ofClass?.names[0] === 'sync' && threads && threads.value > 1) return bounded(threads, 'thread');
  if (ofClass) return concurrencyOf(ofClass, settings, fact, workerClass);
  if (fact?.work) return concurrencyOf(fact.work, settings, fact, undefined);
  if (threads) return bounded(threads, 'thread');
  return { known: false, reason: 'neither worker_class nor threads is stated' };
}

/** `chosen` is the worker class as stated, absent for what a server does anyway. */
function concurrencyOf(
  work: WorkFact,
  settings: ProcessSettings,
  fact: ServerFact | undefined,
  chosen: Stated<string> | undefined,
): ProcessConcurrency {
  const { threads, concurrency } = settings;
  const at = chosen?.at ?? settings.server?.at;
  const isStated = chosen !== undefined;
  switch (work.kind) {
    case 'single':
      return { known: true, value: 1, label: `1 ${work.unit}`, stated: isStated, at };
    case 'threads': {
      const isCelery = fact?.forksAfterImport === 'prefork-pool';
      const stated = isCelery ? concurrency : threads;
      if (stated) return bounded(stated, work.unit);
      if (isCelery) return { known: false, reason: 'concurrency is not stated: Celery takes the number of CPU cores' };
      const limit = fact?.name === 'granian' && chosen ? granianThreads(work, settings) : work.limit;
      if (limit === undefined) return { known: false, reason: 'threads is not stated' };
      return { known: true, value: limit, label: plural(limit, work.unit), stated: isStated, at };
    }
    case 'greenlets':
    case 'event-loop': {
      // What one process of Node.js handles is not bounded by any setting of it.
      if (concurrency && !fact?.threadsLoadModules) return bounded(concurrency, work.unit);
      const { limit } = work;
      if (limit !== undefined)
        return { known: true, value: limit, label: plural(limit, work.unit), stated: isStated, at };
      const reason =
        work.kind === 'greenlets'
          ? 'concurrency is not stated: how many greenlets run at a time is not known'
          : 'an asynchronous process has no bound of its own';
      return { known: false, reason };
    }
  }
}

/** Half of what Granian lets one worker hold back: of its backlog divided among the workers, or as stated. */
function granianThreads(work: WorkFact, settings: ProcessSettings): number | undefined {
  if ((work as WorkerClassFact).names[0] !== 'wsgi') return work.limit;
  const workers = processesPerInstance(settings);
  const backpressure =
    settings.concurrency?.value ?? (workers.known ? Math.floor(granianBacklog / workers.value) : undefined);
  return backpressure === undefined ? undefined : Math.max(1, Math.floor(backpressure / 2));
}

function perServerlessInstance({ platform }: ProcessSettings): ProcessConcurrency {
  const requests = platformFact(platform?.value)?.requestsPerInstance;
  if (requests === undefined) return { known: false, reason: 'requests per serverless instance are not known' };
  // Several connections at once for one request are possible, so that it bounds nothing for certain.
  const label = `${plural(requests, 'request')} per instance`;
  return { known: true, value: requests, label, stated: false, at: platform?.at };
}

function bounded({ value, at }: Stated<number>, unit: string): ProcessConcurrency {
  return { known: true, value, label: plural(value, unit), stated: true, at };
}

function counted({ value, at }: Pick<ProcessCountKnown, 'value' | 'at'>, noun: string): ProcessCountKnown {
  return { known: true, value, label: plural(value, noun), at };
}

type ProcessCountKnown = Extract<ProcessCount, { known: true }>;

function plural(value: number, noun: string): string {
  if (value === 1) return `1 ${noun}`;
  return `${value} ${noun}${noun.endsWith('ss') ? 'es' : 's'}`;
}

function unknown(reason: string, at?: Stated<unknown>['at']): ProcessCount {
  return { known: false, reason, at };
}
