interface Scheduled {
  readonly atMs: number;
  /** Events of one instant run in the order of the seed, not of their making. */
  readonly order: number;
  readonly number: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** Something planned; `cancel` makes it never happen. */
export interface Planned {
  cancel(): void;
}

/**
 * A deterministic event loop with a clock of its own. One event runs at a time, and every promise that it settles has
 * run its course before the next begins, so the seed alone decides what happens in which order.
 */
export class Scheduler {
  #heap: Scheduled[] = [];
  #number = 0;
  readonly #order: () => number;
  readonly #startMs: number;
  #elapsedMs = 0;
  #jumpedMs = 0;
  /** How many events have run. */
  steps = 0;

  /**
   * @param startMs what the wall clock shows at first
   * @param order draws the order of events of one instant
   */
  constructor(startMs: number, order: () => number) {
    this.#startMs = startMs;
    this.#order = order;
  }

  /** What the wall clock shows, ms since the epoch. */
  nowMs(): number {
    return this.#startMs + this.#elapsedMs + this.#jumpedMs;
  }

  /** How much time has passed, whatever the clock was set to, ms. */
  elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Sets the wall clock forward or back. */
  jump(byMs: number): void {
    this.#jumpedMs += byMs;
  }

  /** Plans an event. */
  after(delayMs: number, run: () => void): Planned {
    const event: Scheduled = {
      atMs: this.#elapsedMs + Math.max(0, delayMs),
      order: this.#order(),
      number: this.#number++,
      run,
      cancelled: false,
    };
    this.#push(event);
    return {
      cancel: () => {
        event.cancelled = true;
      },
    };
  }

  /** When the next event is due, in elapsed ms; `null` when nothing is planned. */
  nextAtMs(): number | null {
    while (this.#heap[0]?.cancelled) this.#pop();
    return this.#heap[0]?.atMs ?? null;
  }

  /** Runs the next event and everything that follows from it at once. `false` when nothing is planned. */
  async step(): Promise<boolean> {
    let next = this.#pop();
    while (next?.cancelled) next = this.#pop();
    if (next === undefined) return false;
    this.#elapsedMs = Math.max(this.#elapsedMs, next.atMs);
    this.steps += 1;
    next.run();
    await drained();
    return true;
  }

  /** Lets every promise run its course, with no event and no time passing. */
  settle(): Promise<void> {
    return drained();
  }

  #push(event: Scheduled): void {
    const heap = this.#heap;
    heap.push(event);
    let i = heap.length - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(heap[i] as Scheduled, heap[parent] as Scheduled)) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #pop(): Scheduled | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    let i = 0;
    for (;;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        const candidate = heap[child];
        if (candidate !== undefined && isBefore(candidate, heap[least] as Scheduled)) least = child;
      }
      if (least === i) return first;
      this.#swap(i, least);
      i = least;
    }
  }

  #swap(i: number, j: number): void {
    const kept = this.#heap[i] as Scheduled;
    this.#heap[i] = this.#heap[j] as Scheduled;
    this.#heap[j] = kept;
  }
}

const isBefore = (a: Scheduled, b: Scheduled): boolean =>
  a.atMs !== b.atMs ? a.atMs < b.atMs : a.order !== b.order ? a.order < b.order : a.number < b.number;

/** Resolves when no promise reaction is waiting. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
