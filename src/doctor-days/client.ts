import type { HeldAppointment, OutboxStatus } from '../../durable-objects/ports.ts';
import { isOutage } from '../db/outage.ts';
import type { Principal } from '../domain/access.ts';
import type { Payment } from '../domain/doctor-day/appointment.ts';
import type { PersonalCommand } from '../domain/doctor-day/command.ts';
import type { Reply, RequestKey } from '../domain/doctor-day/reply.ts';
import type { AppointmentView, SlotsView } from '../domain/doctor-day/view.ts';
import type { WaitingList } from '../domain/doctor-day/waiting.ts';
import { type DayKey, dayName, parseAppointmentId } from '../domain/ids.ts';
import { addDays, utcDate } from '../domain/local-date.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { ok, type Result, refused } from '../domain/result.ts';
import type { DoctorSchedule } from '../domain/schedule.ts';
import type { DayStanding } from '../domain/why/facts.ts';
import { isKnownDoctor } from './known-doctors.ts';

/** A command about an appointment that exists, wherever it is now. */
export type AppointmentCommand = Exclude<PersonalCommand, { type: 'hold' | 'reschedule' | 'start_move' }>;

/** How long a day that is only looked at may take to answer. */
const patienceMs = 3_000;
/** While an appointment moves, its first day may not know yet where it went last: follow a few steps, not for ever. */
const maxHops = 5;
/** The widest booking window a doctor may set, plus a day for zones. */
const maxAheadDays = 366;

/** The object's RPC as it really is: the platform's mapped types lose unions that hold a refusal's free-form members. */
interface DayRpc {
  execute(command: PersonalCommand, key: RequestKey | null): Promise<Reply>;
  get(appointmentId: string): Promise<Reply>;
  recordPayment(appointmentId: string, payment: Omit<Payment, 'atMs'>): Promise<Reply>;
  slots(): Promise<SlotsView | null>;
  applySchedule(schedule: DoctorSchedule): Promise<void>;
  applyWaitlist(waiting: WaitingList): Promise<void>;
  freeze(untilMs: number, token: string): Promise<Result<null, { readonly appointmentIds: readonly string[] }>>;
  thaw(token: string): Promise<void>;
  reproject(): Promise<boolean>;
  status(): Promise<OutboxStatus>;
  held(): Promise<{ readonly owed: number; readonly appointments: readonly HeldAppointment[] } | null>;
  standing(): Promise<DayStanding | null>;
  ready(): Promise<boolean>;
  fetch(request: Request): Promise<Response>;
}

/** Turns an object that is out of reach for a moment into an answer: repeat it with its key. A bug stays a bug. */
const reach = async (reply: Promise<Reply>): Promise<Reply> => {
  try {
    return await reply;
  } catch (error) {
    if (isOutage(error)) return { kind: 'answer', result: refused(refusal('temporarily_unavailable')) };
    throw error;
  }
};

/** The only door to the Durable Objects of the doctor-days. */
export const doctorDays = (env: Env) => {
  const named = (name: string) => env.DOCTOR_DAY.getByName(name) as unknown as DayRpc;
  const stub = (day: DayKey) => named(dayName(day));

  /** Asks the day that holds an appointment now, beginning with the one that its id names. `null`: no day knows it. */
  const follow = async (
    appointmentId: string,
    ask: (day: DayKey) => Promise<Reply>,
  ): Promise<Result<AppointmentView, Refusal> | null> => {
    let day = parseAppointmentId(appointmentId);
    for (let hop = 0; day !== null && hop <= maxHops; hop += 1) {
      const reply = await reach(ask(day));
      if (reply.kind === 'answer') return reply.result;
      day = reply.kind === 'elsewhere' ? reply.day : await movedTo(env.DB, appointmentId, day);
    }
    return null;
  };

  return {
    /** Holds a slot. Past and far-off dates are refused before any object is asked. */
    hold: async (
      day: DayKey,
      command: PersonalCommand & { type: 'hold' },
      key: RequestKey | null,
      nowMs: number,
    ): Promise<Result<AppointmentView, Refusal>> => {
      if (!isWithinReach(day, nowMs)) return refused(refusal('outside_booking_window'));
      const reply = await reach(stub(day).execute(command, key));
      return reply.kind === 'answer' ? reply.result : refused(refusal('slot_not_found'));
    },

    /** Does something to an appointment, wherever it is. `null` when no day knows it. */
    execute: (command: AppointmentCommand, key: RequestKey | null): Promise<Result<AppointmentView, Refusal> | null> =>
      follow(command.appointmentId, (day) => stub(day).execute(command, key)),

    /** Moves an appointment to a slot of any doctor-day. */
    reschedule: async (
      move: Pick<
        PersonalCommand & { type: 'start_move' },
        'principal' | 'appointmentId' | 'moveId' | 'to' | 'startsAtMs' | 'call'
      >,
      key: RequestKey | null,
      nowMs: number,
    ): Promise<Result<AppointmentView, Refusal> | null> => {
      if (!isWithinReach(move.to, nowMs)) return refused(refusal('outside_booking_window'));
      return follow(move.appointmentId, (day) => {
        const { to, moveId, ...rest } = move;
        const command: PersonalCommand =
          dayName(day) === dayName(to)
            ? { type: 'reschedule', ...rest }
            : { type: 'start_move', ...rest, to, moveId, key: key?.key ?? null };
        return stub(day).execute(command, key);
      });
    },

    /**
     * Gives a hold more time, once, for its patient to pay in; never past its start. Refuses with `not_found`,
     * `already_extended`, `hold_expired`, `invalid_transition` (no hold any more), `move_in_progress`,
     * `temporarily_unavailable`.
     */
    extendHold: async (principal: Principal, appointmentId: string): Promise<Result<AppointmentView, Refusal>> => {
      const command = { type: 'extend', principal, appointmentId } as const;
      return (await follow(appointmentId, (day) => stub(day).execute(command, null))) ?? refused(refusal('not_found'));
    },

    /**
     * Says that the fee was paid: the day notes it and confirms a hold, in one commit. The same payment again is fine
     * and changes nothing, whatever has become of the appointment. `temporarily_unavailable` and `move_in_progress` ask
     * to be told again in a moment; after `not_found`, `hold_expired`, `invalid_transition`, `already_paid` and
     * `wrong_amount` the payment is not taken, and must be given back.
     */
    recordPayment: async (
      appointmentId: string,
      payment: Omit<Payment, 'atMs'>,
    ): Promise<Result<AppointmentView, Refusal>> =>
      (await follow(appointmentId, (day) => stub(day).recordPayment(appointmentId, payment))) ??
      refused(refusal('not_found')),

    /** Reads an appointment, strong. `null` when no day knows it. */
    get: (appointmentId: string): Promise<Result<AppointmentView, Refusal> | null> =>
      follow(appointmentId, (day) => stub(day).get(appointmentId)),

    /** A day's slots, strong. Refused as `not_found` when the doctor does not exist or cannot be booked. */
    slots: async (day: DayKey, nowMs: number): Promise<Result<SlotsView, Refusal>> => {
      if (!isWithinReach(day, nowMs)) return refused(refusal('outside_booking_window'));
      if (!(await isKnownDoctor(env.DB, day.doctorId))) return refused(refusal('not_found'));
      const slots = await stub(day).slots();
      return slots === null ? refused(refusal('not_found')) : ok(slots);
    },

    /**
     * Opens a WebSocket that tells a day's free seats, as the answer to an upgrade. Nothing of who asks goes with it.
     * Refused as `slots` is, and with `too_many_watchers`.
     */
    watch: async (day: DayKey, nowMs: number): Promise<Result<Response, Refusal>> => {
      if (!isWithinReach(day, nowMs)) return refused(refusal('outside_booking_window'));
      const upgrade = new Request('https://doctor-day/live', { headers: { upgrade: 'websocket' } });
      const answer = await stub(day).fetch(upgrade);
      if (answer.status === 101) return ok(answer);
      return refused(refusal(answer.status === 503 ? 'too_many_watchers' : 'not_found'));
    },

    /** Gives an opened day the doctor's newest schedule; older versions and unopened days change nothing. */
    applySchedule: (day: DayKey, schedule: DoctorSchedule): Promise<void> => stub(day).applySchedule(schedule),

    /** Tells an opened day who waits for it; older versions and unopened days change nothing. */
    applyWaitlist: (day: DayKey, waiting: WaitingList): Promise<void> => stub(day).applyWaitlist(waiting),

    /**
     * Stops bookings on a day until an instant or a newer schedule, unless live appointments stand on it: then it
     * refuses with their ids. Used while a doctor's time zone changes.
     */
    freeze: (
      day: DayKey,
      untilMs: number,
      token: string,
    ): Promise<Result<null, { readonly appointmentIds: readonly string[] }>> => stub(day).freeze(untilMs, token),

    /** Ends a freeze early. */
    thaw: (day: DayKey, token: string): Promise<void> => stub(day).thaw(token),

    /** Makes a day project everything it holds to D1 again. Resolves once D1 has it. `false` for an unopened day. */
    reproject: (day: DayKey): Promise<boolean> => stub(day).reproject(),

    /** How far D1 is behind a day. */
    status: (day: DayKey): Promise<OutboxStatus> => stub(day).status(),

    /** As `status`; `null` when the day fails, or does not answer within three seconds. */
    statusSoon: (day: DayKey): Promise<OutboxStatus | null> =>
      Promise.race([
        stub(day)
          .status()
          .catch(() => null),
        new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null)),
      ]),

    /** Every appointment that a day holds, as D1 shall show it; `null` for an unopened day. */
    held: (day: DayKey): Promise<{ readonly owed: number; readonly appointments: readonly HeldAppointment[] } | null> =>
      stub(day).held(),

    /** What takes a day's time at this moment; `null` for an unopened day. */
    standing: (day: DayKey): Promise<DayStanding | null> => stub(day).standing(),

    /** Whether the objects answer at all: asks one of a fixed name that is no doctor-day. It stores nothing. */
    ready: (): Promise<boolean> => named('ready').ready(),
  };
};

/** Whether a date could be open for booking in any zone: yesterday to the widest window, by UTC. */
const isWithinReach = (day: DayKey, nowMs: number): boolean => {
  const today = utcDate(nowMs);
  return day.date >= addDays(today, -1) && day.date <= addDays(today, maxAheadDays + 1);
};

/** Where D1 says an appointment is, when the day that should know has been cleaned away; `null` if it is not elsewhere. */
const movedTo = async (d1: D1Database, appointmentId: string, asked: DayKey): Promise<DayKey | null> => {
  const row = await d1
    .prepare('SELECT doctor_id AS doctorId, date FROM appointments WHERE id = ?')
    .bind(appointmentId)
    .first<DayKey>();
  return row === null || dayName(row) === dayName(asked) ? null : row;
};
