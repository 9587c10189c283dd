import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceWith } from './support.ts';

/** "4 workers" or "unknown"; "8 threads, stated" or "unknown". */
function modelOf(...lines: string[]): [string, string] {
  const { processesPerInstance: processes, processConcurrency: concurrency } = serviceWith(...lines);
  return [
    processes.known ? `${processes.value} = ${processes.label}` : 'unknown',
    concurrency.known
      ? `${concurrency.value} = ${concurrency.label}${concurrency.stated ? ', stated' : ''}`
      : 'unknown',
  ];
}

const cases: [string, string, string][] = [
  ['server: gunicorn', '1 = 1 worker', 'unknown'],
  ['server: gunicorn, workers: 4', '4 = 4 workers', 'unknown'],
  ['server: gunicorn, worker_class: sync', '1 = 1 worker', '1 = 1 request per sync worker, stated'],
  [
    'server: gunicorn, worker_class: gunicorn.workers.sync.SyncWorker',
    '1 = 1 worker',
    '1 = 1 request per sync worker, stated',
  ],
  ['server: gunicorn, worker_class: sync, threads: 2', '1 = 1 worker', '2 = 2 threads, stated'],
  ['server: gunicorn, worker_class: gthread', '1 = 1 worker', '1 = 1 thread, stated'],
  ['server: gunicorn, worker_class: gthread, threads: 8', '1 = 1 worker', '8 = 8 threads, stated'],
  ['server: gunicorn, threads: 2, workers: 4', '4 = 4 workers', '2 = 2 threads, stated'],
  ['server: gunicorn, worker_class: gevent, threads: 9', '1 = 1 worker', '1000 = 1000 greenlets, stated'],
  ['server: gunicorn, worker_class: uvicorn, threads: 1', '1 = 1 worker', 'unknown'],
  ['server: gunicorn, worker_class: uvicorn.workers.UvicornWorker', '1 = 1 worker', 'unknown'],
  ['server: uvicorn', '1 = 1 worker', 'unknown'],
  ['server: uvicorn, workers: 3', '3 = 3 workers', 'unknown'],
  ['server: hypercorn', '1 = 1 worker', 'unknown'],
  ['server: granian', '1 = 1 worker', 'unknown'],
  ['server: uwsgi', '1 = 1 worker', 'unknown'],
  ['server: uwsgi, workers: 2, threads: 4', '2 = 2 workers', '4 = 4 threads, stated'],
  ['server: node', '1 = 1 process', 'unknown'],
  ['server: pm2, workers: 4', '4 = 4 processes', 'unknown'],
  ['server: rq', '1 = 1 worker', '1 = 1 job'],
  ['server: script', '1 = 1 process', 'unknown'],
  ['server: celery', 'unknown', '1 = 1 task per child process'],
  ['server: celery, concurrency: 8', '8 = 8 child processes', '1 = 1 task per child process'],
  ['server: celery, concurrency: 1', '1 = 1 child process', '1 = 1 task per child process'],
  [
    'server: celery, worker_class: prefork, concurrency: 8',
    '8 = 8 child processes',
    '1 = 1 task per child process, stated',
  ],
  ['server: celery, workers: 2, concurrency: 8', '16 = 2 workers × 8 child processes', '1 = 1 task per child process'],
  ['server: celery, workers: 2', 'unknown', '1 = 1 task per child process'],
  ['server: celery, worker_class: threads, concurrency: 8', '1 = 1 worker', '8 = 8 threads, stated'],
  ['server: celery, worker_class: gevent, concurrency: 100', '1 = 1 worker', '100 = 100 greenlets, stated'],
  ['server: celery, worker_class: threads', '1 = 1 worker', 'unknown'],
  ['server: celery, worker_class: solo', '1 = 1 worker', '1 = 1 task, stated'],
  ['server: dramatiq', 'unknown', '8 = 8 threads'],
  ['server: dramatiq, workers: 2, threads: 4', '2 = 2 workers', '4 = 4 threads, stated'],
  ['server: serverless', 'unknown', 'unknown'],
  ['server: serverless, concurrency: 50', '50 = 50 concurrent instances', 'unknown'],
  ['server: arq, concurrency: 10', '1 = 1 worker', '10 = 10 jobs, stated'],
  ['server: puma', 'unknown', 'unknown'],
  ['server: puma, workers: 2, threads: 5', '2 = 2 workers', '5 = 5 threads, stated'],
  ['platform: heroku', 'unknown', 'unknown'],
  ['workers: 4', '4 = 4 workers', 'unknown'],
];

for (const [settings, processes, concurrency] of cases) {
  test(`${settings}: ${processes}; ${concurrency} at a time`, () => {
    assert.deepEqual(modelOf(...settings.split(', ')), [processes, concurrency]);
  });
}
