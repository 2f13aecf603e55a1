import type { LocalDate } from '../local-date.ts';
import type { DoctorSchedule, Mode, Money, PlannedSlot } from '../schedule.ts';
import { planDay } from '../schedule-plan.ts';

/** What a doctor-day needs of the doctor's schedule: that day's slots, and the terms of booking them. */
export interface DayPlan {
  readonly scheduleVersion: number;
  /** IANA time zone. */
  readonly timeZone: string;
  readonly bookable: boolean;
  readonly approvalRequired: boolean;
  /** Absent in plans from before there were payments. */
  readonly paymentRequired?: boolean;
  readonly fee: Money;
  /** Of visits by video, where it is another. */
  readonly videoFee?: Money | null;
  readonly minimumNoticeMinutes: number;
  readonly bookingWindowDays: number;
  readonly slots: readonly PlannedSlot[];
}

/** What a visit of a mode costs. */
export const feeOf = (plan: Pick<DayPlan, 'fee' | 'videoFee'>, mode: Mode): Money =>
  mode === 'video' ? (plan.videoFee ?? plan.fee) : plan.fee;

/** Cuts one day's plan out of a schedule. */
export const planOf = (schedule: DoctorSchedule, date: LocalDate): DayPlan => ({
  scheduleVersion: schedule.version,
  timeZone: schedule.timeZone,
  bookable: schedule.bookable,
  approvalRequired: schedule.approvalRequired,
  paymentRequired: schedule.paymentRequired ?? false,
  fee: schedule.fee,
  videoFee: schedule.videoFee ?? null,
  minimumNoticeMinutes: schedule.minimumNoticeMinutes,
  bookingWindowDays: schedule.bookingWindowDays,
  slots: planDay(schedule, date),
});
