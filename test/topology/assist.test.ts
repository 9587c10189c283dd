import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { completeTopology, hoverTopology, type TopologyCompletion } from '../../server/src/topology/assist.ts';
import { good, knownRules } from './support.ts';

const context = { knownRules, environmentVariables: ['DATABASE_URL', 'POOL_SIZE'] };

/** Completes at the `|` of a text. */
function at(
  marked: string,
  uri = 'file:///srv/poolproof.yaml',
): { items: TopologyCompletion[]; text: string; labels: string[] } {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const items = completeTopology(uri, text, offset, context);
  return { items, text, labels: items.map((item) => item.label) };
}

/** The text after taking the item of this label. */
function taking(marked: string, label: string, uri?: string): string {
  const { items, text } = at(marked, uri);
  const item = items.find((candidate) => candidate.label === label);
  assert.ok(item, `${label} is not among ${items.map((candidate) => candidate.label).join(', ')}`);
  return text.slice(0, item.replace.start) + item.insertText + text.slice(item.replace.end);
}

const roots = ['databases', 'services', 'extra_connections', 'rules', 'thresholds', 'testFiles', 'exclude'];

test('keys of the root, without those that are there', () => {
  assert.deepEqual(at('|').labels, roots);
  assert.deepEqual(at('dat|').labels, roots);
  assert.deepEqual(at('databases:\n  main: {}\n|').labels, roots.slice(1));
  assert.deepEqual(at('|\ndatabases:\n  main: {}\n').labels, roots.slice(1));
});

test('an empty line completes the level of its indentation', () => {
  const frame = 'databases:\n  main:\n    engine: postgresql\nservices:\n  api:\n    database: main\n';
  assert.ok(at(`${frame}    |`).labels.includes('workers'));
  assert.ok(!at(`${frame}    |`).labels.includes('database'));
  assert.deepEqual(at(`${frame}  |`).labels, []);
  assert.ok(at(`${frame}|`).labels.includes('rules'));
  assert.deepEqual(at(`${frame}        |`).labels, []);
  assert.ok(at('databases:\n  main:\n    |\nservices:\n').labels.includes('max_connections'));
  assert.ok(at('databases:\n  main:\n    engine: x\n    |\n    version: 1\n').labels.includes('reserved'));
  assert.ok(!at('databases:\n  main:\n    engine: x\n    |\n    version: 1\n').labels.includes('version'));
  assert.ok(at('databases:\r\n  main:\r\n    |\r\n').labels.includes('reserved'));
  assert.ok(at('databases:\n  main:\n    pooler:\n      |').labels.includes('max_client_conn'));
});

test('half-typed and finished keys', () => {
  assert.equal(taking('services:\n  api:\n    wor|', 'workers'), 'services:\n  api:\n    workers: ');
  assert.equal(taking('services:\n  api:\n    wor|k: 4', 'workers'), 'services:\n  api:\n    workers: 4');
  assert.equal(taking('services:\n  api:\n    |', 'paths'), 'services:\n  api:\n    paths: ');
  assert.equal(taking('databases:\n  main:\n    poo|', 'pooler'), 'databases:\n  main:\n    pooler:\n      ');
  assert.equal(taking('serv|', 'services'), 'services:\n  ');
  assert.equal(taking('services:\n  api:\n    datab|', 'databases'), 'services:\n  api:\n    databases:\n      - ');
});

test('values: closed lists, well-known words, defaults, databases of the file', () => {
  assert.deepEqual(at('databases: {main: {pooler: {mode: |}}}').labels, ['session', 'transaction', 'statement']);
  assert.deepEqual(at('testFiles: |').labels, ['reduced', 'full', 'ignore']);
  assert.deepEqual(
    at('testFiles: re|').items.map((item) => item.replace),
    Array(3).fill({ start: 11, end: 13 }),
  );
  assert.equal(taking('testFiles:|', 'full'), 'testFiles: full');
  assert.equal(taking('testFiles: re|d # why', 'full'), 'testFiles: full # why');
  assert.ok(at('services:\n  api:\n    server: |').labels.includes('gunicorn'));
  assert.deepEqual(at('databases:\n  main:\n    reserved: |').labels, ['10']);
  const databases = 'databases:\n  main: {}\n  "read replica": {}\n';
  assert.deepEqual(at(`${databases}services:\n  api:\n    database: |`).labels, ['main', 'read replica']);
  assert.deepEqual(at(`services:\n  api:\n    database: |\n${databases}`).labels, ['main', 'read replica']);
  assert.deepEqual(at(`${databases}services:\n  api:\n    databases: [main, |]`).labels, ['main', 'read replica']);
  assert.deepEqual(at(`${databases}services:\n  api:\n    databases:\n      - |`).labels, ['main', 'read replica']);
  assert.deepEqual(at(`${databases}services:\n  api:\n    databases:\n    - ma|`).labels, ['main', 'read replica']);
  assert.deepEqual(at(`${databases}extra_connections:\n  - {name: x, database: |}`).labels, ['main', 'read replica']);
  assert.deepEqual(at(`${databases}extra_connections:\n  - name: x\n    database: m|`).labels, [
    'main',
    'read replica',
  ]);
});

test('rules, environment variables', () => {
  assert.deepEqual(at('rules:\n  |').labels, knownRules);
  assert.deepEqual(at('rules:\n  missing-pre-ping: |').labels, ['error', 'warning', 'information', 'hint', 'off']);
  assert.deepEqual(at('services:\n  api:\n    env:\n      |').labels, ['DATABASE_URL', 'POOL_SIZE']);
  assert.deepEqual(at('services:\n  api:\n    env: {POOL_SIZE: "1", |}').labels, ['DATABASE_URL']);
  assert.deepEqual(at('databases:\n  main:\n    connect: [|]').labels.slice(0, 2), ['DATABASE_URL', 'POOL_SIZE']);
  assert.deepEqual(at('databases:\n  main:\n    connect:\n      - D|').labels.slice(0, 2), [
    'DATABASE_URL',
    'POOL_SIZE',
  ]);
});

test('list items and brackets', () => {
  const keys = ['name', 'database', 'connections', 'via'];
  assert.deepEqual(at('extra_connections:\n  - |').labels, keys);
  assert.deepEqual(at('extra_connections:\n- |').labels, keys);
  assert.deepEqual(at('extra_connections:\n  - name: x\n    |').labels, keys.slice(1));
  assert.deepEqual(at('extra_connections:\n  - name: x\n  - database: y\n    |').labels, [
    'name',
    'connections',
    'via',
  ]);
  assert.deepEqual(at('extra_connections:\n  - {name: x, dat|}').labels, keys.slice(1));
  assert.deepEqual(at('extra_connections:\n  - {|').labels, keys);
  assert.equal(
    taking('extra_connections:\n  - {name: x, dat|}', 'database'),
    'extra_connections:\n  - {name: x, database: }',
  );
  assert.deepEqual(at('services:\n  api:\n    replicas: {|}').labels, ['min', 'max']);
  assert.deepEqual(at('services:\n  api:\n    replicas: {min: 1,\n      |}').labels, ['max']);
  // A bracket that is not closed does not swallow the lines below.
  assert.ok(at('services:\n  api:\n    replicas: {min: 1\n    workers: 4\n    |').labels.includes('threads'));
});

test('JSON', () => {
  const uri = 'file:///srv/poolproof.json';
  assert.ok(at('{|}', uri).labels.includes('$schema'));
  assert.equal(taking('{|}', 'databases', uri), '{"databases": }');
  assert.equal(taking('{"dat|"}', 'databases', uri), '{"databases": }');
  assert.equal(taking('{"dat|": {}}', 'databases', uri), '{"databases": {}}');
  assert.equal(
    taking('{\n  "databases": {"main": {}},\n  "services": {"api": {"database": |}}\n}', 'main', uri).includes(
      '"database": "main"',
    ),
    true,
  );
  assert.equal(taking('{\n  "testFiles": "|"\n}', 'full', uri), '{\n  "testFiles": "full"\n}');
  assert.ok(
    at('{\n  "services": {\n    "api": {\n      "server": "gunicorn",\n      |\n    }\n  }\n}', uri).labels.includes(
      'workers',
    ),
  );
});

test('no completion in comments, in block text and in unknown places', () => {
  assert.deepEqual(at('# |').labels, []);
  assert.deepEqual(at('testFiles: full # |').labels, []);
  assert.deepEqual(at('unknown:\n  |').labels, []);
  assert.deepEqual(at('exclude: >\n  a\n  |\n').labels, []);
});

test('items carry detail and documentation, and versions their quotes', () => {
  const reserved = at('databases:\n  main:\n    |').items.find((item) => item.label === 'reserved')!;
  assert.equal(reserved.detail, 'whole number, default 10');
  assert.match(reserved.documentation, /^Connections kept free/);
  assert.equal(taking('databases:\n  main:\n    version: |', '16'), 'databases:\n  main:\n    version: "16"');
  assert.equal(taking('services:\n  api:\n    max_surge: |', '25%'), 'services:\n  api:\n    max_surge: 25%');
});

function hover(marked: string): { markdown: string; covered: string } | undefined {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const found = hoverTopology('file:///srv/poolproof.yaml', text, offset);
  return found && { markdown: found.markdown, covered: text.slice(found.span.start, found.span.end) };
}

test('hover explains the key under the cursor and the key of a value', () => {
  const key = hover('databases:\n  main:\n    max_con|nections: 100 # x\n')!;
  assert.equal(key.covered, 'max_connections');
  assert.match(key.markdown, /^\*\*`max_connections`\*\*\n\nConnections the server accepts: SHOW max_connections\./);
  assert.equal(hover('databases:\n  main:\n    max_connections: 1|00 # x\n')!.covered, '100');
  assert.match(hover('databases:\n  ma|in: {}\n')!.markdown, /^\*\*`main`\*\* \(database\)/);
  assert.match(hover('services: {api: {work|ers: 4}}')!.markdown, /Processes per instance/);
  assert.match(hover('testFi|les: full')!.markdown, /text, default reduced · One of: `reduced`, `full`, `ignore`/);
  assert.match(hover('databases: {main: {provi|der: aws}}')!.markdown, /Well known: `aws`/);
  assert.match(hover('extra_connections:\n  - name: x\n    connec|tions: 1\n')!.markdown, /most connections it opens/);
  assert.equal(hover('nonsense|: 1'), undefined);
  assert.equal(hover('# comm|ent'), undefined);
  assert.equal(hover('databases:\n  main:\n    max_connections: 100 # x|x\n'), undefined);
});

test('completion and hover survive any text, and replace only inside it', () => {
  const piece = fc.constantFrom(
    ...[
      'services:',
      '\n',
      '  ',
      '- ',
      'api',
      ': ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      "'",
      '#',
      '|',
      '&a',
      '\t',
      '\r\n',
      'x',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(), (pieces, place) => {
      const text = pieces.join('');
      const offset = place % (text.length + 1);
      for (const item of completeTopology('file:///p.yaml', text, offset, context)) {
        assert.ok(item.replace.start <= offset && offset <= item.replace.end);
      }
      hoverTopology('file:///p.yaml', text, offset);
    }),
    { numRuns: 3000 },
  );
});

test('a large half-typed file is read in linear time', () => {
  const text = `services:\n${'  api: {database: main, env: {A: "1"\n'.repeat(20_000)}`;
  completeTopology('file:///p.yaml', text, text.length, context);
  for (const opening of ['{', '[', '{a: [', '- ', '? ', 'a:\n']) {
    completeTopology('file:///p.yaml', opening.repeat(100_000), 200_000, context);
  }
  good('services: {}\n');
});

test('process models: servers, classes, platforms, unknown, ranges', () => {
  const value = (line: string) => at(`services:\n  api:\n    ${line}`).labels;
  assert.ok(['gunicorn', 'cron', 'waitress', 'serverless'].every((word) => value('server: |').includes(word)));
  assert.ok(['gthread', 'wsgi', 'prefork', 'threadpool'].every((word) => value('worker_class: |').includes(word)));
  assert.ok(['kubernetes', 'lambda', 'vercel'].every((word) => value('platform: |').includes(word)));
  for (const key of ['workers', 'threads', 'concurrency', 'replicas'])
    assert.ok(value(`${key}: |`).includes('unknown'), key);
  assert.deepEqual(value('autoscale: {|}'), ['min', 'max']);
  assert.equal(taking('services:\n  api:\n    workers: |', 'unknown'), 'services:\n  api:\n    workers: unknown');
  const hover = hoverTopology('', 'services:\n  api:\n    autoscale: 10\n', 22)?.markdown ?? '';
  assert.match(hover, /autoscaler/);
});
