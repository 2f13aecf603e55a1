import type { Booked, Standing } from './bookings.ts';
import type { SimPatient } from './plan.ts';

// What is right, worked out another way than the code does: by looking at clocks, a quarter of an hour at a time.

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The time that clocks in a zone show, `07:30`. */
export const clockIn = (atMs: number, timeZone: string): string => {
  const known = formats.get(timeZone);
  const format =
    known ?? new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  formats.set(timeZone, format);
  return format.format(atMs);
};

const isNight = (atMs: number, timeZone: string): boolean => {
  const clock = clockIn(atMs, timeZone);
  return clock >= '22:00' || clock < '07:00';
};

/** Somebody who is to be reminded, in the zone whose night is theirs. */
export interface Sleeper {
  readonly timeZone: string;
  readonly sleeps: boolean;
}

/** When a reminder should go. */
export const shouldGoAtMs = (startsAtMs: number, offsetMinutes: number, { timeZone, sleeps }: Sleeper): number => {
  const idealMs = startsAtMs - offsetMinutes * minuteMs;
  if (!sleeps || !isNight(idealMs, timeZone)) return idealMs;
  let morningMs = idealMs;
  while (isNight(morningMs, timeZone)) morningMs += quarterMs;
  if (morningMs < startsAtMs - (offsetMinutes * minuteMs) / 4) return morningMs;
  let eveningMs = idealMs;
  while (isNight(eveningMs - minuteMs, timeZone)) eveningMs -= quarterMs;
  return eveningMs - quarterMs;
};

/** A stretch during which an appointment was agreed on for one time. */
export interface Agreement {
  readonly startsAtMs: number;
  readonly doctorId: string;
  readonly timeZone: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The stretches during which an appointment stood, each up to its own time. A change that kept time and doctor is none. */
export const agreementsOf = ({ history }: Booked): Agreement[] => {
  const found: Agreement[] = [];
  history.forEach((standing, i) => {
    if (standing.status !== 'confirmed') return;
    const { startsAtMs, doctorId, timeZone, atMs } = standing;
    const untilMs = Math.min(startsAtMs, history[i + 1]?.atMs ?? Number.POSITIVE_INFINITY);
    const last = found.at(-1);
    if (last !== undefined && last.untilMs === atMs && last.startsAtMs === startsAtMs && last.doctorId === doctorId) {
      found[found.length - 1] = { ...last, untilMs };
    } else found.push({ startsAtMs, doctorId, timeZone, fromMs: atMs, untilMs });
  });
  return found;
};

/** How an appointment stood just before an instant, for in each minute people act last; `undefined` before it was there. */
export const standingAt = ({ history }: Booked, atMs: number): Standing | undefined =>
  history.findLast((standing) => standing.atMs < atMs);

/** The offsets at which a patient wants to be reminded. */
export const offsetsOf = ({ offsetsMinutes }: SimPatient): readonly number[] => offsetsMinutes ?? [1440, 120];
