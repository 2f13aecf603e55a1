import type { DoctorCalendar } from '../../doctor-days/availability-query.ts';
import { bookableFromMs, remainingSeats } from '../../domain/availability.ts';
import { isWanted, type WaitingEntry } from '../../domain/doctor-day/waiting.ts';
import type { LocalDate } from '../../domain/local-date.ts';
import { planDays } from '../../domain/schedule-plan.ts';

/** What of a wish can be booked at once, as D1 knows it: how many seats, and when the first is (ms). */
export const freeSeats = (
  { schedule, live }: DoctorCalendar,
  wish: Pick<WaitingEntry, 'part' | 'mode'> & { readonly from: LocalDate; readonly to: LocalDate },
  nowMs: number,
): { readonly seats: number; readonly firstAtMs: number | null } => {
  const fromMs = bookableFromMs(schedule, nowMs);
  const wanted = [...planDays(schedule, wish.from, wish.to).values()]
    .flat()
    .filter((slot) => slot.startsAtMs >= fromMs && isWanted(wish, slot, schedule.timeZone));
  let seats = 0;
  let firstAtMs: number | null = null;
  for (const slot of wanted) {
    const free = remainingSeats(slot, live);
    if (free === 0) continue;
    seats += free;
    firstAtMs = Math.min(firstAtMs ?? slot.startsAtMs, slot.startsAtMs);
  }
  return { seats, firstAtMs };
};
