import type { SystemCommand } from '../src/domain/doctor-day/command.ts';
import { planOf } from '../src/domain/doctor-day/plan.ts';
import { findSeat, type SeatRequest } from '../src/domain/doctor-day/seats.ts';
import { type DayState, emptyDay } from '../src/domain/doctor-day/state.ts';
import type { WaitingList } from '../src/domain/doctor-day/waiting.ts';
import type { DayKey } from '../src/domain/ids.ts';
import { type Refusal, refusal } from '../src/domain/refusal.ts';
import { ok, type Result, refused } from '../src/domain/result.ts';
import type { DoctorSchedule } from '../src/domain/schedule.ts';
import type { Ports } from './ports.ts';

/** What the keeper needs of the day it belongs to. */
interface Day {
  state(): DayState;
  submit(command: SystemCommand): Promise<Result<null, Refusal>>;
}

/** Brings the doctor's schedule to the day: opens it, hands it edits, and stops it while its time zone changes. */
export class ScheduleKeeper {
  readonly #key: DayKey;
  readonly #ports: Ports;
  readonly #day: Day;
  /** The newest schedule that came while the day was not open: it may be opening with an older one. */
  #offered: DoctorSchedule | null = null;
  /** The newest waitlist that came while the day was not open. */
  #told: WaitingList | null = null;

  constructor(key: DayKey, ports: Ports, day: Day) {
    this.#key = key;
    this.#ports = ports;
    this.#day = day;
  }

  /** Opens the day for its first booking, unless it is plain that the booking must be refused. */
  async open(wish: Pick<SeatRequest, 'startsAtMs' | 'mode' | 'priority'>): Promise<Result<null, Refusal>> {
    try {
      const peeked = await this.#ports.withTimeout(this.#ports.projection.peek(this.#key));
      if (!peeked?.bookable) return refused(refusal('slot_not_found'));
      const plan = planOf(peeked, this.#key.date);
      const { startsAtMs, mode, priority = 'routine' } = wish;
      const anyone = { patientId: '', startsAtMs, mode, priority, except: null };
      // A hopeless request must store nothing, so that browsing and probing create no objects.
      const found = findSeat({ ...emptyDay(this.#key), plan }, plan, anyone, this.#ports.now());
      if (!found.ok) return found;
      return (await this.#register()) ? ok(null) : refused(refusal('slot_not_found'));
    } catch (error) {
      this.#ports.report('open_failed', error);
      return refused(refusal('temporarily_unavailable'));
    }
  }

  /** Gives the day a newer schedule. */
  async apply(schedule: DoctorSchedule): Promise<void> {
    if (this.#isOpen()) await this.#day.submit({ type: 'apply_schedule', schedule });
    else if (schedule.version > (this.#offered?.version ?? 0)) this.#offered = schedule;
  }

  /** Tells the day who waits for it now. */
  async applyWaitlist(waiting: WaitingList): Promise<void> {
    if (this.#isOpen()) await this.#day.submit({ type: 'apply_waitlist', waiting });
    else if (waiting.version > (this.#told?.version ?? 0)) this.#told = waiting;
  }

  /**
   * Stops bookings for who holds `token`, unless live appointments stand. A registered day that is not open may be
   * opening with the schedule that is about to change, so it is opened first. Throws while another holds a freeze.
   */
  async freeze(untilMs: number, token: string): Promise<Result<null, { readonly appointmentIds: readonly string[] }>> {
    if (!this.#isOpen() && !(await this.#register())) return ok(null);
    const frozen = await this.#day.submit({ type: 'freeze', untilMs, token });
    if (frozen.ok) return frozen;
    if (frozen.refusal.code !== 'zone_change_blocked') throw new Error(`the day cannot freeze: ${frozen.refusal.code}`);
    return refused({ appointmentIds: frozen.refusal.extra?.appointmentIds as string[] });
  }

  /** Ends a freeze; somebody else's stays. */
  async thaw(token: string): Promise<void> {
    if (this.#isOpen()) await this.#day.submit({ type: 'thaw', token });
  }

  /**
   * A freeze whose time is up may stand for a change that was made and not yet told: before the day takes a booking
   * again it reads the schedule. Refused as `temporarily_unavailable` while that cannot be read.
   */
  async endLapsedFreeze(): Promise<Result<null, Refusal>> {
    const { frozen } = this.#day.state();
    if (frozen === null || this.#ports.now() < frozen.untilMs) return ok(null);
    try {
      const schedule = await this.#ports.withTimeout(this.#ports.projection.peek(this.#key));
      if (schedule !== null) await this.#day.submit({ type: 'apply_schedule', schedule });
      await this.#day.submit({ type: 'thaw', token: frozen.by });
      return ok(null);
    } catch (error) {
      this.#ports.report('freeze_not_ended', error);
      return refused(refusal('temporarily_unavailable'));
    }
  }

  /** Registers the day in D1 and opens it with the schedule read in the same transaction; `false`: no such doctor. */
  async #register(): Promise<boolean> {
    const { projection } = this.#ports;
    const opening = await this.#ports.withTimeout(projection.open(this.#key, this.#ports.now()));
    if (opening === null) return false;
    const { schedule, waiting } = opening;
    await this.#day.submit({ type: 'open', schedule, waiting });
    const [offered, told] = [this.#offered, this.#told];
    this.#offered = null;
    this.#told = null;
    // Of two openings at once the later may have read what is newer.
    for (const newer of [waiting, told]) {
      if (newer !== null) await this.#day.submit({ type: 'apply_waitlist', waiting: newer });
    }
    for (const newer of [schedule, offered]) {
      if (newer !== null) await this.#day.submit({ type: 'apply_schedule', schedule: newer });
    }
    return true;
  }

  #isOpen(): boolean {
    return this.#day.state().plan !== null;
  }
}
