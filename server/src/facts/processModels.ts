/**
 * How servers and workers come to their processes, and how much one process runs at a time: defaults, limits and what
 * sets them. The only place where these numbers stand. Python servers were read in Gunicorn 26.2, Uvicorn 0.54, Hypercorn
 * 0.18, Granian 2.8, uWSGI 2.0.18 to 2.0.30, Celery 5.6, RQ 2.10, Dramatiq 2.2, arq 0.26, anyio 4.15 and PM2 7.0.
 */
import {
  celeryPools,
  celeryWorkers,
  eventLoop,
  granianInterfaces,
  gunicornClasses,
  gunicornSettings,
  hypercornClasses,
  uwsgiGevent,
  type WorkerClassFact,
  type WorkFact,
} from './workerClasses.ts';

/** How many processes one instance has where nobody states a number. */
export type ProcessDefault =
  | 1
  /** As many as its machine has CPU cores, whatever a container is allowed to use: a number nobody here knows. */
  | 'cpu-cores'
  /** As many as there are requests at a time. */
  | 'requests'
  /** As many runs as overlap. */
  | 'runs';

export interface ServerFact {
  /** Name in the topology file. */
  readonly name: string;
  readonly title: string;
  readonly processes: ProcessDefault;
  /** One process, for messages. */
  readonly noun: string;
  /** Variables that set the number of processes where nothing else does, the strongest first. */
  readonly workersVariables?: readonly string[];
  /** How a process works where no worker class is stated; absent where that cannot be told. */
  readonly work?: WorkFact;
  readonly workerClasses?: readonly WorkerClassFact[];
  /** What the application meets where no worker class is stated. */
  readonly serves?: 'wsgi' | 'asgi';
  /** Whether its children are copies of a process that has imported the application. */
  readonly forksAfterImport?: 'when-preloaded' | 'unless-lazy' | 'prefork-pool';
  /** True where each thread loads modules of its own, and so opens pools of its own. */
  readonly threadsLoadModules?: boolean;
  /** True where it is the file itself that runs, and no server that imports it. */
  readonly startsFiles?: boolean;
  /** True where it stays up and serves many requests with the same processes. */
  readonly isLongRunning?: boolean;
  readonly source: string;
}

export const servers: readonly ServerFact[] = [
  {
    name: 'gunicorn',
    title: 'Gunicorn',
    processes: 1,
    noun: 'worker',
    workersVariables: ['WEB_CONCURRENCY'],
    workerClasses: gunicornClasses,
    forksAfterImport: 'when-preloaded',
    isLongRunning: true,
    source: `${gunicornSettings}#workers`,
  },
  {
    name: 'uvicorn',
    title: 'Uvicorn',
    processes: 1,
    noun: 'worker',
    workersVariables: ['UVICORN_WORKERS', 'WEB_CONCURRENCY'],
    work: eventLoop,
    serves: 'asgi',
    isLongRunning: true,
    source: 'https://www.uvicorn.org/settings/#production',
  },
  {
    name: 'hypercorn',
    title: 'Hypercorn',
    processes: 1,
    noun: 'worker',
    work: eventLoop,
    workerClasses: hypercornClasses,
    serves: 'asgi',
    isLongRunning: true,
    source: 'https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html',
  },
  {
    name: 'granian',
    title: 'Granian',
    processes: 1,
    noun: 'worker',
    workersVariables: ['GRANIAN_WORKERS'],
    work: eventLoop,
    workerClasses: granianInterfaces,
    isLongRunning: true,
    source: 'https://github.com/emmett-framework/granian#options',
  },
  {
    name: 'uwsgi',
    title: 'uWSGI',
    processes: 1,
    noun: 'worker',
    workersVariables: ['UWSGI_PROCESSES', 'UWSGI_WORKERS'],
    workerClasses: [uwsgiGevent],
    serves: 'wsgi',
    forksAfterImport: 'unless-lazy',
    isLongRunning: true,
    source: 'https://uwsgi-docs.readthedocs.io/en/latest/ThingsToKnow.html',
  },
  {
    name: 'daphne',
    title: 'Daphne',
    processes: 1,
    noun: 'worker',
    work: eventLoop,
    serves: 'asgi',
    isLongRunning: true,
    source: 'https://github.com/django/daphne/blob/main/daphne/server.py',
  },
  {
    name: 'waitress',
    title: 'Waitress',
    processes: 1,
    noun: 'process',
    work: { kind: 'threads', limit: 4, unit: 'thread' },
    serves: 'wsgi',
    isLongRunning: true,
    source: 'https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html',
  },
  {
    name: 'celery',
    title: 'Celery',
    processes: 'cpu-cores',
    noun: 'child process',
    work: celeryPools[0]!,
    workerClasses: celeryPools,
    forksAfterImport: 'prefork-pool',
    source: `${celeryWorkers}#concurrency`,
  },
  {
    name: 'rq',
    title: 'RQ',
    processes: 1,
    noun: 'worker',
    // The worker forks a process for each job, which opens pools of its own.
    work: { kind: 'single', limit: 1, unit: 'job' },
    source: 'https://python-rq.org/docs/workers/',
  },
  {
    name: 'dramatiq',
    title: 'Dramatiq',
    processes: 'cpu-cores',
    noun: 'worker',
    work: { kind: 'threads', limit: 8, unit: 'thread' },
    source: 'https://dramatiq.io/guide.html#workers',
  },
  {
    name: 'arq',
    title: 'arq',
    processes: 1,
    noun: 'worker',
    work: { kind: 'event-loop', limit: 10, unit: 'job' },
    source: 'https://arq-docs.helpmanual.io/#arq.worker.Worker',
  },
  {
    name: 'node',
    title: 'Node.js',
    processes: 1,
    noun: 'process',
    work: eventLoop,
    threadsLoadModules: true,
    isLongRunning: true,
    source: 'https://nodejs.org/api/cluster.html',
  },
  {
    name: 'pm2',
    title: 'PM2',
    processes: 1,
    noun: 'process',
    work: eventLoop,
    threadsLoadModules: true,
    isLongRunning: true,
    source: 'https://pm2.keymetrics.io/docs/usage/cluster-mode/',
  },
  {
    name: 'script',
    title: 'A script',
    processes: 1,
    noun: 'process',
    startsFiles: true,
    source: 'https://docs.python.org/3/tutorial/interpreter.html',
  },
  {
    name: 'cron',
    title: 'A cron job',
    processes: 'runs',
    noun: 'overlapping run',
    startsFiles: true,
    source: 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy',
  },
  {
    name: 'serverless',
    title: 'A serverless platform',
    processes: 'requests',
    noun: 'concurrent instance',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html',
  },
];

/**
 * Celery's result backend `db+…` keeps an engine of its own in every child process, with the sizes SQLAlchemy gives a
 * queue; only the worker itself, which is not counted, uses none.
 */
export const celeryResultBackend = {
  poolSize: 5,
  maxOverflow: 10,
  source: 'https://github.com/celery/celery/blob/main/celery/backends/database/session.py',
} as const;

export function serverFact(name: string | undefined): ServerFact | undefined {
  const wanted = name?.toLowerCase();
  return servers.find((server) => server.name === wanted);
}
