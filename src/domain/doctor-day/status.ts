import type { Appointment, Status } from './appointment.ts';

/** What can be done to an appointment. `expire` is time's doing, the rest are commands. */
export type Step =
  | 'confirm'
  | 'extend'
  | 'pay'
  | 'request_approval'
  | 'accept'
  | 'reject'
  | 'cancel'
  | 'complete'
  | 'mark_no_show'
  | 'expire'
  | 'move'
  | 'describe';

/** The state machine: from a status, by a step, to a status. What is not listed is refused as `invalid_transition`. */
const transitions: Readonly<Record<Status, Readonly<Partial<Record<Step, Status>>>>> = {
  pending: {
    confirm: 'confirmed',
    request_approval: 'awaiting_approval',
    extend: 'pending',
    pay: 'pending',
    cancel: 'cancelled',
    expire: 'expired',
    move: 'pending',
    describe: 'pending',
  },
  awaiting_approval: {
    accept: 'confirmed',
    pay: 'awaiting_approval',
    reject: 'rejected',
    cancel: 'cancelled',
    expire: 'expired',
    move: 'awaiting_approval',
    describe: 'awaiting_approval',
  },
  confirmed: {
    pay: 'confirmed',
    cancel: 'cancelled',
    complete: 'completed',
    mark_no_show: 'no_show',
    move: 'confirmed',
    describe: 'confirmed',
  },
  completed: {},
  no_show: {},
  cancelled: {},
  rejected: {},
  expired: {},
};

/** Every status, for tables and schemas. */
export const statuses = Object.keys(transitions) as [Status, ...Status[]];

/** Whether an appointment is over, one way or another: no step leads anywhere any more. */
export const hasEnded = (status: Status): boolean => Object.keys(transitions[status]).length === 0;

/** The statuses of appointments that are not over. */
export const liveStatuses: readonly Status[] = statuses.filter((status) => !hasEnded(status));

/** The status a step leads to, or `null` when the state machine has no such transition. */
export const after = (status: Status, step: Step): Status | null => transitions[status][step] ?? null;

/** A hold or a request for approval whose time is up at `nowMs`. The last live moment is the one before `expiresAtMs`. */
export const hasRunOut = (appointment: Pick<Appointment, 'status' | 'expiresAtMs'>, nowMs: number): boolean =>
  appointment.expiresAtMs !== null && nowMs >= appointment.expiresAtMs && after(appointment.status, 'expire') !== null;

/** Whether a seat is taken by an appointment of a status: everything else has been called off. */
export const holdsSeat: Readonly<Record<Status, boolean>> = {
  pending: true,
  awaiting_approval: true,
  confirmed: true,
  // A visit that took place goes on occupying its time.
  completed: true,
  no_show: true,
  cancelled: false,
  rejected: false,
  expired: false,
};

/** Whether an appointment occupies its seat at `nowMs`, whether or not its expiry has been written down yet. */
export const occupiesSeat = (appointment: Appointment, nowMs: number): boolean =>
  holdsSeat[appointment.status] && !hasRunOut(appointment, nowMs);

/** The appointment as of `nowMs`: one that has run out reads as expired even before that is written down. */
export const asOf = <T extends Pick<Appointment, 'status' | 'expiresAtMs'>>(appointment: T, nowMs: number): T =>
  hasRunOut(appointment, nowMs) ? { ...appointment, status: 'expired' } : appointment;
