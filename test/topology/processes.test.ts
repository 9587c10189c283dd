import assert from 'node:assert/strict';
import { test } from 'node:test';
import { platforms } from '../../server/src/facts/platforms.ts';
import { servers } from '../../server/src/facts/processModels.ts';
import { workerClassFact } from '../../server/src/facts/workerClasses.ts';
import { topologySchema } from '../../server/src/topology/schema.ts';
import { schemaAt } from '../../server/src/topology/schema-node.ts';
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
  // Gunicorn's worker classes.
  ['server: gunicorn, worker_class: gevent, concurrency: 200', '1 = 1 worker', '200 = 200 greenlets, stated'],
  ['server: gunicorn, worker_class: gevent_pywsgi', '1 = 1 worker', '1000 = 1000 greenlets, stated'],
  ['server: gunicorn, worker_class: sync, concurrency: 200', '1 = 1 worker', '1 = 1 request per sync worker, stated'],
  ['server: gunicorn, worker_class: tornado', '1 = 1 worker', 'unknown'],
  ['server: gunicorn, worker_class: asgi, threads: 4', '1 = 1 worker', 'unknown'],
  ['server: gunicorn, worker_class: asgi, concurrency: 50', '1 = 1 worker', '50 = 50 requests, stated'],
  ['server: gunicorn, worker_class: uvicorn_worker.UvicornWorker', '1 = 1 worker', 'unknown'],
  ['server: gunicorn, worker_class: shop.workers.OwnWorker', '1 = 1 worker', 'unknown'],
  ['server: gunicorn, worker_class: threadpool', '1 = 1 worker', '40 = 40 threads, stated'],
  // Variables that set the number of workers where nothing else does.
  ['server: gunicorn, env: {WEB_CONCURRENCY: "3"}', '3 = 3 workers', 'unknown'],
  ['server: gunicorn, workers: 2, env: {WEB_CONCURRENCY: "3"}', '2 = 2 workers', 'unknown'],
  ['server: gunicorn, env: {WEB_CONCURRENCY: many}', 'unknown', 'unknown'],
  ['server: uvicorn, env: {WEB_CONCURRENCY: "3", UVICORN_WORKERS: "5"}', '5 = 5 workers', 'unknown'],
  ['server: granian, env: {WEB_CONCURRENCY: "3"}', '1 = 1 worker', 'unknown'],
  ['server: granian, env: {GRANIAN_WORKERS: "3"}', '3 = 3 workers', 'unknown'],
  ['server: hypercorn, env: {WEB_CONCURRENCY: "3"}', '1 = 1 worker', 'unknown'],
  ['server: uwsgi, env: {UWSGI_PROCESSES: "6"}', '6 = 6 workers', 'unknown'],
  // Servers of ASGI.
  ['server: uvicorn, threads: 4', '1 = 1 worker', 'unknown'],
  ['server: uvicorn, concurrency: 100', '1 = 1 worker', '100 = 100 requests, stated'],
  ['server: uvicorn, worker_class: threadpool', '1 = 1 worker', '40 = 40 threads, stated'],
  ['server: uvicorn, worker_class: threadpool, threads: 80', '1 = 1 worker', '80 = 80 threads, stated'],
  ['server: daphne', '1 = 1 worker', 'unknown'],
  ['server: hypercorn, worker_class: trio', '1 = 1 worker', 'unknown'],
  ['server: granian, worker_class: rsgi', '1 = 1 worker', 'unknown'],
  ['server: granian, worker_class: asgi, concurrency: 64', '1 = 1 worker', '64 = 64 requests, stated'],
  // Granian gives WSGI half of its backlog in threads, divided among the workers.
  ['server: granian, worker_class: wsgi', '1 = 1 worker', '512 = 512 threads, stated'],
  ['server: granian, worker_class: wsgi, workers: 4', '4 = 4 workers', '128 = 128 threads, stated'],
  ['server: granian, worker_class: wsgi, workers: 4, threads: 8', '4 = 4 workers', '8 = 8 threads, stated'],
  ['server: granian, worker_class: wsgi, concurrency: 10', '1 = 1 worker', '5 = 5 threads, stated'],
  // uWSGI and Waitress.
  ['server: uwsgi, worker_class: gevent, concurrency: 100', '1 = 1 worker', '100 = 100 greenlets, stated'],
  ['server: uwsgi, worker_class: gevent', '1 = 1 worker', 'unknown'],
  ['server: waitress', '1 = 1 process', '4 = 4 threads'],
  ['server: waitress, threads: 16', '1 = 1 process', '16 = 16 threads, stated'],
  // Celery's autoscaler decides over -c; pools other than prefork stay in one process.
  ['server: celery, concurrency: 2, autoscale: 10', '10 = 10 child processes', '1 = 1 task per child process'],
  [
    'server: celery, autoscale: {min: 2, max: 6}, workers: 2',
    '12 = 2 workers × 6 child processes',
    '1 = 1 task per child process',
  ],
  ['server: celery, worker_class: eventlet, concurrency: 9', '1 = 1 worker', '9 = 9 greenlets, stated'],
  ['server: celery, worker_class: threads, concurrency: 8, workers: 3', '3 = 3 workers', '8 = 8 threads, stated'],
  ['server: celery, worker_class: shop.Pool', 'unknown', 'unknown'],
  // Queues.
  ['server: rq, workers: 3', '3 = 3 workers', '1 = 1 job'],
  ['server: dramatiq, workers: 2', '2 = 2 workers', '8 = 8 threads'],
  ['server: arq', '1 = 1 worker', '10 = 10 jobs'],
  // Scripts, cron, functions.
  ['server: script, workers: 2', '2 = 2 processes', 'unknown'],
  ['server: cron', 'unknown', 'unknown'],
  ['server: cron, concurrency: 1', '1 = 1 overlapping run', 'unknown'],
  ['server: serverless, platform: lambda', 'unknown', '1 = 1 request per instance'],
  [
    'server: serverless, platform: lambda, concurrency: 20',
    '20 = 20 concurrent instances',
    '1 = 1 request per instance',
  ],
  ['server: serverless, platform: vercel, concurrency: 20', '20 = 20 concurrent instances', 'unknown'],
  ['server: serverless, platform: cloudflare', 'unknown', 'unknown'],
  // What nobody can say is stated as unknown, which no default takes the place of.
  ['server: gunicorn, workers: unknown', 'unknown', 'unknown'],
  ['server: gunicorn, workers: 4, replicas: unknown', 'unknown', 'unknown'],
  ['server: gunicorn, worker_class: gthread, threads: unknown', '1 = 1 worker', 'unknown'],
  // Node.js: clusters, and threads that load modules of their own.
  ['server: node, workers: 4', '4 = 4 processes', 'unknown'],
  ['server: node, threads: 3', '3 = 1 process × 3 threads', 'unknown'],
  ['server: pm2, workers: 2, threads: 3', '6 = 2 processes × 3 threads', 'unknown'],
  ['server: node, concurrency: 10', '1 = 1 process', 'unknown'],
  ['server: puma', 'unknown', 'unknown'],
  ['server: puma, workers: 2, threads: 5', '2 = 2 workers', '5 = 5 threads, stated'],
  ['platform: heroku', 'unknown', 'unknown'],
  ['workers: 4', '4 = 4 workers', 'unknown'],
];

for (const [settings, processes, concurrency] of cases) {
  test(`${settings}: ${processes}; ${concurrency} at a time`, () => {
    assert.deepEqual(modelOf(...settings.split(/, (?=\w+: )(?![^{]*\})/)), [processes, concurrency]);
  });
}

test('what is not known says why', () => {
  const reasons = (...lines: string[]) => {
    const { processesPerInstance: processes, processConcurrency: concurrency } = serviceWith(...lines);
    return [processes.known ? '' : processes.reason, concurrency.known ? '' : concurrency.reason];
  };
  assert.deepEqual(reasons('server: celery'), [
    'concurrency is not stated: Celery starts one child process per CPU core',
    '',
  ]);
  assert.deepEqual(reasons('server: dramatiq')[0], 'workers is not stated: Dramatiq starts one process per CPU core');
  assert.deepEqual(
    reasons('server: cron')[0],
    'concurrency is not stated: runs of a cron job may overlap without bound',
  );
  assert.deepEqual(
    reasons('server: serverless', 'platform: lambda')[0],
    'concurrency is not stated: AWS Lambda starts one instance per concurrent request, up to the concurrency of the account',
  );
  assert.deepEqual(
    reasons('server: gunicorn', 'env: {WEB_CONCURRENCY: x}')[0],
    'WEB_CONCURRENCY is not a whole number above 0',
  );
  assert.deepEqual(reasons('server: gunicorn', 'workers: unknown')[0], 'workers is stated as unknown');
  assert.deepEqual(reasons('server: uvicorn')[1], 'an asynchronous process has no bound of its own');
});

test('every server and platform of the facts is well known to the schema, with a source', () => {
  for (const fact of [...servers, ...platforms]) assert.match(fact.source, /^https:\/\//, fact.name);
  const known = (key: string) => schemaAt(topologySchema(), ['services', 'x', key])?.examples;
  assert.deepEqual(
    known('server'),
    servers.map(({ name }) => name),
  );
  assert.deepEqual(
    known('platform'),
    platforms.map(({ name }) => name),
  );
  for (const name of known('worker_class')!) {
    const owners = [undefined, ...servers].filter((server) => workerClassFact(server, String(name)));
    assert.ok(owners.length > 0, String(name));
  }
});
