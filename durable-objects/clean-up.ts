import type { DayKey } from '../src/domain/ids.ts';
import type { Decider } from './decider.ts';
import type { Ledger } from './ledger.ts';
import type { Outbox } from './outbox.ts';
import type { DayStorage, Ports } from './ports.ts';

/** The parts of a day that its clean-up works with. */
interface Parts {
  readonly storage: DayStorage;
  readonly ledger: Ledger;
  readonly decider: Decider;
  readonly outbox: Outbox;
}

/** Deletes the object's storage once the day is long past and D1 holds all of it. */
export class CleanUp {
  /** When that may be, ms. */
  readonly atMs: number;
  readonly #day: DayKey;
  readonly #ports: Ports;
  readonly #parts: Parts;

  constructor(day: DayKey, ports: Ports, retentionMs: number, parts: Parts) {
    this.#day = day;
    this.#ports = ports;
    this.#parts = parts;
    // Two days past midnight UTC is past the end of the local day in every zone.
    this.atMs = Date.parse(`${day.date}T00:00:00Z`) + 2 * 86_400_000 + retentionMs;
  }

  /** Cleans up, if it is time. Throws while D1 is out of reach. */
  async run(): Promise<void> {
    const { storage, ledger, decider, outbox } = this.#parts;
    if (this.#ports.now() < this.atMs || outbox.dueMs(decider.lastSeq) !== null) return;
    if (decider.state.departures.size > 0 || decider.state.arrivals.size > 0) return;
    decider.closing = true;
    try {
      if (!(await this.#isHeldByD1())) {
        ledger.setProjectedSeq(0);
        await outbox.drain(() => decider.lastSeq);
        if (!(await this.#isHeldByD1())) return;
      }
      await this.#ports.withTimeout(this.#ports.projection.cleaned(this.#day, this.#ports.now()));
      await storage.deleteAll();
      decider.reload();
      this.#ports.watchers.dismiss();
    } finally {
      decider.closing = false;
    }
  }

  async #isHeldByD1(): Promise<boolean> {
    const { decider, outbox } = this.#parts;
    if (outbox.dueMs(decider.lastSeq) !== null) return false;
    return this.#ports.withTimeout(this.#ports.projection.holds(this.#day, decider.lastSeq));
  }
}
