/** What runs a coroutine in an event loop of its own, which ends with it. */

/** Paths as `lifecycle/resolve.ts` writes them. `asyncio.get_event_loop()` is none: it is the same loop each time. */
export const loopRunners: ReadonlySet<string> = new Set([
  'asyncio.run',
  'asyncio.runners.run',
  'anyio.run',
  'uvloop.run',
  'asgiref.sync.async_to_sync()',
  'asyncio.new_event_loop().run_until_complete',
]);

/** The same as they are written: without one of these words, no function calls any of them. */
export const loopWords: readonly string[] = [
  'asyncio.run',
  'anyio.run',
  'uvloop.run',
  'run_until_complete',
  'async_to_sync',
];

/** Without one of these, a file has no task that a Celery worker runs. */
export const celeryWords = /celery|shared_task/i;
