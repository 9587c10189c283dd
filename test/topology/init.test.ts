/** Whole workspaces through the real pipeline: what `poolproof init` writes for them. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of compose files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { topologyDraft } from '../../server/src/present/topologyDraft.ts';
import { compareWithManifests } from '../../server/src/topology/compare.ts';
import { createProject, type Files } from '../support/workspace.ts';
import { good } from './support.ts';

const engine = (path = 'app') => ({
  [`${path}/db.py`]:
    'import os\nfrom sqlalchemy import create_engine\n\nengine = create_engine(os.environ["DATABASE_URL"], pool_size=int(os.environ.get("POOL_SIZE", 5)))\n',
});

/** The draft; it must be valid, in agreement with the manifests it came from, and the same when it is in place. */
async function draftOf(files: Files): Promise<string> {
  const { project } = await createProject(files);
  const analysis = await project.analyse();
  assert.deepEqual(analysis.errors, []);
  const draft = topologyDraft(analysis, project.manifestFacts);
  const { topology } = good(draft);
  assert.deepEqual(compareWithManifests({ ...topology, folder: 'file:///workspace' }, project.manifestFacts), []);
  const again = await createProject({ ...files, 'poolproof.yaml': draft });
  const second = await again.project.analyse();
  assert.equal(topologyDraft(second, again.project.manifestFacts), draft);
  assert.deepEqual(
    second.findings.filter((finding) => finding.rule === 'topology-drift' || finding.rule === 'topology-invalid'),
    [],
  );
  return draft;
}

/** The draft's part about services, without what every draft says. */
async function services(files: Files): Promise<string[]> {
  const lines = (await draftOf(files)).split('\n');
  return lines
    .slice(lines.indexOf('services:') + 1)
    .filter((line) => line !== '' && !/^ {4}database: main$/.test(line))
    .map((line) => line.slice(2));
}

const replicas = '  replicas: 1  # ? not found: how many instances run? 1 is the default';

test('Django behind Gunicorn, Celery and PostgreSQL in a compose file, one image for all', async () => {
  const files = {
    ...engine('shop'),
    Dockerfile: 'FROM python:3.13\nENV WEB_CONCURRENCY=3\nCMD gunicorn shop.wsgi --bind :$PORT\n',
    'docker-compose.yml': `services:
  web:
    build: .
    environment:
      POOL_SIZE: 11
      DATABASE_PASSWORD: "123456"
    deploy: {replicas: 2, update_config: {order: start-first}}
  worker:
    build: .
    command: celery -A shop worker --autoscale=8,2
  beat:
    build: .
    command: celery -A shop beat
  db:
    image: postgres:16
    command: postgres -c max_connections=150
  redis:
    image: redis:7
`,
    'gunicorn.conf.py': 'threads = 4\nworker_class = "gthread"\n',
  };
  assert.equal(
    await draftOf(files),
    `# What runs against which database. Lines marked "# ?" were not found in the workspace: check the value.
databases:
  main:
    engine: postgresql  # from docker-compose.yml:15
    max_connections: 150  # from docker-compose.yml:16
    reserved: 10  # ? not found: connections kept free for administration and migrations; 10 is the default
    connect: [DATABASE_URL]  # from shop/db.py:4
services:
  web:
    database: main
    # paths: [services/web/**]  # ? which source belongs to it?
    server: gunicorn  # from Dockerfile:3
    worker_class: gthread  # from gunicorn.conf.py:2
    workers: 3  # from Dockerfile:2 (WEB_CONCURRENCY)
    threads: 4  # from gunicorn.conf.py:1
    replicas: 2  # from docker-compose.yml:7
    max_surge: 1  # from docker-compose.yml:7
    env:
      POOL_SIZE: "11"  # from docker-compose.yml:5
  worker:
    database: main
    # paths: [services/worker/**]  # ? which source belongs to it?
    server: celery  # from docker-compose.yml:10
    concurrency: 8  # from docker-compose.yml:10
    replicas: 1  # ? not found: how many instances run? 1 is the default
  beat:
    database: main
    # paths: [services/beat/**]  # ? which source belongs to it?
    server: script  # from docker-compose.yml:13
    replicas: 1  # ? not found: how many instances run? 1 is the default
`,
  );
});

test('a number of workers that comes from elsewhere is unknown, whatever the image says', async () => {
  const draft = await draftOf({
    ...engine('shop'),
    Dockerfile: 'FROM python:3.13\nENV WEB_CONCURRENCY=3\nCMD gunicorn shop.wsgi\n',
    'compose.yaml': 'services:\n  web:\n    build: .\n    environment:\n      WEB_CONCURRENCY: "${N:-4}"\n',
  });
  assert.match(draft, /workers: unknown {2}# \? WEB_CONCURRENCY is set from elsewhere \(compose\.yaml:5\)/);
});

test('a monorepo on Kubernetes: replicas of autoscalers, rollouts, source by build folder', async () => {
  const deployment = (name: string, command: string, strategy = '') =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  replicas: 2\n${strategy}  template:\n    spec:\n      containers:\n        - name: ${name}\n          command: [sh, -c, "${command}"]\n          env: [{name: POOL_SIZE, value: "7"}]\n`;
  const files = {
    ...engine('services/api'),
    ...engine('services/jobs/src'),
    'compose.yaml': 'services: {api: {build: services/api}, jobs: {build: services/jobs}}\n',
    'k8s/api.yaml': `${deployment('api', 'alembic upgrade head && exec uvicorn api:app --workers 2')}---\nkind: HorizontalPodAutoscaler\nspec: {scaleTargetRef: {name: api}, minReplicas: 2, maxReplicas: 6}\n`,
    'k8s/jobs.yaml': deployment('jobs', 'celery -A jobs worker -c $CHILDREN', '  strategy: {type: Recreate}\n'),
  };
  assert.deepEqual(await services(files), [
    'api:',
    '  paths: [services/api/**]  # from compose.yaml:1',
    '  server: uvicorn  # from k8s/api.yaml:10',
    '  workers: 2  # from k8s/api.yaml:10',
    '  replicas: {min: 2, max: 6}  # from k8s/api.yaml:14',
    '  platform: kubernetes  # from k8s/api.yaml:2',
    '  env:',
    '    POOL_SIZE: "7"  # from k8s/api.yaml:11',
    'jobs:',
    '  paths: [services/jobs/**]  # from compose.yaml:1',
    '  server: celery  # from k8s/jobs.yaml:11',
    '  concurrency: unknown  # ? the variable CHILDREN decides it (k8s/jobs.yaml:11)',
    '  replicas: 2  # from k8s/jobs.yaml:5',
    '  max_surge: 0  # from k8s/jobs.yaml:6',
    '  platform: kubernetes  # from k8s/jobs.yaml:2',
    '  env:',
    '    POOL_SIZE: "7"  # from k8s/jobs.yaml:12',
  ]);
});

test('Heroku: Procfile and formation', async () => {
  const files = {
    ...engine(),
    Procfile:
      'web: gunicorn -w ${WEB_CONCURRENCY:-2} app.wsgi\nworker: python worker.py\nrelease: alembic upgrade head\n',
    'app.json': '{"formation": {"web": {"quantity": 3}, "worker": {"quantity": 1}}}',
  };
  assert.deepEqual(await services(files), [
    'web:',
    '  # paths: [services/web/**]  # ? which source belongs to it?',
    '  server: gunicorn  # from Procfile:1',
    '  workers: 2  # from Procfile:1, unless WEB_CONCURRENCY says otherwise',
    '  replicas: 3  # from app.json:1',
    '  platform: heroku  # from app.json:1',
    'worker:',
    '  # paths: [services/worker/**]  # ? which source belongs to it?',
    '  # server: gunicorn  # ? a program of the project itself, which may be a server (Procfile:2): what runs it: gunicorn, uvicorn, celery, node, script, serverless?',
    '  # workers: 1  # ? processes per instance',
    '  replicas: 1  # from app.json:1',
    '  platform: heroku  # from app.json:1',
  ]);
});

test('Node: PM2 counts cores, npm scripts, Fly', async () => {
  assert.deepEqual(
    await services({
      'ecosystem.config.js': "module.exports = {apps: [{name: 'web', script: 'dist/main.js', instances: 'max'}]};\n",
    }),
    [
      'web:',
      '  server: pm2  # from ecosystem.config.js:1',
      '  workers: unknown  # ? PM2 counts the CPU cores of its machine (ecosystem.config.js:1)',
      replicas,
    ],
  );
  assert.deepEqual(
    await services({
      'fly.toml': 'app = "shop"\n[deploy]\nstrategy = "bluegreen"\n',
      Dockerfile: 'FROM node\nCMD ["npm", "start"]\n',
      'package.json': '{"scripts": {"build": "next build", "start": "next start"}}\n',
    }),
    [
      'shop:',
      '  server: node  # from package.json:1',
      '  workers: 1  # ? not found: processes per instance; 1 is the default of Node.js',
      '  replicas: unknown  # ? "fly scale count" decides it (fly.toml:1)',
      '  max_surge: 100%  # from fly.toml:3',
      '  platform: fly  # from fly.toml:1',
      '  # next build prerenders in one process per CPU core but one; each may open a pool while it builds (package.json:1).',
    ],
  );
});

test('functions, cron jobs and what is left unknown', async () => {
  assert.deepEqual(
    await services({
      'serverless.yml':
        'provider: {name: aws}\nfunctions:\n  list: {handler: a.b, reservedConcurrency: 20}\n  open: {handler: c.d}\n',
    }),
    [
      'list:',
      '  # paths: [services/list/**]  # ? which source belongs to it?',
      '  server: serverless  # from serverless.yml:3',
      '  concurrency: 20  # from serverless.yml:3',
      '  platform: lambda  # from serverless.yml:3',
      'open:',
      '  # paths: [services/open/**]  # ? which source belongs to it?',
      '  server: serverless  # from serverless.yml:4',
      '  # concurrency: 4  # ? instances that run at a time; nothing limits them here',
      '  platform: lambda  # from serverless.yml:4',
    ],
  );
  const cron =
    'kind: CronJob\nmetadata: {name: report}\nspec:\n  jobTemplate: {spec: {template: {spec: {containers: [{command: [python, report.py]}]}}}}\n';
  assert.deepEqual(await services({ 'k8s/report.yaml': cron }), [
    'report:',
    '  server: cron  # from k8s/report.yaml:1',
    '  concurrency: unknown  # ? concurrencyPolicy Allow, the default, lets runs overlap without bound (k8s/report.yaml:1)',
    replicas,
  ]);
});

test('two servers in one manifest are two databases; settings of one are its own', async () => {
  const draft = await draftOf({
    ...engine(),
    'compose.yaml':
      'services:\n  db:\n    image: postgres:16\n    command: -c max_connections=200\n  legacy:\n    image: mysql:8\n  web:\n    command: uvicorn app:app\n',
  });
  assert.match(draft, /\n {2}db:\n {4}engine: postgresql {2}# from compose\.yaml:3\n {4}max_connections: 200 /);
  assert.match(
    draft,
    /\n {2}legacy:\n {4}engine: mysql {2}# from compose\.yaml:6\n {4}max_connections: 100 {2}# \? not found/,
  );
  assert.match(draft, /\n {4}connect: \[db\] {2}# the host; \? which environment variables name it\?/);
  assert.match(draft, /\n {4}databases: \[db, legacy\] {2}# \? which of them does it use\?/);
});

test('postgresql.conf and pgbouncer.ini', async () => {
  const draft = await draftOf({
    ...engine(),
    'deploy/postgresql.conf':
      'max_connections = 300\nsuperuser_reserved_connections = 5\nreserved_connections = 2\nidle_session_timeout = 10min\n',
    'deploy/pgbouncer.ini': '[databases]\nshop = host=db\n',
  });
  const lines = [
    'engine: postgresql  # from deploy/postgresql.conf:1',
    'max_connections: 300  # from deploy/postgresql.conf:1',
    'superuser_reserved_connections: 5  # from deploy/postgresql.conf:2',
    'reserved_connections: 2  # from deploy/postgresql.conf:3',
    'idle_timeout: 600  # from deploy/postgresql.conf:4',
    'config: deploy/pgbouncer.ini  # from deploy/pgbouncer.ini:1',
  ];
  for (const line of lines) assert.ok(draft.includes(`  ${line}\n`), line);
});

test('no password of a manifest comes into the draft', async () => {
  const draft = await draftOf({
    'app/db.py':
      'import os\nfrom sqlalchemy import create_engine\n\nengine = create_engine(os.environ["DATABASE_URL"], pool_size=int(os.environ["DB_SECRET"]))\n',
    'compose.yaml':
      'services:\n  web:\n    command: gunicorn -w 2 --statsd-prefix hunter2 app.wsgi\n    environment: {DB_SECRET: 424242, DATABASE_URL: "postgres://u:hunter2@db/x"}\n',
    Procfile: 'web: DATABASE_URL=postgres://u:hunter2@db/x gunicorn -w 2 app.wsgi\n',
  });
  assert.doesNotMatch(draft, /hunter2|424242/);
});

test('start scripts belong to whom they are started by; roles inside one are not guessed', async () => {
  const compose = `services:
  api: {image: shop/api, command: ./bin/docker-entrypoint-api.sh}
  queue: {image: shop/api, command: [bash, bin/run-queue.sh]}
  admin: {image: shop/api, command: /app/bin/docker-entrypoint.sh admin}
`;
  const roles =
    '#!/bin/bash\nadmin() {\n  exec gunicorn -w 9 admin.wsgi\n}\ncase "$1" in\n  web)\n    exec gunicorn -w 8 shop.wsgi\n    ;;\nesac\n"$@"\n';
  assert.deepEqual(
    (
      await services({
        'compose.yaml': compose,
        'bin/docker-entrypoint-api.sh':
          '#!/bin/bash\nset -e\npython manage.py migrate\nexec gunicorn -w "${WORKERS:-3}" shop.wsgi\n',
        'bin/run-queue.sh': '#!/bin/sh\nexec celery -A shop worker -c 2\n',
        'bin/docker-entrypoint.sh': roles,
      })
    ).filter((line) => !line.includes('paths') && line !== replicas),
    [
      'api:',
      '  server: gunicorn  # from bin/docker-entrypoint-api.sh:4',
      '  workers: 3  # from bin/docker-entrypoint-api.sh:4, unless WORKERS says otherwise',
      'queue:',
      '  server: celery  # from bin/run-queue.sh:2',
      '  concurrency: 2  # from bin/run-queue.sh:2',
      'admin:',
      '  # server: gunicorn  # ? what runs it: gunicorn, uvicorn, celery, node, script, serverless?',
      '  # workers: 1  # ? processes per instance',
    ],
  );
});

test('what is deployed counts over what is for development; tests and examples not at all', async () => {
  const lines = await services({
    'docker-compose.dev.yml':
      'services:\n  api: {command: "uvicorn app:app --reload"}\n  mail: {build: ., command: python mail.py}\n',
    'docker-compose.yml': 'services:\n  api: {command: gunicorn -w 3 app.wsgi}\n',
    'tests/docker-compose.yml': 'services:\n  fake: {command: uvicorn fake:app}\n',
    'docker-compose.test.yml': 'services:\n  api: {command: gunicorn -w 1 app.wsgi}\n',
    'examples/Dockerfile': 'CMD ["uvicorn", "x:y"]\n',
    'Procfile.example': 'other: gunicorn x\n',
  });
  assert.deepEqual(lines, [
    'api:',
    '  server: gunicorn  # from docker-compose.yml:2',
    '  workers: 3  # from docker-compose.yml:2',
    replicas,
  ]);
  // Where there is nothing else, it is what there is.
  assert.equal(
    (await services({ 'compose.local.yml': 'services: {api: {command: rq worker}}\n' }))[1],
    '  server: rq  # from compose.local.yml:1',
  );
});

test('other people’s programs, one-off services, base images and templates are no services', async () => {
  const lines = await services({
    ...engine('backend'),
    'compose.yaml': `services:
  api: {build: backend}
  migrator: {build: backend, command: alembic upgrade head, deploy: {replicas: 1}}
  prestart: {build: backend}
  cache: {image: "\${REGISTRY:-docker.io}/valkey/valkey:8", deploy: {replicas: 1}}
  db: {image: "postgres:16"}
  create: {image: "postgres:16", command: psql -c "CREATE DATABASE x"}
  site: {build: {context: site, target: prod}}
`,
    'base/Dockerfile': 'FROM python\nENTRYPOINT ["/entrypoint.sh"]\n',
    'site/package.json': '{"scripts": {"start": "next start"}}\n',
    'template/Procfile': '{% if async %}\nweb: uvicorn x:y\n{% endif %}\n',
  });
  assert.deepEqual(lines, [
    'api:',
    '  paths: [backend/**]  # from compose.yaml:2',
    '  # server: gunicorn  # ? what runs it: gunicorn, uvicorn, celery, node, script, serverless?',
    '  # workers: 1  # ? processes per instance',
    replicas,
    'site:',
    '  # paths: [services/site/**]  # ? which source belongs to it?',
    '  server: node  # from site/package.json:1',
    '  workers: 1  # ? not found: processes per instance; 1 is the default of Node.js',
    replicas,
  ]);
});

test('code or manifests that know several servers do not say which one it is', async () => {
  const branches =
    'import os\nfrom sqlalchemy import create_engine\n\na = create_engine("postgresql://db/x")\nb = create_engine("mysql+pymysql://db/x")\n';
  const draft = await draftOf({
    'app/db.py': branches,
    'compose.pg.yml': 'services: {db: {image: postgres}}\n',
    'compose.my.yml': 'services: {db: {image: mysql}}\n',
  });
  assert.match(draft, /\n {4}engine: postgresql {2}# \? manifests name mysql and postgresql\n/);
});

test('names that look like keys of secrets mask nothing around them', async () => {
  const draft = await draftOf({ 'compose.yaml': 'services: {api_key_server: {command: rq worker}}\n' });
  assert.match(draft, /\n {2}api_key_server:\n {4}database: main\n/);
});
