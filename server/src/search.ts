/** Entry of the thread that helps reading a large folder. */
import { parentPort, workerData } from 'node:worker_threads';
import { isInteresting } from './workspace/nodeSearch.ts';

parentPort?.postMessage((workerData as string[]).map(isInteresting));
