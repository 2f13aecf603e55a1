import { DurableObject } from 'cloudflare:workers';

const key = 'series';
/** How long counts may lie in memory alone. A scrape stores them first, so no scraped counter ever falls. */
const storeAfterMs = 30_000;
/** Series are made of words of the code; more than this is a mistake, and must not fill the storage. */
const maxSeries = 5_000;
const maxBehind = 10_000;

/** A doctor-day whose outbox could not be drained, by what it said last. */
export interface BehindDay {
  readonly day: string;
  /** Events that D1 has not taken. */
  readonly events: number;
  /** When the oldest of them was written, ms. */
  readonly oldestAtMs: number;
}

/** What the meter shows. */
export interface Reading {
  readonly series: Readonly<Record<string, number>>;
  /** Oldest first. */
  readonly behind: readonly BehindDay[];
}

/**
 * The one place where the counts of all isolates come together. Isolates send what they counted in a few seconds as one
 * message; the sums are stored as one row.
 */
export class Meter<E> extends DurableObject<E> {
  #series: Map<string, number>;
  #isStored = true;
  readonly #behind = new Map<string, BehindDay>();

  constructor(ctx: DurableObjectState, env: E) {
    super(ctx, env);
    this.#series = new Map(Object.entries(ctx.storage.kv.get<Record<string, number>>(key) ?? {}));
  }

  /** Adds counts. A name that is one too many is dropped. */
  async add(counts: Readonly<Record<string, number>>): Promise<void> {
    for (const [name, count] of Object.entries(counts)) {
      const before = this.#series.get(name);
      if (before === undefined && this.#series.size >= maxSeries) continue;
      this.#series.set(name, (before ?? 0) + count);
    }
    this.#isStored = false;
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + storeAfterMs);
  }

  /** A doctor-day's outbox could not be drained. Kept in memory: the day says it again at its next try. */
  behind(day: BehindDay): void {
    if (this.#behind.has(day.day) || this.#behind.size < maxBehind) this.#behind.set(day.day, day);
  }

  /** Doctor-days that were behind are so no more. */
  caughtUp(days: readonly string[]): void {
    for (const day of days) this.#behind.delete(day);
  }

  /** Stores what has been counted, then shows it. */
  read(): Reading {
    this.#store();
    const behind = [...this.#behind.values()].sort((a, b) => a.oldestAtMs - b.oldestAtMs);
    return { series: Object.fromEntries(this.#series), behind };
  }

  override alarm(): void {
    this.#store();
  }

  #store(): void {
    if (this.#isStored) return;
    this.ctx.storage.kv.put(key, Object.fromEntries(this.#series));
    this.#isStored = true;
  }
}
