/** The program of the thread that searches files while the main one parses what was found; started by nodeSearch.ts. */
import { parentPort } from 'node:worker_threads';
import { readBytes } from './readBytes.ts';
import { SearchBoard, type SearchOrder } from './searchProtocol.ts';
import { TextSearch } from './textSearch.ts';

/** Milliseconds without an order after which the thread ends: a new one takes no longer to start, and a program that ends waits for it. */
const patience = 20;

function search({ paths, searchOf, searches, board: memory }: SearchOrder): void {
  const tests = searches.map((clauses) => new TextSearch(clauses));
  const board = new SearchBoard(memory, paths.length);
  for (let chunk = 0; chunk < board.chunkCount; chunk++) {
    if (!board.claim(chunk)) continue;
    const [first, end] = board.filesIn(chunk);
    for (let file = first; file < end; file++) {
      if (isUninteresting(paths[file]!, tests[searchOf[file]!]!)) board.markUninteresting(file);
    }
    board.finish(chunk);
  }
}

/** False also for what cannot be read: the program says what is wrong with it. */
function isUninteresting(path: string, test: TextSearch): boolean {
  try {
    return readBytes(path, test) === 'uninteresting';
  } catch {
    return false;
  }
}

/** Milliseconds for the first order: a listing may turn out too short for one. */
const firstPatience = 1000;

let leaving = setTimeout(() => parentPort?.close(), firstPatience);

parentPort?.on('message', (order: SearchOrder) => {
  clearTimeout(leaving);
  search(order);
  leaving = setTimeout(() => parentPort?.close(), patience);
});
