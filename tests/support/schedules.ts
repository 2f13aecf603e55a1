import type { LocalDate } from '../../src/domain/local-date.ts';
import type { DoctorSchedule, ExtraSession, PlannedSlot, TimeOff, WeeklyRule } from '../../src/domain/schedule.ts';
import { localDateTimeOf } from '../../src/domain/zoned-time.ts';

/** A date literal in a test. */
export const on = (date: string): LocalDate => date as LocalDate;

/** A verified doctor's schedule without working hours, in Dhaka unless a test says otherwise. */
export const schedule = (parts: Partial<DoctorSchedule> = {}): DoctorSchedule => ({
  doctorId: 'u_AAAAAAAAAAAAAAAA',
  timeZone: 'Asia/Dhaka',
  version: 1,
  bookable: true,
  approvalRequired: false,
  fee: { amount: 150000, currency: 'BDT' },
  minimumNoticeMinutes: 0,
  bookingWindowDays: 60,
  rules: [],
  sessions: [],
  timeOff: [],
  ...parts,
});

const shape = { slotMinutes: 30, bufferMinutes: 0, capacity: 1, mode: 'in_person', clinicId: null } as const;

/** Working hours on a weekday (1 is Monday), in half hours unless a test says otherwise. */
export const weekly = (weekday: number, start: string, end: string, parts: Partial<WeeklyRule> = {}): WeeklyRule => ({
  id: `r_${weekday}_${start}`,
  weekday,
  start,
  end,
  effectiveFrom: null,
  effectiveUntil: null,
  ...shape,
  ...parts,
});

/** The same working hours on every weekday. */
export const daily = (start: string, end: string, parts: Partial<WeeklyRule> = {}): WeeklyRule[] =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => weekly(weekday, start, end, parts));

/** Working hours of one date. */
export const session = (date: string, start: string, end: string, parts: Partial<ExtraSession> = {}): ExtraSession => ({
  id: `x_${date}_${start}`,
  date: on(date),
  start,
  end,
  ...shape,
  ...parts,
});

/** Absence on whole dates, or on a part of each. */
export const away = (from: string, to: string, start: string | null = null, end: string | null = null): TimeOff => ({
  id: `t_${from}_${start ?? ''}`,
  from: on(from),
  to: on(to),
  start,
  end,
});

/** Each slot as a person in the zone and a machine read it: `local start = UTC start`. */
export const readout = (slots: readonly PlannedSlot[], timeZone: string): string[] =>
  slots.map((slot) => `${localDateTimeOf(slot.startsAtMs, timeZone)} = ${utc(slot.startsAtMs)}`);

/** Only the local start times of slots, `HH:MM`. */
export const localStarts = (slots: readonly PlannedSlot[], timeZone: string): string[] =>
  slots.map((slot) => localDateTimeOf(slot.startsAtMs, timeZone).slice(11));

/** An instant as `YYYY-MM-DDTHH:MMZ`. */
export const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`;
