/** A clock that stands still until the test moves it. Instants in ms since the epoch. */
export class SimClock {
  nowMs: number;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  readonly now = (): number => this.nowMs;

  /** Lets time pass. */
  advance(ms: number): void {
    this.nowMs += ms;
  }

  /** Lets time pass until an instant; an instant that has passed changes nothing. */
  advanceTo(instantMs: number): void {
    this.nowMs = Math.max(this.nowMs, instantMs);
  }
}

/**
 * What is deferred to the next turn of the event loop, run only when the test says so. With no timers and no real I/O
 * anywhere, everything else happens in microtasks, so a run is the same each time.
 */
export class Turns {
  #deferred: (() => void)[] = [];

  readonly defer = (callback: () => void): void => {
    this.#deferred.push(callback);
  };

  /** Runs what was deferred so far, then every microtask that follows from it. */
  async next(): Promise<void> {
    const deferred = this.#deferred;
    this.#deferred = [];
    for (const callback of deferred) callback();
    await microtasks();
  }

  /** Runs turns until nothing is deferred any more. */
  async quiet(): Promise<void> {
    await microtasks();
    while (this.#deferred.length > 0) await this.next();
  }

  /** Runs turns until some work is done. Throws when the work waits for something that no turn brings. */
  async until<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const finished = () => {
      done = true;
    };
    work.then(finished, finished);
    await this.quiet();
    if (!done) throw new Error('the work waits for something that no turn brings');
    return work;
  }
}

const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
