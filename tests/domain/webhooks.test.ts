import { describe, expect, test } from 'vitest';
import { isDead, maxFailingMs, nextAttemptMs } from '../../src/domain/webhook-delivery.ts';
import { type WebhookFacts, webhookBody, webhookEventOf } from '../../src/domain/webhook-event.ts';

describe('what a clinic is told', () => {
  test.each([
    ['held', null, 'pending', null],
    ['described', 'pending', 'pending', null],
    ['approval_requested', 'pending', 'awaiting_approval', 'appointment.requested'],
    ['confirmed', 'pending', 'confirmed', 'appointment.confirmed'],
    ['accepted', 'awaiting_approval', 'confirmed', 'appointment.confirmed'],
    ['rejected', 'awaiting_approval', 'rejected', 'appointment.rejected'],
    ['rescheduled', 'pending', 'pending', null],
    ['rescheduled', 'confirmed', 'confirmed', 'appointment.moved'],
    ['moved_in', 'confirmed', 'awaiting_approval', 'appointment.moved'],
    ['moved_out', 'confirmed', null, null],
    ['move_started', 'confirmed', 'confirmed', null],
    ['cancelled', 'pending', 'cancelled', null],
    ['cancelled', 'confirmed', 'cancelled', 'appointment.cancelled'],
    ['expired', 'pending', 'expired', null],
    ['expired', 'awaiting_approval', 'expired', 'appointment.expired'],
    ['completed', 'confirmed', 'completed', 'appointment.completed'],
    ['marked_no_show', 'confirmed', 'no_show', 'appointment.no_show'],
    ['flagged_outside_schedule', 'confirmed', 'confirmed', null],
  ] as const)('[WH4] %s, from %s to %s: %s', (action, before, after, type) => {
    expect(webhookEventOf({ action, before, after })).toBe(type);
  });

  const facts: WebhookFacts = {
    ...{ appointmentId: 'a_1', clinicId: 'c_1', doctorId: 'u_1', status: 'confirmed', version: 4 },
    ...{ startsAtMs: Date.UTC(2026, 11, 1, 3), endsAtMs: Date.UTC(2026, 11, 1, 3, 30), timeZone: 'Asia/Dhaka' },
    previousStartsAtMs: Date.UTC(2026, 10, 30, 3),
  };

  test('[WH5] ids and times, and nothing else', () => {
    expect(JSON.parse(webhookBody('appointment.moved', Date.UTC(2026, 10, 21), facts))).toEqual({
      type: 'appointment.moved',
      timestamp: '2026-11-21T00:00:00.000Z',
      data: {
        ...{ appointmentId: 'a_1', clinicId: 'c_1', doctorId: 'u_1', status: 'confirmed', version: 4 },
        ...{ timeZone: 'Asia/Dhaka', startsAt: '2026-12-01T03:00:00.000Z', endsAt: '2026-12-01T03:30:00.000Z' },
        previousStartsAt: '2026-11-30T03:00:00.000Z',
      },
    });
  });

  test('[WH6] of an appointment that has left, not where it is now', () => {
    expect(JSON.parse(webhookBody('appointment.moved_away', 0, facts)).data).toEqual({
      ...{ appointmentId: 'a_1', clinicId: 'c_1', version: 4, previousStartsAt: '2026-11-30T03:00:00.000Z' },
    });
  });
});

describe('an endpoint that does not take what it is sent', () => {
  const hours = 3_600_000;
  test('[WH8] is tried later and later, for over three days, and not before it asked', () => {
    const waits = Array.from({ length: 12 }, (_, i) => nextAttemptMs(i + 1, 0, 0));
    expect(waits.slice(0, 3)).toEqual([5_000, 60_000, 300_000]);
    expect(waits.slice(10)).toEqual([null, null]);
    expect(waits.reduce<number>((sum, wait) => sum + (wait ?? 0), 0)).toBeGreaterThan(maxFailingMs);
    expect(nextAttemptMs(1, 0.99, 0)).toBeGreaterThan(5_900);
    expect(nextAttemptMs(1, 0.99, 0)).toBeLessThanOrEqual(6_000);
    expect(nextAttemptMs(1, 0, 600_000)).toBe(600_000);
    expect(nextAttemptMs(4, 0, 1_000)).toBe(0.5 * hours);
    expect(nextAttemptMs(1, 0, 1e12)).toBe(24 * hours);
  });

  test('[WH11] is dead after three days', () => {
    expect([isDead(null, 9e15), isDead(0, 72 * hours - 1), isDead(0, 72 * hours)]).toEqual([false, false, true]);
  });
});
