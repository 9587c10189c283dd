/** The edit that names a pgbouncer.ini in the topology file: in the file's own style, read back as meant, nothing else changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTopology } from '../../server/src/topology/parse.ts';
import { tieEdit, tieTargets } from '../../server/src/topology/tie.ts';

const path = 'deploy/pgbouncer.ini';

function tied(text: string, name = 'main', uri = 'file:///app/poolproof.yaml'): string | undefined {
  const edit = tieEdit(uri, text, name, path);
  if (edit === undefined) return undefined;
  const result = text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
  const { topology, problems } = parseTopology(uri, result, { knownRules: [] });
  assert.deepEqual(problems, [], result);
  const { pooler } = topology!.databases.get(name)!;
  assert.equal(pooler?.kind.value, 'pgbouncer');
  assert.equal(pooler?.config?.value, path);
  assert.equal(tieTargets([topology!], 'file:///app/deploy/pgbouncer.ini').length, topology!.databases.size - 1);
  return result;
}

test('below the last key of the database, indented as its keys are', () => {
  assert.equal(
    tied('databases:\n    main:\n        max_connections: 100  # as SHOW says\nservices: {}\n'),
    'databases:\n    main:\n        max_connections: 100  # as SHOW says\n        pooler:\n          kind: pgbouncer\n          config: deploy/pgbouncer.ini\nservices: {}\n',
  );
  assert.equal(
    tied('databases:\r\n  main:\r\n    connect:\r\n      - DATABASE_URL\r\n      - DB\r\n'),
    'databases:\r\n  main:\r\n    connect:\r\n      - DATABASE_URL\r\n      - DB\r\n    pooler:\r\n      kind: pgbouncer\r\n      config: deploy/pgbouncer.ini\r\n',
  );
});

test('inside braces', () => {
  assert.equal(
    tied('databases:\n  main: {max_connections: 100}\n  other: {max_connections: 50}\n'),
    'databases:\n  main: {max_connections: 100, pooler: {kind: pgbouncer, config: deploy/pgbouncer.ini}}\n  other: {max_connections: 50}\n',
  );
  assert.equal(
    tied('{"databases": {"main": {"max_connections": 100}}}', 'main', 'file:///app/poolproof.json'),
    '{"databases": {"main": {"max_connections": 100, "pooler": {"kind": "pgbouncer", "config": "deploy/pgbouncer.ini"}}}}',
  );
});

test('a pooler that is stated gets its file', () => {
  assert.equal(
    tied('databases:\n  main:\n    pooler: {kind: pgbouncer, mode: transaction}\n'),
    'databases:\n  main:\n    pooler: {kind: pgbouncer, mode: transaction, config: deploy/pgbouncer.ini}\n',
  );
  assert.equal(
    tied('databases:\n  main:\n    pooler:\n      kind: pgbouncer\n    max_connections: 100\n'),
    'databases:\n  main:\n    pooler:\n      kind: pgbouncer\n      config: deploy/pgbouncer.ini\n    max_connections: 100\n',
  );
});

test('nothing where the text leaves no room, or names no such database', () => {
  for (const text of [
    'databases:\n  main:\n',
    'databases: [main',
    'x: &d {max_connections: 100}\ndatabases:\n  main: *d\n',
    'databases:\n  other: {max_connections: 100}\n',
    'databases:\n  main: {pooler: pgbouncer}\n',
  ])
    assert.equal(tieEdit('file:///app/poolproof.yaml', text, 'main', path), undefined, text);
});

test('only PostgreSQL databases without a file, of the topology around it', () => {
  const text =
    'databases:\n  a: {engine: mysql}\n  b: {engine: postgresql, pooler: {kind: pgcat}}\n  c: {pooler: {kind: pgbouncer, config: x.ini}}\n  d: {engine: postgresql}\n';
  const { topology } = parseTopology('file:///app/poolproof.yaml', text, { knownRules: [] });
  const targets = (uri: string) => tieTargets([topology!], uri).map(({ database }) => database.name);
  assert.deepEqual(targets('file:///app/pgbouncer.ini'), ['d']);
  assert.deepEqual(targets('file:///elsewhere/pgbouncer.ini'), []);
});
