import type { Appointment } from '../src/domain/doctor-day/appointment.ts';
import type { DayKey } from '../src/domain/ids.ts';
import type { DoctorSchedule } from '../src/domain/schedule.ts';

/** An audit row on its way to D1. */
export interface AuditRow {
  readonly seq: number;
  readonly atMs: number;
  readonly actorId: string | null;
  readonly actorRole: string;
  readonly action: string;
  readonly subjectId: string | null;
  /** JSON without a person's words. */
  readonly data: string;
}

/** An appointment as D1 shall show it. `seat` is `null` once the seat is free. */
export interface AppointmentRow extends Omit<Appointment, 'seat' | 'moving'> {
  readonly seat: number | null;
  readonly doctorId: string;
  readonly date: string;
  readonly timeZone: string;
}

/** What the day as a whole looks like after event number `version`. */
export interface DayRow {
  readonly version: number;
  readonly scheduleVersion: number;
  readonly remaining: number;
  readonly firstAvailableAtMs: number | null;
  readonly lastAvailableAtMs: number | null;
}

/** One ordered piece of the outbox. Applying it twice, or after a later one, changes nothing. */
export interface ProjectionBatch {
  readonly day: DayKey;
  readonly dayRow: DayRow;
  readonly appointments: readonly AppointmentRow[];
  readonly audit: readonly AuditRow[];
}

/** How a doctor-day reaches D1. Every method throws while D1 is out of reach. */
export interface Projection {
  /**
   * Registers the day as opened and reads the doctor's schedule, in one transaction: an edit that commits later finds
   * the day registered, one that committed earlier is in the answer. `null` when there is no such doctor.
   */
  open(day: DayKey, nowMs: number): Promise<DoctorSchedule | null>;
  /** Reads the doctor's schedule without registering anything. */
  peek(day: DayKey): Promise<DoctorSchedule | null>;
  project(batch: ProjectionBatch, nowMs: number): Promise<void>;
  /** Whether D1 holds the day up to its last event. */
  holds(day: DayKey, lastSeq: number): Promise<boolean>;
  /** Notes that the day's object deleted its storage. */
  cleaned(day: DayKey, nowMs: number): Promise<void>;
}
