/** Starting, stopping and restarting something slow, one step at a time. */
export class RestartQueue {
  readonly #start: () => Promise<void>;
  readonly #stop: () => Promise<void>;
  #last: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  constructor(start: () => Promise<void>, stop: () => Promise<void>) {
    this.#start = start;
    this.#stop = stop;
  }

  /** Starts, or stops and starts again. Calls made while one is waiting for its turn share that one. */
  restart(): Promise<void> {
    if (!this.#queued) {
      this.#queued = this.#enqueue(async () => {
        this.#queued = undefined;
        await this.#stop();
        await this.#start();
      });
    }
    return this.#queued;
  }

  stop(): Promise<void> {
    return this.#enqueue(this.#stop);
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    const result = this.#last.then(step);
    // A failed step is the caller's to report; the next one runs all the same.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
