import type { Mode } from '../schedule.ts';
import type { EventData } from './tellings.ts';

/** With whom, where and how an appointment is, and until when: what is said of it besides its beginning. */
export interface Place {
  readonly doctorId: string;
  readonly clinicId: string | null;
  readonly mode: Mode;
  readonly endsAtMs: number;
  /** IANA, of the doctor-day. */
  readonly timeZone: string;
}

/** A place as the ledger keeps it: nothing of a digest, or of what happened before it was kept. */
export type KeptPlace = { readonly [Name in keyof Place]: Place[Name] | null };

/** What of an appointment is its place. */
export const placeOf = ({ doctorId, clinicId, mode, endsAtMs, timeZone }: Place): Place => ({
  ...{ doctorId, clinicId, mode, endsAtMs, timeZone },
});

/** The place that the ledger has kept; `null` when it has kept none. */
export const keptPlace = ({ doctorId, clinicId, mode, endsAtMs, timeZone }: KeptPlace): Place | null =>
  doctorId === null || mode === null || endsAtMs === null || timeZone === null
    ? null
    : { doctorId, clinicId, mode, endsAtMs, timeZone };

/** The place that an event on a doctor's day leaves an appointment in; `null` when the event does not say it. */
export const placeAfter = (doctorId: string, { clinicId = null, mode, endsAtMs, timeZone }: EventData): Place | null =>
  mode === undefined || endsAtMs === undefined || timeZone === undefined
    ? null
    : { doctorId, clinicId, mode, endsAtMs, timeZone };
