/** Files searched by a second thread: every file comes up once, and none that holds a word is taken for uninteresting. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import program from 'virtual:search-thread';
import { inBestOrder, searchAhead } from '../../server/src/workspace/nodeSearch.ts';
import { SearchBoard } from '../../server/src/workspace/searchProtocol.ts';
import { TextSearch } from '../../server/src/workspace/textSearch.ts';

const folder = mkdtempSync(join(tmpdir(), 'poolproof-search-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const search = new TextSearch([{ words: ['create_engine'], patterns: [/create_engine\(/] }]);
const holding = 'engine = create_engine(url)\n';

/** Every seventh file holds the word with its bracket, every eleventh without. */
const paths = Array.from({ length: 1100 }, (_, index) => {
  const path = join(folder, `module_${index}.py`);
  writeFileSync(path, index % 7 === 0 ? holding : index % 11 === 0 ? 'from x import create_engine\n' : 'x = 1\n');
  return path;
});
const gone = join(folder, 'gone.py');

test('where Node cannot start a thread, there is none', () => {
  const { getBuiltinModule } = process;
  try {
    // As in Node before 20.16, which editors of 2024 carry.
    Object.assign(process, { getBuiltinModule: undefined });
    assert.equal(searchAhead(paths, (uri) => uri, () => search), undefined);
  } finally {
    Object.assign(process, { getBuiltinModule });
  }
});

test('a thread that nobody gives an order ends', async () => {
  const [code] = await once(new Worker(program, { eval: true }), 'exit');
  assert.equal(code, 0);
});

test('the thread refuses files without what is asked for, and nothing else', async () => {
  const all = [...paths, gone];
  const board = SearchBoard.for(all.length);
  const thread = new Worker(program, { eval: true });
  thread.postMessage({ paths: all, searchOf: all.map(() => 0), searches: [search.clauses], board: board.memory });
  for (let chunk = 0; chunk < board.chunkCount; chunk++) while (!board.isDone(chunk)) await setImmediate();
  await thread.terminate();
  for (const [index, path] of all.entries())
    assert.equal(board.isUninteresting(index), path !== gone && index % 7 !== 0, path);
});

test('every file comes up once, however far the thread is', () => {
  for (const { uri, isUninteresting } of each(searchAhead(paths, (uri) => uri, () => search) ?? [])) {
    if (isUninteresting) assert.notEqual(paths.indexOf(uri) % 7, 0, uri);
  }
});

test('few files are searched without a thread', () => {
  assert.equal(searchAhead(paths.slice(0, 999), (uri) => uri, () => search), undefined);
});

test('whatever a thread has claimed and finished in between, every file comes up once', () => {
  const step = fc.record({ chunk: fc.nat(9), finishes: fc.boolean() });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.array(fc.array(step), { maxLength: 12 }), (files, turns) => {
      const uris = paths.slice(0, files);
      const board = SearchBoard.for(files);
      const others = turns.values();
      function act(): void {
        for (const { chunk, finishes } of others.next().value ?? []) {
          if (chunk >= board.chunkCount || !board.claim(chunk)) continue;
          if (finishes) board.finish(chunk);
        }
      }
      act();
      let seen = 0;
      for (const _ of inBestOrder(uris, board)) if (seen++ % 20 === 0) act();
      assert.equal(seen, files);
    }),
  );
});

/** The files of a search, all of which must come up once. */
function each(found: Iterable<{ readonly uri: string; readonly isUninteresting: boolean }>) {
  const list = [...found];
  assert.deepEqual(list.map(({ uri }) => uri).sort(), [...paths].sort());
  return list;
}
