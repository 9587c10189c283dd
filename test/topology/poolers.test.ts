/** PgBouncer where no pgbouncer.ini says anything: variables of its images, objects of operators. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of compose files.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { topologyDraft } from '../../server/src/present/topologyDraft.ts';
import { compareWithManifests } from '../../server/src/topology/compare.ts';
import { readManifest } from '../../server/src/topology/manifests/read.ts';
import { analyseFiles, createProject, type Files, uriOf } from '../support/workspace.ts';
import { good } from './support.ts';

/** "pgbouncer: default_pool_size 40 @40", and `(default)` where nothing states it. */
function facts(file: string, text: string): string[] {
  return readManifest(`file:///srv/${file}`, text).map(({ service, key, value, isDefault, at }) => {
    const shown = text.slice(at.start, at.end);
    return `${service}: ${key} ${value ?? '?'}${isDefault ? ' (default)' : ''} @${shown}`;
  });
}

const compose = (image: string, environment: string, more = '') =>
  `services:\n  pgbouncer:\n    image: ${image}\n    environment: ${environment}\n${more}`;

describe('edoburu/pgbouncer', () => {
  test('its variables are the settings in capitals; what is not set is the default', () => {
    const image = 'edoburu/pgbouncer:v1.24.1-p1';
    const variables =
      '{DB_HOST: db, DB_PASSWORD: s3kDq91xv, POOL_MODE: Transaction, DEFAULT_POOL_SIZE: 40, MAX_DB_CONNECTIONS: "90"}';
    assert.deepEqual(facts('compose.yaml', compose(image, variables, '    deploy: {replicas: 2}\n')), [
      `pgbouncer: pooler pgbouncer @${image}`,
      `pgbouncer: pooler_version 1.24.1 @${image}`,
      'pgbouncer: pooler_host db @db',
      'pgbouncer: pooler_mode transaction @Transaction',
      'pgbouncer: default_pool_size 40 @40',
      `pgbouncer: max_client_conn 100 (default) @${image}`,
      'pgbouncer: max_db_connections 90 @90',
      `pgbouncer: ignore_startup_parameters extra_float_digits (default) @${image}`,
      'pgbouncer: pooler_instances 2 @2',
    ]);
  });

  test('of a URL the host alone', () => {
    const found = facts(
      'compose.yaml',
      compose('docker.io/edoburu/pgbouncer', '["DATABASE_URL=postgres://u:s3kDq91xv@db.internal:5432/shop"]'),
    );
    assert.ok(found.some((line) => line.startsWith('pgbouncer: pooler_host db.internal @')));
    assert.equal(
      found.some((line) => line.includes('pooler_version')),
      false,
      'no tag, no version',
    );
  });

  test('what comes from elsewhere is not known', () => {
    const open = facts(
      'compose.yaml',
      compose('edoburu/pgbouncer:latest', '{DEFAULT_POOL_SIZE: "${SIZE:-20}"}', '    env_file: .env\n'),
    );
    for (const key of ['pooler_mode', 'default_pool_size', 'max_client_conn'])
      assert.ok(
        open.some((line) => line.startsWith(`pgbouncer: ${key} ? `)),
        key,
      );
    const mounted = facts(
      'compose.yaml',
      compose(
        'edoburu/pgbouncer',
        '{POOL_MODE: transaction}',
        '    volumes: ["./p.ini:/etc/pgbouncer/pgbouncer.ini:ro"]\n',
      ),
    );
    assert.deepEqual(mounted, [
      'pgbouncer: pooler pgbouncer @edoburu/pgbouncer',
      'pgbouncer: pooler_mode ? @edoburu/pgbouncer',
    ]);
    const lists = facts(
      'compose.yaml',
      compose('edoburu/pgbouncer', '{}', '    volumes: ["./users.txt:/etc/pgbouncer/userlist.txt"]\n'),
    );
    assert.ok(lists.includes('pgbouncer: default_pool_size 20 (default) @edoburu/pgbouncer'));
  });

  test('another image, or a command of its own, is none of these', () => {
    assert.deepEqual(facts('compose.yaml', compose('example/pgbouncer', '{POOL_MODE: transaction}')), []);
    assert.deepEqual(facts('compose.yaml', compose('edoburu/pgbouncer', '{}', '    command: pgbouncer /x.ini\n')), []);
  });
});

test('bitnami/pgbouncer: its prefix, and what it does not hand on', () => {
  const image = 'bitnami/pgbouncer:1.23.1-debian-12-r4';
  const variables =
    '{POSTGRESQL_HOST: db, PGBOUNCER_POOL_MODE: transaction, PGBOUNCER_MAX_CLIENT_CONN: 500, PGBOUNCER_MAX_USER_CONNECTIONS: 9, POOL_MODE: session}';
  assert.deepEqual(facts('compose.yaml', compose(image, variables)), [
    `pgbouncer: pooler pgbouncer @${image}`,
    `pgbouncer: pooler_version 1.23.1 @${image}`,
    'pgbouncer: pooler_host db @db',
    'pgbouncer: pooler_mode transaction @transaction',
    `pgbouncer: default_pool_size 20 (default) @${image}`,
    'pgbouncer: max_client_conn 500 @500',
    `pgbouncer: ignore_startup_parameters extra_float_digits (default) @${image}`,
  ]);
});

describe('Kubernetes', () => {
  const pod = (kind: string, containers: string, replicas = 'replicas: 3, ') =>
    facts(
      'deployment.yaml',
      `kind: ${kind}\nmetadata: {name: a}\nspec: {${replicas}template: {spec: {containers: ${containers}}}}\n`,
    );
  const pooler =
    '{image: "edoburu/pgbouncer:1.18.0", env: [{name: POOL_MODE, value: transaction}, {name: DEFAULT_POOL_SIZE, valueFrom: {}}]}';

  test('a Deployment of the image', () => {
    assert.deepEqual(pod('Deployment', `[${pooler}]`), [
      'a: pooler pgbouncer @"edoburu/pgbouncer:1.18.0"',
      'a: pooler_version 1.18.0 @"edoburu/pgbouncer:1.18.0"',
      'a: pooler_mode transaction @transaction',
      'a: default_pool_size ? @{name: DEFAULT_POOL_SIZE, valueFrom: {}}',
      'a: max_client_conn 100 (default) @"edoburu/pgbouncer:1.18.0"',
      'a: ignore_startup_parameters extra_float_digits (default) @"edoburu/pgbouncer:1.18.0"',
      'a: pooler_instances 3 @3',
    ]);
    assert.ok(pod('DaemonSet', `[${pooler}]`, '').includes('a: pooler_instances ? @DaemonSet'));
  });

  test('beside a program: one in each of its pods', () => {
    const found = pod('Deployment', `[{image: shop, command: [gunicorn, a:a]}, ${pooler}]`);
    assert.ok(found.includes('a: replicas 3 @3'));
    assert.ok(found.includes('a-pgbouncer: pooler_instances ? @Deployment'));
  });

  test('CloudNativePG', () => {
    const object = (spec: string) =>
      facts(
        'pooler.yaml',
        `apiVersion: postgresql.cnpg.io/v1\nkind: Pooler\nmetadata: {name: p}\nspec: {cluster: {name: db}, ${spec}}\n`,
      );
    assert.deepEqual(
      object(
        'instances: 3, type: rw, pgbouncer: {poolMode: transaction, parameters: {default_pool_size: "25", ignore_startup_parameters: search_path}}',
      ),
      [
        'p: pooler pgbouncer @Pooler',
        'p: pooler_host db @db',
        'p: pooler_instances 3 @3',
        'p: pooler_mode transaction @transaction',
        'p: pooler_users 2 @Pooler',
        'p: default_pool_size 25 @"25"',
        'p: max_client_conn 100 (default) @Pooler',
        'p: ignore_startup_parameters extra_float_digits,options,search_path @search_path',
      ],
    );
    assert.ok(object('pgbouncer: {}').includes('p: pooler_mode session (default) @Pooler'));
    assert.deepEqual(object('type: ro, pgbouncer: {poolMode: transaction}'), [], 'replicas are other servers');
    assert.deepEqual(
      facts(
        'cluster.yaml',
        'apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db}\nspec: {postgresql: {parameters: {max_connections: "200"}}}\n',
      ),
      ['db: engine postgresql @Cluster', 'db: max_connections 200 @"200"'],
    );
  });

  test("Zalando's operator", () => {
    const object = (spec: string) =>
      facts('db.yaml', `apiVersion: acid.zalan.do/v1\nkind: postgresql\nmetadata: {name: db}\nspec: {${spec}}\n`);
    assert.deepEqual(object('connectionPooler: {numberOfInstances: 2, mode: session, maxDBConnections: 60}').slice(1), [
      'db-pooler: pooler pgbouncer @postgresql',
      'db-pooler: pooler_host db @postgresql',
      'db-pooler: pooler_mode session @session',
      'db-pooler: pooler_instances 2 @2',
      'db-pooler: default_pool_size 15 @60',
      'db-pooler: reserve_pool_size 7 @60',
      'db-pooler: min_pool_size 7 @60',
      'db-pooler: max_db_connections 30 @60',
      'db-pooler: pooler_users 2 @postgresql',
      'db-pooler: max_client_conn 10000 (default) @postgresql',
    ]);
    const bare = object('enableConnectionPooler: true');
    for (const key of ['pooler_mode', 'pooler_instances', 'default_pool_size'])
      assert.ok(
        bare.some((line) => line.startsWith(`db-pooler: ${key} ? `)),
        key,
      );
    assert.deepEqual(object('enableConnectionPooler: false, connectionPooler: {numberOfInstances: 2}'), [
      'db: engine postgresql @postgresql',
    ]);
  });
});

const shop: Files = {
  'app/db.py':
    'import os\nfrom sqlalchemy import create_engine\n\nengine = create_engine(os.environ["DATABASE_URL"], pool_size=10, max_overflow=0)\n',
  'docker-compose.yml': `services:
  web:
    build: .
    command: gunicorn app:app --workers 4
    deploy: {replicas: 2}
  pgbouncer:
    image: edoburu/pgbouncer:v1.24.1-p1
    environment:
      DB_HOST: db
      POOL_MODE: transaction
      DEFAULT_POOL_SIZE: 30
      RESERVE_POOL_SIZE: 5
      MAX_CLIENT_CONN: 60
  db:
    image: postgres:16
    command: postgres -c max_connections=40
`,
};

async function draftOf(files: Files): Promise<string> {
  const { project } = await createProject(files);
  return topologyDraft(await project.analyse(), project.manifestFacts);
}

function poolerOf(draft: string): string {
  return /^ {4}pooler:\n(?: {6}.*\n)*/m.exec(draft)?.[0] ?? '';
}

test('init writes the pooler, and with it the sums count', async () => {
  const draft = await draftOf(shop);
  assert.equal(
    poolerOf(draft),
    `    pooler:
      kind: pgbouncer  # from docker-compose.yml:7
      mode: transaction  # from docker-compose.yml:10
      version: 1.24.1  # from docker-compose.yml:7
      default_pool_size: 30  # from docker-compose.yml:11
      reserve_pool_size: 5  # from docker-compose.yml:12
      max_client_conn: 60  # from docker-compose.yml:13
      ignore_startup_parameters: extra_float_digits  # the default, which docker-compose.yml:7 leaves in force
`,
  );
  assert.match(draft, /^services:\n {2}web:\n(?: {4}.*\n)* {4}replicas: 2/m);
  assert.equal(draft.includes('\n  pgbouncer:'), false, 'a pooler is no service');
  const { fleets, findings } = await analyseFiles({ ...shop, 'poolproof.yaml': draft });
  const [budget] = fleets[0]!.databases;
  assert.deepEqual([budget!.total.value, budget!.budget, budget!.fits], [35, 30, false]);
  assert.deepEqual([budget!.pooler!.clients.value, budget!.pooler!.maxClientConnections], [80, 60]);
  const rules = new Set(findings.map(({ rule }) => rule));
  assert.ok(rules.has('clients-exceed-pooler-limit') && rules.has('fleet-exceeds-max-connections'));
  assert.equal(rules.has('topology-drift'), false);
});

test('of several servers each has its own; an autoscaler says how many poolers there are', async () => {
  const draft = await draftOf({
    ...shop,
    'docker-compose.yml': `${shop['docker-compose.yml']}  archive:\n    image: postgres:16\n`,
    'k8s/hpa.yaml':
      'kind: HorizontalPodAutoscaler\nmetadata: {name: x}\nspec: {scaleTargetRef: {name: pgbouncer}, maxReplicas: 4}\n',
  });
  assert.match(draft, /^ {2}db:\n(?: {4}.*\n)*? {4}pooler:\n {6}kind: pgbouncer/m);
  assert.match(draft, /instances: 4 {2}# from k8s\/hpa\.yaml:3/);
  assert.equal(draft.match(/pooler:/g)!.length, 1);
});

test('a file that is mounted is named where the workspace has it', async () => {
  const draft = await draftOf({
    ...shop,
    'deploy/pgbouncer.ini': '[databases]\nshop = host=db\n\n[pgbouncer]\npool_mode = session\n',
    'docker-compose.yml': shop['docker-compose.yml']!.replace(
      '    environment:\n      DB_HOST',
      '    volumes: ["./deploy/pgbouncer.ini:/etc/pgbouncer/pgbouncer.ini"]\n    environment:\n      DB_HOST',
    ),
  });
  assert.equal(
    poolerOf(draft),
    `    pooler:
      kind: pgbouncer  # from docker-compose.yml:7
      config: deploy/pgbouncer.ini  # from deploy/pgbouncer.ini:1
      version: 1.24.1  # from docker-compose.yml:7
`,
  );
});

test('what the topology states otherwise than the manifest is drift', async () => {
  const { project } = await createProject(shop);
  await project.analyse();
  const disagreements = (pooler: string) => {
    const { topology } = good(`databases:\n  main:\n    pooler: {kind: pgbouncer, ${pooler}}\nservices: {}\n`);
    return compareWithManifests({ ...topology, folder: 'file:///workspace' }, project.manifestFacts).map(
      ({ name, key, stated, fact }) => `${name}: ${key} ${stated.value}, not ${fact.value}`,
    );
  };
  assert.deepEqual(disagreements('mode: transaction, version: "1.24", default_pool_size: 30, max_client_conn: 60'), []);
  assert.deepEqual(disagreements('mode: session, version: "1.23", default_pool_size: 20, max_db_connections: 9'), [
    'The pooler of main: mode session, not transaction',
    'The pooler of main: version 1.23, not 1.24.1',
    'The pooler of main: default_pool_size 20, not 30',
  ]);
});

test('drift says what is a default, and what rests on it', async () => {
  const topology =
    'databases:\n  main:\n    max_connections: 100\n    pooler: {kind: pgbouncer, mode: session, default_pool_size: 25}\nservices: {}\n';
  const { findings } = await analyseFiles({
    'poolproof.yaml': topology,
    'compose.yaml': compose('edoburu/pgbouncer:1.24.0', '{POOL_MODE: transaction}'),
  });
  assert.deepEqual(
    findings
      .filter(({ rule }) => rule === 'topology-drift')
      .map(({ message, fixes }) => [message, fixes[0]!.edits[0]!.newText]),
    [
      [
        "The pooler of main has mode session here and transaction in compose.yaml; what is told goes by session. Take over the manifest's value, or correct the manifest.",
        'transaction',
      ],
      [
        "The pooler of main has default_pool_size 25 here and 20, the default, in compose.yaml; the sum counts 25. Take over the manifest's value, or correct the manifest.",
        '20',
      ],
    ],
  );
});

test('what keeps it from starting is told at its place in the manifest, without a topology too', async () => {
  const text = `services:
  pgbouncer:
    image: edoburu/pgbouncer
    environment:
      POOL_SIZE: 30
      POOL_MODE: transactional
      # poolproof: ignore[pgbouncer-invalid-value] for a test
      MAX_CLIENT_CONN: many
      RESERVE_POOL_SIZE: 0x10
`;
  const { findings } = await analyseFiles({ 'docker-compose.yml': text });
  assert.deepEqual(
    findings.map(({ rule, at, message }) => [rule, text.slice(at.start, at.end), message.includes('does not start')]),
    [
      ['pgbouncer-unknown-setting', 'POOL_SIZE', true],
      ['pgbouncer-invalid-value', 'transactional', true],
    ],
  );
  const [fix] = findings[0]!.fixes;
  assert.equal(fix!.title, 'Rename to DEFAULT_POOL_SIZE');
  assert.deepEqual(fix!.edits, [
    {
      uri: uriOf('docker-compose.yml'),
      start: text.indexOf('POOL_SIZE'),
      end: text.indexOf('POOL_SIZE') + 9,
      newText: 'DEFAULT_POOL_SIZE',
    },
  ]);
});

test('in manifests of Kubernetes as well, which may silence it', async () => {
  const text = (comment: string) => `apiVersion: postgresql.cnpg.io/v1
kind: Pooler
metadata: {name: pgbouncer}
spec:
  cluster: {name: db}
  pgbouncer:
    parameters:
      ${comment}
      default_pool_size: "all"
`;
  const rules = async (comment: string) =>
    (await analyseFiles({ 'k8s/pooler.yaml': text(comment) })).findings.map(({ rule }) => rule);
  assert.deepEqual(await rules('# sizes'), ['pgbouncer-invalid-value']);
  assert.deepEqual(await rules('# poolproof: ignore[pgbouncer-invalid-value] for a test'), []);
});

test('an image that lets anybody in', async () => {
  const found = async (path: string, type: string) =>
    (await analyseFiles({ [path]: compose('edoburu/pgbouncer', `{AUTH_TYPE: ${type}}`) })).findings.map(
      ({ rule, severity }) => `${severity} ${rule}`,
    );
  assert.deepEqual(await found('compose.yaml', 'trust'), ['warning pgbouncer-insecure-auth']);
  assert.deepEqual(await found('compose.yaml', 'any'), ['warning pgbouncer-insecure-auth']);
  assert.deepEqual(await found('compose.yaml', 'scram-sha-256'), []);
  assert.deepEqual(await found('compose.dev.yaml', 'trust'), []);
});
