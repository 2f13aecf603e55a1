import type { Status } from '../doctor-day/appointment.ts';
import type { RefundReason } from './facts.ts';

/** Who cancels so long before the start, or longer, gets this share back. */
export interface RefundStep {
  readonly hoursBefore: number;
  /** 0 to 100. */
  readonly percent: number;
}

/** How many steps a policy can have. */
export const maxRefundSteps = 8;

/** Where a clinic has said nothing: everything a day before, nothing after. */
export const defaultRefundSteps: readonly RefundStep[] = [{ hoursBefore: 24, percent: 100 }];

const hourMs = 3_600_000;

/** Whether steps make sense together: each notice once, and never less back for more notice. */
export const areSteps = (steps: readonly RefundStep[]): boolean => {
  const sorted = steps.toSorted((a, b) => a.hoursBefore - b.hoursBefore);
  return sorted.every((step, i) => {
    const before = sorted[i - 1];
    return before === undefined || (before.hoursBefore < step.hoursBefore && before.percent <= step.percent);
  });
};

/**
 * The share that a patient gets back who cancels at an instant (ms): that of the longest notice that was kept. Who has
 * moved it at less notice before has no more than that: else whoever is too late would move it away, and then cancel.
 */
export const percentFor = (
  steps: readonly RefundStep[],
  startsAtMs: number,
  cancelledAtMs: number,
  leastNoticeMs: number | null = null,
): number =>
  steps
    .filter(
      ({ hoursBefore }) =>
        Math.min(startsAtMs - cancelledAtMs, leastNoticeMs ?? Number.POSITIVE_INFINITY) >= hoursBefore * hourMs,
    )
    .reduce((most, { percent }) => Math.max(most, percent), 0);

/** How an appointment ended. */
export interface Ending {
  readonly status: Status;
  /** Whether the patient, or a guardian, ended it. */
  readonly byPatient: boolean;
  readonly atMs: number;
  readonly startsAtMs: number;
  /** At which the patient's side has moved it since it was paid, ms; absent or `null` when they never did. */
  readonly leastNoticeMs?: number | null;
}

/** What becomes of the money of an appointment that is over. */
export interface Conclusion {
  /** To be given back now, on top of what was. */
  readonly refundMinor: number;
  /** Why; `null` where nothing is. */
  readonly reason: RefundReason | null;
  /** What is earned: all that is not given back. */
  readonly earnedMinor: number;
}

/**
 * Decides what becomes of a payment once its appointment is over. A visit that took place or was missed is earned; who
 * cancels gets back what the policy says; what anybody else ends, or nobody accepted, is given back whole. Shares are
 * rounded down to whole minor units. What was given back before counts towards it.
 */
export const conclude = (
  { status, byPatient, atMs, startsAtMs, leastNoticeMs = null }: Ending,
  { amountMinor, refundedMinor }: { readonly amountMinor: number; readonly refundedMinor: number },
  steps: readonly RefundStep[],
): Conclusion => {
  const share = (percent: number, reason: RefundReason): Conclusion => {
    const refundMinor = Math.max(0, Math.floor((amountMinor * percent) / 100) - refundedMinor);
    return {
      refundMinor,
      reason: refundMinor === 0 ? null : reason,
      earnedMinor: amountMinor - refundedMinor - refundMinor,
    };
  };
  switch (status) {
    case 'completed':
    case 'no_show':
      return share(0, 'other');
    case 'cancelled':
      return byPatient
        ? share(percentFor(steps, startsAtMs, atMs, leastNoticeMs), 'cancelled_by_patient')
        : share(100, 'cancelled_by_clinic');
    default:
      return share(100, 'not_accepted');
  }
};

/** What a payment that a doctor-day did not take is given back for, by the code of its refusal. */
export const returnReason = (refusal: string): RefundReason => {
  switch (refusal) {
    case 'hold_expired':
      return 'too_late';
    case 'already_paid':
      return 'paid_already';
    case 'wrong_amount':
      return 'wrong_amount';
    default:
      return 'nothing_to_pay_for';
  }
};
