/** JSON with places: what the runtime's own parser makes of a text, and where each thing stands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Value } from '../../server/src/declarations/value.ts';
import { parseJson } from '../../server/src/syntax/json/parse.ts';

const uri = 'file:///config.json';

function contentOf(value: Value): unknown {
  if (value.kind === 'literal') return value.value;
  if (value.kind === 'sequence') return value.items.map(contentOf);
  assert.ok(value.kind === 'mapping');
  return Object.fromEntries(value.entries.map((each) => [each.key, contentOf(each.value)]));
}

test('every text says what JSON.parse says, and every literal stands where it says', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2, '\t'), (content, indent) => {
      const text = JSON.stringify(content, null, indent);
      const value = parseJson(uri, text);
      assert.ok(value !== undefined, text);
      assert.deepEqual(JSON.stringify(contentOf(value)), JSON.stringify(JSON.parse(text)));
      const visit = (each: Value): void => {
        if (each.kind === 'literal') assert.equal(JSON.parse(text.slice(each.at.start, each.at.end)), each.value);
        if (each.kind === 'sequence') each.items.forEach(visit);
        if (each.kind === 'mapping') for (const { value: inner } of each.entries) visit(inner);
      };
      visit(value);
    }),
  );
});

test('what JSON.parse refuses is refused', () => {
  for (const text of [
    '',
    '{',
    '{"a":1,}',
    '[1,]',
    '{a:1}',
    "{'a':1}",
    '01',
    '"\n"',
    '{"a" 1}',
    'null null',
    '// x\n{}',
    'nul',
  ])
    assert.equal(parseJson(uri, text), undefined, text);
});

test('depth and length have an end', () => {
  assert.equal(parseJson(uri, '['.repeat(100_000)), undefined);
  assert.equal(parseJson(uri, `"${'\\\\'.repeat(200_000)}`), undefined);
  assert.notEqual(parseJson(uri, `"${'x'.repeat(1_000_000)}"`), undefined);
});
