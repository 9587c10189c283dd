import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManifestFact } from '../../server/src/topology/drift.ts';
import {
  type Evidence,
  forkOfService,
  forksAround,
  servingAround,
  servingOfService,
} from '../../server/src/topology/evidence.ts';
import { readManifest } from '../../server/src/topology/manifests/read.ts';
import { good, uri as topologyUri } from './support.ts';

type Files = Readonly<Record<string, string>>;

const source = 'file:///srv/shop/settings.py';

function factsOf(files: Files): ManifestFact[] {
  return Object.entries(files).flatMap(([file, text]) => readManifest(`file:///srv/${file}`, text));
}

/** "asgi: Uvicorn at uvicorn in Procfile". */
function told(found: (Evidence & { kind: string }) | undefined, files: Files, topology = ''): string | undefined {
  if (!found) return undefined;
  const file = found.at.uri.slice('file:///srv/'.length);
  const text = found.at.uri === topologyUri ? topology : files[file]!;
  return `${found.kind}: ${found.what} at ${text.slice(found.at.start, found.at.end)} in ${file}`;
}

const around = (files: Files) => servingAround(source, factsOf(files)).map((each) => told(each, files));
const forks = (files: Files) => forksAround(source, factsOf(files)).map((each) => told(each, files));

function ofService(service: string, files: Files) {
  const text = `databases: {main: {}}\nservices:\n  api: {database: main, ${service}}\n`;
  const { topology } = good(text);
  const api = topology.services.get('api')!;
  const facts = factsOf(files);
  return {
    serving: told(servingOfService(topology, api, facts), files, text),
    fork: told(forkOfService(topology, api, facts), files, text),
  };
}

test('servers of ASGI, wherever they are started', () => {
  assert.deepEqual(around({ Procfile: 'web: uvicorn shop.asgi:application\n' }), [
    'asgi: Uvicorn at uvicorn in Procfile',
  ]);
  assert.deepEqual(around({ Procfile: 'web: daphne shop.asgi:application\n' }), ['asgi: Daphne at daphne in Procfile']);
  assert.deepEqual(around({ Dockerfile: 'CMD ["hypercorn", "shop.asgi"]\n' }), [
    'asgi: Hypercorn at hypercorn in Dockerfile',
  ]);
  assert.deepEqual(
    around({ 'compose.yaml': 'services: {web: {command: gunicorn -k uvicorn_worker.UvicornWorker shop.asgi}}\n' }),
    ['asgi: Gunicorn with the worker class asgi at uvicorn_worker.UvicornWorker in compose.yaml'],
  );
  assert.deepEqual(around({ 'gunicorn.conf.py': "worker_class = 'uvicorn.workers.UvicornWorker'\n" }), [
    "asgi: Gunicorn with the worker class asgi at 'uvicorn.workers.UvicornWorker' in gunicorn.conf.py",
  ]);
  assert.deepEqual(around({ 'shop/start': '#!/bin/bash\nexec gunicorn shop.asgi -k uvicorn_worker.UvicornWorker\n' }), [
    'asgi: Gunicorn with the worker class asgi at uvicorn_worker.UvicornWorker in shop/start',
  ]);
  assert.deepEqual(around({ Procfile: 'web: granian --interface asgi shop.asgi:application\n' }), [
    'asgi: Granian with the worker class asgi at asgi in Procfile',
  ]);
});

test('greenlets', () => {
  assert.deepEqual(around({ Procfile: 'web: gunicorn -k gevent shop.wsgi\n' }), [
    'gevent: Gunicorn with the worker class gevent at gevent in Procfile',
  ]);
  assert.deepEqual(around({ 'uwsgi.ini': '[uwsgi]\nmodule = shop.wsgi\ngevent = 100\n' }), [
    'gevent: uWSGI with the worker class gevent at 100 in uwsgi.ini',
  ]);
  // A queue serves no requests.
  assert.deepEqual(around({ Procfile: 'worker: celery -A shop worker -P gevent -c 100\n' }), []);
});

test('what proves nothing', () => {
  const without: Files[] = [
    {},
    { Procfile: 'web: gunicorn -w 4 shop.wsgi\n' },
    { Procfile: 'web: gunicorn -k gthread --threads 4 shop.wsgi\n' },
    { Procfile: 'web: gunicorn -k $CLASS shop.wsgi\n' },
    { Procfile: 'web: hypercorn wsgi:shop.wsgi:application\n' },
    { Procfile: 'web: uvicorn --interface wsgi shop.wsgi:application\n' },
    { Procfile: 'web: granian --interface wsgi shop.wsgi:application\n' },
    { Procfile: 'web: granian shop.wsgi:application\n' },
    { Procfile: 'web: python manage.py runserver\n' },
    { Procfile: '# web: daphne shop.asgi:application\n' },
    { 'compose.yaml': 'services: {web: {image: shop}}\n' },
    { 'uwsgi.ini': '[uwsgi]\nprocesses = 4\n' },
    // A manifest of another project beside this one.
    { 'other/Procfile': 'web: uvicorn other.main:app\n' },
  ];
  for (const files of without) {
    assert.deepEqual(around(files), [], JSON.stringify(files));
  }
});

test('a command decides over a configuration file, and over a command that it takes the place of', () => {
  const sync = 'web: gunicorn -k sync shop.wsgi\n';
  assert.deepEqual(around({ Procfile: sync, 'gunicorn.conf.py': 'worker_class = "gevent"\n' }), []);
  assert.deepEqual(
    around({ Procfile: 'web: gunicorn shop.wsgi\n', 'gunicorn.conf.py': 'worker_class = "gevent"\n' }).length,
    1,
  );
  const compose = (command: string) => `services: {web: {build: ., command: ${command}}}\n`;
  assert.deepEqual(
    around({ 'compose.yaml': compose('gunicorn shop.wsgi'), Dockerfile: 'CMD uvicorn shop.asgi:a\n' }),
    [],
  );
  assert.deepEqual(
    around({
      'compose.yaml': 'services: {web: {build: .}, db: {image: postgres}}\n',
      Dockerfile: 'CMD uvicorn shop.asgi:a\n',
    }),
    ['asgi: Uvicorn at uvicorn in Dockerfile'],
  );
});

test('several services are several pieces of evidence, with the application that each loads', () => {
  const Procfile = 'web: gunicorn -w 4 shop.wsgi\nws: daphne shop.asgi:application\nadmin: uvicorn admin.main:app\n';
  assert.deepEqual(
    servingAround(source, factsOf({ Procfile })).map(({ service, application, manifest }) => [
      service,
      application,
      manifest,
    ]),
    [
      ['ws', 'shop.asgi:application', 'Procfile'],
      ['admin', 'admin.main:app', 'Procfile'],
    ],
  );
});

test('processes that are forked after the application was imported', () => {
  assert.deepEqual(forks({ Procfile: 'web: gunicorn --preload shop.wsgi\n' }), [
    'gunicorn-preload: Gunicorn with preload at --preload in Procfile',
  ]);
  assert.deepEqual(forks({ 'gunicorn.conf.py': 'preload_app = True\n' }), [
    'gunicorn-preload: Gunicorn with preload at True in gunicorn.conf.py',
  ]);
  assert.deepEqual(
    forks({
      'compose.yaml': 'services: {web: {command: gunicorn shop.wsgi, environment: {GUNICORN_CMD_ARGS: --preload}}}\n',
    }),
    ['gunicorn-preload: Gunicorn with preload at --preload in compose.yaml'],
  );
  assert.deepEqual(forks({ Procfile: 'worker: celery -A shop worker -c 4\n' }), [
    'celery-prefork: Celery with its prefork pool at celery in Procfile',
  ]);
  assert.deepEqual(forks({ Procfile: 'worker: celery -A shop worker -P prefork\n' }), [
    'celery-prefork: Celery with its prefork pool at prefork in Procfile',
  ]);
  assert.deepEqual(forks({ 'uwsgi.ini': '[uwsgi]\nprocesses = 4\n' }), [
    'uwsgi: uWSGI without lazy-apps at [uwsgi] in uwsgi.ini',
  ]);
  assert.deepEqual(forks({ Procfile: 'web: uwsgi --processes 4 --module shop.wsgi\n' }), [
    'uwsgi: uWSGI without lazy-apps at uwsgi in Procfile',
  ]);
  const without: Files[] = [
    { Procfile: 'web: gunicorn shop.wsgi\n' },
    { 'gunicorn.conf.py': 'preload_app = False\nworkers = 2\n' },
    { 'gunicorn.conf.py': 'preload_app = not DEBUG\n' },
    { Procfile: 'worker: celery -A shop worker -P gevent\n' },
    { Procfile: 'worker: celery -A shop worker -P $POOL\n' },
    { Procfile: 'worker: celery -A shop beat\n' },
    { 'uwsgi.ini': '[uwsgi]\nlazy-apps = true\n' },
    { Procfile: 'web: uwsgi --lazy-apps --module shop.wsgi\n' },
    // The configuration file that it names was not seen.
    { Procfile: 'web: uwsgi --ini conf/uwsgi.ini\n' },
    { Procfile: 'web: uvicorn --workers 4 shop.asgi:application\n' },
    { Procfile: 'worker: rq worker\n' },
  ];
  for (const files of without) {
    assert.deepEqual(forks(files), [], JSON.stringify(files));
  }
});

test('a pool that nothing chooses is a default', () => {
  const isDefault = (Procfile: string) => forksAround(source, factsOf({ Procfile })).map((each) => each.isDefault);
  assert.deepEqual(isDefault('w: celery -A shop worker -c 4\n'), [true]);
  assert.deepEqual(isDefault('w: celery -A shop worker --pool=prefork\n'), [false]);
  assert.deepEqual(isDefault('w: gunicorn --preload shop.wsgi\n'), [false]);
});

test('what is for development proves nothing', () => {
  const facts = factsOf({ Procfile: 'web: uvicorn shop.asgi:application\n' });
  assert.equal(servingAround(source, facts).length, 1);
  assert.deepEqual(
    servingAround(
      source,
      facts.map((fact) => ({ ...fact, isForDevelopment: true })),
    ),
    [],
  );
});

test('what the topology states decides, and manifests about the service complete it', () => {
  assert.deepEqual(ofService('server: uvicorn', {}), {
    serving: 'asgi: Uvicorn at uvicorn in poolproof.yaml',
    fork: undefined,
  });
  assert.deepEqual(
    ofService('server: gunicorn, worker_class: gevent', {}).serving,
    'gevent: Gunicorn with the worker class gevent at gevent in poolproof.yaml',
  );
  assert.deepEqual(
    ofService('server: gunicorn, worker_class: sync', { Procfile: 'api: gunicorn -k gevent shop.wsgi\n' }).serving,
    undefined,
  );
  assert.deepEqual(ofService('server: gunicorn', { Procfile: 'api: gunicorn -k gevent --preload shop.wsgi\n' }), {
    serving: 'gevent: Gunicorn with the worker class gevent at gevent in Procfile',
    fork: 'gunicorn-preload: Gunicorn with preload at --preload in Procfile',
  });
  // What a manifest says of another server is about something else.
  assert.deepEqual(ofService('server: celery', { Procfile: 'api: gunicorn -k gevent shop.wsgi\n' }), {
    serving: undefined,
    fork: 'celery-prefork: Celery with its prefork pool at celery in poolproof.yaml',
  });
  assert.deepEqual(ofService('server: celery, worker_class: threads', {}).fork, undefined);
  assert.deepEqual(
    ofService('replicas: 2', { Procfile: 'api: daphne shop.asgi:application\nweb: uvicorn x:y\n' }).serving,
    'asgi: Daphne at daphne in Procfile',
  );
});
