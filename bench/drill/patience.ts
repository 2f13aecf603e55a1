/** How long to wait for something that comes nearer by itself, ms. */
export interface Bounds {
  /** Without coming any nearer. */
  readonly stalledMs: number;
  /** In all. */
  readonly wholeMs: number;
}

/** Waits for a lag to end for as long as it shrinks: a slow machine is given time, and what stands still is not. */
export class Patience {
  readonly #bounds: Bounds;
  readonly #begunMs: number;
  #least = Number.POSITIVE_INFINITY;
  #nearerMs: number;

  constructor(bounds: Bounds, nowMs: number) {
    this.#bounds = bounds;
    this.#begunMs = nowMs;
    this.#nearerMs = nowMs;
  }

  /** Whether to look again, now that this much is missing. A lag that grows and shrinks again has come no nearer. */
  lasts(lag: number, nowMs: number): boolean {
    if (lag === 0) return false;
    if (lag < this.#least) {
      this.#least = lag;
      this.#nearerMs = nowMs;
    }
    return nowMs - this.#nearerMs < this.#bounds.stalledMs && nowMs - this.#begunMs < this.#bounds.wholeMs;
  }
}
