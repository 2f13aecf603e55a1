import { describe, expect, test } from 'vitest';
import { nextAskMs } from '../../src/domain/payments/asking.ts';
import { capturedPostings, earnedPostings, isBalanced, refundOwedPostings } from '../../src/domain/payments/ledger.ts';
import { areSteps, conclude, percentFor, returnReason } from '../../src/domain/payments/refund-policy.ts';

const hourMs = 3_600_000;
const startsAtMs = Date.parse('2026-06-08T09:00:00Z');
const steps = [
  { hoursBefore: 4, percent: 50 },
  { hoursBefore: 24, percent: 100 },
];
const paid = { amountMinor: 1_001, refundedMinor: 0 };
const ends = (status: Parameters<typeof conclude>[0]['status'], byPatient = true, hoursBefore = 0, of = paid) =>
  conclude({ status, byPatient, atMs: startsAtMs - hoursBefore * hourMs, startsAtMs }, of, steps);

describe('what is given back', () => {
  test('[PY7] follows from the notice: the step that is just met counts, and a millisecond later it does not', () => {
    expect(percentFor(steps, startsAtMs, startsAtMs - 24 * hourMs)).toBe(100);
    expect(percentFor(steps, startsAtMs, startsAtMs - 24 * hourMs + 1)).toBe(50);
    expect(percentFor(steps, startsAtMs, startsAtMs - 4 * hourMs)).toBe(50);
    expect(percentFor(steps, startsAtMs, startsAtMs - 4 * hourMs + 1)).toBe(0);
    expect(percentFor([], startsAtMs, 0)).toBe(0);
  });

  test('[PY7] is rounded down, and what was given back before counts', () => {
    expect(ends('cancelled', true, 5)).toEqual({ refundMinor: 500, reason: 'cancelled_by_patient', earnedMinor: 501 });
    const before = { amountMinor: 1_001, refundedMinor: 400 };
    expect(ends('cancelled', true, 5, before)).toMatchObject({ refundMinor: 100, earnedMinor: 501 });
    expect(ends('cancelled', true, 5, { ...before, refundedMinor: 700 })).toEqual({
      ...{ refundMinor: 0, reason: null, earnedMinor: 301 },
    });
  });

  test('[PY7] is everything when the clinic cancels, rejects or does not answer, and nothing after a visit or a no-show', () => {
    for (const whole of [ends('cancelled', false), ends('rejected', false), ends('expired', false)])
      expect(whole).toMatchObject({ refundMinor: 1_001, earnedMinor: 0 });
    for (const none of [ends('completed', false), ends('no_show', false)])
      expect(none).toEqual({ refundMinor: 0, reason: null, earnedMinor: 1_001 });
  });

  test('[PY7] a policy names each notice once and never gives less for more notice', () => {
    expect(areSteps([])).toBe(true);
    expect(areSteps(steps.toReversed())).toBe(true);
    expect(areSteps([steps[0], steps[0]] as never)).toBe(false);
    expect(areSteps([{ hoursBefore: 1, percent: 60 }, ...steps])).toBe(false);
  });

  test('[PY6] what was not kept says why', () => {
    expect(['hold_expired', 'already_paid', 'wrong_amount', 'not_found'].map(returnReason)).toEqual([
      ...['too_late', 'paid_already', 'wrong_amount', 'nothing_to_pay_for'],
    ]);
  });
});

describe('the ledger', () => {
  test('[PY1] every kind of entry comes to zero, and what does not is known', () => {
    for (const entry of [
      capturedPostings(5, 'BDT'),
      earnedPostings(5, 'BDT'),
      refundOwedPostings(5, 'BDT', false),
      refundOwedPostings(5, 'BDT', true),
    ]) {
      expect(isBalanced(entry)).toBe(true);
    }
    const [debit, credit] = capturedPostings(5, 'BDT') as [never, never];
    expect(isBalanced([debit])).toBe(false);
    expect(isBalanced([debit, { ...(credit as object), currency: 'INR' } as never])).toBe(false);
    expect(isBalanced(capturedPostings(0, 'BDT'))).toBe(false);
    expect(isBalanced(capturedPostings(0.5, 'BDT'))).toBe(false);
  });

  test('[PY6] the gateway is asked soon, then daily for a week, then no more', () => {
    const made = startsAtMs;
    const asked: number[] = [];
    for (let at: number | null = nextAskMs(made, made); at !== null; at = nextAskMs(made, at)) asked.push(at - made);
    expect(asked.map((ms) => ms / hourMs)).toEqual([1 / 12, 0.25, 1, 6, 24, 48, 72, 96, 120, 144, 168]);
  });
});
