/**
 * Searches thousands of files on a second processor while this one parses what was found. Nothing rests on the thread: what
 * it has not done, for whatever reason, the caller does.
 */
import type { Worker } from 'node:worker_threads';
import program from 'virtual:search-thread';
import type { Foreseen } from './fileAccess.ts';
import { SearchBoard, type SearchOrder } from './searchProtocol.ts';
import type { TextSearch } from './textSearch.ts';

/** Fewer files are read before a thread has started. */
const fewestFiles = 1000;

let thread: Worker | undefined;

/** Called for every file that is listed, so that the thread is there when the last one is and they are many. */
export function expectSearch(files: number): void {
  if (files === fewestFiles / 2) runningThread();
}

/** Undefined where no thread can be started: an old Node, a limit of the system. */
function runningThread(): Worker | undefined {
  if (thread !== undefined) return thread;
  let started: Worker;
  try {
    // Only here: loading threads takes longer than reading a small workspace.
    const threads = process.getBuiltinModule('node:worker_threads');
    started = new threads.Worker(program, { eval: true });
  } catch {
    return undefined;
  }
  const forget = () => {
    if (thread === started) thread = undefined;
  };
  started.on('error', forget);
  started.on('exit', forget);
  // The process ends without asking it.
  started.unref();
  thread = started;
  return started;
}

/** Undefined where the files are so few that a thread would come too late, and where there is none. */
export function searchAhead(
  uris: readonly string[],
  toPath: (uri: string) => string,
  testOf: (uri: string) => TextSearch,
): Iterable<Foreseen> | undefined {
  const running = uris.length < fewestFiles ? undefined : runningThread();
  if (running === undefined) return undefined;
  const tests = new Map<TextSearch, number>();
  const searchOf = uris.map((uri) => {
    const test = testOf(uri);
    const known = tests.get(test) ?? tests.size;
    tests.set(test, known);
    return known;
  });
  const board = SearchBoard.for(uris.length);
  const order: SearchOrder = {
    paths: uris.map(toPath),
    searchOf,
    searches: [...tests.keys()].map((test) => test.clauses),
    board: board.memory,
  };
  running.postMessage(order);
  return inBestOrder(uris, board);
}

/** First what the thread has done, and where it has not come far enough, what it would come to last. */
export function* inBestOrder(uris: readonly string[], board: SearchBoard): Generator<Foreseen> {
  let front = 0;
  let back = board.chunkCount;
  while (front < back) {
    if (board.isDone(front)) {
      yield* foreseen(uris, board, front++);
      continue;
    }
    // In the end the thread may be at work on this very chunk: doing it twice is a millisecond's work, waiting could take longer.
    board.claim(--back);
    yield* foreseen(uris, board, back);
  }
}

function* foreseen(uris: readonly string[], board: SearchBoard, chunk: number): Generator<Foreseen> {
  const isDone = board.isDone(chunk);
  const [first, end] = board.filesIn(chunk);
  for (let file = first; file < end; file++) {
    yield { uri: uris[file]!, isUninteresting: isDone && board.isUninteresting(file) };
  }
}
