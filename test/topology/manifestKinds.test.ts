/** Manifests beyond compose, Kubernetes and Dockerfiles, in the shapes projects write them. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of Terraform, PM2 and shells.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readHcl } from '../../server/src/topology/manifests/hcl.ts';
import { isExpression, LiteralReader } from '../../server/src/topology/manifests/literal.ts';
import { readManifest } from '../../server/src/topology/manifests/read.ts';
import { type DataNode, plainValue } from '../../server/src/topology/yaml.ts';

const elsewhere = new Set(['application', 'lazy_apps', 'context']);

/** "api: workers 4 @4" per fact; an unknown value is a question mark. */
function facts(file: string, text: string): string[] {
  return readManifest(`file:///srv/${file}`, text)
    .filter(({ key }) => !elsewhere.has(key))
    .map(({ service, key, value, variable, at }) => {
      const name = key === 'env' ? `env ${variable}=` : `${key} `;
      const mayChange = key !== 'env' && variable !== undefined ? ` unless ${variable}` : '';
      return `${service}: ${name}${value ?? '?'}${mayChange} @${text.slice(at.start, at.end)}`;
    });
}

test('supervisord: programs, copies, variables, continued lines', () => {
  const text = `[supervisord]
nodaemon=true

[program:web]
command=gunicorn shop.wsgi
    ; a comment between
    --workers %(ENV_WEB_WORKERS)s
    --threads 4
environment=POOL_SIZE="5",DB_PASSWORD="12345"

[program:light_worker]
command=celery -A shop worker -c 6
numprocs=2

[program:mails]
command=python manage.py send_mails
numprocs = 3

[program:off]
command=gunicorn x
autostart=false

[group:all]
programs=web
`;
  assert.deepEqual(facts('deploy/supervisord.conf', text), [
    'web: server gunicorn @gunicorn',
    'web: workers ? unless WEB_WORKERS @%(ENV_WEB_WORK',
    'web: threads 4 @4',
    'web: env POOL_SIZE=5 @POOL_SIZE="5",DB_PASSWORD="12345"',
    'light_worker: server celery @celery',
    'light_worker: concurrency 6 @6',
    'light_worker: workers 2 @2',
    'mails: server script @send_mails',
    'mails: workers 3 @3',
  ]);
  assert.equal(facts('supervisor/conf.d/worker.conf', '[program:w]\ncommand=rq worker\n')[0], 'w: server rq @rq');
});

test('systemd: ExecStart, its prefixes, continued lines, templates', () => {
  const text = `[Unit]
Description=Shop
[Service]
User=shop
Environment="WEB_CONCURRENCY=3" SECRET_TOKEN=77
ExecStart=-/srv/venv/bin/gunicorn \\
    --threads 4 \\
    shop.wsgi:application
`;
  assert.deepEqual(facts('deploy/shop.service', text), [
    'shop: server gunicorn @/srv/venv/bin/gunicorn',
    'shop: threads 4 @4',
    'shop: env WEB_CONCURRENCY=3 @"WEB_CONCURRENCY=3"',
  ]);
  assert.deepEqual(facts('celery@.service', '[Service]\nExecStart=/usr/bin/celery -A shop worker -n %i -c 2\n'), [
    'celery: server celery @/usr/bin/celery',
    'celery: concurrency 2 @2',
    'celery: replicas ? @ExecStart',
  ]);
  assert.deepEqual(facts('backup.service', '[Service]\nExecStart=/usr/bin/pg_dump shop\n'), []);
});

test('PM2: instances in every spelling', () => {
  const app = (instances: string) =>
    facts(
      'api/ecosystem.config.js',
      `module.exports = {apps: [{name: 'web', script: 'dist/main.js', ${instances}}]};`,
    ).slice(1);
  assert.deepEqual(app('instances: 4'), ['web: workers 4 @4']);
  assert.deepEqual(app("instances: '4'"), ["web: workers 4 @'4'"]);
  for (const many of ["'max'", '0', '-1', '"all"'])
    assert.deepEqual(app(`instances: ${many}`), [`web: workers ? @${many}`]);
  assert.deepEqual(app('exec_mode: "cluster"'), []);
  assert.deepEqual(app('instances: process.env.N || 2'), ['web: workers 2 unless N @process.env.N || 2']);
  assert.deepEqual(app("instances: process.env.N ?? 'max'"), ["web: workers ? unless N @process.env.N ?? 'max'"]);
  assert.deepEqual(app('instances: Number(process.env["N"]) || 3'), [
    'web: workers 3 unless N @Number(process.env["N"]) || 3',
  ]);
  assert.deepEqual(app('instances: os.cpus().length'), ['web: workers ? @os.cpus().length']);
  assert.deepEqual(app('...shared'), ['web: workers ? @...']);
  assert.deepEqual(app('env: {POOL_MAX: 5, NODE_ENV: "production"}'), ['web: env POOL_MAX=5 @5']);
});

test('PM2: the shapes of its files', () => {
  const two = ['main: server pm2 @"dist/main.js"', 'main: workers 2 @2'];
  const shapes: [string, string][] = [
    [
      'ecosystem.config.js',
      'const os = require("os")\nmodule.exports = {\n  apps: [\n    { // one\n      script: "dist/main.js", instances: 2,\n    },\n  ],\n}\n',
    ],
    ['ecosystem.config.cjs', 'module.exports = { apps: { script: "dist/main.js", instances: 2 } }\nconsole.log(1)\n'],
    ['ecosystem.config.mjs', 'export default { apps: [{ "script": "dist/main.js", "instances": 2 }] };\n'],
    [
      'ecosystem.config.js',
      'const config = { apps: [{ script: "dist/main.js", instances: 2 }] }\nmodule.exports = config\n',
    ],
    ['pm2.config.js', 'module.exports = define({ apps: [{ script: "dist/main.js", instances: 2 }] })\n'],
    ['process.json', '{"apps": [{"script": "dist/main.js", "instances": 2}]}'],
    ['package.json', '{"name": "x", "pm2": [{"script": "dist/main.js", "instances": 2}]}'],
  ];
  for (const [file, text] of shapes) assert.deepEqual(facts(`api/${file}`, text), two, text);
  assert.deepEqual(facts('api/ecosystem.yml', 'apps:\n  - script: dist/main.js\n    instances: 2\n'), [
    'main: server pm2 @dist/main.js',
    'main: workers 2 @2',
  ]);
  assert.deepEqual(facts('ecosystem.config.js', 'module.exports = require("./other")\n'), []);
  assert.deepEqual(facts('process.json', '{"title": "a process"}'), []);
});

test('package.json: the script that starts the program', () => {
  const scripts = (text: string) => facts('api/package.json', `{"scripts": {${text}}}`);
  assert.deepEqual(scripts('"start": "next start", "build": "next build"'), [
    'api: server node @next',
    'api: note next build prerenders in one process per CPU core but one; each may open a pool while it builds @"next build"',
  ]);
  assert.deepEqual(scripts('"start": "nest start", "start:prod": "node dist/main"'), ['api: server node @node']);
  assert.deepEqual(scripts('"start": "pm2-runtime dist/main.js -i 4"'), [
    'api: server pm2 @pm2-runtime',
    'api: workers 4 @4',
  ]);
  assert.deepEqual(scripts('"start": "npm run serve"'), []);
  assert.deepEqual(scripts('"dev": "tsx watch src/index.ts"'), []);
});

test('fly.toml: process groups, strategy, variables', () => {
  const text = `app = "shop"
[env]
  POOL_SIZE = "5"
[processes]
  web = "gunicorn --workers 3 shop.wsgi"
  worker = 'celery -A shop worker -c 4'
[deploy]
  strategy = "bluegreen"
[[vm]]
  size = "shared-cpu-1x"
`;
  assert.deepEqual(facts('fly.toml', text), [
    'web: platform fly @gunicorn --workers 3 shop.wsgi',
    'web: replicas ? @gunicorn --workers 3 shop.wsgi',
    'web: server gunicorn @gunicorn',
    'web: workers 3 @3',
    'web: max_surge 100% @bluegreen',
    'web: env POOL_SIZE=5 @5',
    'worker: platform fly @celery -A shop worker -c 4',
    'worker: replicas ? @celery -A shop worker -c 4',
    'worker: server celery @celery',
    'worker: concurrency 4 @4',
    'worker: max_surge 100% @bluegreen',
    'worker: env POOL_SIZE=5 @5',
  ]);
  assert.deepEqual(facts('fly.toml', 'app = "shop"\n[deploy]\nstrategy = "canary"\n'), [
    'shop: platform fly @shop',
    'shop: replicas ? @shop',
    'shop: max_surge 1 @canary',
  ]);
  assert.deepEqual(facts('fly.toml', 'primary_region = "ams"\n'), []);
});

test('serverless.yml and SAM: concurrency that is reserved', () => {
  const framework = `provider:
  name: aws
  environment: {POOL_MAX: 1}
functions:
  list: {handler: src/list.handler, reservedConcurrency: 20}
  queue:
    handler: src/queue.handler
    events: [{sqs: {arn: x, maximumConcurrency: 5}}]
  open: {handler: src/open.handler}
`;
  assert.deepEqual(facts('serverless.yml', framework), [
    'list: server serverless @list',
    'list: platform lambda @list',
    'list: concurrency 20 @20',
    'list: env POOL_MAX=1 @1',
    'queue: server serverless @queue',
    'queue: platform lambda @queue',
    'queue: concurrency 5 @5',
    'queue: env POOL_MAX=1 @1',
    'open: server serverless @open',
    'open: platform lambda @open',
    'open: env POOL_MAX=1 @1',
  ]);
  const sam = `Transform: AWS::Serverless-2016-10-31
Resources:
  List:
    Type: AWS::Serverless::Function
    Properties:
      ReservedConcurrentExecutions: 7
      Role: !GetAtt Role.Arn
  Open:
    Type: AWS::Lambda::Function
    Properties: {ReservedConcurrentExecutions: !Ref Most}
  Table: {Type: AWS::DynamoDB::Table}
`;
  assert.deepEqual(facts('template.yaml', sam), [
    'List: server serverless @List',
    'List: platform lambda @List',
    'List: concurrency 7 @7',
    'Open: server serverless @Open',
    'Open: platform lambda @Open',
    'Open: concurrency ? @Most',
  ]);
});

test('ECS: JSON, CloudFormation and Terraform', () => {
  const task = `{"family": "api", "containerDefinitions": [
    {"name": "log", "command": ["fluentd"]},
    {"name": "api", "command": ["gunicorn", "-w", "4", "shop.wsgi"], "environment": [{"name": "POOL", "value": "5"}, {"name": "S", "valueFrom": "arn"}]}
  ]}`;
  assert.deepEqual(facts('task-definition.json', task), [
    'api: server gunicorn @gunicorn',
    'api: workers 4 @4',
    'api: env POOL=5 @5',
    'api: env S=? @{"name": "S", "valueFrom": "arn"}',
  ]);
  const service = (more: string) =>
    facts('ecs-service.json', `{"serviceName": "api", "desiredCount": 3${more}}`).slice(1);
  assert.deepEqual(service(''), ['api: replicas 3 @3', 'api: max_surge 100% @3']);
  assert.deepEqual(service(', "deploymentConfiguration": {"maximumPercent": 150}'), [
    'api: replicas 3 @3',
    'api: max_surge 1 @150',
  ]);
  assert.deepEqual(service(', "deploymentConfiguration": {"maximumPercent": 100}'), [
    'api: replicas 3 @3',
    'api: max_surge 0 @100',
  ]);
  const stack = `Resources:
  Api:
    Type: AWS::ECS::Service
    Properties: {DesiredCount: 2, ServiceName: api}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: api, ContainerDefinitions: [{Command: [uvicorn, "app:app", --workers, "2"]}]}
  Parameters:
    Type: AWS::RDS::DBParameterGroup
    Properties: {Parameters: {max_connections: 300}}
`;
  assert.deepEqual(facts('cloudformation.yml', stack), [
    'api: platform ecs @2',
    'api: replicas 2 @2',
    'api: max_surge 100% @2',
    'api: server uvicorn @uvicorn',
    'api: workers 2 @2',
    'Parameters: max_connections 300 @300',
  ]);
  const terraform = `# shop
resource "aws_ecs_service" "api" {
  name            = "shop-api"
  task_definition = aws_ecs_task_definition.api.arn
  desired_count   = 2 # two
  deployment_maximum_percent = 200
  network_configuration { subnets = var.subnets }
}
resource "aws_ecs_task_definition" "api" {
  family = "shop-api"
  container_definitions = jsonencode([
    {
      name      = "api"
      image     = "\${var.repository}:latest"
      command   = ["gunicorn", "-w", "4", "shop.wsgi"]
      environment = [{ name = "POOL", value = "5" }]
    }
  ])
}
resource "aws_appautoscaling_target" "api" {
  max_capacity = 6
  min_capacity = var.min
  resource_id  = "service/\${aws_ecs_cluster.main.name}/\${aws_ecs_service.api.name}"
}
resource "aws_ecs_service" "jobs" {
  desired_count = var.jobs
}
`;
  assert.deepEqual(facts('infra/ecs.tf', terraform), [
    'shop-api: platform ecs @2',
    'shop-api: replicas 2 @2',
    'shop-api: max_surge 100% @200',
    'shop-api: server gunicorn @gunicorn',
    'shop-api: workers 4 @4',
    'shop-api: env POOL=5 @5',
    'shop-api: replicas 6 @6',
    'shop-api: min_replicas ? @var.min',
    'jobs: platform ecs @var.jobs',
    'jobs: replicas ? @var.jobs',
    'jobs: max_surge 100% @var.jobs',
  ]);
});

test('Terraform: functions, Cloud Run, limits of managed databases', () => {
  const text = `resource "aws_lambda_function" "list" {
  function_name = "list"
  reserved_concurrent_executions = 10
}
resource "aws_lambda_function" "open" { reserved_concurrent_executions = -1 }
resource "google_cloud_run_v2_service" "api" {
  name = "api"
  template {
    scaling {
      min_instance_count = 1
      max_instance_count = 8
    }
  }
}
resource "aws_db_parameter_group" "main" {
  parameter {
    name  = "max_connections"
    value = "500"
    apply_method = "pending-reboot"
  }
  parameter {
    name  = "log_statement"
    value = "all"
  }
}
resource "aws_rds_cluster_parameter_group" "other" {
  parameter {
    name  = "max_connections"
    value = "LEAST({DBInstanceClassMemory/9531392},5000)"
  }
}
resource "google_sql_database_instance" "pg" {
  settings {
    database_flags {
      name  = "max_connections"
      value = 200
    }
  }
}
`;
  assert.deepEqual(
    facts('main.tf', text).filter((line) => !/server|platform/.test(line)),
    [
      'list: concurrency 10 @10',
      'api: replicas 8 @8',
      'api: min_replicas 1 @1',
      'main: max_connections 500 @"500"',
      'other: max_connections ? @"LEAST({DBInstanceClassMemory/9531392},5000)"',
      'pg: max_connections 200 @200',
    ],
  );
  assert.deepEqual(facts('main.tf', 'resource "aws_s3_bucket" "b" {}\n'), []);
});

test('Heroku: formation and heroku.yml', () => {
  assert.deepEqual(
    facts('app.json', '{"formation": {"web": {"quantity": 2, "size": "standard-1x"}, "worker": {"quantity": 0}}}'),
    ['web: platform heroku @"web"', 'web: replicas 2 @2', 'worker: platform heroku @"worker"', 'worker: replicas 0 @0'],
  );
  assert.deepEqual(facts('app.json', '{"expo": {"name": "shop"}}'), []);
  assert.deepEqual(
    facts(
      'heroku.yml',
      'run:\n  web: gunicorn -w 3 shop.wsgi\n  worker:\n    command: [celery, -A, shop, worker, -c, "2"]\n',
    ),
    [
      'web: server gunicorn @gunicorn',
      'web: workers 3 @3',
      'worker: server celery @celery',
      'worker: concurrency 2 @2',
    ],
  );
});

test('compose: overlapping updates, builds, databases, other people’s programs', () => {
  const text = `services:
  api:
    build: {context: ./services/api, dockerfile: docker/Dockerfile}
    deploy:
      replicas: 4
      update_config: {parallelism: 2, order: start-first}
  jobs:
    build: services/jobs
    command: celery -A x worker -c 2
    deploy: {update_config: {order: stop-first}}
  all:
    build: https://example.com/x.git
    deploy: {update_config: {parallelism: 0, order: start-first}}
  cache: {image: "redis:7", command: redis-server --appendonly yes}
  db:
    image: postgis/postgis:16-3.4
    command: -c superuser_reserved_connections=5 -c max_connections=\${MAX:-150}
  exporter: {image: postgres-exporter}
`;
  assert.deepEqual(facts('compose.yaml', text), [
    'api: replicas 4 @4',
    'api: max_surge 2 @2',
    'api: build file:///srv/services/api/docker/Dockerfile @{context: ./services/api, dockerfile: docker/Dockerfile}',
    'jobs: server celery @celery',
    'jobs: concurrency 2 @2',
    'all: max_surge 100% @0',
    'db: engine postgresql @postgis/postgis:16-3.4',
    'db: superuser_reserved_connections 5 @superuser_reserved_connections=5',
    'db: max_connections 150 unless MAX @max_connections=${MAX:-150}',
  ]);
});

test('Kubernetes: rollouts, jobs, cron jobs, KEDA, Kustomize, Knative, sidecars', () => {
  const workload = (kind: string, spec: string, containers = '[{image: shop}]') =>
    facts(
      'k.yaml',
      `kind: ${kind}\nmetadata: {name: a}\nspec: {${spec}template: {spec: {containers: ${containers}}}}\n`,
    );
  assert.deepEqual(workload('Deployment', 'strategy: {type: Recreate}, '), [
    'a: platform kubernetes @Deployment',
    'a: max_surge 0 @Recreate',
  ]);
  assert.deepEqual(workload('Deployment', 'strategy: {rollingUpdate: {maxSurge: 50%}}, ').slice(1), [
    'a: max_surge 50% @50%',
  ]);
  assert.deepEqual(workload('Deployment', 'strategy: {rollingUpdate: {maxSurge: 2}}, ').slice(1), [
    'a: max_surge 2 @2',
  ]);
  assert.deepEqual(workload('Deployment', '').slice(1), []);
  assert.deepEqual(workload('DaemonSet', '').slice(1), ['a: replicas ? @DaemonSet', 'a: max_surge 0 @DaemonSet']);
  assert.deepEqual(workload('Deployment', 'replicas: 0, ').slice(1), ['a: replicas 0 @0']);
  assert.deepEqual(workload('Deployment', '', '[{image: "nginx:1.27"}]'), []);
  assert.deepEqual(workload('StatefulSet', '', '[{image: "postgres:16", args: [-c, max_connections=300]}]'), [
    'a: engine postgresql @"postgres:16"',
    'a: max_connections 300 @max_connections=300',
  ]);
  assert.deepEqual(
    workload('Deployment', '', '[{image: shop}, {image: edoburu/pgbouncer}]').filter((line) => line.includes('note')),
    [
      'a: note PgBouncer runs in every pod: the pooler has as many instances as this service has replicas @edoburu/pgbouncer',
    ],
  );
  const keda = (spec: string) =>
    facts('scaledobject.yaml', `kind: ScaledObject\nmetadata: {name: s}\nspec: {scaleTargetRef: {name: a}${spec}}\n`);
  assert.deepEqual(keda(''), ['a: replicas 100 @a']);
  assert.deepEqual(keda(', minReplicaCount: 0, maxReplicaCount: 20'), ['a: replicas 20 @20', 'a: min_replicas 0 @0']);
  const job = (kind: string, body: string) =>
    facts('job.yaml', `kind: ${kind}\nmetadata: {name: a}\nspec: {${body}}\n`);
  const pod = (command: string) => `template: {spec: {containers: [{command: ${command}}]}}`;
  assert.deepEqual(job('Job', `parallelism: 3, ${pod('[python, backfill.py]')}`), [
    'a: server script @Job',
    'a: replicas 3 @3',
  ]);
  assert.deepEqual(job('Job', pod('[alembic, upgrade, head]')), []);
  assert.deepEqual(job('Job', pod('[python, manage.py, migrate]')), []);
  const cron = (policy: string) =>
    job('CronJob', `${policy}jobTemplate: {spec: {${pod('[python, manage.py, report]')}}}`);
  assert.deepEqual(cron('concurrencyPolicy: Forbid, '), ['a: server cron @CronJob', 'a: concurrency 1 @Forbid']);
  assert.deepEqual(cron('concurrencyPolicy: Replace, ')[1], 'a: concurrency 1 @Replace');
  assert.deepEqual(cron(''), ['a: server cron @CronJob', 'a: concurrency ? @CronJob']);
  assert.deepEqual(facts('kustomization.yaml', 'kind: Kustomization\nreplicas:\n  - {name: a, count: 5}\n'), [
    'a: replicas 5 @5',
  ]);
  assert.deepEqual(
    facts(
      'run.yaml',
      'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\nspec:\n  template:\n    metadata:\n      annotations: {autoscaling.knative.dev/maxScale: "20"}\n    spec: {containers: [{command: [uvicorn, app:app]}]}\n',
    ),
    ['a: platform cloud-run @serving.knative.dev/v1', 'a: replicas 20 @"20"', 'a: server uvicorn @uvicorn'],
  );
});

test('pgbouncer.ini: that there is one', () => {
  assert.deepEqual(facts('deploy/pgbouncer.ini', '[databases]\nshop = host=db\n'), [
    'srv: pooler_config pgbouncer.ini @[databases]',
  ]);
  assert.deepEqual(facts('pgbouncer.ini', 'x = 1\n'), []);
});

test('literals: what is literal is read, what is not is kept as source', () => {
  const read = (text: string, syntax?: 'hcl') => plainValue(new LiteralReader(text, 0, syntax).value());
  assert.deepEqual(
    JSON.stringify(read(`{a: 1, 'b': "x\\n", c: [true, null, -2.5], d: {e: \`t\`}}`)),
    '{"a":1,"b":"x\\n","c":[true,null,-2.5],"d":{"e":"t"}}',
  );
  const source = (text: string) => {
    const node = new LiteralReader(`[${text}]`).value() as Extract<DataNode, { kind: 'list' }>;
    return node.items.map((item) =>
      isExpression(item) ? item.kind === 'scalar' && item.text : JSON.stringify(plainValue(item)),
    );
  };
  assert.deepEqual(source('1 + 2, f(a, [b, "]"]), `${x}`, "a" + b, 3'), [
    '1 + 2',
    'f(a, [b, "]"])',
    '`${x}`',
    '"a" + b',
    '3',
  ]);
  assert.deepEqual(source('[1, 2].map((n) => ({n})), function () { return "}" }, 4'), [
    '[1, 2].map((n) => ({n}))',
    'function () { return "}" }',
    '4',
  ]);
  assert.deepEqual(
    JSON.stringify(read('{a = 1\n  b = "x" # c\n  e = f.g\n h = 2}', 'hcl')),
    '{"a":1,"b":"x","e":null,"h":2}',
  );
});

test('literals and blocks: any text is read in bounded time without an exception', () => {
  const piece = fc.constantFrom(
    ...[
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      '"',
      "'",
      '`',
      '${',
      '\\',
      ':',
      '=',
      ',',
      '\n',
      '//',
      '/*',
      '*/',
      'a',
      '1',
      '...',
      '<<E\n',
      '#',
      ' ',
      'resource',
      '-',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      for (const syntax of ['javascript', 'hcl'] as const) {
        const { span } = new LiteralReader(text, 0, syntax).value();
        assert.ok(span.start >= 0 && span.end <= text.length);
      }
      for (const block of readHcl(text)) assert.ok(block.span.end <= text.length);
      for (const file of ['ecosystem.config.js', 'supervisord.conf', 'a.service', 'fly.toml']) {
        for (const head of ['', 'module.exports = ', '[program:x]\ncommand=', '[Service]\nExecStart=', 'app = "x"\n']) {
          for (const { at } of readManifest(`file:///w/${file}`, head + text))
            assert.ok(at.start <= at.end && at.end <= (head + text).length);
        }
      }
    }),
    { numRuns: 1500 },
  );
  for (const hostile of [
    '{'.repeat(50_000),
    '['.repeat(50_000),
    '{a:'.repeat(30_000),
    '"'.repeat(50_001),
    '/*'.repeat(30_000),
    '${'.repeat(40_000),
    'a b '.repeat(30_000),
    '<<A\n'.repeat(20_000),
  ]) {
    for (const file of [
      'ecosystem.config.js',
      'main.tf',
      'supervisord.conf',
      'a.service',
      'fly.toml',
      'package.json',
      'app.json',
      'template.yaml',
    ]) {
      for (const head of [
        '',
        'module.exports = ',
        'resource "aws_ecs_service" "a" {',
        '[program:x]\ncommand=',
        '[Service]\nExecStart=',
      ]) {
        assert.ok(Array.isArray(readManifest(`file:///w/${file}`, head + hostile)));
      }
    }
  }
});
