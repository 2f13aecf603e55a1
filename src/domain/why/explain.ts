import { bookableFromMs, remainingEmergencySeats, remainingSeats } from '../availability.ts';
import { type Interval, overlaps } from '../interval.ts';
import { isoWeekday, type LocalDate } from '../local-date.ts';
import type { DoctorSchedule, PlannedSlot } from '../schedule.ts';
import { awayTimes, planDay, slotsOf, windowsAround } from '../schedule-plan.ts';
import { bookingWindow, instantOf, localDateOf, localDateTimeOf } from '../zoned-time.ts';
import type { DayStanding, Explanation, Reason, SeatCounts, StandingVisit } from './facts.ts';

/** What is asked: an instant (ms), and the wall time as it was written (`2027-03-28T02:30`), where it came with one. */
export interface Question {
  readonly atMs: number;
  readonly written: string | null;
}

/**
 * Why a time of a doctor can or cannot be booked, by the schedule and what its day holds at `nowMs`. The same rules as
 * booking, told apart: all that stand in the way are named, the doctor's first, then those of the hours, then the seats.
 *
 * @param standing what the opened day holds; `null` when nobody has booked it
 * @param lacking the kind of room that is missing at that time, if one is
 */
export const explain = (
  schedule: DoctorSchedule,
  { atMs, written }: Question,
  standing: DayStanding | null,
  lacking: string | null,
  nowMs: number,
): Explanation => {
  const { timeZone } = schedule;
  const date = localDateOf(atMs, timeZone);
  const slot = slotAt(schedule, date, atMs);
  const taken = standing?.taken ?? [];
  const seats = slot === null ? null : { ...slot, ...remaining(slot, taken) };
  const hours = ofHours(schedule, { atMs, written }, date, slot);
  const reasons = [
    ...ofDoctor(schedule, date, atMs, nowMs),
    ...hours,
    ...(standing?.isFrozen ? [{ code: 'frozen' } as const] : []),
    ...(seats === null ? [] : ofSeats(seats, taken, lacking)),
  ];
  // What is closed to everybody else may be open to an emergency.
  const isKept = seats !== null && seats.emergencyRemaining > 0 && atMs > nowMs && onlyForNow(reasons);
  const kept = isKept ? [{ code: 'emergency_only', emergencyRemaining: seats.emergencyRemaining } as const] : [];
  return { date, time: localDateTimeOf(atMs, timeZone).slice(11), slot: seats, reasons: [...reasons, ...kept] };
};

/** The slot that starts at an instant, whatever the doctor is doing then; `null` for none. */
export const slotAt = (schedule: DoctorSchedule, date: LocalDate, atMs: number): PlannedSlot | null =>
  planDay({ ...schedule, timeOff: [], busy: [] }, date).find(({ startsAtMs }) => startsAtMs === atMs) ?? null;

const remaining = (slot: PlannedSlot, taken: readonly StandingVisit[]) => ({
  remaining: remainingSeats(slot, taken),
  emergencyRemaining: remainingEmergencySeats(slot, taken),
});

/** Only reasons that an emergency passes over: the notice, and ordinary seats that are full. */
const onlyForNow = (reasons: readonly Reason[]): boolean =>
  reasons.length > 0 && reasons.every(({ code }) => code === 'minimum_notice' || code === 'full');

const ofDoctor = (schedule: DoctorSchedule, date: LocalDate, atMs: number, nowMs: number): Reason[] => {
  const window = bookingWindow(schedule, nowMs);
  const fromMs = bookableFromMs(schedule, nowMs);
  const reasons: Reason[] = schedule.bookable ? [] : [{ code: 'not_verified' }];
  if (atMs < nowMs) reasons.push({ code: 'past' });
  else if (date > window.to) reasons.push({ code: 'outside_booking_window', ...window });
  else if (atMs < fromMs) {
    reasons.push({ code: 'minimum_notice', minutes: schedule.minimumNoticeMinutes, bookableFromMs: fromMs });
  }
  return reasons;
};

const ofHours = (schedule: DoctorSchedule, asked: Question, date: LocalDate, slot: PlannedSlot | null): Reason[] => {
  const { atMs } = asked;
  const skipped = skippedBy(schedule.timeZone, asked);
  if (skipped !== null) return [skipped];
  const time = slot ?? { startsAtMs: atMs, endsAtMs: atMs + 1 };
  const off = schedule.timeOff.filter((one) => awayTimes(one, schedule.timeZone).some((away) => overlaps(away, time)));
  const busy = (schedule.busy ?? []).filter((one) => overlaps(one, time));
  return [
    ...(slot === null ? [whyNoSlot(schedule, atMs, date)] : []),
    ...(off.length > 0 ? [{ code: 'time_off', timeOff: off } as const] : []),
    ...(busy.length > 0 ? [{ code: 'busy_elsewhere', busy } as const] : []),
  ];
};

/** A wall time that the clocks of the doctor's zone never show: they skip it. */
const skippedBy = (timeZone: string, { written }: Question): Reason | null => {
  if (written === null) return null;
  const [date = '', time = ''] = written.split('T');
  const nextMs = instantOf(date as LocalDate, time, timeZone);
  return localDateTimeOf(nextMs, timeZone) === written ? null : { code: 'clocks_skip', local: written, nextMs };
};

/** Why no slot starts at an instant: no hours then, a pause, or the middle of another. */
const whyNoSlot = (schedule: DoctorSchedule, atMs: number, date: LocalDate): Reason => {
  const window = windowsAround(schedule, date).find((one) => one.startsAtMs <= atMs && atMs < one.endsAtMs);
  if (window === undefined) return { code: 'no_rule', weekday: isoWeekday(date), rules: rulesOf(schedule, date) };
  const slots = slotsOf(window);
  const nearestMs = nearest(planDay(schedule, date), atMs);
  const within = slots.find((slot) => slot.startsAtMs < atMs && atMs < slot.endsAtMs) ?? null;
  const isPause = within === null && slots.some(({ startsAtMs }) => startsAtMs > atMs);
  if (isPause) return { code: 'buffer', minutes: window.shape.bufferMinutes, nearestMs };
  const { startsAtMs = 0, endsAtMs = 0 } = within ?? {};
  return { code: 'not_a_start', within: within === null ? null : { startsAtMs, endsAtMs }, nearestMs };
};

const rulesOf = (schedule: DoctorSchedule, date: LocalDate) =>
  schedule.rules
    .filter(({ weekday }) => weekday === isoWeekday(date))
    .map((rule) => ({
      ...rule,
      isInForce: (rule.effectiveFrom ?? date) <= date && date <= (rule.effectiveUntil ?? date),
    }));

/** The last start before an instant and the first after it. */
const nearest = (slots: readonly Interval[], atMs: number): number[] => {
  const starts = slots.map(({ startsAtMs }) => startsAtMs);
  return [starts.findLast((ms) => ms < atMs), starts.find((ms) => ms > atMs)].filter((ms) => ms !== undefined);
};

const ofSeats = (
  slot: PlannedSlot & ReturnType<typeof remaining>,
  taken: readonly StandingVisit[],
  lacking: string | null,
): Reason[] => {
  const near = taken.filter((one) => overlaps(one, slot));
  const others = near.filter((one) => one.startsAtMs !== slot.startsAtMs || one.endsAtMs !== slot.endsAtMs);
  if (others.length > 0) return [{ code: 'overlapped', visits: others.length }];
  if (slot.remaining === 0) return [{ code: 'full', capacity: slot.capacity, seats: countsOf(near) }];
  return lacking === null ? [] : [{ code: 'room_missing', kind: lacking }];
};

const countsOf = (visits: readonly StandingVisit[]): SeatCounts => {
  const of = (...statuses: StandingVisit['status'][]) =>
    visits.filter(({ status }) => statuses.includes(status)).length;
  return {
    held: of('pending'),
    awaitingApproval: of('awaiting_approval'),
    confirmed: of('confirmed'),
    over: of('completed', 'no_show'),
    arriving: of('arriving'),
    emergencies: visits.filter(({ priority }) => priority === 'emergency').length,
  };
};
