import type { Reply } from '../src/domain/doctor-day/reply.ts';
import {
  type GivenReservation,
  isNamed,
  type Need,
  needOf,
  unnamedReservations,
} from '../src/domain/doctor-day/reservation.ts';
import type { DayState } from '../src/domain/doctor-day/state.ts';
import type { DayKey } from '../src/domain/ids.ts';
import { refusal } from '../src/domain/refusal.ts';
import { refused } from '../src/domain/result.ts';
import type { Request } from './decider.ts';
import type { Ports } from './ports.ts';
import type { Standing } from './resource-ports.ts';

/** How often one request asks for rooms, when the schedule changes under it. */
const maxAttempts = 3;
/** How long a reservation that the clinic did not take back waits for the next try, ms. */
const retryMs = 5_000;

/** What the keeper needs of the day it belongs to. */
interface Day {
  state(): DayState;
  decide(request: Request): Promise<Reply>;
}

/** What one try came to: taken by whoever tried, or nothing free, or the clinic's rooms did not answer. */
type Attempt =
  | { readonly kind: 'done' | 'failed' }
  | { readonly kind: 'unavailable'; readonly given: GivenReservation };

/**
 * Has the clinic keep rooms and devices for the seats of this day. A seat is committed only with all that its slot
 * requires; what nobody of the day is seated with goes back, and is owed until the clinic has taken it.
 */
export class RoomKeeper {
  readonly #here: DayKey;
  readonly #ports: Ports;
  readonly #day: Day;
  /** Reservations asked for, of which this day does not know yet whether it takes them. */
  readonly #undecided = new Set<string>();
  /** One try at a time for each slot: those who share it share its rooms, and all hear that none is free. */
  readonly #attempts = new Map<string, Promise<Attempt>>();
  #releasing: Promise<void> | null = null;

  constructor(here: DayKey, ports: Ports, day: Day) {
    this.#here = here;
    this.#ports = ports;
    this.#day = day;
  }

  /** What a decision asks to be reserved first; `null` when it stands as it is. */
  needs(reply: Reply): Need | null {
    return reply.kind === 'answer' && !reply.result.ok ? needOf(reply.result.refusal) : null;
  }

  /** Reserves what a decision asked for and has it decided again. */
  async decideWith(first: Need, request: Request): Promise<Reply> {
    let need: Need | null = first;
    for (let attempt = 1; need !== null && attempt <= maxAttempts; attempt += 1) {
      const reply = await this.#once(need, request);
      need = this.needs(reply);
      if (need === null) return reply;
    }
    return unavailable;
  }

  /** How this day stands to a reservation. */
  standing(reservationId: string): Standing {
    if (isNamed(this.#day.state(), reservationId)) return 'held';
    return this.#undecided.has(reservationId) ? 'undecided' : 'none';
  }

  /** When the clinic is to be asked to take back what it is owed, ms; `null` when it is owed nothing. */
  dueMs(): number | null {
    return this.#owed().length === 0 ? null : this.#ports.now() + retryMs;
  }

  /** Gives back what nobody is seated with any more; one round at a time. Never throws. */
  release(): Promise<void> {
    this.#releasing ??= this.#release().finally(() => {
      this.#releasing = null;
    });
    return this.#releasing;
  }

  async #once(need: Need, request: Request): Promise<Reply> {
    const slot = `${need.startsAtMs}/${need.endsAtMs}`;
    const running = this.#attempts.get(slot);
    if (running !== undefined) {
      const attempt = await running.catch((): Attempt => ({ kind: 'failed' }));
      if (attempt.kind === 'failed') return unavailable;
      return this.#day.decide(attempt.kind === 'unavailable' ? withGiven(request, attempt.given) : request);
    }
    let reply: Reply = unavailable;
    const attempt = this.#attempt(need, request, (answer) => {
      reply = answer;
    });
    this.#attempts.set(slot, attempt);
    try {
      await attempt;
    } finally {
      this.#attempts.delete(slot);
    }
    return reply;
  }

  async #attempt(need: Need, request: Request, answer: (reply: Reply) => void): Promise<Attempt> {
    const id = this.#ports.rooms.newId();
    this.#undecided.add(id);
    try {
      const given = await this.#reserve(need, id);
      if (given === null) return { kind: 'failed' };
      answer(await this.#day.decide(withGiven(request, given)));
      return 'unavailable' in given ? { kind: 'unavailable', given } : { kind: 'done' };
    } finally {
      this.#undecided.delete(id);
      if (!this.#day.state().reservations.has(id)) this.#ports.background(this.#giveBack(need.clinicId, id));
    }
  }

  /** What the clinic says; `null` when it does not answer, and may have kept something. */
  async #reserve({ clinicId, kinds, startsAtMs, endsAtMs }: Need, id: string): Promise<GivenReservation | null> {
    const request = { reservationId: id, by: this.#here, kinds, startsAtMs, endsAtMs };
    try {
      const reserved = await this.#ports.withTimeout(this.#ports.rooms.reserve(clinicId, request));
      if (!reserved.ok) return { unavailable: reserved.refusal.kind };
      return { id, clinicId, startsAtMs, endsAtMs, resources: reserved.value };
    } catch (error) {
      this.#ports.report('rooms_not_reserved', error);
      return null;
    }
  }

  /** What was asked for and not taken. Should the clinic not hear of it, its lease ends it. */
  async #giveBack(clinicId: string, id: string): Promise<void> {
    try {
      await this.#ports.withTimeout(this.#ports.rooms.release(clinicId, id));
    } catch (error) {
      this.#ports.report('rooms_not_given_back', error);
    }
  }

  async #release(): Promise<void> {
    try {
      for (let owed = this.#owed(); owed.length > 0; owed = this.#owed()) {
        for (const { id, clinicId } of owed) {
          await this.#ports.withTimeout(this.#ports.rooms.release(clinicId, id));
          const forgotten = await this.#day.decide({
            command: { type: 'forget_reservation', reservationId: id },
            key: null,
          });
          if (forgotten.kind !== 'answer' || !forgotten.result.ok) return;
        }
      }
    } catch (error) {
      this.#ports.report('rooms_not_given_back', error);
    }
  }

  #owed(): ReturnType<typeof unnamedReservations> {
    return unnamedReservations(this.#day.state(), this.#ports.now());
  }
}

const withGiven = (request: Request, reservation: GivenReservation): Request => ({
  ...request,
  command: { ...request.command, reservation } as Request['command'],
});

const unavailable: Reply = { kind: 'answer', result: refused(refusal('temporarily_unavailable')) };
