import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';
import type { DoctorSchedule } from '../domain/schedule.ts';
import { type DayKey, dayName } from '../domain/ids.ts';

/** The only door to the Durable Objects of the doctor-days. */
export const doctorDays = (env: Env) => {
  const stub = (day: DayKey) => env.DOCTOR_DAY.getByName(dayName(day));
  return {
    /** Gives an opened day the doctor's newest schedule; older versions and unopened days change nothing. */
    applySchedule: (day: DayKey, schedule: DoctorSchedule): Promise<void> => stub(day).applySchedule(schedule),
    /**
     * Stops bookings on a day until an instant or a newer schedule, unless live appointments stand on it: then it
     * refuses with their ids. Used while a doctor's time zone changes.
     */
    freeze: (day: DayKey, untilMs: number): Promise<Result<null, { appointmentIds: string[] }>> => stub(day).freeze(untilMs),
    /** Ends a freeze early. */
    thaw: (day: DayKey): Promise<void> => stub(day).thaw(),
    /** Whether the objects answer at all: asks one of a fixed name that is no doctor-day. It stores nothing. */
    ready: (): Promise<true> => env.DOCTOR_DAY.getByName('ready').ready(),
    /** Makes a day project everything it holds to D1 again. Resolves once D1 has taken it. `false` for an unopened day. */
    reproject: (day: DayKey): Promise<boolean> => stub(day).reproject(),
  };
};
export type DayRefusal = Refusal;
