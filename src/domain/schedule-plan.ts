import { type Interval, isEmpty, merged, overlaps, subtract } from './interval.ts';
import { addDays, datesBetween, isoWeekday, type LocalDate } from './local-date.ts';
import type { DoctorSchedule, LocalTime, PlannedSlot, SlotShape, TimeOff } from './schedule.ts';
import { instantOf, localDateOf, startOfDayMs, wholeMinuteFrom } from './zoned-time.ts';

const minuteMs = 60_000;

/** A working window as instants, and what it offers. */
export interface Window extends Interval {
  readonly shape: SlotShape & { readonly id: string };
}

/** The slots that start on a local date of the doctor's zone, in order, none overlapping another. */
export const planDay = (schedule: DoctorSchedule, date: LocalDate): PlannedSlot[] =>
  planDays(schedule, date, date).get(date) ?? [];

/**
 * The slots of every local date from `from` to `to`, both included, in one go. Each date is in the answer, in order.
 *
 * Windows that start up to two dates earlier or one later are looked at: they cross midnight, push a later window
 * back, or (where clocks go back across midnight) reach into a date from the next one.
 */
export const planDays = (schedule: DoctorSchedule, from: LocalDate, to: LocalDate): Map<LocalDate, PlannedSlot[]> => {
  const dates = datesBetween(addDays(from, -2), addDays(to, 1));
  const windows = windowsOn(schedule, dates);
  const absences = schedule.timeOff.flatMap((off) => absencesOn(off, dates, schedule.timeZone));

  const slots = clearOf([...absences, ...(schedule.busy ?? [])], windows.flatMap(slotsOf));
  const byDate = Map.groupBy(slots, (slot) => localDateOf(slot.startsAtMs, schedule.timeZone));
  // Where clocks go back across midnight, a date has a second part that no interval of its absence reaches.
  const isAway = (date: LocalDate) => schedule.timeOff.some((off) => isWholeDay(off) && covers(off, date));
  return new Map(datesBetween(from, to).map((date) => [date, isAway(date) ? [] : (byDate.get(date) ?? [])]));
};

/** The working windows that decide a date, in order: extra sessions in the place of weekly rules, and no time off. */
export const windowsAround = (schedule: DoctorSchedule, date: LocalDate): readonly Window[] =>
  windowsOn(schedule, datesBetween(addDays(date, -2), addDays(date, 1)));

const windowsOn = (schedule: DoctorSchedule, dates: readonly LocalDate[]): Window[] => {
  const sessions = earlierWins(dates.flatMap((date) => sessionWindows(schedule, date)));
  const weekly = earlierWins(dates.flatMap((date) => weeklyWindows(schedule, date)));
  const pieces = weekly.flatMap((window) => subtract(window, sessions).map((piece) => ({ ...window, ...piece })));
  return [...sessions, ...pieces].sort((a, b) => a.startsAtMs - b.startsAtMs);
};

/**
 * The part of a schedule that decides the slots of one date: every rule, and what else lies near the date. Plans the
 * same as the whole.
 */
export const scheduleAround = (schedule: DoctorSchedule, date: LocalDate): DoctorSchedule => {
  const from = addDays(date, -2);
  const to = addDays(date, 1);
  return {
    ...schedule,
    sessions: schedule.sessions.filter((session) => from <= session.date && session.date <= to),
    timeOff: schedule.timeOff.filter((off) => from <= off.to && off.from <= to),
    ...(schedule.busy === undefined ? {} : { busy: schedule.busy.filter((one) => overlaps(one, near(from, to))) }),
  };
};

/** All instants at which it is a date of a range anywhere. */
const near = (from: LocalDate, to: LocalDate): Interval => ({
  startsAtMs: startOfDayMs(addDays(from, -1), 'UTC'),
  endsAtMs: startOfDayMs(addDays(to, 2), 'UTC'),
});

/** The slots that touch no absence. They are in order and apart, so one walk along both is enough, however many. */
const clearOf = (absences: readonly Interval[], slots: readonly PlannedSlot[]): PlannedSlot[] => {
  const away = merged(absences);
  let next = 0;
  return slots.filter((slot) => {
    while ((away[next]?.endsAtMs ?? Number.POSITIVE_INFINITY) <= slot.startsAtMs) next += 1;
    const absence = away[next];
    return absence === undefined || !overlaps(absence, slot);
  });
};

/** A wall-clock window of a date as instants. An end not after the start lies on the next date. */
const windowOf = (date: LocalDate, start: LocalTime, end: LocalTime, timeZone: string): Interval => ({
  startsAtMs: instantOf(date, start, timeZone),
  endsAtMs: instantOf(end > start ? date : addDays(date, 1), end, timeZone),
});

const sessionWindows = (schedule: DoctorSchedule, date: LocalDate): Window[] =>
  schedule.sessions
    .filter((session) => session.date === date)
    .map((session) => ({ ...windowOf(date, session.start, session.end, schedule.timeZone), shape: session }));

const weeklyWindows = (schedule: DoctorSchedule, date: LocalDate): Window[] => {
  const weekday = isoWeekday(date);
  return schedule.rules
    .filter((rule) => rule.weekday === weekday)
    .filter((rule) => rule.effectiveFrom === null || rule.effectiveFrom <= date)
    .filter((rule) => rule.effectiveUntil === null || date <= rule.effectiveUntil)
    .map((rule) => ({ ...windowOf(date, rule.start, rule.end, schedule.timeZone), shape: rule }));
};

/** Puts windows in order and lets each begin no sooner than all before it have ended; drops what that leaves empty. */
const earlierWins = (windows: readonly Window[]): Window[] => {
  const inOrder = [...windows].sort(
    (a, b) => a.startsAtMs - b.startsAtMs || a.endsAtMs - b.endsAtMs || (a.shape.id < b.shape.id ? -1 : 1),
  );
  let takenUntilMs = Number.NEGATIVE_INFINITY;
  return inOrder
    .map((window) => {
      const clipped = { ...window, startsAtMs: Math.max(window.startsAtMs, takenUntilMs) };
      takenUntilMs = Math.max(takenUntilMs, window.endsAtMs);
      return clipped;
    })
    .filter((window) => !isEmpty(window));
};

/** Slots step in elapsed time, not wall time: every slot lasts what it says, also while clocks change. */
export const slotsOf = ({ startsAtMs, endsAtMs, shape }: Window): PlannedSlot[] => {
  const lengthMs = shape.slotMinutes * minuteMs;
  const stepMs = lengthMs + shape.bufferMinutes * minuteMs;
  const { capacity, mode, clinicId, emergencySeats = 0, requires = [] } = shape;
  const kept = emergencySeats === 0 ? {} : { emergencySeats };
  const needs = requires.length === 0 ? {} : { requires };
  const slots: PlannedSlot[] = [];
  for (let atMs = wholeMinuteFrom(startsAtMs); atMs + lengthMs <= endsAtMs; atMs += stepMs) {
    slots.push({ startsAtMs: atMs, endsAtMs: atMs + lengthMs, capacity, mode, clinicId, ...kept, ...needs });
  }
  return slots;
};

const isWholeDay = (off: TimeOff): boolean => off.start === null || off.end === null;

const covers = (off: TimeOff, date: LocalDate): boolean => off.from <= date && date <= off.to;

const absencesOn = (off: TimeOff, dates: readonly LocalDate[], timeZone: string): Interval[] =>
  dates
    .filter((date) => covers(off, date))
    .map((date) =>
      off.start === null || off.end === null
        ? { startsAtMs: startOfDayMs(date, timeZone), endsAtMs: startOfDayMs(addDays(date, 1), timeZone) }
        : windowOf(date, off.start, off.end, timeZone),
    );

/**
 * The slots that taking time off would close, in order, as if the doctor had no other absence and no imported
 * busy time: what a calendar blocks today it may not block tomorrow.
 */
export const closedBy = (schedule: DoctorSchedule, off: TimeOff): PlannedSlot[] => {
  const away = merged(awayTimes(off, schedule.timeZone));
  const [first, last] = [away[0], away.at(-1)];
  if (first === undefined || last === undefined) return [];
  // An absence of a part of each day may reach into the date after its last; a slot of the date before, into its first.
  const planned = planDays({ ...schedule, timeOff: [], busy: [] }, addDays(off.from, -1), addDays(off.to, 1));
  return [...planned.values()].flat().filter((slot) => away.some((time) => overlaps(time, slot)));
};

/** When somebody who takes time off is away: an interval for each date, in order. */
export const awayTimes = (off: TimeOff, timeZone: string): Interval[] =>
  absencesOn(off, datesBetween(off.from, off.to), timeZone);
