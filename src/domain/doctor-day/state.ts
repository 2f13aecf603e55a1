import type { DayKey } from '../ids.ts';
import { type Interval, overlaps } from '../interval.ts';
import { unreachable } from '../result.ts';
import type { Appointment } from './appointment.ts';
import type { Arrival, DayEvent, Departure, Forward } from './event.ts';
import type { DayPlan } from './plan.ts';
import type { Reservation } from './reservation.ts';
import { Seating } from './seating.ts';
import { after, occupiesSeat } from './status.ts';
import type { WaitingList } from './waiting.ts';

/** A stop of all bookings: when to look whether it is still meant, ms, and the token of who asked for it. */
export interface Freeze {
  readonly untilMs: number;
  readonly by: string;
}

/** Everything a doctor-day knows, by kind and id. The ledger stores exactly these records. */
export interface Records {
  plan: DayPlan;
  frozen: Freeze;
  appointment: Appointment;
  arrival: Arrival;
  departure: Departure;
  forward: Forward;
  reservation: Reservation;
  waiting: WaitingList;
  /** An entry of the waitlist that has got its seat here, by its id. */
  taken: { readonly entryId: string };
}

/** One record put or, with `value: null`, deleted. */
export type Change = {
  [Kind in keyof Records]: { readonly kind: Kind; readonly id: string; readonly value: Records[Kind] | null };
}[keyof Records];

/** The state of a doctor-day in memory. Only `apply` changes it; whoever rolls back reads it again from the ledger. */
export interface DayState {
  readonly day: DayKey;
  /** `null` until the day is opened by its first booking. */
  plan: DayPlan | null;
  /** Stops bookings until whoever froze the day, or the schedule it was frozen for, ends it. */
  frozen: Freeze | null;
  readonly appointments: Map<string, Appointment>;
  /** The appointments that may hold a seat: all that time or a command could still change, and past visits. */
  readonly seated: Seating;
  readonly arrivals: Map<string, Arrival>;
  readonly departures: Map<string, Departure>;
  readonly forwards: Map<string, Forward>;
  /** What clinics keep for this day: until they have taken it back, or its time is over. */
  readonly reservations: Map<string, Reservation>;
  /** Who waits for this day, as it was last told. */
  waiting: WaitingList | null;
  /** The entries of the waitlist that have got their seat here, whether or not D1 has heard of it. */
  readonly taken: Set<string>;
}

/** A day that nobody has booked yet. */
export const emptyDay = (day: DayKey): DayState => ({
  day,
  plan: null,
  frozen: null,
  appointments: new Map(),
  seated: new Seating(),
  arrivals: new Map(),
  departures: new Map(),
  forwards: new Map(),
  reservations: new Map(),
  waiting: null,
  taken: new Set(),
});

const single = 'day';

/** The records that an event puts and deletes. */
export const changesOf = (event: DayEvent): Change[] => {
  switch (event.type) {
    case 'opened':
    case 'schedule_applied':
      return [{ kind: 'plan', id: single, value: event.plan }];
    case 'waitlist_applied':
      return [{ kind: 'waiting', id: single, value: event.waiting }];
    case 'frozen':
      return [{ kind: 'frozen', id: single, value: { untilMs: event.untilMs, by: event.by } }];
    case 'thawed':
      return [{ kind: 'frozen', id: single, value: null }];
    case 'move_started':
      return [put(event.appointment), { kind: 'departure', id: event.departure.moveId, value: event.departure }];
    case 'move_abandoned':
      return [put(event.appointment), { kind: 'departure', id: event.moveId, value: null }];
    case 'moved_out':
      return [
        { kind: 'appointment', id: event.forward.appointmentId, value: null },
        { kind: 'forward', id: event.forward.appointmentId, value: event.forward },
        { kind: 'departure', id: event.departure.moveId, value: event.departure },
      ];
    case 'move_settled':
      return [{ kind: 'departure', id: event.moveId, value: null }];
    case 'seat_reserved':
      return [
        { kind: 'arrival', id: event.arrival.moveId, value: event.arrival },
        ...keptFor(event.arrival.appointment),
      ];
    case 'seat_released':
      return [{ kind: 'arrival', id: event.moveId, value: null }];
    case 'moved_in':
      return [
        { kind: 'arrival', id: event.moveId, value: null },
        { kind: 'forward', id: event.appointment.id, value: null },
        ...putBooked(event.appointment),
      ];
    case 'reservation_released':
      return [{ kind: 'reservation', id: event.reservationId, value: null }];
    case 'forwarded':
      return [{ kind: 'forward', id: event.forward.appointmentId, value: event.forward }];
    default:
      return putBooked(event.appointment);
  }
};

/** Puts a change into the state in memory. */
export const apply = (state: DayState, change: Change): void => {
  switch (change.kind) {
    case 'plan':
      state.plan = change.value;
      return;
    case 'frozen':
      state.frozen = change.value;
      return;
    case 'appointment':
      write(state.appointments, change.id, change.value);
      if (change.value !== null && occupiesSeat(change.value, Number.NEGATIVE_INFINITY)) state.seated.put(change.value);
      else state.seated.delete(change.id);
      return;
    case 'arrival':
      write(state.arrivals, change.id, change.value);
      return;
    case 'departure':
      write(state.departures, change.id, change.value);
      return;
    case 'forward':
      write(state.forwards, change.id, change.value);
      return;
    case 'reservation':
      write(state.reservations, change.id, change.value);
      return;
    case 'waiting':
      state.waiting = change.value;
      return;
    case 'taken':
      if (change.value === null) state.taken.delete(change.id);
      else state.taken.add(change.id);
      return;
    default:
      unreachable(change);
  }
};

/** Everything that blocks a seat at `nowMs`: seated appointments, and seats reserved for arrivals. */
export const blockedAt = (state: DayState, nowMs: number): Appointment[] => [
  ...state.seated.at(nowMs),
  ...arriving(state),
];

/** What of it shares time with an interval. */
export const blockedDuring = (state: DayState, interval: Interval, nowMs: number): Appointment[] => [
  ...state.seated.during(interval, nowMs),
  ...arriving(state).filter((appointment) => overlaps(appointment, interval)),
];

/** What of it is a patient's. */
export const blockedBy = (state: DayState, patientId: string, nowMs: number): Appointment[] => [
  ...state.seated.of(patientId, nowMs),
  ...arriving(state).filter((appointment) => appointment.patientId === patientId),
];

/** The appointments whose day is not done: those that the state machine could still cancel. */
export const liveAt = (state: DayState, nowMs: number): Appointment[] =>
  state.seated.at(nowMs).filter((appointment) => after(appointment.status, 'cancel') !== null);

const arriving = (state: DayState): Appointment[] =>
  state.arrivals.size === 0 ? [] : [...state.arrivals.values()].map(({ appointment }) => appointment);

const put = (appointment: Appointment): Change => ({ kind: 'appointment', id: appointment.id, value: appointment });

/** What is kept for an appointment that is seated. One that has ended keeps nothing. */
const keptFor = (appointment: Appointment): Change[] => {
  const { reservation } = appointment;
  if (!reservation || !occupiesSeat(appointment, Number.NEGATIVE_INFINITY)) return [];
  return [{ kind: 'reservation', id: reservation.id, value: reservation }];
};

/** An offer that is booked has given its entry what it waited for. */
const putBooked = (appointment: Appointment): Change[] => {
  const { offer, status } = appointment;
  const kept = [put(appointment), ...keptFor(appointment)];
  if (!offer || status !== 'confirmed') return kept;
  return [...kept, { kind: 'taken', id: offer.entryId, value: { entryId: offer.entryId } }];
};

const write = <T>(map: Map<string, T>, id: string, value: T | null): void => {
  if (value === null) map.delete(id);
  else map.set(id, value);
};
