// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are the shell's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readShellCommand } from '../../server/src/topology/manifests/command-line.ts';
import { mayBeManifest, readManifest } from '../../server/src/topology/manifests/read.ts';

/** "workers 4 @4" per fact: key, value and the text it stands on. */
function facts(file: string, text: string): string[] {
  return readManifest(`file:///srv/${file}`, text).map(
    ({ service, key, value, at }) => `${service}: ${key} ${value} @${text.slice(at.start, at.end)}`,
  );
}

function command(text: string): string {
  return readShellCommand(text, { start: 0, end: text.length })
    .map(({ key, value, span }) => `${key} ${value} @${text.slice(span.start, span.end)}`)
    .join(', ');
}

const commands: [string, string][] = [
  ['gunicorn app:app', 'server gunicorn @gunicorn'],
  ['gunicorn -w 4 app:app', 'server gunicorn @gunicorn, workers 4 @4'],
  ['gunicorn -w4 app:app', 'server gunicorn @gunicorn, workers 4 @-w4'],
  ['gunicorn --workers=4 --threads 2 app:app', 'server gunicorn @gunicorn, workers 4 @--workers=4, threads 2 @2'],
  [
    'gunicorn -k uvicorn.workers.UvicornWorker -c conf.py app',
    'server gunicorn @gunicorn, worker_class uvicorn.workers.UvicornWorker @uvicorn.workers.UvicornWorker',
  ],
  ['gunicorn -w 2 -w 4 app', 'server gunicorn @gunicorn, workers 4 @4'],
  ['gunicorn -w 2 -w $W app', 'server gunicorn @gunicorn'],
  ['gunicorn -w ${W:-2} app', 'server gunicorn @gunicorn, workers 2 @${W:-2}'],
  ['gunicorn --workers=${W:-2} app', 'server gunicorn @gunicorn, workers 2 @--workers=${W:-2}'],
  ['gunicorn -w "$(nproc)" app', 'server gunicorn @gunicorn'],
  ['gunicorn -w $(( 2 * $(nproc) + 1 )) app', 'server gunicorn @gunicorn'],
  ['gunicorn --workers-x=4 app', 'server gunicorn @gunicorn'],
  ['gunicorn -w 0 app', 'server gunicorn @gunicorn'],
  ['PORT=1 exec python -m gunicorn -w "4" app', 'server gunicorn @gunicorn, workers 4 @"4"'],
  ['/opt/venv/bin/gunicorn -w 4 app', 'server gunicorn @/opt/venv/bin/gunicorn, workers 4 @4'],
  ['poetry run uvicorn app:app --workers 3', 'server uvicorn @uvicorn, workers 3 @3'],
  ['python3.12 -u -m uvicorn app:app --workers 3', 'server uvicorn @uvicorn, workers 3 @3'],
  ['fastapi run --workers 4 app.py', 'server uvicorn @fastapi, workers 4 @4'],
  ['fastapi dev app.py', ''],
  ['newrelic-admin run-program gunicorn -w 4 app', 'server gunicorn @gunicorn, workers 4 @4'],
  [
    'sh -c "python manage.py migrate && gunicorn -w 4 app"',
    'server gunicorn @"python manage.py migrate && gunicorn -w 4 app", workers 4 @"python manage.py migrate && gunicorn -w 4 app"',
  ],
  ['python manage.py migrate && gunicorn -w 4 app', 'server gunicorn @gunicorn, workers 4 @4'],
  ['pip install gunicorn', ''],
  ['echo gunicorn -w 4', ''],
  ['python manage.py runserver', ''],
  ['celery -A app worker -c 8', 'server celery @celery, concurrency 8 @8'],
  [
    'celery -A app worker --concurrency=8 -P gevent',
    'server celery @celery, concurrency 8 @--concurrency=8, worker_class gevent @gevent',
  ],
  ['celery -A app worker -c 8 --autoscale=3,10', 'server celery @celery, concurrency 10 @--autoscale=3,10'],
  ['celery -A app worker --autoscale 10', 'server celery @celery, concurrency 10 @10'],
  ['celery -A app worker --autoscale $X', 'server celery @celery'],
  ['celery -A app beat', ''],
  ['dramatiq -p 2 -t 4 app', 'server dramatiq @dramatiq, workers 2 @2, threads 4 @4'],
  ['rq worker-pool -n 3', 'server rq @rq, workers 3 @3'],
  ['uwsgi --processes 4 --threads 2', 'server uwsgi @uwsgi, workers 4 @4, threads 2 @2'],
  ['pm2-runtime start app.js -i 4', 'server pm2 @pm2-runtime, workers 4 @4'],
  ['pm2-runtime start app.js -i max', 'server pm2 @pm2-runtime'],
  ['node dist/server.js', 'server node @node'],
  ['npm start', ''],
  ['gunicorn \\\n  -w 4 \\\n  app', 'server gunicorn @gunicorn, workers 4 @4'],
  ['gunicorn -w', 'server gunicorn @gunicorn'],
  ['$CMD -w 4', ''],
];

for (const [line, expected] of commands) {
  test(`command: ${line}`, () => assert.equal(command(line), expected));
}

test('compose: replicas, scale, commands as text and as list', () => {
  const text = `services:
  api:
    image: acme/api
    command: gunicorn -w 4 app:app   # comment
    deploy: {replicas: 3}
  web:
    command: ["gunicorn", "--workers=2", "app"]
    scale: 2
  jobs:
    entrypoint: celery -A app
    command: worker -c 8
    deploy:
      replicas: \${JOBS:-5}
  everywhere:
    command: 'uvicorn app:app --workers 2'
    deploy: {mode: global, replicas: 7}
  folded:
    command: >
      gunicorn
      -w 6 app
  dynamic:
    command: gunicorn -w \${W}
    scale: \${S}
`;
  assert.deepEqual(facts('docker-compose.yml', text), [
    'api: replicas 3 @3',
    'api: server gunicorn @gunicorn',
    'api: workers 4 @4',
    'web: replicas 2 @2',
    'web: server gunicorn @gunicorn',
    'web: workers 2 @--workers=2',
    'jobs: replicas 5 @${JOBS:-5}',
    'jobs: server celery @celery',
    'jobs: concurrency 8 @8',
    'everywhere: server uvicorn @uvicorn',
    'everywhere: workers 2 @2',
    'folded: server gunicorn @>\n      gunicorn\n      -w 6 app',
    'folded: workers 6 @>\n      gunicorn\n      -w 6 app',
    'dynamic: server gunicorn @gunicorn',
  ]);
});

test('compose: the limit of a database', () => {
  const limit = (line: string, image = 'postgres:16') =>
    facts('compose.yaml', `services:\n  db:\n    image: ${image}\n    command: ${line}\n`);
  assert.deepEqual(limit('postgres -c max_connections=200'), ['db: max_connections 200 @max_connections=200']);
  assert.deepEqual(limit('-c shared_buffers=1GB -c max_connections=300'), [
    'db: max_connections 300 @max_connections=300',
  ]);
  assert.deepEqual(limit('["postgres", "-c", "max_connections=200"]'), [
    'db: max_connections 200 @max_connections=200',
  ]);
  assert.deepEqual(limit('postgres -cmax_connections=200'), ['db: max_connections 200 @-cmax_connections=200']);
  assert.deepEqual(limit('postgres -N 150'), ['db: max_connections 150 @150']);
  assert.deepEqual(limit('--max-connections=500', 'docker.io/library/mysql:8'), [
    'db: max_connections 500 @--max-connections=500',
  ]);
  assert.deepEqual(limit('--max_connections 500', 'mariadb'), ['db: max_connections 500 @500']);
  assert.deepEqual(limit('postgres -c max_connections=$MAX'), []);
  assert.deepEqual(limit('postgres -c max_connections=200', 'acme/api'), []);
  assert.deepEqual(limit('postgres'), []);
});

test('Kubernetes: workloads, containers, autoscalers, several documents', () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: proxy
          command: [envoy]
        - name: api
          command: ["gunicorn"]
          args: ["-w", "4", "--threads", "$(THREADS)"]
---
kind: HorizontalPodAutoscaler
spec: {scaleTargetRef: {kind: Deployment, name: api}, minReplicas: 2, maxReplicas: 9}
---
kind: StatefulSet
metadata: {name: jobs}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - command: ["sh", "-c"]
          args: ["exec celery -A app worker -c 8"]
---
kind: Service
metadata: {name: api}
spec: {replicas: 5}
`;
  assert.deepEqual(facts('deploy/api.yaml', text), [
    'api: replicas 3 @3',
    'api: server gunicorn @gunicorn',
    'api: workers 4 @4',
    'api: replicas 9 @9',
    'jobs: replicas 2 @2',
    'jobs: server celery @celery',
    'jobs: concurrency 8 @8',
  ]);
  assert.deepEqual(
    facts(
      'deploy/template.yaml',
      'kind: Deployment\nmetadata: {name: api}\nspec:\n  replicas: {{ .Values.replicas }}\n',
    ),
    [],
  );
  assert.deepEqual(facts('other.yaml', 'kind: Something\nspec: {replicas: 2}\n'), []);
  assert.deepEqual(
    facts('list.yaml', 'kind: List\nitems:\n  - kind: Deployment\n    metadata: {name: a}\n    spec: {replicas: 2}\n'),
    ['a: replicas 2 @2'],
  );
});

test('Procfile', () => {
  assert.deepEqual(
    facts(
      'Procfile',
      'web: gunicorn -w 4 app\r\nrelease: gunicorn -w 9 x\nworker: celery -A app worker --concurrency ${C:-2}\nclock: python clock.py\n',
    ),
    [
      'web: server gunicorn @gunicorn',
      'web: workers 4 @4',
      'worker: server celery @celery',
      'worker: concurrency 2 @${C:-2}',
    ],
  );
});

test('gunicorn.conf.py: literals at the margin only', () => {
  assert.deepEqual(
    facts('api/gunicorn.conf.py', 'import os\nworkers = 4  # four\nthreads=2\nworker_class = "gthread"\n'),
    ['api: server gunicorn @4', 'api: workers 4 @4', 'api: threads 2 @2', 'api: worker_class gthread @"gthread"'],
  );
  assert.deepEqual(facts('gunicorn.conf.py', 'workers = os.cpu_count() * 2 + 1\n'), []);
  assert.deepEqual(facts('gunicorn.conf.py', 'workers = 2\nif PROD:\n    workers = 8\n'), []);
  assert.deepEqual(facts('gunicorn.conf.py', 'workers = int(os.environ.get("W", 4))\nthreads == 3\n'), []);
});

test('Dockerfile: the last stage, both forms, entry points', () => {
  const file = (text: string) => facts('services/api/Dockerfile', text);
  assert.deepEqual(file('FROM a\nCMD gunicorn -w 9 x\nFROM b\nCMD ["gunicorn", "-w", "4", "app"]\n'), [
    'api: server gunicorn @gunicorn',
    'api: workers 4 @4',
  ]);
  assert.deepEqual(file('FROM b\nCMD gunicorn \\\n    --workers 3 \\\n    app\n'), [
    'api: server gunicorn @gunicorn',
    'api: workers 3 @3',
  ]);
  assert.deepEqual(file('ENTRYPOINT ["gunicorn"]\nCMD ["-w", "2", "app"]\n'), [
    'api: server gunicorn @gunicorn',
    'api: workers 2 @2',
  ]);
  assert.deepEqual(file('ENTRYPOINT ["/docker-entrypoint.sh"]\nCMD ["gunicorn", "-w", "2"]\n'), [
    'api: server gunicorn @gunicorn',
    'api: workers 2 @2',
  ]);
  assert.deepEqual(file('ENTRYPOINT gunicorn -w 5 app\nCMD ["x"]\n'), [
    'api: server gunicorn @gunicorn',
    'api: workers 5 @5',
  ]);
  assert.deepEqual(file('# CMD gunicorn -w 4\nRUN pip install gunicorn\n'), []);
  assert.deepEqual(facts('Dockerfile.jobs', 'CMD celery -A x worker -c 2\n')[0], 'jobs: server celery @celery');
});

test('postgresql.conf: the last one counts', () => {
  assert.deepEqual(
    facts('pg/postgresql.conf', "max_connections = 100\n#max_connections = 9\nmax_connections = '250' # x\n"),
    ['pg: max_connections 250 @250'],
  );
  assert.deepEqual(facts('pg/postgresql.conf', 'superuser_reserved_connections = 3\n'), []);
});

test('which files may be manifests', () => {
  for (const name of [
    'docker-compose.yml',
    'docker-compose.prod.yaml',
    'compose.yaml',
    'Procfile',
    'Dockerfile',
    'api.Dockerfile',
    'k8s/x.yaml',
    'gunicorn.conf.py',
    'postgresql.conf',
  ]) {
    assert.equal(mayBeManifest(`file:///w/${name}`), true, name);
  }
  for (const name of ['app.py', 'compose.py', 'Procfile.md.txt', 'my-gunicorn.conf.py'])
    assert.equal(mayBeManifest(`file:///w/${name}`), false, name);
});

test('broken and hostile manifests say nothing and do no harm', () => {
  assert.deepEqual(facts('compose.yaml', 'services: {api: {scale: 2'), []);
  assert.deepEqual(facts('compose.yaml', '['.repeat(10_000)), []);
  assert.deepEqual(facts('compose.yaml', 'services: [1]\n'), []);
  const piece = fc.constantFrom(
    ...[
      'services:',
      'kind: Deployment',
      'CMD ',
      'web: ',
      'gunicorn',
      ' -w ',
      '4',
      '\n',
      '"',
      "'",
      '[',
      ']',
      '$',
      '${X:-',
      '}',
      '(',
      '\\',
      ' ',
      'workers =',
      '&&',
      '-c',
      'sh',
      '\t',
      '\r\n',
      '{',
    ],
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.constantFrom('compose.yaml', 'Procfile', 'Dockerfile', 'gunicorn.conf.py', 'postgresql.conf', 'k.yaml'),
      (pieces, file) => {
        const text = pieces.join('');
        for (const fact of readManifest(`file:///w/${file}`, text))
          assert.ok(fact.at.start >= 0 && fact.at.end <= text.length && fact.at.start <= fact.at.end);
      },
    ),
    { numRuns: 2000 },
  );
  for (const hostile of [
    '${'.repeat(50_000),
    '\\'.repeat(50_000),
    `CMD ${'\\\n'.repeat(50_000)}`,
    `CMD ["${'\\'.repeat(50_000)}`,
    ' '.repeat(100_000),
    'max_connections '.repeat(10_000),
    `${'workers = '.repeat(20_000)}`,
  ]) {
    for (const file of ['Procfile', 'Dockerfile', 'gunicorn.conf.py', 'postgresql.conf', 'k.yaml']) {
      for (const text of [hostile, `web: ${hostile}`]) assert.ok(Array.isArray(facts(file, text)));
    }
  }
});
