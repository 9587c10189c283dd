import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { topologySchema } from '../../server/src/topology/schema.ts';
import { type SchemaNode, schemaAt, schemasAt } from '../../server/src/topology/schema-node.ts';
import { parse } from './support.ts';

test('the published schema is the one in use (node scripts/generate-schema.mjs)', () => {
  const published = readFileSync(join(process.env['POOLPROOF_ROOT']!, 'schemas/poolproof.schema.json'), 'utf8');
  assert.deepEqual(JSON.parse(published), JSON.parse(JSON.stringify(topologySchema())));
});

test('every key says what it means', () => {
  const silent: string[] = [];
  const visit = (schema: SchemaNode, path: string) => {
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      if (!property.description) silent.push(`${path}/${key}`);
      visit(property, `${path}/${key}`);
    }
    if (typeof schema.additionalProperties === 'object') visit(schema.additionalProperties, `${path}/*`);
    if (schema.items) visit(schema.items, `${path}/-`);
    for (const shape of schema.anyOf ?? []) visit(shape, path);
  };
  visit(topologySchema(), '');
  assert.deepEqual(silent, []);
});

test('without known rules any kebab-case id is accepted, with them only those', () => {
  const ids = (rules: readonly string[]) =>
    schemasAt(topologySchema(rules), ['rules']).flatMap((schema) => Object.keys(schema.properties ?? {}));
  assert.deepEqual(ids(['a-b']), ['a-b']);
  assert.deepEqual(ids([]), []);
  assert.equal(parse('rules: {no-such-rule-at-all: off}\n').problems.length, 1);
});

test('paths lead through unions, lists and names that users choose', () => {
  const schema = topologySchema();
  assert.equal(schemaAt(schema, ['services', 'x', 'replicas', 'max'])?.type, 'integer');
  assert.equal(schemaAt(schema, ['extra_connections', 3, 'via'])?.default, 'direct');
  assert.equal(schemaAt(schema, ['databases', 'constructor', 'toString']), undefined);
  assert.equal(schemaAt(schema, ['services', 'x', 'env', 'ANY'])?.additionalProperties, undefined);
});
