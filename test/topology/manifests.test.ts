// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are the shell's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readShellCommand } from '../../server/src/topology/manifests/command-line.ts';
import { isManifestName, readManifest } from '../../server/src/topology/manifests/read.ts';

/** Keys that have tests of their own. */
const elsewhere = new Set(['application', 'lazy_apps', 'post_fork', 'env', 'build', 'context', 'platform', 'engine']);

/** "api: workers 4 @4" per fact: key, value and the text it stands on. */
function facts(file: string, text: string): string[] {
  return readManifest(`file:///srv/${file}`, text)
    .filter(({ key }) => !elsewhere.has(key))
    .map(({ service, key, value, at }) => `${service}: ${key} ${value ?? '?'} @${text.slice(at.start, at.end)}`);
}

function command(text: string): string {
  return readShellCommand(text, { start: 0, end: text.length })
    .map((program) =>
      program
        .filter(({ key }) => !elsewhere.has(key))
        .map(({ key, value, span }) => `${key} ${value ?? '?'} @${text.slice(span.start, span.end)}`)
        .join(', '),
    )
    .join(' and ');
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
  ['gunicorn -w 2 -w $W app', 'server gunicorn @gunicorn, workers ? @$W'],
  ['gunicorn -w ${W:-2} app', 'server gunicorn @gunicorn, workers 2 @${W:-2}'],
  ['gunicorn --workers=${W:-2} app', 'server gunicorn @gunicorn, workers 2 @--workers=${W:-2}'],
  ['gunicorn -w "$(nproc)" app', 'server gunicorn @gunicorn, workers ? @"$(nproc)"'],
  ['gunicorn -w $(( 2 * $(nproc) + 1 )) app', 'server gunicorn @gunicorn, workers ? @$(( 2 * $(nproc) + 1 ))'],
  ['gunicorn --workers-x=4 app', 'server gunicorn @gunicorn'],
  ['gunicorn -w 0 app', 'server gunicorn @gunicorn, workers ? @0'],
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
  ['celery -A app worker --autoscale $X', 'server celery @celery, concurrency ? @$X'],
  ['celery -A app beat', 'server script @celery'],
  ['celery -A worker beat', 'server script @celery'],
  ['celery -A app flower', ''],
  ['dramatiq -p 2 -t 4 app', 'server dramatiq @dramatiq, workers 2 @2, threads 4 @4'],
  ['rq worker-pool -n 3', 'server rq @rq, workers 3 @3'],
  ['uwsgi --processes 4 --threads 2', 'server uwsgi @uwsgi, workers 4 @4, threads 2 @2'],
  ['pm2-runtime start app.js -i 4', 'server pm2 @pm2-runtime, workers 4 @4'],
  ['pm2-runtime start app.js -i max', 'server pm2 @pm2-runtime, workers ? @max'],
  ['pm2 start app.js -i -1', 'server pm2 @pm2, workers ? @-1'],
  ['pm2-runtime app.js --instances=0', 'server pm2 @pm2-runtime, workers ? @--instances=0'],
  ['pm2-runtime app.js --instances=two', 'server pm2 @pm2-runtime, workers ? @--instances=two'],
  ['node dist/server.js', 'server node @node'],
  ['npm start', 'script start @start'],
  ['npm run start:prod', 'script start:prod @start:prod'],
  ['yarn --cwd api start', ''],
  ['npm ci', ''],
  ['next start -p 3000', 'server node @next'],
  ['npx next start', 'server node @next'],
  ['next build', ''],
  ['tsx src/server.ts', 'server node @tsx'],
  ['bun run src/index.ts', 'server node @bun'],
  ['node node_modules/.bin/knex migrate:latest', ''],
  ['npx prisma migrate deploy && node dist/main', 'server node @node'],
  ['gunicorn \\\n  -w 4 \\\n  app', 'server gunicorn @gunicorn, workers 4 @4'],
  ['gunicorn -w', 'server gunicorn @gunicorn, workers ? @-w'],
  ['gunicorn --preload -w 2 app', 'server gunicorn @gunicorn, preload true @--preload, workers 2 @2'],
  [
    'gunicorn -k gevent --worker-connections 200 app',
    'server gunicorn @gunicorn, worker_class gevent @gevent, concurrency 200 @200',
  ],
  ['gunicorn --worker-connections 200 app', 'server gunicorn @gunicorn'],
  ['uvicorn app:app --workers 4 --reload', 'server uvicorn @uvicorn, workers ? @app:app'],
  ['uvicorn app:app --limit-concurrency 40', 'server uvicorn @uvicorn, concurrency 40 @40'],
  ['uvicorn app:app --interface wsgi', 'server uvicorn @uvicorn, worker_class wsgi @wsgi'],
  ['hypercorn -w 0 app:app', 'server hypercorn @hypercorn, workers 1 @0'],
  [
    'granian --interface wsgi --blocking-threads 8 --workers 2 app:app',
    'server granian @granian, worker_class wsgi @wsgi, threads 8 @8, workers 2 @2',
  ],
  ['daphne -b 0.0.0.0 config.asgi:application', 'server daphne @daphne'],
  ['uwsgi --gevent 100 --module app', 'server uwsgi @uwsgi, concurrency 100 @100, worker_class gevent @uwsgi'],
  ['rq worker -n 3 high', 'server rq @rq'],
  ['arq app.worker.WorkerSettings', 'server arq @arq'],
  ['python manage.py rqworker default', 'server rq @rqworker'],
  ['python manage.py send_mails', 'server script @send_mails'],
  ['python manage.py qcluster', 'server ? @qcluster'],
  ['python manage.py migrate', ''],
  ['python worker.py', 'server ? @python'],
  ['python -m app', 'server ? @app'],
  ['python -m alembic upgrade head', ''],
  ['dumb-init -- gunicorn -w 2 app', 'server gunicorn @gunicorn, workers 2 @2'],
  ['tini -g -- uv run --frozen gunicorn -w 2 app', 'server gunicorn @gunicorn, workers 2 @2'],
  ['gosu app gunicorn -w 2 app', 'server gunicorn @gunicorn, workers 2 @2'],
  ['./wait-for-it.sh db:5432 -- gunicorn -w 2 app', 'server gunicorn @gunicorn, workers 2 @2'],
  ['/docker-entrypoint.sh gunicorn -w 2 app', 'server gunicorn @gunicorn, workers 2 @2'],
  [
    'gunicorn -w 2 app & celery -A app worker -c 4 & wait',
    'server gunicorn @gunicorn, workers 2 @2 and server celery @celery, concurrency 4 @4',
  ],
  ['gunicorn -w 2 app 2>&1 | tee log', 'server gunicorn @gunicorn, workers 2 @2'],
  ['if [ "$R" = 1 ]; then\n  gunicorn -w 2 app\nelse\n  gunicorn -w 8 app\nfi', ''],
  ['until pg_isready; do sleep 1; done; gunicorn -w 2 app', 'server gunicorn @gunicorn, workers 2 @2'],
  ['cat <<END\ngunicorn -w 9\nEND\ngunicorn -w 2 app', 'server gunicorn @gunicorn, workers 2 @2'],
  ['gunicorn -w ${A:-${B:-3}} app', 'server gunicorn @gunicorn, workers 3 @${A:-${B:-3}}'],
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
    'everywhere: replicas ? @global',
    'everywhere: server uvicorn @uvicorn',
    'everywhere: workers 2 @2',
    'folded: server gunicorn @>\n      gunicorn\n      -w 6 app',
    'folded: workers 6 @>\n      gunicorn\n      -w 6 app',
    'dynamic: replicas ? @${S}',
    'dynamic: server gunicorn @gunicorn',
    'dynamic: workers ? @${W}',
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
  assert.deepEqual(limit('postgres -c max_connections=$MAX'), ['db: max_connections ? @max_connections=$MAX']);
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
    'api: threads ? @$(THREADS)',
    'api: replicas 9 @9',
    'api: min_replicas 2 @2',
    'jobs: replicas 2 @2',
    'jobs: max_surge 0 @StatefulSet',
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
      'clock: server ? @python',
    ],
  );
});

test('gunicorn.conf.py: literals at the margin only', () => {
  assert.deepEqual(
    facts('api/gunicorn.conf.py', 'import os\nworkers = 4  # four\nthreads=2\nworker_class = "gthread"\n'),
    ['api: server gunicorn @4', 'api: workers 4 @4', 'api: threads 2 @2', 'api: worker_class gthread @"gthread"'],
  );
  const one = (text: string) => facts('gunicorn.conf.py', text).slice(1);
  assert.deepEqual(one('workers = os.cpu_count() * 2 + 1\n'), ['srv: workers ? @os.cpu_count() * 2 + 1']);
  assert.deepEqual(one('workers = 2\nif PROD:\n    workers = 8\n'), ['srv: workers ? @8']);
  assert.deepEqual(one('workers: int = int(os.environ.get("W", 4))\nthreads == 3\n'), [
    'srv: workers 4 @int(os.environ.get("W", 4))',
  ]);
  assert.deepEqual(one("workers = int(os.getenv('W', '4'))\n"), ["srv: workers 4 @int(os.getenv('W', '4'))"]);
  assert.deepEqual(one('preload_app = True\n'), ['srv: preload true @True']);
  assert.deepEqual(one('preload_app = not DEBUG\n'), ['srv: preload ? @not DEBUG']);
  assert.deepEqual(one('"""\nworkers = 9\n"""\nworkers = 2\n'), ['srv: workers 2 @2']);
  assert.deepEqual(one('worker_class = "gevent"\nworker_connections = 50\n'), [
    'srv: worker_class gevent @"gevent"',
    'srv: concurrency 50 @50',
  ]);
  assert.deepEqual(one('worker_connections = 50\n'), []);
  assert.deepEqual(facts('gunicorn.conf.py', 'bind = ":8000"\n'), []);
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

test('Dockerfile: continued lines, other instructions, variables, stages built on stages', () => {
  const file = (text: string) => facts('api/Dockerfile', text);
  const one = ['api: server gunicorn @gunicorn', 'api: workers 3 @3'];
  assert.deepEqual(file('HEALTHCHECK --interval=5m \\\n  CMD curl -f localhost\nCMD gunicorn -w 3 app\n'), one);
  assert.deepEqual(file('CMD gunicorn -w 3 app\nHEALTHCHECK --interval=5m \\\n  CMD uvicorn x:y\n'), one);
  assert.deepEqual(file('CMD gunicorn \\\n  # more\n\n  -w 3 app\n'), one);
  assert.deepEqual(file('FROM a AS base\nCMD ["gunicorn", "-w", "3"]\nFROM base\nRUN x\n'), one);
  assert.deepEqual(file('FROM a AS base\nCMD ["gunicorn", "-w", "3"]\nFROM b\nRUN x\n'), []);
  assert.deepEqual(file('RUN <<EOF\nCMD gunicorn -w 9\nEOF\nCMD gunicorn -w 3 app\n'), one);
  assert.deepEqual(file('CMD ["sh", "-c", "gunicorn --bind :$PORT -w 3 app"]\n'), [
    'api: server gunicorn @gunicorn',
    'api: workers 3 @3',
  ]);
  const withVariable = readManifest('file:///srv/Dockerfile', 'ENV W=5\nCMD gunicorn -w $W app\n');
  const workers = withVariable.find(({ key }) => key === 'workers');
  assert.deepEqual([workers?.value, workers?.variable], [5, 'W']);
  assert.deepEqual(file('ENV W 5\nCMD ["gunicorn", "-w", "$W"]\n').slice(1), ['api: workers ? @$W']);
});

test('uwsgi.ini: conditions on variables, what runs beside the workers', () => {
  const file = (text: string) => facts('api/uwsgi.ini', text).slice(1);
  assert.deepEqual(file('[uwsgi]\nprocesses = 4\nthreads = 2 \nlazy-apps = true\n'), [
    'api: workers 4 @4',
    'api: threads 2 @2',
  ]);
  assert.deepEqual(file('[uwsgi]\nif-env = N\nprocesses = $(N)\nendif =\nif-not-env = N\nprocesses = 4\nendif =\n'), [
    'api: workers 4 @4',
  ]);
  assert.deepEqual(file('[uwsgi]\nif-not-env = N\nprocesses = 4\nendif =\nif-env = N\nprocesses = $(N)\nendif =\n'), [
    'api: workers 4 @4',
  ]);
  assert.deepEqual(file('[uwsgi]\nif-opt = x\nprocesses = 4\nendif =\n'), ['api: workers ? @4']);
  assert.deepEqual(file('[uwsgi]\nworkers = %k\n'), ['api: workers ? @%k']);
  assert.deepEqual(file('[uwsgi]\ngevent = 50\n; processes = 9\n[other]\nprocesses = 8\n'), [
    'api: concurrency 50 @50',
    'api: worker_class gevent @50',
  ]);
  assert.deepEqual(
    file('[uwsgi]\nattach-daemon = ./manage.py sendalerts\nattach-daemon = ./x\nmule = a.py\n').map((line) =>
      line.slice(0, 43),
    ),
    ['api: note uWSGI starts attached programs be', 'api: note uWSGI starts mules beside its wor'],
  );
  assert.deepEqual(facts('uwsgi.ini', '[app]\nprocesses = 4\n'), []);
});

test('start scripts name what they start', () => {
  assert.deepEqual(
    facts('compose/production/django/start', '#!/bin/bash\nset -o errexit\nexec gunicorn -w 3 config.wsgi\n'),
    ['django: server gunicorn @gunicorn', 'django: workers 3 @3'],
  );
  assert.deepEqual(
    facts('bin/start-celeryworker', '#!/bin/sh\nexec celery -A x worker -c 2\n')[0],
    'celeryworker: server celery @celery',
  );
  assert.deepEqual(facts('start', 'gunicorn -w 3\n'), []);
});

test('variables: numbers and switches, never what may be a secret', () => {
  const variables = (file: string, text: string) =>
    readManifest(`file:///srv/${file}`, text)
      .filter(({ key }) => key === 'env')
      .map(({ service, variable, value }) => `${service} ${variable}=${value}`);
  const compose =
    'services:\n  a:\n    environment: {POOL: 5, DEBUG: "false", DB_PASSWORD: 12345, URL: "postgres://x", N: "${N:-3}"}\n  b:\n    environment:\n      - POOL=6\n      - API_KEY=77\n      - BARE\n';
  assert.deepEqual(variables('compose.yaml', compose), [
    'a POOL=5',
    'a DEBUG=false',
    'a N=null',
    'b POOL=6',
    'b BARE=null',
  ]);
  assert.deepEqual(
    facts('compose.yaml', 'services: {w: {environment: {CELERY_RESULT_BACKEND: "db+postgresql://u:hunter2@db/x"}}}'),
    [
      'w: note the result backend opens up to 5 + 10 connections more in each child process of Celery: name them under extra_connections @db+postgresql://u:hunter2@db/x',
    ],
  );
  const pod =
    'kind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{env: [{name: POOL, value: "5"}, {name: S, valueFrom: {secretKeyRef: {}}}]}]}}}\n';
  assert.deepEqual(variables('k.yaml', pod), ['a POOL=5', 'a S=null']);
  assert.deepEqual(variables('Dockerfile', 'ENV WEB_CONCURRENCY=3 TOKEN=5\nENV X 4\n'), [
    'srv WEB_CONCURRENCY=3',
    'srv X=4',
  ]);
  assert.deepEqual(
    facts('compose.yaml', 'services: {a: {environment: {GUNICORN_CMD_ARGS: "--workers=3 --preload"}}}'),
    ['a: workers 3 @--workers=3', 'a: preload true @--preload'],
  );
});

test('the application a command loads', () => {
  const application = (line: string) =>
    readShellCommand(line, { start: 0, end: line.length })[0]?.find(({ key }) => key === 'application')?.value;
  for (const [line, expected] of [
    ['gunicorn -w 4 shop.wsgi', 'shop.wsgi'],
    ['gunicorn -k uvicorn.workers.UvicornWorker config.asgi:application', 'config.asgi:application'],
    ['gunicorn -k asgi app', undefined],
    ['uvicorn --host 0.0.0.0 --port 80 --proxy-headers app.main:app', 'app.main:app'],
    ["gunicorn 'shop:create_app()'", 'shop:create_app'],
    ['uvicorn app.main:create_app --factory', 'app.main:create_app'],
    ['hypercorn wsgi:shop:app', 'wsgi:shop:app'],
    ['celery -A shop worker', 'shop'],
    ['celery --app=shop.celery:app worker', 'shop.celery:app'],
    ['uwsgi --http :80 --module shop.wsgi:application', 'shop.wsgi:application'],
    ['gunicorn -b 0.0.0.0:8000', undefined],
  ] as const) {
    assert.equal(application(line), expected, line);
  }
});

test('postgresql.conf: the last one counts', () => {
  assert.deepEqual(
    facts('pg/postgresql.conf', "max_connections = 100\n#max_connections = 9\nmax_connections = '250' # x\n"),
    ['pg: max_connections 250 @250'],
  );
  assert.deepEqual(
    facts(
      'pg/postgresql.conf',
      "superuser_reserved_connections = 5\nreserved_connections=2\nidle_session_timeout = '10min'\n",
    ),
    ['pg: superuser_reserved_connections 5 @5', 'pg: reserved_connections 2 @2', 'pg: idle_timeout 600 @10min'],
  );
  assert.deepEqual(facts('postgresql.conf', 'idle_session_timeout = 1500\n'), ['srv: idle_timeout 2 @1500']);
  assert.deepEqual(facts('postgresql.conf', 'idle_session_timeout = 0\n'), []);
});

test('which files may be manifests', () => {
  for (const name of [
    'docker-compose.yml',
    'docker-compose.prod.yaml',
    'compose.yaml',
    'Procfile',
    'Dockerfile',
    'api.Dockerfile',
    'gunicorn.conf.py',
    'uwsgi.ini',
    'entrypoint.sh',
    'start',
    'postgresql.conf',
  ]) {
    assert.equal(isManifestName(name), true, name);
  }
  for (const name of ['app.py', 'compose.py', 'Procfile.md.txt', 'my-gunicorn.conf.py', 'starter.sh'])
    assert.equal(isManifestName(name), false, name);
});

const everyManifest = [
  'compose.yaml',
  'Procfile',
  'Dockerfile',
  'gunicorn.conf.py',
  'postgresql.conf',
  'uwsgi.ini',
  'start.sh',
  'k.yaml',
];

test('aliases do not make a small manifest large', () => {
  const levels = Array.from({ length: 30 }, (_, level) => `x${level}: &x${level} [${`*x${level - 1}, `.repeat(9)}]`);
  const bomb = `x: &x-1 [a]\n${levels.join('\n')}\nservices: {api: {command: *x29, scale: 2}}\n`;
  assert.deepEqual(facts('compose.yaml', bomb), []);
  assert.deepEqual(facts('serverless.yml', `${bomb}functions: {a: {handler: *x29}}\n`), []);
  const merged = 'x-base: &base {command: gunicorn -w 3 app}\nservices:\n  a: {<<: *base, scale: 2}\n';
  assert.deepEqual(facts('compose.yaml', merged), [
    'a: replicas 2 @2',
    'a: server gunicorn @gunicorn',
    'a: workers 3 @3',
  ]);
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
    fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom(...everyManifest), (pieces, file) => {
      const text = pieces.join('');
      for (const fact of readManifest(`file:///w/${file}`, text))
        assert.ok(fact.at.start >= 0 && fact.at.end <= text.length && fact.at.start <= fact.at.end);
    }),
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
    for (const file of everyManifest) {
      for (const text of [hostile, `web: ${hostile}`, `#!\n${hostile}`, `[uwsgi]\n${hostile}`])
        assert.ok(Array.isArray(facts(file, text)));
    }
  }
});
