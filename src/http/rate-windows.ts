import type { Rate } from './edge-settings.ts';

/** How a caller stands to one limit after a request. */
export interface Standing {
  readonly ok: boolean;
  readonly remaining: number;
  /** Until the count begins anew, seconds. */
  readonly resetSeconds: number;
  /** Whether this is the first refusal of the window: one that is worth telling of. */
  readonly isFirstRefusal: boolean;
}

const maxCallers = 20_000;

/** Counts callers in this isolate's memory, in windows that all begin together. Never holds more than its bound. */
export class RateWindows {
  readonly #counts = new Map<string, { endMs: number; count: number }>();

  /** Counts a request of a caller. */
  count(caller: string, { limit, seconds }: Rate, nowMs: number): Standing {
    const periodMs = seconds * 1000;
    let counted = this.#counts.get(caller);
    // A clock that was set back begins a new window too.
    if (counted === undefined || nowMs >= counted.endMs || counted.endMs > nowMs + periodMs) {
      this.#makeRoom(nowMs);
      counted = { endMs: (Math.floor(nowMs / periodMs) + 1) * periodMs, count: 0 };
      this.#counts.set(caller, counted);
    }
    counted.count += 1;
    return {
      ok: counted.count <= limit,
      remaining: Math.max(0, limit - counted.count),
      resetSeconds: Math.max(1, Math.ceil((counted.endMs - nowMs) / 1000)),
      isFirstRefusal: counted.count === limit + 1,
    };
  }

  /** How many callers are remembered. */
  get size(): number {
    return this.#counts.size;
  }

  /** Forgets everybody. */
  clear(): void {
    this.#counts.clear();
  }

  #makeRoom(nowMs: number): void {
    if (this.#counts.size < maxCallers) return;
    for (const [caller, { endMs }] of this.#counts) if (endMs <= nowMs) this.#counts.delete(caller);
    // More callers in one window than fit: what lies behind this memory still counts them.
    if (this.#counts.size >= maxCallers) this.#counts.clear();
  }
}
