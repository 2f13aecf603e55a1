import type { z } from 'zod';
import type { Database } from '../../db/client.ts';
import { loadCalendars } from '../../doctor-days/availability-query.ts';
import type { DateRange } from '../../doctor-days/schedule-query.ts';
import { bookableFromMs, dayAvailability, freeSlots } from '../../domain/availability.ts';
import { slotId } from '../../domain/ids.ts';
import { planDays } from '../../domain/schedule-plan.ts';
import { bookingWindow } from '../../domain/zoned-time.ts';
import type { availabilitySchema } from './schema.ts';

/**
 * What each date of a range offers, as D1 knows it: six statements in one batch, however many days. Dates outside the
 * booking window offer nothing. `null` when there is no such doctor, or none who can be booked.
 */
export const availabilityOf = async (
  db: Database,
  doctorId: string,
  range: DateRange & { readonly include?: 'slots' | undefined },
  nowMs: number,
): Promise<z.output<typeof availabilitySchema> | null> => {
  const calendar = (await loadCalendars(db, [doctorId], range, nowMs)).get(doctorId);
  if (calendar === undefined || !calendar.schedule.bookable) return null;
  const { schedule, live } = calendar;
  const window = bookingWindow(schedule, nowMs);
  const fromMs = bookableFromMs(schedule, nowMs);
  const days = [...planDays(schedule, range.from, range.to)].map(([date, planned]) => {
    const open = window.from <= date && date <= window.to;
    const { slots, remaining, firstAvailableAtMs } = dayAvailability(open ? planned : [], live, fromMs);
    const firstAvailableAt = firstAvailableAtMs === null ? null : iso(firstAvailableAtMs);
    const day = { date, slots, remaining, firstAvailableAt };
    if (range.include === undefined) return day;
    const free = freeSlots(open ? planned : [], live, fromMs).map((slot) => ({
      id: slotId({ doctorId, date }, slot.startsAtMs),
      startsAt: iso(slot.startsAtMs),
      endsAt: iso(slot.endsAtMs),
      remaining: slot.remaining,
      mode: slot.mode,
      clinicId: slot.clinicId,
    }));
    return { ...day, freeSlots: free };
  });
  return { doctorId, timeZone: schedule.timeZone, days };
};

const iso = (ms: number): string => new Date(ms).toISOString();
