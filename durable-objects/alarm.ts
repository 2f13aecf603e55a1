import type { DayStorage, Ports } from './ports.ts';

/** An alarm that should have rung so long ago will not ring any more, ms. */
const lostMs = 30_000;

/** The one alarm of an object: armed for whatever is due first, and again when it has run. */
export class Alarm {
  readonly #storage: Pick<DayStorage, 'getAlarm' | 'setAlarm'>;
  readonly #ports: Pick<Ports, 'now' | 'background'>;
  #atMs: number | null = null;

  constructor(storage: Pick<DayStorage, 'getAlarm' | 'setAlarm'>, ports: Pick<Ports, 'now' | 'background'>) {
    this.#storage = storage;
    this.#ports = ports;
  }

  /** Reads for when it was armed in an earlier life of the object. */
  async load(): Promise<void> {
    this.#atMs = await this.#storage.getAlarm();
  }

  /** It has rung, or what it was armed for is done: the next may be later. */
  rang(): void {
    this.#atMs = null;
  }

  /** Whether it should have rung and did not. */
  isLost(): boolean {
    return this.#atMs !== null && this.#atMs < this.#ports.now() - lostMs;
  }

  /** Arms it for an instant, ms. An earlier alarm may stay: whoever it rings for arms the next. */
  arm(dueMs: number): void {
    if (this.#atMs !== null && this.#atMs <= dueMs && !this.isLost()) return;
    this.#atMs = dueMs;
    // Not awaited: written in the commit's own turn, it is part of that commit.
    this.#ports.background(this.#storage.setAlarm(dueMs));
  }
}
