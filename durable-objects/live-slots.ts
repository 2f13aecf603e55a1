import { changedSince, type LiveMessage, type LiveSlot, liveSlotsOf } from '../src/domain/doctor-day/live.ts';
import type { SlotsView } from '../src/domain/doctor-day/view.ts';
import type { Ports } from './ports.ts';

/** Commits so close together are told in one message, ms. */
const gatherMs = 50;

/**
 * Tells those who watch the day what is free, after commits and away from their path. All of them have always been told
 * the same, so one message does for all. After the object slept it does not know what that was, and tells the whole day.
 */
export class LiveSlots {
  readonly #ports: Pick<Ports, 'watchers' | 'pause' | 'background' | 'report'>;
  readonly #slots: () => Promise<SlotsView | null>;
  /** What every watcher has been told; `null` when that is not known. */
  #told: readonly LiveSlot[] | null = null;
  #isDue = false;

  constructor(
    ports: Pick<Ports, 'watchers' | 'pause' | 'background' | 'report'>,
    slots: () => Promise<SlotsView | null>,
  ) {
    this.#ports = ports;
    this.#slots = slots;
  }

  /** Something was committed. While nobody watches, that is all there is to it. */
  committed(): void {
    if (this.#isDue || this.#ports.watchers.count() === 0) return;
    this.#isDue = true;
    this.#ports.background(this.#tellSoon());
  }

  /**
   * What a new watcher is told first: the whole day. What only the clock has changed is told to the others. Must be sent
   * in the turn in which the view was read, so that nothing is told between the two.
   */
  welcome(view: SlotsView): string {
    const slots = liveSlotsOf(view);
    if (this.#ports.watchers.count() === 0) this.#told = slots;
    else if (this.#told !== null) this.#tell(slots);
    return JSON.stringify({ type: 'all', slots } satisfies LiveMessage);
  }

  async #tellSoon(): Promise<void> {
    try {
      await this.#ports.pause(gatherMs);
      this.#isDue = false;
      const view = await this.#slots();
      if (view !== null) this.#tell(liveSlotsOf(view));
    } catch (error) {
      this.#isDue = false;
      this.#ports.report('watchers_not_told', error);
    }
  }

  #tell(slots: readonly LiveSlot[]): void {
    const message: LiveMessage =
      this.#told === null ? { type: 'all', slots } : { type: 'changed', slots: changedSince(this.#told, slots) };
    this.#told = slots;
    if (message.type === 'all' || message.slots.length > 0) this.#ports.watchers.tell(JSON.stringify(message));
  }
}
