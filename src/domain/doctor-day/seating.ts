import { type Interval, overlaps } from '../interval.ts';
import type { Appointment } from './appointment.ts';
import { after, hasRunOut } from './status.ts';

interface Group extends Interval {
  readonly appointments: Map<string, Appointment>;
}

interface Expiry {
  readonly atMs: number;
  readonly id: string;
}

/**
 * The appointments that may hold a seat on a day, found by time, by patient and by when they run out, so that deciding
 * about one slot does not look at the others. Only `apply` writes it.
 */
export class Seating {
  readonly #byId = new Map<string, Appointment>();
  readonly #byTime = new Map<string, Group>();
  readonly #byPatient = new Map<string, Map<string, Appointment>>();
  /** In order of time. */
  readonly #expiries: Expiry[] = [];

  /** Puts an appointment in the place of what was known of it. */
  put(appointment: Appointment): void {
    const { id, startsAtMs, endsAtMs, patientId } = appointment;
    this.delete(id);
    this.#byId.set(id, appointment);
    const group = this.#byTime.get(timeOf(appointment)) ?? { startsAtMs, endsAtMs, appointments: new Map() };
    this.#byTime.set(timeOf(appointment), group);
    group.appointments.set(id, appointment);
    const own = this.#byPatient.get(patientId) ?? new Map<string, Appointment>();
    this.#byPatient.set(patientId, own);
    own.set(id, appointment);
    const atMs = expiryOf(appointment);
    if (atMs !== null) this.#expiries.splice(this.#placeAfter(atMs), 0, { atMs, id });
  }

  /** Lets go of an appointment; of one that is not here, nothing. */
  delete(id: string): void {
    const appointment = this.#byId.get(id);
    if (appointment === undefined) return;
    this.#byId.delete(id);
    drop(this.#byTime, timeOf(appointment), this.#byTime.get(timeOf(appointment))?.appointments, id);
    drop(this.#byPatient, appointment.patientId, this.#byPatient.get(appointment.patientId), id);
    const atMs = expiryOf(appointment);
    if (atMs === null) return;
    let at = this.#placeAfter(atMs) - 1;
    while (this.#expiries[at]?.id !== id) at -= 1;
    this.#expiries.splice(at, 1);
  }

  /** Those that occupy their seat at `nowMs`. */
  at(nowMs: number): Appointment[] {
    return [...this.#byId.values()].filter((appointment) => !hasRunOut(appointment, nowMs));
  }

  /** Those that occupy their seat at `nowMs` and share time with an interval. */
  during(interval: Interval, nowMs: number): Appointment[] {
    const found: Appointment[] = [];
    for (const group of this.#byTime.values()) {
      if (!overlaps(group, interval)) continue;
      for (const appointment of group.appointments.values()) {
        if (!hasRunOut(appointment, nowMs)) found.push(appointment);
      }
    }
    return found;
  }

  /** A patient's that occupy their seat at `nowMs`. */
  of(patientId: string, nowMs: number): Appointment[] {
    const own = this.#byPatient.get(patientId)?.values() ?? [];
    return [...own].filter((appointment) => !hasRunOut(appointment, nowMs));
  }

  /** Those whose time is up at `nowMs`, the longest ago first. */
  runOutBy(nowMs: number): Appointment[] {
    const due = this.#expiries.slice(0, this.#placeAfter(nowMs));
    return due.flatMap(({ id }) => this.#byId.get(id) ?? []);
  }

  /** When the first of them runs out, ms; `null` when none will. */
  firstExpiryMs(): number | null {
    return this.#expiries[0]?.atMs ?? null;
  }

  /** Where the first expiry later than an instant stands. Most are put last, for holds all live equally long. */
  #placeAfter(atMs: number): number {
    let low = 0;
    let high = this.#expiries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#expiries[middle] as Expiry).atMs <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const timeOf = ({ startsAtMs, endsAtMs }: Interval): string => `${startsAtMs}/${endsAtMs}`;

const expiryOf = (appointment: Appointment): number | null =>
  after(appointment.status, 'expire') === null ? null : appointment.expiresAtMs;

const drop = <K>(index: Map<K, unknown>, key: K, group: Map<string, Appointment> | undefined, id: string): void => {
  group?.delete(id);
  if (group?.size === 0) index.delete(key);
};
