/** The compiled search over bytes against the plain one over text. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Clause, TextSearch } from '../../server/src/workspace/textSearch.ts';
import { WordSearch } from '../../server/src/workspace/wordSearch.ts';
import { wordSearchSource } from '../../server/src/workspace/wordSearchModule.ts';
import { projectRoot } from '../support/python.ts';

function inBytes(search: TextSearch, text: string): boolean {
  const buffer = search.buffer;
  assert.ok(buffer);
  const bytes = new TextEncoder().encode(text);
  buffer.set(bytes);
  return search.testBuffer(bytes.length);
}

/** Few letters, so that words occur, overlap and nearly occur. */
const letters = fc.constantFrom('a', 'b', 'c', '_', 'é', ' ');
const word = fc.string({ unit: letters, minLength: 3, maxLength: 7 });

test('both searches agree, whatever the words and the text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(word, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 40 }),
      fc.array(fc.string({ unit: letters, maxLength: 60 }), { minLength: 1, maxLength: 4 }),
      (all, texts) => {
        const search = new TextSearch(all.map((words): Clause => ({ words })));
        // One text after the other in one buffer: nothing of a longer one before may count.
        for (const text of texts) assert.equal(inBytes(search, text), search.test(text), JSON.stringify(text));
      },
    ),
    { numRuns: 300 },
  );
});

test('a word is found at the beginning, at the end, across the width of a lane, and not where it is cut off', () => {
  const search = new TextSearch([{ words: ['create_engine'] }]);
  for (let before = 0; before < 40; before++) {
    const text = '-'.repeat(before) + 'create_engine';
    assert.equal(inBytes(search, text), true);
    assert.equal(inBytes(search, text.slice(0, -1)), false);
    assert.equal(inBytes(search, `${text}tail`), true);
  }
});

test('patterns are asked only where their words occur, and see the text as UTF-8', () => {
  const search = new TextSearch([{ words: ['née'], patterns: [/née=\d/] }, { words: ['abc', 'def'] }]);
  assert.equal(inBytes(search, 'x née=1'), true);
  assert.equal(inBytes(search, 'x née=y'), false);
  assert.equal(inBytes(search, 'abc'), false);
  assert.equal(inBytes(search, 'def abc'), true);
});

test('what the compiled search cannot do is left to the plain one', () => {
  assert.equal(WordSearch.for(['ab']), undefined);
  assert.equal(WordSearch.for(Array.from({ length: 129 }, (_, index) => `word${index}`)), undefined);
  const search = new TextSearch([{ words: ['ab'] }]);
  assert.equal(search.buffer, undefined);
  assert.equal(search.test('xaby'), true);
});

test('more words than one pass takes are searched for in several, each of which sees the whole text', () => {
  const words = Array.from({ length: 300 }, (_, index) => `word_${index}_`);
  const search = new TextSearch([
    ...words.map((word, index): Clause => ({ words: [word, words[299 - index]!] })),
    { words: ['x'.repeat(4000)] },
  ]);
  for (const text of ['word_0_', 'word_299_ word_0_', 'word_140_ and word_159_', 'word_140_ word_160_', 'y', 'x'.repeat(4000)])
    assert.equal(inBytes(search, text), search.test(text), text.slice(0, 40));
  const tooLong = new TextSearch([{ words: ['x'.repeat(5000)] }]);
  assert.equal(tooLong.buffer, undefined);
  assert.equal(tooLong.test('x'.repeat(5000)), true);
});

test('the compiled search was made from the source beside it', () => {
  const source = readFileSync(join(projectRoot, 'server/native/wordSearch.c'));
  assert.equal(wordSearchSource, createHash('sha256').update(source).digest('hex'));
});
