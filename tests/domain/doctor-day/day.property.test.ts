import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Principal, permissions, principalOf } from '../../../src/domain/access.ts';
import type { Appointment } from '../../../src/domain/doctor-day/appointment.ts';
import type { Command } from '../../../src/domain/doctor-day/command.ts';
import { sweep } from '../../../src/domain/doctor-day/decide.ts';
import type { DayEvent } from '../../../src/domain/doctor-day/event.ts';
import { findSeat, fitsPlan } from '../../../src/domain/doctor-day/seats.ts';
import {
  apply,
  blockedAt,
  type Change,
  changesOf,
  type DayState,
  emptyDay,
  liveAt,
} from '../../../src/domain/doctor-day/state.ts';
import { slotsOf } from '../../../src/domain/doctor-day/view.ts';
import { overlaps } from '../../../src/domain/interval.ts';
import type { DoctorSchedule } from '../../../src/domain/schedule.ts';
import { at, DayStory, limits, today } from '../../support/day-story.ts';
import { away, daily, on } from '../../support/schedules.ts';

/** Whatever people ask of a day, in whatever order, with whatever time between: after each step every rule holds. */

const patients = ['u_a', 'u_b', 'u_c', 'u_d'].map((id) => principalOf({ id, role: 'patient' }));
const doctor = principalOf({ id: today.doctorId, role: 'doctor' });
const admin = principalOf({ id: 'u_admin', role: 'admin', permissions });
const tomorrow = { ...today, date: on('2026-06-09') };
/** Starts that some edit of the schedule offers, and one that none does. */
const starts = ['09:00', '09:15', '09:30', '10:00', '10:30', '10:45', '11:00', '09:05'].map((time) => at(time));

const edits: readonly Partial<DoctorSchedule>[] = [
  { rules: daily('09:00', '11:30', { capacity: 1 }) },
  { rules: daily('09:00', '11:30', { capacity: 2 }) },
  { rules: daily('09:00', '11:30', { capacity: 3 }) },
  { rules: daily('09:00', '11:00', { capacity: 2, slotMinutes: 60 }) },
  { rules: daily('09:15', '11:15', { capacity: 2, slotMinutes: 45 }) },
  { rules: daily('09:00', '11:30', { capacity: 2, mode: 'video' }) },
  { timeOff: [away('2026-06-08', '2026-06-08', '09:30', '10:30')] },
  { timeOff: [] },
  { approvalRequired: true },
  { approvalRequired: false },
  { minimumNoticeMinutes: 30 },
  { minimumNoticeMinutes: 0 },
];

type Act =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'edit'; readonly edit: number }
  | { readonly do: 'freeze' | 'thaw' | 'sweep' }
  | { readonly do: 'hold'; readonly who: number; readonly start: number }
  | {
      readonly do: 'confirm' | 'accept' | 'reject' | 'cancel' | 'complete' | 'mark_no_show' | 'describe';
      readonly who: number;
      readonly which: number;
    }
  | { readonly do: 'reschedule'; readonly who: number; readonly which: number; readonly start: number }
  | { readonly do: 'start_move' | 'depart' | 'abandon' | 'settle'; readonly who: number; readonly which: number }
  | { readonly do: 'reserve'; readonly who: number; readonly start: number; readonly pending: boolean }
  | { readonly do: 'arrive' | 'release'; readonly which: number };

const index = fc.nat({ max: 30 });
const who = fc.nat({ max: patients.length + 1 });
const start = fc.nat({ max: starts.length - 1 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('hold' as const), who, start }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('confirm', 'confirm', 'accept', 'reject', 'cancel', 'complete', 'mark_no_show', 'describe'),
      who,
      which: index,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reschedule' as const), who, which: index, start }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('start_move', 'depart', 'abandon', 'settle'), who, which: index }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('reserve' as const), who, start, pending: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('arrive', 'release'), which: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('edit' as const), edit: fc.nat({ max: edits.length - 1 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('freeze', 'thaw', 'sweep') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 1, 60_000, limits.holdTtlMs - 1, limits.holdTtlMs, 30 * 60_000),
    }),
  },
);

const cyclic = <T>(items: Iterable<T>, index: number): T | undefined => {
  const all = [...items];
  return all[index % all.length];
};

/** Mostly an appointment that stands, sometimes one that has ended, or none. */
const targetOf = (state: DayState, index: number): string => {
  const standing = [...state.seated.at(Number.NEGATIVE_INFINITY)]
    .filter(({ moving }) => index % 7 > 0 && moving === null)
    .map(({ id }) => id);
  return cyclic(standing, index) ?? cyclic(state.appointments.keys(), index) ?? 'a_none';
};

/** Mostly somebody who may, sometimes anybody. */
const askerOf = (a: Act, appointment: Appointment | undefined): Principal => {
  if (!('who' in a)) return admin;
  if (a.do === 'hold') return cyclic(patients, a.who) ?? admin;
  if (a.who === 0) return cyclic([...patients, doctor], a.do.length) ?? admin;
  if (['accept', 'reject', 'complete', 'mark_no_show'].includes(a.do)) return doctor;
  return cyclic([principalOf({ id: appointment?.patientId ?? 'u_nobody', role: 'patient' }), admin], a.who) ?? admin;
};

/** The command that an act makes in the present state; `null` when there is nothing to do it to. */
const commandOf = (day: DayStory, step: number, a: Act): Command | null => {
  const { state, nowMs } = day;
  const appointmentId = 'which' in a ? targetOf(state, a.which) : 'a_none';
  const principal = askerOf(a, state.appointments.get(appointmentId));
  const startsAtMs = 'start' in a ? (starts[a.start] ?? 0) : 0;
  switch (a.do) {
    case 'hold':
      return {
        type: 'hold',
        principal,
        patientId: principal.id,
        appointmentId: `a_${step}`,
        startsAtMs,
        mode: null,
        words: {},
      };
    case 'confirm':
    case 'accept':
    case 'mark_no_show':
      return { type: a.do, principal, appointmentId };
    case 'complete': {
      const visit = step % 2 === 0 ? state.appointments.get(appointmentId) : undefined;
      const call = visit === undefined ? null : { doctorId: state.day.doctorId, startsAtMs: visit.startsAtMs };
      return { type: a.do, principal, appointmentId, call };
    }
    case 'cancel':
    case 'reject':
      return { type: a.do, principal, appointmentId, statusReason: null };
    case 'describe':
      return { type: 'describe', principal, appointmentId, words: { reason: `r${step}` } };
    case 'reschedule':
      return { type: 'reschedule', principal, appointmentId, startsAtMs };
    case 'start_move':
      return { type: a.do, principal, appointmentId, moveId: `m_${step}`, to: tomorrow, startsAtMs, key: null };
    case 'depart': {
      const departure = cyclic(state.departures.values(), a.which);
      const arriving = departure && state.appointments.get(departure.appointmentId);
      return arriving ? { type: 'depart', moveId: departure.moveId, arriving, timeZone: 'Asia/Dhaka' } : null;
    }
    case 'abandon': {
      const departure = cyclic(state.departures.values(), a.which);
      return departure ? { type: 'abandon_move', moveId: departure.moveId, because: { code: 'move_failed' } } : null;
    }
    case 'settle': {
      const departure = cyclic(state.departures.values(), a.which);
      return departure?.phase === 'departed' ? { type: 'settle_move', moveId: departure.moveId } : null;
    }
    case 'reserve': {
      const patientId = (patients[a.who % patients.length] ?? admin).id;
      const status = a.pending ? 'pending' : 'confirmed';
      const appointment = foreign(`a_${step}`, patientId, status, nowMs);
      return { type: 'reserve_seat', moveId: `m_${step}`, from: tomorrow, by: admin, appointment, startsAtMs };
    }
    case 'arrive': {
      const arrival = cyclic(state.arrivals.values(), a.which);
      if (arrival === undefined) return null;
      return {
        type: 'arrive',
        moveId: arrival.moveId,
        appointment: { ...arrival.appointment, version: arrival.appointment.version + 1 },
      };
    }
    case 'release': {
      const arrival = cyclic(state.arrivals.values(), a.which);
      return arrival ? { type: 'release_seat', moveId: arrival.moveId } : null;
    }
    case 'freeze':
      return { type: 'freeze', untilMs: nowMs + 60_000, token: 'zone' };
    default:
      return a.do === 'thaw' ? { type: 'thaw', token: 'zone' } : { type: 'sweep' };
  }
};

/** An appointment of the day after that wants to move here. */
const foreign = (id: string, patientId: string, status: 'pending' | 'confirmed', nowMs: number): Appointment => ({
  id,
  patientId,
  startsAtMs: at('09:00', '2026-06-09'),
  endsAtMs: at('09:30', '2026-06-09'),
  seat: 1,
  mode: 'in_person',
  clinicId: null,
  status,
  expiresAtMs: status === 'pending' ? nowMs + limits.holdTtlMs : null,
  outsideSchedule: false,
  reason: null,
  symptoms: null,
  statusReason: null,
  fee: { amount: 1, currency: 'BDT' },
  createdAtMs: nowMs,
  updatedAtMs: nowMs,
  version: 1,
  moving: `m_${id}`,
});

const endings = ['cancelled', 'expired', 'rejected', 'completed', 'marked_no_show'];
const confirmations = ['confirmed', 'approval_requested', 'accepted'];
const unseen = ['move_started', 'move_abandoned'];

/** As `expect`, for the many times that it holds. */
const must = (condition: boolean, rule: string): void => {
  if (!condition) throw new Error(`broken: ${rule}`);
};

/** Follows the events of a day and remembers what they must not contradict. */
class Witness {
  readonly #day: DayStory;
  readonly #versions = new Map<string, number>();
  readonly #ended = new Set<string>();
  readonly #expiries = new Map<string, number | null>();
  readonly #replayed = emptyDay(today);
  #seen = 0;

  constructor(day: DayStory) {
    this.#day = day;
  }

  /** Checks what has happened since the last time, and the day as it is now. */
  check(): void {
    const fresh = this.#day.events.slice(this.#seen);
    this.#seen = this.#day.events.length;
    for (const event of fresh) this.#checkEvent(event);
    // A hold may have run out on its way here: the next decision sees to it.
    const arrived = fresh.flatMap((event) => (event.type === 'moved_in' ? [event.appointment.id] : []));
    this.#checkSeats(arrived);
    this.#checkOffer();
  }

  /** Checks that the events, stored and read back, make the state that the day is in. */
  checkReplay(): void {
    expect(this.#replayed).toEqual(this.#day.state);
  }

  #checkEvent(event: DayEvent): void {
    for (const change of changesOf(event)) apply(this.#replayed, JSON.parse(JSON.stringify(change)) as Change);
    if (event.type === 'seat_reserved') this.#checkGrant(event.arrival.appointment);
    if (event.type === 'moved_out') {
      const { appointmentId, shown, version } = event.forward;
      const before = this.#versions.get(appointmentId) ?? 0;
      must(shown?.appointment.version === before + 1 && version === before + 2, 'a version to leave, one to arrive');
      must(!this.#ended.has(appointmentId), 'what has ended does not leave');
    }
    if ('appointment' in event) this.#checkAppointment(event.type, event.appointment);
  }

  #checkAppointment(type: string, appointment: Appointment): void {
    const { nowMs } = this.#day;
    const { id, version, expiresAtMs } = appointment;
    // A hold may run out while it is moving; then the move is given up, which nobody sees.
    if (!unseen.includes(type)) must(!this.#ended.has(id), `${type}: nothing happens after the end`);
    if (endings.includes(type)) this.#ended.add(id);
    const before = this.#versions.get(id);
    const rise = unseen.includes(type) ? 0 : 1;
    if (before !== undefined) must(version === before + rise, `${type}: each visible change is one version`);
    const expiry = this.#expiries.get(id) ?? null;
    if (confirmations.includes(type) && expiry !== null) must(nowMs < expiry, `${type}: not at its expiry`);
    if (type === 'expired') must(expiry !== null && nowMs >= expiry, 'nothing expires too soon');
    if (appointment.status === 'awaiting_approval') {
      must(expiresAtMs !== null && expiresAtMs <= appointment.startsAtMs, 'a request is answered before the start');
    }
    if (type === 'held' || type === 'rescheduled') this.#checkGrant(appointment);
    this.#versions.set(id, version);
    this.#expiries.set(id, expiresAtMs);
  }

  /** A seat that was just given lies in a slot, within its capacity, and nothing else overlaps the slot. */
  #checkGrant(granted: Appointment): void {
    const { state, nowMs } = this.#day;
    must(state.frozen === null, 'a frozen day gives no seat');
    const slot = state.plan?.slots.find((candidate) => candidate.startsAtMs === granted.startsAtMs);
    if (slot === undefined) throw new Error('broken: a seat is of a slot');
    const there = blockedAt(state, nowMs).filter((other) => overlaps(other, slot));
    must(there.length <= slot.capacity, 'no slot has more seats taken than its capacity');
    const all = there.every((other) => other.startsAtMs === slot.startsAtMs && other.endsAtMs === slot.endsAtMs);
    must(all, 'no seat overlaps that of another slot');
  }

  #checkSeats(arrived: readonly string[]): void {
    const { state, nowMs } = this.#day;
    const left = sweep(state, nowMs).flatMap((event) => ('appointment' in event ? [event.appointment.id] : []));
    must(
      left.every((id) => arrived.includes(id)),
      'nothing that is over is left',
    );
    const blocked = blockedAt(state, nowMs);
    const seats = new Set(blocked.map(({ startsAtMs, seat }) => `${startsAtMs}/${seat}`));
    must(seats.size === blocked.length && blocked.every(({ seat }) => seat >= 1), 'no two share a seat');
    for (const { id } of patients) {
      const own = blocked.filter(({ patientId }) => patientId === id);
      must(!own.some((a, i) => own.slice(i + 1).some((b) => overlaps(a, b))), 'no patient is in two places');
      must(own.filter(({ status }) => status === 'pending').length <= limits.maxHoldsPerDay, 'holds of one patient');
    }
  }

  #checkOffer(): void {
    const { state, nowMs } = this.#day;
    const { plan } = state;
    if (plan === null) return;
    for (const live of liveAt(state, nowMs)) must(live.outsideSchedule === !fitsPlan(plan, live), 'flagged or fits');
    for (const { startsAtMs, remaining, capacity } of slotsOf(state, nowMs).slots) {
      must(remaining >= 0 && remaining <= capacity, 'free seats are between none and all');
      const stranger = { patientId: 'u_stranger', startsAtMs, mode: null, except: null };
      must(findSeat(state, plan, stranger, nowMs).ok === remaining > 0, 'what is offered can be had');
    }
  }
}

// fast-check prints the seed and the smallest counterexample of a failure; put such a case into a test of its own.
describe('any day', () => {
  test('[DD1] [DD2] [DD3] [DD4] [DD5] [DD6] [DD7] [DD10] [DD11] [DD28] [DD30] [DD31] keeps its rules', () => {
    const happened = new Set<string>();
    const story = fc.record({
      approvalRequired: fc.boolean(),
      from: fc.constantFrom('07:00', '08:55'),
      acts: fc.array(act, { minLength: 1, maxLength: 80, size: 'max' }),
    });
    const property = fc.property(story, ({ approvalRequired, from, acts }) => {
      const day = new DayStory({ rules: daily('09:00', '11:30', { capacity: 2 }), approvalRequired }).itIs(from);
      const witness = new Witness(day);
      for (const [step, a] of acts.entries()) {
        if (a.do === 'wait') day.nowMs += a.ms;
        if (a.do === 'edit') day.edits(edits[a.edit] ?? {});
        else day.decide(commandOf(day, step, a) ?? { type: 'sweep' });
        witness.check();
      }
      witness.checkReplay();
      for (const { type } of day.events) happened.add(type);
    });
    fc.assert(property, { numRuns: 1_000 });
    expect(happened.size, 'nearly everything that can happen has').toBeGreaterThan(20);
  }, 30_000);
});
