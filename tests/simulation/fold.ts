import type { Appointment } from '../../src/domain/doctor-day/appointment.ts';
import { dayName, parseDayName } from '../../src/domain/ids.ts';
import type { Promises } from './promises.ts';
import type { Stored, StoredEvent } from './stored.ts';
import { promise, Violation } from './violation.ts';

/** An appointment as the events of all days together tell it. */
interface Folded {
  /** The day that holds it, or the move that carries it. */
  place: string;
  status: string;
  version: number;
  /** The payment that was taken for it, and whether its hold was given more time. */
  payment?: string;
  extended?: true;
}

/** The state machine, written down a second time: from which statuses an event may come, and to which it leads. */
const machine: Readonly<
  Record<string, readonly [from: readonly string[], to: string | null, asked: string | null, or?: string]>
> = {
  extended: [['pending'], null, 'extend'],
  paid: [['pending', 'awaiting_approval', 'confirmed'], null, 'pay'],
  confirmed: [['pending'], 'confirmed', 'confirm', 'pay'],
  approval_requested: [['pending'], 'awaiting_approval', 'confirm', 'pay'],
  accepted: [['awaiting_approval'], 'confirmed', 'accept'],
  rejected: [['awaiting_approval'], 'rejected', 'reject'],
  cancelled: [['pending', 'awaiting_approval', 'confirmed'], 'cancelled', 'cancel'],
  expired: [['pending', 'awaiting_approval'], 'expired', null],
  completed: [['confirmed'], 'completed', 'complete'],
  marked_no_show: [['confirmed'], 'no_show', 'mark_no_show'],
  described: [['pending', 'awaiting_approval', 'confirmed'], null, 'describe'],
  rescheduled: [['pending', 'awaiting_approval', 'confirmed'], null, 'move'],
  flagged_outside_schedule: [['pending', 'awaiting_approval', 'confirmed'], null, null],
  unflagged_outside_schedule: [['pending', 'awaiting_approval', 'confirmed'], null, null],
};

/** The doctor of a day's name. */
const doctorIn = (day: string): string => parseDayName(day)?.doctorId ?? '';

/** Follows the events of all days as they are committed, and checks that each may happen. */
export class Fold {
  readonly appointments = new Map<string, Folded>();
  readonly #promises: Promises;

  constructor(promises: Promises) {
    this.#promises = promises;
  }

  /** Takes in one event of a day. `before` is what the day had stored before the commit that the event is part of. */
  take(day: string, event: StoredEvent, before: Stored): void {
    const { subjectId: id, action, data } = event;
    if (id === null) return;
    const known = this.appointments.get(id);
    const where = () => `${action} ${id} on ${day}, event ${event.seq}`;
    switch (action) {
      case 'held':
        promise(known === undefined, 'DD10', () => `${where()}: it exists already`);
        promise(this.#promises.wasAsked(id, 'hold'), 'DD20', () => `${where()}: nobody asked for it`);
        this.appointments.set(id, { place: day, status: 'pending', version: 1 });
        return;
      case 'offered':
        promise(known === undefined, 'DD10', () => `${where()}: it exists already`);
        this.appointments.set(id, { place: day, status: 'pending', version: 1 });
        return;
      case 'seat_reserved':
      case 'seat_released':
      case 'forwarded':
      case 'move_settled':
        return;
      default:
    }
    if (known === undefined) throw new Violation('DD10', `${where()}: it does not exist`);
    if (action === 'moved_in') {
      promise(known.place === `move ${data.moveId}`, 'DD15', () => `${where()}: it is on ${known.place}`);
      promise((data.version ?? 0) > known.version, 'DD23', () => `${where()}: its version did not rise`);
      Object.assign(known, { place: day, status: data.status, version: data.version });
      return;
    }
    promise(known.place === day, 'DD15', () => `${where()}: it is on ${known.place}`);
    if (action === 'move_started' || action === 'move_abandoned') {
      promise(this.#promises.wasAsked(id, 'move'), 'DD15', () => `${where()}: nobody asked for it`);
      return;
    }
    if (action === 'moved_out') {
      Object.assign(known, { place: `move ${data.moveId}`, version: known.version + 1 });
      return;
    }
    this.#step(event, known, before, where);
  }

  #step(event: StoredEvent, known: Folded, before: Stored, where: () => string): void {
    const { action, data, atMs, subjectId } = event;
    const rule = machine[action];
    if (rule === undefined) throw new Violation('DD10', `${where()}: no such event`);
    const [from, to, asked, or] = rule;
    const id = subjectId as string;
    promise(from.includes(known.status), 'DD10', () => `${where()}: it was ${known.status}`);
    const isAsked = [asked, or].some((one) => one !== undefined && one !== null && this.#promises.wasAsked(id, one));
    promise(asked === null || isAsked, 'DD10', () => `${where()}: nobody asked for it`);
    promise(
      data.version === known.version + 1,
      'DD23',
      () => `${where()}: version ${known.version} to ${data.version}`,
    );
    const was = before.appointments.get(id);
    const deadlineMs = was?.status === known.status ? was.expiresAtMs : null;
    if (deadlineMs !== null && deadlineMs !== undefined && known.status !== 'confirmed') {
      if (action === 'expired') promise(atMs >= deadlineMs, 'DD2', () => `${where()}: too early`);
      else promise(atMs < deadlineMs, 'DD3', () => `${where()}: it had run out`);
    }
    if (was !== undefined && (action === 'completed' || action === 'marked_no_show')) {
      const wasCalled =
        action === 'completed' &&
        this.#promises.wasCalled(id, { doctorId: doctorIn(known.place), startsAtMs: was.startsAtMs });
      promise(atMs >= was.startsAtMs || wasCalled, 'DD12', () => `${where()}: it had not begun`);
    }
    this.#money(event, known, was, where);
    Object.assign(known, { status: to ?? data.status, version: data.version });
    promise(data.status === known.status, 'DD10', () => `${where()}: it became ${data.status}`);
  }

  /** One payment, of the fee, that keeps its hold; more time once; and nobody confirms for themselves what they owe. */
  #money(event: StoredEvent, known: Folded, was: Appointment | undefined, where: () => string): void {
    const { action, data, actorId, subjectId } = event;
    if (action === 'extended') {
      promise(known.extended === undefined, 'DD40', () => `${where()}: it was extended before`);
      known.extended = true;
    }
    if (action === 'paid') {
      const { payment } = data;
      promise(known.payment === undefined, 'DD42', () => `${where()}: ${known.payment} was taken already`);
      promise(this.#promises.wasPaid(subjectId as string, payment?.id), 'DD42', () => `${where()}: nobody paid it`);
      const isFee = was?.fee.amount === payment?.amountMinor && was?.fee.currency === payment?.currency;
      promise(was === undefined || isFee, 'DD42', () => `${where()}: not the fee`);
      known.payment = payment?.id ?? '?';
    }
    if (known.payment !== undefined && known.status === 'pending') {
      promise(action !== 'expired', 'DD41', () => `${where()}: its hold was paid for`);
    }
    if ((action === 'confirmed' || action === 'approval_requested') && was?.paymentRequired === true) {
      const isOwed = known.payment === undefined && actorId === was.patientId;
      promise(!isOwed, 'DD39', () => `${where()}: confirmed by the patient and not paid`);
    }
  }

  /** The records of a day must say what its events said. */
  compare(stored: Stored, day: { readonly doctorId: string; readonly date: string }): void {
    const name = dayName(day as never);
    const here = [...this.appointments].filter(([, { place }]) => place === name);
    for (const [id, { status, version }] of here) {
      const record = stored.appointments.get(id);
      const isKept = (record?.payment?.id ?? null) === (this.appointments.get(id)?.payment ?? null);
      promise(isKept, 'DD43', () => `${id} on ${name} has another payment than its events say`);
      const isUnconfirmed = record?.status === 'pending' && Boolean(record.payment);
      promise(!isUnconfirmed, 'DD41', () => `${id} on ${name} is paid for and still a hold`);
      promise(
        record?.status === status && record.version === version,
        'DD20',
        () => `${id} on ${name} is ${record?.status} v${record?.version}, its events say ${status} v${version}`,
      );
    }
    promise(here.length === stored.appointments.size, 'DD15', () => `${name} holds what no event put there`);
  }
}
