import type { DayKey } from '../src/domain/ids.ts';
import type { Interval } from '../src/domain/interval.ts';
import type { ClinicResource } from '../src/domain/resources.ts';
import type { Result } from '../src/domain/result.ts';

/** What a doctor-day asks a clinic to keep for it. */
export interface ReserveRequest extends Interval {
  /** New with every try, so that a repeat is the same try. */
  readonly reservationId: string;
  readonly by: DayKey;
  /** One of each is kept, or nothing. */
  readonly kinds: readonly string[];
}

/** How a doctor-day stands to a reservation: `undecided` while it may still take it. Once `none`, it stays so. */
export type Standing = 'held' | 'undecided' | 'none';

/** What a doctor-day asks of clinics' rooms and devices. Every call may be repeated. */
export interface Rooms {
  /** An id for a reservation that no other ever has. */
  newId(): string;
  /** Keeps one resource of each kind; refused with the first kind of which none is free. Throws when out of reach. */
  reserve(
    clinicId: string,
    request: ReserveRequest,
  ): Promise<Result<readonly ClinicResource[], { readonly kind: string }>>;
  release(clinicId: string, reservationId: string): Promise<void>;
}

/** Everything outside that a clinic's rooms depend on. */
export interface ResourcePorts {
  /** The clinic's active rooms and devices. Throws while D1 is out of reach. */
  resources(): Promise<readonly ClinicResource[]>;
  /** Asks a doctor-day how it stands to a reservation. */
  standing(day: DayKey, reservationId: string): Promise<Standing>;
  /** ms since the epoch. */
  now(): number;
  /** Lets work go on after the answer. */
  background(work: Promise<void>): void;
  /** Rejects when the work takes longer than an outside effect may. */
  withTimeout<T>(work: Promise<T>): Promise<T>;
  /** Reports what an operator should see. */
  report(what: string, error: unknown): void;
}
