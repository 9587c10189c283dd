// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of compose files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareWithManifests } from '../../server/src/topology/compare.ts';
import type { ManifestFact } from '../../server/src/topology/drift.ts';
import { draftTopology, type PlacedFact } from '../../server/src/topology/init.ts';
import { readManifest } from '../../server/src/topology/manifests/read.ts';
import { good } from './support.ts';

const topology = (lines: string) => good(lines).topology;
const two =
  'databases: {main: {max_connections: 100, connect: [db]}}\nservices:\n  api: {database: main, server: gunicorn, workers: 2, replicas: 2}\n  jobs: {database: main, server: celery, concurrency: 8}\n';
const one =
  'databases: {main: {max_connections: 100}}\nservices:\n  api: {database: main, server: gunicorn, workers: 2}\n';

function drift(text: string, ...manifests: [string, string][]): string[] {
  const facts = manifests.flatMap(([file, content]) => readManifest(`file:///srv/${file}`, content));
  return compareWithManifests(topology(text), facts).map(
    ({ name, key, stated, fact }) =>
      `${name}.${key}: ${text.slice(stated.at.start, stated.at.end)} but ${fact.value} in ${fact.manifest}`,
  );
}

test('disagreements by service name', () => {
  const compose =
    'services:\n  api: {command: gunicorn -w 4 app, deploy: {replicas: 2}}\n  jobs: {command: celery -A x worker -c 4, scale: 9}\n  other: {scale: 7}\n  db: {image: postgres, command: postgres -c max_connections=200}\n';
  assert.deepEqual(drift(two, ['compose.yaml', compose]), [
    'api.workers: 2 but 4 in compose.yaml',
    'jobs.concurrency: 8 but 4 in compose.yaml',
    'main.max_connections: 100 but 200 in compose.yaml',
  ]);
});

test('what decides at run time counts', () => {
  const deployment = 'kind: Deployment\nmetadata: {name: api}\nspec: {replicas: 2}\n';
  const autoscaler = 'kind: HorizontalPodAutoscaler\nspec: {scaleTargetRef: {name: api}, maxReplicas: 6}\n';
  assert.deepEqual(drift(two, ['d.yaml', deployment], ['compose.yaml', 'services: {api: {scale: 1}}']), []);
  assert.deepEqual(drift(two, ['d.yaml', deployment], ['h.yaml', autoscaler]), [
    'api.replicas: 2 but 6 in Kubernetes HorizontalPodAutoscaler',
  ]);
  const staging = deployment.replace('replicas: 2', 'replicas: 1');
  assert.deepEqual(drift(two, ['staging.yaml', staging], ['production.yaml', deployment]), []);
});

test('manifests without names speak of the only service there is', () => {
  assert.deepEqual(drift(one, ['Dockerfile', 'CMD gunicorn -w 4 app\n']), ['api.workers: 2 but 4 in Dockerfile']);
  assert.deepEqual(drift(two, ['Dockerfile', 'CMD gunicorn -w 4 app\n']), []);
  assert.deepEqual(drift(two, ['api/Dockerfile', 'CMD gunicorn -w 4 app\n']), ['api.workers: 2 but 4 in Dockerfile']);
  assert.deepEqual(
    drift(one, ['worker/x.yaml', 'kind: Deployment\nmetadata: {name: worker}\nspec: {replicas: 5}\n']),
    [],
  );
  assert.deepEqual(drift(one, ['conf/postgresql.conf', 'max_connections = 300\n']), [
    'main.max_connections: 100 but 300 in postgresql.conf',
  ]);
});

test('what a variable may replace, and what is computed, is no statement', () => {
  const command = (text: string) => `services: {api: {command: '${text}'}}`;
  assert.deepEqual(drift(two, ['compose.yaml', command('gunicorn -w ${W:-4} app')]), []);
  assert.deepEqual(drift(two, ['compose.yaml', command('gunicorn -w $$(nproc) app')]), []);
  assert.deepEqual(drift(two, ['compose.yaml', command('uvicorn app:app --reload')]), []);
  // It decides over the configuration file all the same.
  assert.deepEqual(
    drift(one, ['compose.yaml', command('gunicorn -w $W app')], ['gunicorn.conf.py', 'workers = 4\n']),
    [],
  );
  assert.deepEqual(drift(one, ['gunicorn.conf.py', 'workers = 4\n']), ['api.workers: 2 but 4 in gunicorn.conf.py']);
  // Configuration of a server that does not run.
  assert.deepEqual(drift(one, ['compose.yaml', command('uvicorn app:app')], ['gunicorn.conf.py', 'workers = 4\n']), []);
});

test('rollouts, autoscalers, reserved connections', () => {
  const text =
    'databases: {main: {superuser_reserved_connections: 3}}\nservices:\n  api: {database: main, server: celery, autoscale: 10, max_surge: 25%, platform: kubernetes}\n';
  const deployment = (strategy: string) =>
    `kind: Deployment\nmetadata: {name: api}\nspec: {strategy: ${strategy}, template: {spec: {containers: [{command: [celery, -A, x, worker, --autoscale=12]}]}}}\n`;
  assert.deepEqual(drift(text, ['k.yaml', deployment('{rollingUpdate: {maxSurge: 25%}}')]), [
    'api.autoscale: 10 but 12 in Kubernetes Deployment',
  ]);
  assert.deepEqual(
    drift(text, ['k.yaml', deployment('{type: Recreate}')])[1],
    'api.max_surge: 25% but 0 in Kubernetes Deployment',
  );
  assert.deepEqual(drift(text.replace('max_surge: 25%, ', ''), ['k.yaml', deployment('{type: Recreate}')]).length, 1);
  assert.deepEqual(drift(text, ['postgresql.conf', 'superuser_reserved_connections = 5\n']), [
    'main.superuser_reserved_connections: 3 but 5 in postgresql.conf',
  ]);
});

test('a Dockerfile belongs to what is built from it, unless that has a command of its own', () => {
  const compose =
    'services:\n  api: {build: ./backend}\n  jobs: {build: ./backend, command: celery -A x worker -c 8}\n';
  assert.deepEqual(drift(two, ['compose.yaml', compose], ['backend/Dockerfile', 'CMD gunicorn -w 5 app\n']), [
    'api.workers: 2 but 5 in Dockerfile',
  ]);
  assert.deepEqual(
    drift(
      two,
      ['compose.yaml', compose],
      ['backend/gunicorn.conf.py', 'workers = 6\n'],
      ['backend/Dockerfile', 'CMD gunicorn app\n'],
    ),
    ['api.workers: 2 but 6 in gunicorn.conf.py'],
  );
});

test('manifests outside the folder, and values nobody stated, are no disagreement', () => {
  const facts = readManifest('file:///elsewhere/Dockerfile', 'CMD gunicorn -w 4 app\n');
  assert.deepEqual(compareWithManifests(topology(one), facts), []);
  assert.deepEqual(
    drift('databases: {main: {}}\nservices: {api: {database: main}}\n', [
      'compose.yaml',
      'services: {api: {scale: 4, command: gunicorn -w 4 x}}',
    ]),
    [],
  );
});

const placed = (file: string, text: string): PlacedFact[] =>
  readManifest(`file:///srv/${file}`, text).map((fact) => ({
    fact,
    place: `${file}:${text.slice(0, fact.at.start).split('\n').length}`,
    folder: fact.key === 'context' ? String(fact.value).slice('file:///srv/'.length) : undefined,
  }));

test('a draft takes over what manifests say, with its place, and asks for the rest', () => {
  const compose =
    'services:\n  api:\n    build: services/api\n    command: gunicorn -w 4 app\n    deploy: {replicas: 2}\n  jobs:\n    command: celery -A x worker\n  db:\n    image: postgres\n    command: postgres -c max_connections=200\n';
  const draft = draftTopology(
    [...placed('compose.yaml', compose), ...placed('deploy/pgbouncer.ini', '[databases]\n')],
    {
      engine: { value: 'postgresql', place: 'app/db.py:3' },
      connect: [{ value: 'DATABASE_URL', place: 'app/db.py:3' }],
      holdsPools: (folder) => folder === 'services/api',
      schema: 'https://example.com/poolproof.schema.json',
    },
  );
  assert.equal(
    draft,
    `# yaml-language-server: $schema=https://example.com/poolproof.schema.json
# What runs against which database. Lines marked "# ?" were not found in the workspace: check the value.
databases:
  main:
    engine: postgresql  # from app/db.py:3
    max_connections: 200  # from compose.yaml:10
    reserved: 10  # ? not found: connections kept free for administration and migrations; 10 is the default
    connect: [DATABASE_URL]  # from app/db.py:3
    pooler:
      kind: pgbouncer
      config: deploy/pgbouncer.ini  # from deploy/pgbouncer.ini:1
services:
  api:
    database: main
    paths: [services/api/**]  # from compose.yaml:3
    server: gunicorn  # from compose.yaml:4
    workers: 4  # from compose.yaml:4
    replicas: 2  # from compose.yaml:5
  jobs:
    database: main
    # paths: [services/jobs/**]  # ? which source belongs to it?
    server: celery  # from compose.yaml:7
    # concurrency: 4  # ? child processes per instance; Celery starts one per CPU core by default
    replicas: 1  # ? not found: how many instances run? 1 is the default
`,
  );
  const { topology } = good(draft);
  assert.equal(topology.databases.get('main')!.maxConnections?.value, 200);
  assert.deepEqual(compareWithManifests(topology, readManifest('file:///srv/compose.yaml', compose)), []);
});

test('a draft from nothing is valid and full of questions', () => {
  const draft = draftTopology([]);
  const { topology } = good(draft);
  assert.deepEqual([...topology.services.keys()], ['app']);
  assert.ok(draft.split('\n').filter((line) => line.includes('# ?')).length >= 6);
});

test('whatever manifests name their services, the draft is valid and keeps the names', () => {
  const fact = (service: string, value: string): PlacedFact => ({
    fact: {
      service,
      key: 'worker_class',
      value,
      at: { uri: 'file:///srv/x', start: 0, end: 0 },
      manifest: 'compose.yaml',
      kind: 'compose',
    } satisfies ManifestFact,
    place: 'x\ny: 1',
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ minLength: 1 }),
        fc.constantFrom('true', 'null', '1', '1e3', '- a', 'a: b', '#x', '0x1f', '~', '<<', '*a', 'off', 'no'),
      ),
      (name) => {
        const { topology } = good(draftTopology([fact(name, 'x')]));
        assert.deepEqual([...topology.services.keys()], [name]);
      },
    ),
    { numRuns: 500 },
  );
});
