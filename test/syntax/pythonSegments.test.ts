import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits } from '../../server/src/core/text.ts';
import { cutPython, PythonFile } from '../../server/src/syntax/python/file.ts';
import { cutSegments } from '../../server/src/syntax/segmentedFile.ts';
import { pythonParser } from '../support/python.ts';

const parser = await pythonParser();

function statements(text: string): string[] {
  return cutSegments(text, cutPython).map((segment) => text.slice(segment.start, segment.end));
}

test('statements are cut where the next one begins', () => {
  assert.deepEqual(statements('import os\n\nx = (\n1,\n)\ndef f():\n    return 1\n'), [
    'import os\n\n',
    'x = (\n1,\n)\n',
    'def f():\n    return 1\n',
  ]);
});

test('clauses, decorators, continued lines and strings do not end a statement', () => {
  const pieces = [
    'try:\n    import a\nexcept ImportError:\n    a = None\nelse:\n    pass\nfinally:\n    pass\n',
    '@decorated\n# why\n@twice(\n1)\ndef f(): pass\n',
    "text = '''\ndef not_one(): pass\nx = 1\n'''\n",
    'y = 1 + \\\n2\n',
    "z = 'it\\'s' # def\n",
  ];
  assert.deepEqual(statements(pieces.join('')), pieces);
});

test('an unclosed bracket ends where a definition or an import begins', () => {
  assert.deepEqual(statements('x = create_engine(\n    url,\ndef f():\n    pass\n'), [
    'x = create_engine(\n    url,\n',
    'def f():\n    pass\n',
  ]);
});

const line = fc.constantFrom(
  'import os',
  'x = create_engine(',
  '    url,',
  ')',
  'def f(a, b=1):',
  '    return a',
  '    """doc',
  '"""',
  "s = 'a'",
  'class C:',
  'if x:',
  'else:',
  '# note',
  '@dec',
  '',
  'y = 1 \\',
  '\tz',
  'é = "\u{1F600}"',
);
const program = fc
  .array(line, { maxLength: 14 })
  .chain((lines) => fc.constantFrom('\n', '\r\n').map((ending) => lines.join(ending)));
const change = fc.record({
  from: fc.nat(),
  to: fc.nat(),
  newText: fc.oneof(line, fc.constantFrom('\n', '(', ')', '"""', "'", ' ', 'x', '\\\n', '')),
});

test('under random edits the incremental cut and every incremental tree equal fresh ones', () => {
  fc.assert(
    fc.property(program, fc.array(change, { minLength: 1, maxLength: 6 }), (start, changes) => {
      const file = new PythonFile('file:///a.py', start, parser);
      for (const segment of file.segments) file.tree(segment);
      for (const { from, to, newText } of changes) {
        const a = from % (file.text.length + 1);
        const b = to % (file.text.length + 1);
        const span = { start: Math.min(a, b), end: Math.min(Math.max(a, b), Math.min(a, b) + 12) };
        const expected = applyEdits(file.text, [{ ...span, newText }]);
        file.edit({ ...span, newText });
        assert.equal(file.text, expected);
        const fresh = new PythonFile('file:///a.py', expected, parser);
        const spans = (each: PythonFile) => each.segments.map(({ start, end }) => ({ start, end }));
        assert.deepEqual(spans(file), spans(fresh));
        assert.deepEqual(file.lines, fresh.lines);
        for (let index = 0; index < file.segments.length; index++) {
          const carried = file.tree(file.segments[index]!);
          const anew = fresh.tree(fresh.segments[index]!);
          // Where a text is broken the parser may repair it differently when it reuses nodes; that is its own affair.
          if (!anew.rootNode.hasError) assert.equal(carried.rootNode.toString(), anew.rootNode.toString());
        }
        fresh.release();
      }
      file.release();
    }),
    { numRuns: 600 },
  );
});
