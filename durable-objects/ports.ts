import type { Principal } from '../src/domain/access.ts';
import type { ChainRow, Digest, Seal } from '../src/domain/audit-chain.ts';
import type { Appointment } from '../src/domain/doctor-day/appointment.ts';
import type { AppointmentView } from '../src/domain/doctor-day/view.ts';
import type { WaitingList } from '../src/domain/doctor-day/waiting.ts';
import type { DayKey } from '../src/domain/ids.ts';
import type { Refusal } from '../src/domain/refusal.ts';
import type { Result } from '../src/domain/result.ts';
import type { DoctorSchedule } from '../src/domain/schedule.ts';
import type { Rooms } from './resource-ports.ts';

/** The part of a Durable Object's storage that a doctor-day uses. */
export interface DayStorage {
  readonly sql: {
    exec(query: string, ...bindings: (string | number | null)[]): { toArray(): Record<string, unknown>[] };
  };
  /** Runs a closure as one commit; a throw rolls it back. */
  transactionSync<T>(closure: () => T): T;
  getAlarm(): Promise<number | null>;
  setAlarm(atMs: number): Promise<void>;
  deleteAll(): Promise<void>;
}

/** An audit row on its way to D1. `data` is JSON without a person's words. */
export type AuditRow = Omit<ChainRow, 'stream'>;

/** An appointment as D1 shall show it. `seat` is `null` once the seat is free. */
export interface AppointmentRow extends Omit<AppointmentView, 'seat'> {
  readonly seat: number | null;
}

/** An appointment as the day holds it and D1 shall show it, without the patient's words. */
export type HeldAppointment = Omit<
  AppointmentRow,
  'reason' | 'symptoms' | 'statusReason' | 'fee' | 'payment' | 'reservation'
> & {
  /** As JSON. */
  readonly reservation: string | null;
  readonly feeMinor: number;
  readonly currency: string;
  readonly paymentId: string | null;
  readonly paidMinor: number | null;
  readonly paidCurrency: string | null;
  readonly paidAtMs: number | null;
};

/** How far D1 is behind a day. */
export interface OutboxStatus {
  /** Events that D1 has not taken yet. */
  readonly owed: number;
  /** When the oldest of them happened, ms; `null` when there is none. */
  readonly oldestOwedAtMs: number | null;
}

/** What the day as a whole looks like after event number `version`. */
export interface DayRow {
  readonly version: number;
  readonly scheduleVersion: number;
  readonly waitlistVersion: number;
  readonly remaining: number;
  readonly firstAvailableAtMs: number | null;
  readonly lastAvailableAtMs: number | null;
}

/** One ordered piece of the outbox. Applying it twice, or after a later one, changes nothing. */
export interface ProjectionBatch {
  readonly day: DayKey;
  readonly dayRow: DayRow;
  readonly appointments: readonly AppointmentRow[];
  /**
   * What has changed since D1 last took something, rows of later pieces included: whatever seat D1 gives to an older
   * version is free, so that no row meets one that is about to leave.
   */
  readonly releases: readonly { readonly id: string; readonly version: number }[];
  readonly audit: readonly AuditRow[];
  /** The hash chain over these rows, going on from the rows before. */
  readonly seals: readonly Seal[];
}

/** What a day opens with. */
export interface Opening {
  readonly schedule: DoctorSchedule;
  readonly waiting: WaitingList;
}

/** How a doctor-day reaches D1. Every method throws while D1 is out of reach. */
export interface Projection {
  /** Reads the doctor's schedule; `null` when there is no such doctor. */
  peek(day: DayKey): Promise<DoctorSchedule | null>;
  /**
   * Registers the day as opened and reads what it opens with, in one transaction: an edit that commits later finds the day
   * registered, one that committed earlier is in the answer.
   */
  open(day: DayKey, nowMs: number): Promise<Opening | null>;
  project(batch: ProjectionBatch, nowMs: number): Promise<void>;
  /** Whether D1 holds the day up to its last event. */
  holds(day: DayKey, lastSeq: number): Promise<boolean>;
  /** Notes that the day's object is about to delete its storage. */
  cleaned(day: DayKey, nowMs: number): Promise<void>;
}

/** A stored answer to a request with an Idempotency-Key. `answer` is JSON, `null` while in flight. */
export interface StoredAnswer {
  readonly principal: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly subjectId: string | null;
  readonly answer: string | null;
}

/** What became of a move, as the day that it leaves tells it. */
export type MoveOutcome =
  | { readonly kind: 'departed'; readonly appointment: Appointment; readonly answers: readonly StoredAnswer[] }
  | { readonly kind: 'undecided' }
  | { readonly kind: 'abandoned' };

/** What doctor-days ask of each other during a move. Every call may be repeated. */
export interface Peer {
  reserveSeat(request: {
    readonly moveId: string;
    readonly from: DayKey;
    readonly by: Principal;
    readonly appointment: Appointment;
    readonly startsAtMs: number;
  }): Promise<Result<{ readonly appointment: Appointment; readonly timeZone: string }, Refusal>>;
  releaseSeat(moveId: string): Promise<void>;
  arrive(moveId: string, appointment: Appointment, answers: readonly StoredAnswer[]): Promise<void>;
  forward(appointmentId: string, to: DayKey, version: number): Promise<void>;
  outcomeOf(moveId: string): Promise<MoveOutcome>;
}

/** Who watches the free seats of a day. */
export interface Watchers {
  count(): number;
  /** Sends a message to all of them. */
  tell(message: string): void;
  /** Sends all of them away. */
  dismiss(): void;
}

/** Everything outside that a doctor-day depends on. */
export interface Ports {
  readonly projection: Projection;
  peer(day: DayKey): Peer;
  readonly rooms: Rooms;
  readonly watchers: Watchers;
  /** ms since the epoch. */
  now(): number;
  /** An id for an appointment that the day makes itself. */
  newAppointmentId(): string;
  /** Runs a callback after the requests that have already arrived have been delivered. */
  defer(callback: () => void): void;
  /** Resolves after a while. */
  pause(ms: number): Promise<void>;
  /** Lets work go on after the answer. */
  background(work: Promise<void>): void;
  /** Rejects when the work takes longer than an outside effect may. */
  withTimeout<T>(work: Promise<T>): Promise<T>;
  /** SHA-256, for the chain of the audit. */
  readonly digest: Digest;
  /** Reports what an operator should see. Never patient data. */
  report(what: string, error: unknown): void;
}
