import { remainingSeats } from './availability.ts';
import { type Interval, overlaps } from './interval.ts';
import type { LocalDate } from './local-date.ts';
import type { DoctorSchedule, Mode } from './schedule.ts';
import { planDays } from './schedule-plan.ts';

/** An appointment that its doctor will not be there for. */
export interface Displaced extends Interval {
  readonly appointmentId: string;
  readonly patientId: string;
  readonly mode: Mode;
  readonly clinicId: string | null;
}

/** A slot that somebody could have instead. */
export interface Substitute extends Interval {
  readonly date: LocalDate;
}

interface Offer extends Substitute {
  readonly mode: Mode;
  readonly clinicId: string | null;
  left: number;
}

/**
 * Finds another slot for each displaced appointment, those who were first by time first: the next free one of the same
 * mode, at the same clinic if there is one, after the time it was for; if there is none after, the first before. No seat
 * is given twice, and no patient two times that overlap. Who is missing from the answer cannot be placed.
 *
 * @param schedule with the absence in it already
 * @param live times of all live appointments of the doctor
 * @param window the dates that may be booked, both included
 * @param fromMs slots that start earlier may not be booked
 * @param without slots (starts, ms) that are known to be taken
 */
export const substitutesFor = (
  displaced: readonly Displaced[],
  schedule: DoctorSchedule,
  live: readonly Interval[],
  window: { readonly from: LocalDate; readonly to: LocalDate },
  fromMs: number,
  without: ReadonlySet<number> = new Set(),
): Map<string, Substitute> => {
  const offers = [...planDays(schedule, window.from, window.to)].flatMap(([date, slots]) =>
    slots
      .filter(({ startsAtMs }) => startsAtMs >= fromMs && !without.has(startsAtMs))
      .map((slot): Offer => {
        const { startsAtMs, endsAtMs, mode, clinicId } = slot;
        return { date, startsAtMs, endsAtMs, mode, clinicId, left: remainingSeats(slot, live) };
      }),
  );
  const given = new Map<string, Interval[]>();
  const found = new Map<string, Substitute>();
  for (const one of displaced.toSorted((a, b) => a.startsAtMs - b.startsAtMs)) {
    const own = given.get(one.patientId) ?? [];
    const fits = (offer: Offer): boolean =>
      offer.left > 0 && offer.mode === one.mode && !own.some((other) => overlaps(other, offer));
    const at = (clinicId: string | null) => (offer: Offer) => fits(offer) && offer.clinicId === clinicId;
    const later = offers.filter(({ startsAtMs }) => startsAtMs > one.startsAtMs);
    const offer =
      later.find(at(one.clinicId)) ?? later.find(fits) ?? offers.find(at(one.clinicId)) ?? offers.find(fits);
    if (offer === undefined) continue;
    offer.left -= 1;
    const { date, startsAtMs, endsAtMs } = offer;
    given.set(one.patientId, [...own, { startsAtMs, endsAtMs }]);
    found.set(one.appointmentId, { date, startsAtMs, endsAtMs });
  }
  return found;
};
