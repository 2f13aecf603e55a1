import { addDays, type LocalDate, utcDate } from '../../domain/local-date.ts';
import { asked } from '../api.ts';
import type { Visit } from '../visit.tsx';

/** A slot that somebody wanted: of which doctor, on which local date, at which instant (ms). */
export interface Wanted {
  readonly doctorId: string;
  readonly date: LocalDate;
  readonly startsAtMs: number;
}

const [daysBefore, daysAfter, shown] = [3, 14, 6] as const;

/** The free slots of a doctor that are nearest to one that somebody wanted, in the order of time. */
export const nearestFree = async (visit: Visit, { doctorId, date, startsAtMs }: Wanted) => {
  const yesterday = addDays(utcDate(Date.now()), -1);
  const first = addDays(date, -daysBefore);
  const from = first < yesterday ? yesterday : first;
  const to = addDays(date < from ? from : date, daysAfter);
  const found = await asked(
    visit.api.doctors[':id'].availability.$get({ param: { id: doctorId }, query: { from, to, include: 'slots' } }),
  );
  if (!found.ok) return [];
  const away = ({ startsAt }: { readonly startsAt: string }): number => Math.abs(Date.parse(startsAt) - startsAtMs);
  return found.value.days
    .flatMap(({ freeSlots }) => freeSlots ?? [])
    .toSorted((a, b) => away(a) - away(b))
    .slice(0, shown)
    .toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt));
};
