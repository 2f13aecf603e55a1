import { DurableObject } from 'cloudflare:workers';

const key = 'series';
/** How long counts may lie in memory alone. A scrape stores them first, so no scraped counter ever falls. */
const storeAfterMs = 30_000;
/** Series are made of words of the code; more than this is a mistake, and must not fill the storage. */
const maxSeries = 5_000;
/** A doctor-day that is behind says so at least once a minute; one that has not for this long is behind no more. */
const behindForMs = 300_000;
const maxBehind = 10_000;

/** How far the outboxes of doctor-days are behind. */
export interface Outboxes {
  readonly days: number;
  readonly events: number;
  /** When the oldest event that D1 has not taken was written, ms; `null` when none waits. */
  readonly oldestAtMs: number | null;
}

/** What the meter shows. */
export interface Reading {
  readonly series: Readonly<Record<string, number>>;
  readonly outboxes: Outboxes;
}

/**
 * The one place where the counts of all isolates come together. Isolates send what they counted in a few seconds as one
 * message; the sums are stored as one row.
 */
export class Meter<E> extends DurableObject<E> {
  #series: Map<string, number>;
  #isStored = true;
  readonly #behind = new Map<string, { readonly events: number; readonly oldestAtMs: number; readonly atMs: number }>();

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
  behind(day: string, events: number, oldestAtMs: number): void {
    if (this.#behind.has(day) || this.#behind.size < maxBehind)
      this.#behind.set(day, { events, oldestAtMs, atMs: Date.now() });
  }

  /** A doctor-day that was behind is so no more. */
  caughtUp(day: string): void {
    this.#behind.delete(day);
  }

  /** Stores what has been counted, then shows it. */
  read(): Reading {
    this.#store();
    return { series: Object.fromEntries(this.#series), outboxes: this.#outboxes(Date.now()) };
  }

  override alarm(): void {
    this.#store();
  }

  #store(): void {
    if (this.#isStored) return;
    this.ctx.storage.kv.put(key, Object.fromEntries(this.#series));
    this.#isStored = true;
  }

  #outboxes(nowMs: number): Outboxes {
    for (const [day, { atMs }] of this.#behind) if (atMs < nowMs - behindForMs) this.#behind.delete(day);
    const all = [...this.#behind.values()];
    return {
      days: all.length,
      events: all.reduce((sum, { events }) => sum + events, 0),
      oldestAtMs: all.length === 0 ? null : Math.min(...all.map(({ oldestAtMs }) => oldestAtMs)),
    };
  }
}
