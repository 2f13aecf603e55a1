import type { Mode, PlannedSlot } from '../schedule.ts';
import { localDateTimeOf } from '../zoned-time.ts';

/** The parts of a day that somebody may wait for, by the doctor's clock. */
export const partsOfDay = ['any', 'morning', 'afternoon', 'evening'] as const;
export type PartOfDay = (typeof partsOfDay)[number];

/** Somebody who waits for a seat of this day. */
export interface WaitingEntry {
  readonly id: string;
  readonly patientId: string;
  readonly part: PartOfDay;
  /** The one mode that is wanted; `null` for either. */
  readonly mode: Mode | null;
  readonly joinedAtMs: number;
}

/** Who waits for a day, first joined first, as of a version of the doctor's waitlist. */
export interface WaitingList {
  readonly version: number;
  readonly entries: readonly WaitingEntry[];
}

/** What an appointment that began as an offer knows of it. */
export interface Offer {
  readonly entryId: string;
  /** Who had their turn at this seat before; `null` once the patient has moved it, and it is offered no more. */
  readonly passed: readonly string[] | null;
}

const noonHour = 12;
const eveningHour = 17;

/** The part of the day in which a local hour (0 to 23) lies: morning before 12:00, afternoon before 17:00, then evening. */
const partOf = (hour: number): Exclude<PartOfDay, 'any'> =>
  hour < noonHour ? 'morning' : hour < eveningHour ? 'afternoon' : 'evening';

/** Whether a slot is what somebody waits for, by the clock of a zone (IANA). */
export const isWanted = (
  { part, mode }: Pick<WaitingEntry, 'part' | 'mode'>,
  slot: Pick<PlannedSlot, 'startsAtMs' | 'mode'>,
  timeZone: string,
): boolean => {
  if (mode !== null && mode !== slot.mode) return false;
  return part === 'any' || part === partOf(Number(localDateTimeOf(slot.startsAtMs, timeZone).slice(11, 13)));
};
