import { serverFact } from '../../../server/src/facts/processModels.ts';
import {
  granianBacklog,
  gunicornClasses,
  gunicornWorkerConnections,
  threadpoolClass,
} from '../../../server/src/facts/workerClasses.ts';
import { type Json, type LibraryClaims, tableClaim } from '../claim.ts';

const table = 'server/src/facts/processModels.ts';
const classes = 'server/src/facts/workerClasses.ts';
/** Gunicorn's names for its own classes, in its spelling. */
const gunicornNames = gunicornClasses.flatMap(({ names }) => names);

function processes(name: string): Json {
  return serverFact(name)?.processes ?? null;
}

function limit(name: string): Json {
  return serverFact(name)?.work?.limit ?? null;
}

export const library: LibraryClaims = {
  name: 'Python servers and workers',
  probe: 'python/process_models.py',
  environments: [
    {
      id: 'servers-newest',
      language: 'python',
      packages: [
        ...['gunicorn', 'uvicorn', 'hypercorn', 'granian', 'waitress'],
        ...['celery', 'rq', 'dramatiq', 'arq', 'anyio'],
      ],
    },
  ],
  asks: { gunicornClasses: gunicornNames },
  claims() {
    const supported = ['asgi', 'gevent', 'gevent_pywsgi', 'gevent_wsgi', 'gthread', 'sync', 'tornado'];
    return [
      tableClaim(
        `${table}: gunicorn; ${classes}: gunicornWorkerConnections`,
        'gunicorn',
        {
          workers: processes('gunicorn'),
          threads: 1,
          worker_connections: gunicornWorkerConnections,
          preload_app: false,
          'sync with threads': 'gthread',
          'known classes': gunicornNames.filter((name) => supported.includes(name)).sort(),
          classes: supported,
        },
        'Gunicorn: its defaults, and its classes are those we know',
        'https://docs.gunicorn.org/en/stable/settings.html',
      ),
      tableClaim(`${table}: gunicorn.workersVariables`, 'gunicorn_environment', '3', 'WEB_CONCURRENCY sets workers'),
      tableClaim(
        `${table}: uvicorn`,
        'uvicorn',
        {
          workers: processes('uvicorn'),
          limit_concurrency: null,
          'WEB_CONCURRENCY=3': 3,
          'workers=2 and WEB_CONCURRENCY=3': 2,
          'variables start with': 'UVICORN',
        },
        'Uvicorn: one worker without limit, unless the variables say more',
      ),
      tableClaim(`${table}: hypercorn`, 'hypercorn', { workers: processes('hypercorn') }, 'Hypercorn: one worker'),
      tableClaim(
        `${table}: granian; ${classes}: granianBacklog`,
        'granian',
        { workers: processes('granian'), backlog: granianBacklog, backpressure: null, blocking_threads: null },
        'Granian: one worker; its threads follow from the backlog',
      ),
      tableClaim(
        `${classes}: granianInterfaces.wsgi.limit`,
        'granian_threads',
        { 1: granianBacklog / 2, 4: granianBacklog / 4 / 2 },
        'Granian: half the backlog of each worker are threads of a WSGI application',
      ),
      tableClaim(
        `${table}: celery`,
        'celery',
        {
          worker_concurrency: null,
          worker_pool: 'prefork',
          'is the CPU count': processes('celery') === 'cpu-cores',
          'child process': 'celery.concurrency.prefork',
        },
        'Celery: as many prefork children as CPU cores',
      ),
      tableClaim(`${table}: rq`, 'rq', processes('rq'), 'RQ: a worker pool has one worker'),
      tableClaim(
        `${table}: dramatiq`,
        'dramatiq',
        { 'processes are the CPU count': processes('dramatiq') === 'cpu-cores', threads: limit('dramatiq') },
        'Dramatiq: as many processes as CPU cores, with 8 threads each',
      ),
      tableClaim(`${table}: arq.work.limit`, 'arq', limit('arq'), 'arq: 10 jobs at a time'),
      tableClaim(`${table}: waitress.work.limit`, 'waitress', limit('waitress'), 'Waitress: 4 threads'),
      tableClaim(`${classes}: threadpoolClass.limit`, 'anyio', threadpoolClass.limit ?? null, 'anyio: 40 threads'),
    ];
  },
};
