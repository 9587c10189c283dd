import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits, LineIndex } from '../../server/src/core/text.ts';

const piece = fc.constantFrom('a', 'bc', '\n', '\r\n', '\r', 'é', '\u{1F600}', '');
const text = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(''));

test('positions and offsets are inverse at every offset of a line', () => {
  fc.assert(
    fc.property(text, (content) => {
      const lines = LineIndex.of(content);
      for (let offset = 0; offset <= content.length; offset++) {
        assert.equal(lines.offset(lines.position(offset)), offset);
      }
    }),
  );
});

test('an index carried through an edit equals a fresh index', () => {
  fc.assert(
    fc.property(text, text, fc.nat(), fc.nat(), (content, inserted, first, second) => {
      const a = first % (content.length + 1);
      const b = second % (content.length + 1);
      const start = Math.min(a, b);
      const end = Math.max(a, b);
      const edited = applyEdits(content, [{ start, end, newText: inserted }]);
      const carried = LineIndex.of(content).withEdit(start, end, inserted, edited);
      assert.deepEqual(carried, LineIndex.of(edited));
    }),
    { numRuns: 2000 },
  );
});
