import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, onlyProblem, parse, serviceWith } from './support.ts';

const example = `# yaml-language-server: $schema=x
databases:
  main:
    engine: postgresql            # postgresql | mysql
    version: 1.20
    max_connections: 100          # SHOW max_connections
    reserved: 12
    cpu_cores: 4
    effective_spindles: 2
    idle_timeout: 350
    provider: aws
    connect: [DATABASE_URL, default]
    pooler:
      kind: pgbouncer
      mode: transaction
      config: deploy/pgbouncer.ini
      version: "1.24"
      instances: 2
      users: 2
      max_client_conn: 500
services:
  api:
    database: main
    paths: [services/api/**]
    server: gunicorn
    worker_class: uvicorn
    workers: 4
    threads: 1
    replicas: {min: 2, max: 6}
    max_surge: 25%
    platform: kubernetes
    workload: {concurrent_requests: 100, queries_per_request: 3}
    env: {POOL_SIZE: "11", LIMIT: 0x10, FLAG: true}
  jobs:
    database: main
    paths: [services/jobs/**, shared/db/**]
    server: celery
    concurrency: 8
    replicas: 1
extra_connections:
  - {name: metabase, database: main, connections: 10, via: pooler}
rules:
  missing-pre-ping: off
thresholds: {acquire_timeout: 12.5}
testFiles: full
exclude: vendor/**
`;

test('reads every part of the example, each with its place', () => {
  const { topology, slice } = good(example);
  assert.equal(topology.folder, 'file:///srv');
  const main = topology.databases.get('main')!;
  assert.equal(slice(main.at), 'main');
  assert.equal(main.version?.value, '1.20');
  assert.equal(main.maxConnections?.value, 100);
  assert.equal(slice(main.maxConnections?.at), '100');
  assert.equal(main.reserved.value, 12);
  assert.equal(slice(main.reserved.at), '12');
  assert.equal(main.effectiveSpindles.value, 2);
  assert.equal(slice(main.idleTimeout?.at), '350');
  assert.deepEqual(
    main.connect.map((name) => [name.value, slice(name.at)]),
    [
      ['DATABASE_URL', 'DATABASE_URL'],
      ['default', 'default'],
    ],
  );
  const pooler = main.pooler!;
  assert.equal(slice(pooler.at), 'pooler');
  assert.equal(pooler.mode?.value, 'transaction');
  assert.equal(pooler.config?.value, 'deploy/pgbouncer.ini');
  assert.equal(pooler.version?.value, '1.24');
  assert.equal(pooler.instances, 2);
  assert.equal(pooler.users?.value, 2);
  assert.deepEqual([...pooler.settings.keys()], ['max_client_conn']);
  const api = topology.services.get('api')!;
  assert.equal(slice(api.at), 'api');
  assert.deepEqual(
    api.paths?.map((path) => path.value),
    ['services/api/**'],
  );
  assert.deepEqual([api.replicas.steady, api.replicas.minimum, slice(api.replicas.at)], [6, 2, '6']);
  assert.deepEqual([api.maxSurge?.kind, api.maxSurge?.value, slice(api.maxSurge?.at)], ['percent', 25, '25%']);
  assert.deepEqual(
    [...api.env].map(([name, stated]) => [name, stated.value]),
    [
      ['POOL_SIZE', '11'],
      ['LIMIT', '0x10'],
      ['FLAG', 'true'],
    ],
  );
  assert.equal(api.workload?.queriesPerRequest.value, 3);
  assert.deepEqual([...topology.services.keys()], ['api', 'jobs']);
  const extra = topology.extraConnections[0]!;
  assert.deepEqual(
    [extra.name, extra.database.value, extra.connections.value, extra.via?.value],
    ['metabase', 'main', 10, 'pooler'],
  );
  assert.equal(slice(extra.at), 'metabase');
  assert.equal(topology.settings.rules.get('missing-pre-ping')?.value, 'off');
  assert.equal(topology.settings.thresholds.get('acquire_timeout')?.value, 12.5);
  assert.equal(topology.settings.testFiles?.value, 'full');
  assert.deepEqual(
    topology.settings.exclude.map((glob) => slice(glob.at)),
    ['vendor/**'],
  );
});

test('what is absent is absent, and the documented defaults apply', () => {
  const { topology } = good('databases:\n  main: {}\nservices:\n  api: {database: main}\n');
  const main = topology.databases.get('main')!;
  assert.equal(main.maxConnections, undefined);
  assert.deepEqual(main.reserved, { value: 10 });
  assert.deepEqual(main.effectiveSpindles, { value: 1 });
  assert.equal(main.idleTimeout, undefined);
  const api = topology.services.get('api')!;
  assert.deepEqual(api.replicas, { steady: 1, minimum: 1 });
  assert.equal(api.maxSurge, undefined);
  assert.equal(api.paths, undefined);
});

test('empty files and files of comments are topologies that name nothing', () => {
  for (const text of ['', '\n\n', '# nothing yet\n', '---\n', '---\n...\n', '{}', '\uFEFF']) {
    const { topology } = good(text);
    assert.equal(topology.databases.size, 0, JSON.stringify(text));
  }
});

test('a byte order mark and Windows line endings shift no span', () => {
  const { topology, slice } = good('\uFEFFdatabases:\r\n  main:\r\n    max_connections: 100\r\n');
  assert.equal(slice(topology.databases.get('main')!.at), 'main');
  assert.equal(slice(topology.databases.get('main')!.maxConnections!.at), '100');
});

test('JSON is read as well, tabs included', () => {
  const { topology, slice } = good(
    '{\n\t"databases": {"main": {"max_connections": 100}},\n\t"services": {"api": {"database": "main", "workers": 2}}\n}',
  );
  assert.equal(slice(topology.services.get('api')!.workers!.at), '2');
  assert.equal(slice(topology.services.get('api')!.at), '"api"');
});

test('anchors and merge keys are followed, and values point at where they are written', () => {
  const { topology, slice } = good(
    'databases: {main: {}}\nservices:\n  api: &base {database: main, server: gunicorn, workers: 4}\n  web: {<<: *base, workers: 2}\n  other: *base\n',
  );
  assert.equal(topology.services.get('web')!.workers?.value, 2);
  assert.equal(topology.services.get('web')!.server?.value, 'gunicorn');
  assert.equal(slice(topology.services.get('other')!.workers?.at), '4');
});

test('providers lend their known idle timeout, stated values win', () => {
  const timeout = (lines: string) =>
    good(`databases:\n  main: {${lines}}\n`).topology.databases.get('main')!.idleTimeout?.value;
  assert.equal(timeout('provider: aws'), 350);
  assert.equal(timeout('provider: azure'), 240);
  assert.equal(timeout('provider: gcp'), 600);
  assert.equal(timeout('provider: neon'), undefined);
  assert.equal(timeout('provider: aws, idle_timeout: 60'), 60);
});

test('max_surge is a percentage or a whole number; Kubernetes has a default', () => {
  const surge = (...lines: string[]) => {
    const found = serviceWith(...lines).maxSurge;
    return found && [found.kind, found.value, found.kind === 'percent' ? found.platformDefault : undefined];
  };
  assert.deepEqual(surge('max_surge: 50%'), ['percent', 50, undefined]);
  assert.deepEqual(surge('max_surge: "1"'), ['count', 1, undefined]);
  assert.deepEqual(surge('max_surge: 2'), ['count', 2, undefined]);
  assert.deepEqual(surge('platform: kubernetes'), ['percent', 25, true]);
  assert.deepEqual(surge('platform: kubernetes', 'max_surge: 0'), ['count', 0, undefined]);
  assert.equal(surge('platform: heroku'), undefined);
});

const frame = (line: string) =>
  `databases:\n  main: {max_connections: 100}\nservices:\n  api:\n    database: main\n    ${line}\n`;

test('wrong values: the problem stands on the value and says what is expected', () => {
  const cases: [string, string, RegExp][] = [
    ['workers: four', 'four', /^workers is a whole number from 1 to 100000, or unknown\.$/],
    ['workers: 0', '0', /from 1 to 100000, or unknown\. Found 0\.$/],
    ['workers: 1.5', '1.5', /Found 1\.5\.$/],
    ['workers: .inf', '.inf', /whole number/],
    ['workers: [4]', 'workers', /Found a list/],
    ['workers:', 'workers', /Found nothing/],
    ['replicas: many', 'many', /a range such as \{min: 2, max: 6\}/],
    ['replicas: -1', '-1', /Found -1/],
    ['replicas: {min: 2}', 'replicas', /lacks max\. Add max: Most instances/],
    ['replicas: {min: 2, max: x}', 'x', /^max must be a whole number/],
    ['replicas: {min: 5, max: 2}', '5', /^min 5 is above max 2/],
    ['max_surge: 25 percent', '25 percent', /^max_surge is a percentage such as 25%/],
    ['max_surge: -1', '-1', /whole number of instances/],
    ['max_surge: 1.5', '1.5', /whole number of instances/],
    ['env: [A]', 'env', /^env must be a mapping/],
    ['env: {A: [1]}', 'A', /^A must be text or a number or true or false, not a list/],
    ['workload: {concurrent_requests: 5}', 'workload', /^This workload lacks queries_per_request/],
    ['paths: [../other/**]', '../other/**', /leaves this file's folder/],
    ['paths: /etc', '/etc', /leaves this file's folder/],
    ["paths: ['a*b*c*d*e*f*g*h*i*j']", "'a*b*c*d*e*f*g*h*i*j'", /too many wildcards/],
  ];
  for (const [line, covered, message] of cases) {
    const problem = onlyProblem(frame(line));
    assert.equal(problem.covered, covered, line);
    assert.match(problem.message, message, line);
    assert.equal(problem.rule, 'topology-invalid');
    assert.ok(problem.topology, line);
  }
});

test('unknown keys: on the key, with the nearest known one', () => {
  const problem = onlyProblem(frame('wrokers: 4'));
  assert.equal(problem.covered, 'wrokers');
  assert.equal(problem.message, 'wrokers is not a known key of a service. Did you mean workers?');
  assert.deepEqual(problem.suggestion && [problem.suggestion.newText, problem.suggestion.title], [
    'workers',
    'Change to workers',
  ]);
  assert.equal(onlyProblem(frame('zzz: 1')).suggestion, undefined);
  assert.match(onlyProblem(frame('zzz: 1')).message, /Known here: database, databases, paths, server/);
  assert.equal(onlyProblem(frame('replicas: {mim: 1, max: 2}')).suggestion?.newText, 'min');
  assert.equal(onlyProblem('database: {}\n').suggestion?.newText, 'databases');
  assert.equal(onlyProblem('rules: {missing-preping: off}\n').suggestion?.newText, 'missing-pre-ping');
  assert.equal(onlyProblem('{"servces": {}}').suggestion?.newText, '"services"');
});

test('closed and open vocabularies', () => {
  const mode = onlyProblem('databases: {main: {pooler: {kind: pgbouncer, mode: transacton}}}\n');
  assert.deepEqual([mode.covered, mode.suggestion?.newText], ['transacton', 'transaction']);
  assert.match(mode.message, /^mode must be one of session, transaction, statement\. Did you mean transaction\?$/);
  const server = onlyProblem(frame('server: gunicron'));
  assert.deepEqual([server.covered, server.suggestion?.newText], ['gunicron', 'gunicorn']);
  good(frame('server: puma'));
  assert.equal(
    good('databases: {main: {engine: postgres}}\n').topology.databases.get('main')!.engine?.value,
    'postgresql',
  );
  assert.equal(onlyProblem('testFiles: fulll\n').suggestion?.newText, 'full');
  assert.equal(onlyProblem('rules: {missing-pre-ping: warn}\n').covered, 'warn');
});

test('a number in quotes loses them by the suggestion', () => {
  const problem = onlyProblem(frame('workers: "4"'));
  assert.deepEqual([problem.covered, problem.suggestion?.newText], ['"4"', '4']);
});

test('references must be defined', () => {
  const one = onlyProblem('databases: {main: {}}\nservices: {api: {database: mian}}\n');
  assert.deepEqual([one.rule, one.covered, one.suggestion?.newText], ['topology-unknown-reference', 'mian', 'main']);
  assert.deepEqual(one.topology!.services.get('api')!.databases, []);
  const several = onlyProblem('databases: {main: {}}\nservices: {api: {databases: [main, warehouse]}}\n');
  assert.deepEqual([several.covered, several.suggestion], ['warehouse', undefined]);
  assert.match(several.message, /Defined: main\. Add it under databases/);
  assert.equal(several.topology!.services.get('api')!.databases.length, 1);
  const extra = onlyProblem('databases: {main: {}}\nextra_connections: [{name: x, database: "man", connections: 1}]\n');
  assert.deepEqual([extra.covered, extra.suggestion?.newText], ['"man"', '"main"']);
});

test('a service names its database, once', () => {
  assert.equal(onlyProblem('databases: {main: {}}\nservices: {api: {workers: 1}}\n').covered, 'api');
  good('services: {web: {databases: []}}\n');
  assert.equal(
    onlyProblem('databases: {main: {}}\nservices: {api: {database: main, databases: [main]}}\n').covered,
    'databases',
  );
});

test('relations between numbers', () => {
  const stated = onlyProblem('databases: {main: {max_connections: 100, reserved: 101}}\n');
  assert.equal(stated.covered, '101');
  assert.equal(stated.topology!.databases.get('main')!.maxConnections, undefined);
  const byDefault = onlyProblem('databases: {main: {max_connections: 5}}\n');
  assert.equal(byDefault.covered, '5');
  good('databases: {main: {max_connections: 10}}\n');
});

test('missing keys of list items, via a pooler that is not there', () => {
  const lacking = onlyProblem('databases: {main: {}}\nextra_connections:\n  - name: x\n    database: main\n');
  assert.equal(lacking.covered, 'name');
  assert.match(
    lacking.message,
    /^This extra connection lacks connections\. Add connections: The most connections it opens\.$/,
  );
  assert.equal(
    onlyProblem('databases: {main: {}}\nextra_connections: [{name: x, database: main, connections: 1, via: pooler}]\n')
      .covered,
    'pooler',
  );
  assert.equal(onlyProblem('databases: {main: {pooler: {mode: session}}}\n').covered, 'pooler');
});

test('config stays in the folder', () => {
  const config = (path: string) =>
    parse(`databases: {main: {pooler: {kind: pgbouncer, config: '${path}'}}}\n`).problems.length;
  for (const path of [
    '../x.ini',
    'a/../../x.ini',
    '/etc/x.ini',
    'C:\\x.ini',
    'c:/x.ini',
    '..\\x.ini',
    '\\\\host\\x',
    'file:///etc/passwd',
  ]) {
    assert.equal(config(path), 1, path);
  }
  for (const path of ['x.ini', './x.ini', 'a/../x.ini', 'deploy/..x.ini']) assert.equal(config(path), 0, path);
});

test('repeated keys: the second is reported, the first counts', () => {
  const problem = onlyProblem(
    'databases: {main: {}}\nservices:\n  api: {database: main, workers: 2}\n  api: {database: main, workers: 9}\n',
  );
  assert.equal(problem.covered, 'api');
  assert.ok(problem.at.start > 60);
  assert.equal(problem.topology!.services.get('api')!.workers?.value, 2);
});

test('an invalid part leaves the rest in force, and what depends on it unknown', () => {
  const { topology, problems, slice } = parse(
    'databases: {main: {max_connections: 100, reserved: x}, other: {max_connections: 50}}\nservices:\n  api: {database: main, server: gunicorn, workers: no}\n  web: {database: other, server: gunicorn, workers: 2, replicas: lots}\n  good: {database: other, workers: 3}\n  broken: 5\n',
  );
  assert.equal(problems.length, 4);
  assert.equal(topology!.databases.get('main')!.maxConnections, undefined);
  assert.equal(topology!.databases.get('other')!.maxConnections?.value, 50);
  const api = topology!.services.get('api')!;
  assert.deepEqual(
    api.processesPerInstance.known === false && [api.processesPerInstance.reason, slice(api.processesPerInstance.at)],
    ['workers is not valid', 'workers'],
  );
  assert.equal(topology!.services.get('web')!.processesPerInstance.known, false);
  assert.equal(topology!.services.get('good')!.processesPerInstance.known, true);
  assert.equal(topology!.services.has('broken'), false);
});

test('what cannot be read at all yields problems and no topology', () => {
  const cases: [string, RegExp, string][] = [
    ['databases:\n\tmain: {}\n', /tab as indentation/, '\t'],
    ['databases: {main: {}\n', /./, '\n'],
    ['- a\n- b\n', /is a mapping/, '- a'],
    ['just text\n', /is a mapping/, 'just text'],
    ['a: *nope\n', /names no anchor/, '*nope'],
    ['a: &x [*x]\n', /inside the value it repeats/, '*x'],
    ['? [a]\n: 1\n', /A key is a plain name/, '[a]'],
    ['a: "open\n', /closing/, '"'],
  ];
  for (const [text, message, covered] of cases) {
    const { topology, problems, slice } = parse(text);
    assert.equal(topology, undefined, text);
    assert.equal(problems.length, 1, text);
    assert.match(problems[0]!.message, message, text);
    if (covered !== '\n' && covered !== '\t' && covered !== '"') assert.equal(slice(problems[0]!.at), covered, text);
    assert.ok(problems[0]!.at.end > problems[0]!.at.start, text);
  }
});

test('of several documents the first counts', () => {
  const problem = onlyProblem('databases: {main: {}}\n---\nservices: {}\nrules: {}\n');
  assert.equal(problem.covered, 'services: {}');
  assert.equal(problem.topology!.databases.size, 1);
});

test('messages never quote text that stands as a value', () => {
  const secret = 'postgres://user:hunter2@db.example.com/x';
  const places = [
    frame(`workers: ${secret}`),
    frame(`max_surge: ${secret}`),
    frame(`replicas: ${secret}`),
    frame(`password: ${secret}`),
    frame(`"${secret}": 1`),
    `testFiles: ${secret}\n`,
    `services: {api: {database: "${secret}"}}\n`,
    `services: {"${secret}": {}}\n`,
    `databases: {main: {engine: "${secret}", max_connections: "hunter2"}}\n`,
    `hunter2@x: {\n`,
    `a: "${secret}\n`,
    `${secret}\n`,
  ];
  for (const text of places) {
    const { problems } = parse(text);
    assert.ok(!JSON.stringify(problems).includes('hunter2'), text);
  }
});
