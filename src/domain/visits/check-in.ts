import { localDateOf } from '../zoned-time.ts';

/** Patients check themselves in at most so long before their time: nobody queues in the morning for the evening. */
const earlyMs = 2 * 3_600_000;

/**
 * Whether somebody can check in at `nowMs`: the patient's side from two hours before the time on, the practice on the
 * whole local date.
 */
export const mayCheckInAt = (
  { startsAtMs, timeZone }: { readonly startsAtMs: number; readonly timeZone: string },
  byPatient: boolean,
  nowMs: number,
): boolean =>
  byPatient ? nowMs >= startsAtMs - earlyMs : localDateOf(nowMs, timeZone) >= localDateOf(startsAtMs, timeZone);
