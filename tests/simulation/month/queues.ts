import type { Random } from '../random.ts';

/** A message that a queue is about to deliver. */
interface Parcel {
  readonly id: string;
  readonly body: unknown;
  attempts: number;
  atMs: number;
}

const maxDelayMs = 90_000;

/** A queue that delays, repeats and reorders what it takes, and sometimes takes nothing. */
export class SimQueue {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #batch: number;
  #parcels: Parcel[] = [];
  #serial = 0;
  /** How often it did what a queue may do. */
  readonly counts = { refused: 0, repeated: 0, delivered: 0 };

  constructor(random: Random, now: () => number, batch: number) {
    this.#random = random;
    this.#now = now;
    this.#batch = batch;
  }

  /** The binding that the code sends by. */
  get binding(): Queue {
    return {
      send: (body: unknown) => this.#take([body]),
      sendBatch: (batch: Iterable<{ body: unknown }>) => this.#take([...batch].map(({ body }) => body)),
    } as unknown as Queue;
  }

  async #take(bodies: readonly unknown[]): Promise<void> {
    if (this.#random.chance(0.02)) {
      this.counts.refused += 1;
      throw new Error('the queue takes nothing');
    }
    for (const body of bodies) {
      this.#put(body);
      if (!this.#random.chance(0.1)) continue;
      this.counts.repeated += 1;
      this.#put(body);
    }
  }

  #put(body: unknown): void {
    this.#serial += 1;
    const atMs = this.#now() + this.#random.int(maxDelayMs);
    this.#parcels.push({ id: `p${this.#serial}`, body: structuredClone(body), attempts: 0, atMs });
  }

  /** When the next message is due, ms. */
  nextMs(): number {
    return Math.min(...this.#parcels.map(({ atMs }) => atMs), Number.POSITIVE_INFINITY);
  }

  /** Delivers what is due, in any order, in batches. What is not retried, or throws nothing, is done. */
  async deliver(consume: (messages: Message<never>[]) => Promise<void>): Promise<void> {
    const nowMs = this.#now();
    const due = shuffled(
      this.#parcels.filter(({ atMs }) => atMs <= nowMs),
      this.#random,
    );
    this.#parcels = this.#parcels.filter(({ atMs }) => atMs > nowMs);
    const batches: Parcel[][] = [];
    for (let i = 0; i < due.length; i += this.#batch) batches.push(due.slice(i, i + this.#batch));
    // Two consumers at a time.
    for (let i = 0; i < batches.length; i += 2) {
      await Promise.all(batches.slice(i, i + 2).map((batch) => this.#deliver(batch, consume, nowMs)));
    }
  }

  async #deliver(batch: readonly Parcel[], consume: (messages: Message<never>[]) => Promise<void>, nowMs: number) {
    const again = new Map<Parcel, number>();
    const messages = batch.map((parcel) => this.#messageOf(parcel, again));
    this.counts.delivered += batch.length;
    try {
      await consume(messages);
    } catch {
      for (const parcel of batch) again.set(parcel, 30);
    }
    for (const [parcel, delaySeconds] of again) {
      if (parcel.attempts < 10) this.#parcels.push({ ...parcel, atMs: nowMs + delaySeconds * 1_000 });
    }
  }

  #messageOf(parcel: Parcel, again: Map<Parcel, number>): Message<never> {
    parcel.attempts += 1;
    return {
      ...{ id: parcel.id, body: parcel.body, attempts: parcel.attempts, timestamp: new Date(this.#now()) },
      ack: () => undefined,
      retry: (options?: { delaySeconds?: number }) => void again.set(parcel, options?.delaySeconds ?? 0),
    } as unknown as Message<never>;
  }
}

const shuffled = <T>(list: readonly T[], random: Random): T[] =>
  list
    .map((value) => ({ value, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
