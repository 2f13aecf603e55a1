import { describe, expect, test } from 'vitest';
import { quietAt } from '../../../src/domain/notifications/quiet.ts';
import { digestDueMs, reminderDueMs, timingOf, usefulUntilMs } from '../../../src/domain/notifications/timing.ts';
import { instantOf, localDateTimeOf } from '../../../src/domain/zoned-time.ts';
import { on } from '../../support/schedules.ts';

const hourMs = 3_600_000;
const night = { from: '22:00', to: '07:00' };

/** An instant by the clock of a zone, `2026-03-29T09:00`. */
const at = (local: string, timeZone = 'Europe/Berlin'): number =>
  instantOf(on(local.slice(0, 10)), local.slice(11), timeZone);

const reminder = (startsAtMs: number, offsetMinutes: number) => ({
  kind: 'reminder',
  startsAtMs,
  offsetMinutes,
  causedAtMs: startsAtMs - 30 * 24 * hourMs,
});

const dueBy = (local: string, offsetMinutes: number, quietHours: typeof night | null = night, zone = 'Europe/Berlin') =>
  localDateTimeOf(reminderDueMs(reminder(at(local, zone), offsetMinutes), { quietHours, timeZone: zone }), zone);

describe('when a reminder goes', () => {
  test('[NT9] its offset before the appointment, in elapsed time, over both clock changes', () => {
    expect(dueBy('2026-06-10T12:00', 24 * 60)).toBe('2026-06-09T12:00');
    // The night of 29 March has an hour less in Berlin, that of 25 October one more.
    expect(dueBy('2026-03-29T12:00', 24 * 60)).toBe('2026-03-28T11:00');
    expect(dueBy('2026-10-25T12:00', 24 * 60)).toBe('2026-10-24T13:00');
    expect(dueBy('2026-03-29T12:00', 120)).toBe('2026-03-29T10:00');
  });

  test.each([
    // The appointment, how long before, when it goes.
    ['2026-06-10T09:00', 120, '2026-06-10T07:00'],
    ['2026-06-10T08:30', 120, '2026-06-10T07:00'],
    ['2026-06-10T07:15', 120, '2026-06-09T21:45'],
    ['2026-06-10T23:30', 24 * 60, '2026-06-10T07:00'],
    ['2026-06-10T05:00', 24 * 60, '2026-06-09T07:00'],
    ['2026-06-10T00:30', 120, '2026-06-09T21:45'],
    ['2026-06-10T00:00', 120, '2026-06-09T21:45'],
    ['2026-06-09T23:59', 120, '2026-06-09T21:59'],
  ])('[NT10] of %s, %i minutes before: at the end of the quiet hours, or before they begin', (local, offset, due) => {
    expect(dueBy(local, offset)).toBe(due);
  });

  test('[NT10] whoever has no quiet hours is reminded at night', () => {
    expect(dueBy('2026-06-10T07:15', 120, null)).toBe('2026-06-10T05:15');
  });

  test('[NT10] quiet hours go by the clock of who is reminded, not of the appointment', () => {
    // 12:00 in Dhaka is 02:00 in New York; two hours before, it is midnight there.
    const timed = reminder(at('2026-06-10T12:00', 'Asia/Dhaka'), 120);
    const due = reminderDueMs(timed, { quietHours: night, timeZone: 'America/New_York' });
    expect(localDateTimeOf(due, 'America/New_York')).toBe('2026-06-09T21:45');
  });

  test('[NT10] a night over a clock change is as long as it is', () => {
    const spring = quietAt(at('2026-03-29T05:00'), night, 'Europe/Berlin');
    const autumn = quietAt(at('2026-10-25T05:00'), night, 'Europe/Berlin');
    expect(((spring?.untilMs ?? 0) - (spring?.fromMs ?? 0)) / hourMs).toBe(8);
    expect(((autumn?.untilMs ?? 0) - (autumn?.fromMs ?? 0)) / hourMs).toBe(10);
    expect(quietAt(at('2026-06-10T07:00'), night, 'Europe/Berlin')).toBeNull();
    expect(quietAt(at('2026-06-10T22:00'), night, 'Europe/Berlin')).not.toBeNull();
    expect(quietAt(at('2026-06-10T13:30'), { from: '13:00', to: '14:00' }, 'Europe/Berlin')).not.toBeNull();
    expect(quietAt(at('2026-06-10T12:59'), { from: '13:00', to: '14:00' }, 'Europe/Berlin')).toBeNull();
  });

  test('[NT17] the digest at 09:00 of the day before by the clock of the day, on both sides of a clock change', () => {
    const dueOf = (date: string, quietHours: typeof night | null = night) =>
      localDateTimeOf(
        digestDueMs(on(date), 'Europe/Berlin', { quietHours, timeZone: 'Europe/Berlin' }),
        'Europe/Berlin',
      );
    expect([dueOf('2026-03-29'), dueOf('2026-03-30')]).toEqual(['2026-03-28T09:00', '2026-03-29T09:00']);
    expect([dueOf('2026-10-25'), dueOf('2026-10-26')]).toEqual(['2026-10-24T09:00', '2026-10-25T09:00']);
    expect(dueOf('2026-06-10', { from: '20:00', to: '11:00' })).toBe('2026-06-09T11:00');
  });
});

describe('what is late', () => {
  const start = at('2026-06-10T18:00');
  const rest = { quietHours: night, timeZone: 'Europe/Berlin' };
  const late = (offsetMinutes: number, local: string) => {
    const timed = reminder(start, offsetMinutes);
    return timingOf({ ...timed, dueAtMs: reminderDueMs(timed, rest) }, rest, at(local));
  };

  test('[NT11] goes while it is of use, and not when a quarter of its offset is left', () => {
    expect(late(24 * 60, '2026-06-09T18:00')).toEqual({ type: 'go' });
    expect(late(24 * 60, '2026-06-10T11:59')).toEqual({ type: 'go' });
    expect(late(24 * 60, '2026-06-10T12:00')).toEqual({ type: 'suppress', reason: 'too_late' });
    expect(late(120, '2026-06-10T17:29')).toEqual({ type: 'go' });
    expect(late(120, '2026-06-10T17:30')).toEqual({ type: 'suppress', reason: 'too_late' });
  });

  test('[NT11] waits for the end of quiet hours that it met, or ends when it would be of no use', () => {
    expect(late(24 * 60, '2026-06-09T23:00')).toEqual({ type: 'wait', untilMs: at('2026-06-10T07:00') });
    const early = reminder(at('2026-06-10T07:15'), 120);
    const timed = { ...early, dueAtMs: reminderDueMs(early, rest) };
    expect(timingOf(timed, rest, at('2026-06-09T21:50'))).toEqual({ type: 'go' });
    // The sweep was a little late: the quiet hours have hardly begun.
    expect(timingOf(timed, rest, at('2026-06-09T22:10'))).toEqual({ type: 'go' });
    expect(timingOf(timed, rest, at('2026-06-09T22:30'))).toEqual({ type: 'suppress', reason: 'quiet_hours' });
  });

  test('[NT11] never goes before its time', () => {
    expect(late(120, '2026-06-10T15:59')).toEqual({ type: 'wait', untilMs: at('2026-06-10T16:00') });
  });

  test('[NT11] news knows no quiet hours, and is old after three days', () => {
    const news = {
      kind: 'cancelled',
      startsAtMs: start,
      offsetMinutes: 0,
      causedAtMs: at('2026-06-01T23:00'),
      dueAtMs: 0,
    };
    expect(timingOf(news, rest, at('2026-06-01T23:01'))).toEqual({ type: 'go' });
    expect(timingOf(news, rest, at('2026-06-04T23:00'))).toEqual({ type: 'suppress', reason: 'too_late' });
    expect(usefulUntilMs({ ...news, kind: 'digest' })).toBe(start);
  });
});
