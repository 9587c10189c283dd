/** Looks for words of interest in many files with two threads: reading them is most of a cold run. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { readBytes } from './readBytes.ts';
import { interestingPython } from './words.ts';

/** Fewer files are read before a second thread has started. */
const worthAThread = 600;
/** The thread starts later than this one, which reads a little more than half. */
const ownShare = 0.55;

/** One answer per path, or undefined where a second thread is not worth it or cannot be had. */
export async function narrowInParallel(paths: readonly string[]): Promise<boolean[] | undefined> {
  const script = typeof __dirname === 'string' ? join(__dirname, 'search.js') : '';
  if (paths.length < worthAThread || !existsSync(script)) return undefined;
  const split = Math.ceil(paths.length * ownShare);
  const other = searchElsewhere(script, paths.slice(split));
  const own = paths.slice(0, split).map(isInteresting);
  try {
    return [...own, ...(await other)];
  } catch {
    // A thread that cannot run costs time, not findings.
    return undefined;
  }
}

/** A file that cannot be read is interesting: reading it again says why. */
export function isInteresting(path: string): boolean {
  try {
    return interestingPython.test(readBytes(path).toString('latin1'));
  } catch {
    return true;
  }
}

function searchElsewhere(script: string, paths: readonly string[]): Promise<boolean[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData: paths });
    worker.once('message', (answers: boolean[]) => resolve(answers));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the search ended early')));
  });
}
