import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTopology } from '../../server/src/topology/parse.ts';
import { good, knownRules, parse, uri } from './support.ts';

const valid = `databases:
  main: {max_connections: 100, reserved: 10, connect: [DATABASE_URL]}
  other:
    provider: aws
    pooler: {kind: pgbouncer, mode: transaction, config: a/b.ini}
services:
  api: &base
    database: main
    server: gunicorn
    workers: 4
    replicas: {min: 2, max: 6}
    max_surge: 25%
    env: {POOL_SIZE: "11"}
  jobs: {<<: *base, server: celery, concurrency: 8}
extra_connections:
  - {name: metabase, database: other, connections: 10, via: pooler}
rules: {missing-pre-ping: off}
`;

function assertSound(text: string): void {
  const { problems } = parseTopology(uri, text, { knownRules });
  for (const problem of problems) {
    assert.ok(problem.message.length > 0);
    assert.ok(
      problem.at.start >= 0 && problem.at.end <= text.length && problem.at.start <= problem.at.end,
      problem.message,
    );
  }
}

const fragment = fc.constantFrom(
  ...[
    '\n',
    '  ',
    ':',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '&a ',
    '*a',
    '*base',
    '<<: ',
    '|',
    '>',
    '#',
    '\t',
    '\0',
    '\uFEFF',
  ],
  ...[
    '\uD800',
    '%',
    '!',
    '!!set ',
    '? ',
    '---\n',
    '...\n',
    '1e999',
    '-1',
    '__proto__',
    'constructor',
    'null',
    '~',
    '\r',
    ',',
  ],
);

test('the file that is mutated below is valid', () => {
  good(valid);
});

test('no mutation of a valid file makes the parser throw or point outside the text', () => {
  const edit = fc.record({
    at: fc.nat(),
    remove: fc.nat({ max: 12 }),
    insert: fc.oneof(fragment, fc.string({ maxLength: 4 })),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
      let text = valid;
      for (const { at, remove, insert } of edits) {
        const start = at % (text.length + 1);
        text = text.slice(0, start) + insert + text.slice(start + remove);
      }
      assertSound(text);
    }),
    { numRuns: 1500 },
  );
});

test('any text is survived', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), assertSound), { numRuns: 500 });
  fc.assert(
    fc.property(
      fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join('')),
      assertSound,
    ),
    { numRuns: 1000 },
  );
  const bytes = Uint8Array.from({ length: 4096 }, (_, index) => (index * 73 + 11) % 256);
  assertSound(new TextDecoder('latin1').decode(bytes));
  assertSound('\uD800: 1\nservices: {"\uDC00": 3, api: {"\uD800": 1}}\n');
});

test('an alias bomb is refused quickly', () => {
  const levels = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 12; level++) {
    levels.push(
      `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  }
  const { topology, problems } = parse(levels.join('\n'));
  assert.equal(topology, undefined);
  assert.match(problems[0]!.message, /more than 50000 values/);
});

test('ten thousand levels of nesting are refused', () => {
  for (const text of [
    '['.repeat(10_000),
    'a: {'.repeat(10_000),
    '- '.repeat(10_000),
    '['.repeat(10_000) + ']'.repeat(10_000),
    '? '.repeat(10_000),
  ]) {
    const { topology, problems } = parse(text);
    assert.equal(topology, undefined);
    assert.ok(problems.length >= 1);
  }
  assert.match(parse('a: ' + '['.repeat(200) + ']'.repeat(200)).problems[0]!.message, /more than 100 levels/);
});

test('a file that is too large is named once', () => {
  const { topology, problems } = parse('# x\n'.repeat(300_000));
  assert.equal(topology, undefined);
  assert.equal(problems.length, 1);
});

test('names that JavaScript knows are ordinary names', () => {
  const { topology } = good(
    'databases: {constructor: {max_connections: 100}, toString: {}}\nservices: {__proto__: {database: constructor, env: {__proto__: "1", constructor: "2"}}}\n',
  );
  assert.deepEqual([...topology.databases.keys()], ['constructor', 'toString']);
  assert.equal(topology.services.get('__proto__')!.databases[0]!.value, 'constructor');
  assert.deepEqual([...topology.services.get('__proto__')!.env.keys()], ['__proto__', 'constructor']);
  assert.equal(parse('databases: {__proto__: {wrong: 1}}\n').problems.length, 1);
  assert.equal(parse('__proto__: 1\n').problems.length, 1);
  assert.equal(parse('services: {api: {constructor: 1, databases: []}}\n').problems.length, 1);
});
