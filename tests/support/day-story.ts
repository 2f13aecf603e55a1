import { type Facts, type Principal, permissions, principalOf, type Role } from '../../src/domain/access.ts';
import type { Appointment } from '../../src/domain/doctor-day/appointment.ts';
import type { Command, Limits, SealedWords } from '../../src/domain/doctor-day/command.ts';
import { decide, sweep } from '../../src/domain/doctor-day/decide.ts';
import type { Decision } from '../../src/domain/doctor-day/decision.ts';
import type { DayEvent } from '../../src/domain/doctor-day/event.ts';
import { apply, changesOf, type DayState, emptyDay } from '../../src/domain/doctor-day/state.ts';
import { slotsOf } from '../../src/domain/doctor-day/view.ts';
import { withOffers } from '../../src/domain/doctor-day/with-offers.ts';
import type { DayKey } from '../../src/domain/ids.ts';
import type { DoctorSchedule, Mode, Priority } from '../../src/domain/schedule.ts';
import type { KnownCall } from '../../src/domain/visits/begun.ts';
import { localDateTimeOf } from '../../src/domain/zoned-time.ts';
import { daily, on, schedule } from './schedules.ts';

const minuteMs = 60_000;

/** A hold lasts five minutes, ten while it is paid, a doctor answers within a day, three holds a day, a move takes half a minute at most. */
export const limits: Limits = {
  holdTtlMs: 5 * minuteMs,
  approvalTtlMs: 24 * 60 * minuteMs,
  paymentTtlMs: 10 * minuteMs,
  offerTtlMs: 15 * minuteMs,
  maxHoldsPerDay: 3,
  moveTtlMs: 30_000,
};

/** The day of the stories: a Monday in Dhaka, which is six hours ahead of UTC all year. */
export const today: DayKey = { doctorId: 'u_AAAAAAAAAAAAAAAA', date: on('2026-06-08') };

/** The instant (ms) of a local time in Dhaka: `09:00`, or `09:00:00.001`. */
export const at = (time: string, date = '2026-06-08'): number => Date.parse(`${date}T${time}+06:00`);

/**
 * One doctor-day told as a story: what people ask is decided as the engine decides it (sweep, decide, apply, offer),
 * without any engine. An outcome reads `held`, or `refused: slot_full`, or `nothing` when all is as asked already.
 */
export class DayStory {
  readonly state: DayState;
  /** Everything that has happened, expiries included. */
  readonly events: DayEvent[] = [];
  readonly limits: Limits;
  readonly doctor: Person;
  readonly admin: Person;
  nowMs = at('12:00', '2026-06-07');
  #schedule: DoctorSchedule;
  #ids = 0;

  constructor(parts: Partial<DoctorSchedule> = {}, day = today, within: Partial<Limits> = {}) {
    this.state = emptyDay(day);
    this.limits = { ...limits, ...within };
    this.#schedule = schedule({ doctorId: day.doctorId, rules: daily('09:00', '12:00'), ...parts });
    this.doctor = new Person(this, principalOf({ id: day.doctorId, role: 'doctor' }));
    this.admin = new Person(this, principalOf({ id: 'u_admin', role: 'admin', permissions }));
    this.ask({ type: 'open', schedule: this.#schedule });
  }

  /** Somebody of a role, a patient unless said otherwise. */
  person(name: string, role: Role = 'patient', facts: Partial<Facts> = {}): Person {
    return new Person(this, principalOf({ id: `u_${name}`, role, ...facts }));
  }

  /** Sets the clock to a local time of the day (or of another date). */
  itIs(time: string, date?: string): this {
    this.nowMs = at(time, date);
    return this;
  }

  /** Asks for something and tells the outcome. */
  ask(command: Command): string {
    return told(this.decide(command));
  }

  /** Asks for something and gives the whole decision. */
  decide(command: Command): Decision {
    this.#append(sweep(this.state, this.nowMs));
    const decision = decide(this.state, command, this.nowMs, this.limits);
    if (decision.ok) this.#append(decision.value);
    return decision;
  }

  /** The doctor edits the schedule, and the day learns of it. */
  edits(parts: Partial<DoctorSchedule>): string {
    this.#schedule = { ...this.#schedule, version: this.#schedule.version + 1, ...parts };
    return this.ask({ type: 'apply_schedule', schedule: this.#schedule });
  }

  /** Free seats by local start time: `{ '09:00': 1 }`. */
  get free(): Record<string, number> {
    const { slots, timeZone } = slotsOf(this.state, this.nowMs);
    return Object.fromEntries(
      slots.map((slot) => [localDateTimeOf(slot.startsAtMs, timeZone).slice(11), slot.remaining]),
    );
  }

  /** What has happened to one appointment, in order. */
  historyOf(id: string): string[] {
    return this.events.filter((event) => 'appointment' in event && event.appointment.id === id).map(({ type }) => type);
  }

  nextId(): string {
    this.#ids += 1;
    return `a_${this.state.day.date}_${this.#ids}`;
  }

  #append(events: readonly DayEvent[]): void {
    for (const event of events) {
      for (const one of withOffers(this.state, event, this.nowMs, this.limits, () => this.nextId())) {
        this.events.push(one);
        for (const change of changesOf(one)) apply(this.state, change);
      }
    }
  }
}

/** Somebody who asks things of a doctor-day. Where no appointment is named, the last one that they held is meant. */
export class Person {
  readonly principal: Principal;
  readonly #story: DayStory;
  #last = '';

  constructor(story: DayStory, principal: Principal) {
    this.#story = story;
    this.principal = principal;
  }

  /** The appointment that this person held last, as it is now. */
  get visit(): Appointment {
    const visit = this.#story.state.appointments.get(this.#last);
    if (visit === undefined) throw new Error(`${this.principal.id} has no appointment on this day`);
    return visit;
  }

  holds(
    time: string,
    {
      mode = null,
      words = {},
      patientId = this.principal.id,
      priority = 'routine',
    }: { mode?: Mode | null; words?: SealedWords; patientId?: string; priority?: Priority } = {},
  ): string {
    const appointmentId = this.#story.nextId();
    const { principal } = this;
    const startsAtMs = at(time, this.#story.state.day.date);
    const outcome = this.#story.ask({
      type: 'hold',
      principal,
      patientId,
      appointmentId,
      startsAtMs,
      mode,
      priority,
      words,
    });
    if (outcome === 'held') this.#last = appointmentId;
    return outcome;
  }

  /** Holds and confirms, and gives the appointment. */
  books(time: string): Appointment {
    const outcome = `${this.holds(time)}, ${this.confirms()}`;
    if (outcome !== 'held, confirmed') throw new Error(`${this.principal.id} could not book ${time}: ${outcome}`);
    return this.visit;
  }

  confirms = (visit: { id: string } = this.visit): string => this.#does('confirm', visit);
  accepts = (visit: { id: string } = this.visit): string => this.#does('accept', visit);
  completes = (visit: { id: string } = this.visit, call: KnownCall = null): string =>
    this.#story.ask({ type: 'complete', principal: this.principal, appointmentId: visit.id, call });
  marksNoShow = (visit: { id: string } = this.visit): string => this.#does('mark_no_show', visit);

  cancels(visit: { id: string } = this.visit, statusReason: string | null = null): string {
    return this.#story.ask({ type: 'cancel', principal: this.principal, appointmentId: visit.id, statusReason });
  }

  rejects(visit: { id: string } = this.visit, statusReason: string | null = null): string {
    return this.#story.ask({ type: 'reject', principal: this.principal, appointmentId: visit.id, statusReason });
  }

  describes(words: SealedWords, visit: { id: string } = this.visit): string {
    return this.#story.ask({ type: 'describe', principal: this.principal, appointmentId: visit.id, words });
  }

  /** Moves within the day. */
  moves(time: string, visit: { id: string } = this.visit): string {
    const { principal } = this;
    const startsAtMs = at(time, this.#story.state.day.date);
    return this.#story.ask({ type: 'reschedule', principal, appointmentId: visit.id, startsAtMs });
  }

  /** Starts a move to another day. */
  leaves(to: DayKey, time: string, visit: { id: string } = this.visit, moveId = 'm_1'): string {
    const { principal } = this;
    const startsAtMs = at(time, to.date);
    return this.#story.ask({
      type: 'start_move',
      principal,
      appointmentId: visit.id,
      moveId,
      to,
      startsAtMs,
      key: null,
    });
  }

  #does(type: 'confirm' | 'accept' | 'mark_no_show', visit: { id: string }): string {
    return this.#story.ask({ type, principal: this.principal, appointmentId: visit.id });
  }
}

/** A decision in words. */
export const told = (decision: Decision): string => {
  if (!decision.ok) return `refused: ${decision.refusal.code}`;
  return decision.value.map(({ type }) => type).join(', ') || 'nothing';
};
