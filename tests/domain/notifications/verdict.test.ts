import { describe, expect, test } from 'vitest';
import type { Channel, NotificationKind } from '../../../src/domain/notifications/kinds.ts';
import { defaultPreferences } from '../../../src/domain/notifications/preferences.ts';
import { type Claimed, type Current, type Truth, verdictOf } from '../../../src/domain/notifications/verdict.ts';
import { at } from '../../support/day-story.ts';

/** An appointment at 15:00 in Dhaka. */
const startsAtMs = at('15:00');
const now: Current = {
  ...{
    doctorId: 'u_doctor',
    status: 'confirmed',
    startsAtMs,
    timeZone: 'Asia/Dhaka',
    version: 4,
    outsideSchedule: false,
  },
};
const reminder: Claimed = {
  ...{ kind: 'reminder', version: 4, channel: 'email', recipientId: 'u_patient', audience: 'patient', startsAtMs },
  ...{ offsetMinutes: 120, causedAtMs: at('09:00', '2026-06-01'), dueAtMs: at('13:00') },
};
const news = (kind: NotificationKind, channel: Channel = 'email'): Claimed => ({
  ...{ ...reminder, kind, channel, offsetMinutes: 0, causedAtMs: at('12:00'), dueAtMs: at('12:00') },
});
const reach = { email: true, push: false, sms: true };
const addressee = { preferences: defaultPreferences, reach };

const judged = (row: Claimed, truth: Truth, time = '13:02', who: typeof addressee | null = addressee): string => {
  const verdict = verdictOf(row, truth, who, 'Asia/Dhaka', at(time));
  return verdict.type === 'suppress' ? `${verdict.reason}${verdict.otherWay ? ', other way' : ''}` : verdict.type;
};

describe('a reminder that was claimed', () => {
  test('[NT14] goes when its appointment stands as it was planned', () => {
    expect(judged(reminder, now)).toBe('send');
  });

  test.each<[string, Truth, string]>([
    ['cancelled', { ...now, status: 'cancelled', version: 5 }, 'cancelled'],
    ['not known to any day', null, 'cancelled'],
    ['over', { ...now, status: 'completed', version: 5 }, 'cancelled'],
    ['waiting for the doctor again', { ...now, status: 'awaiting_approval', version: 5 }, 'cancelled'],
    ['at another time', { ...now, startsAtMs: at('16:00'), version: 5 }, 'moved'],
    ['changed in a way that the ledger has not heard of', { ...now, version: 5 }, 'ask_again'],
    ['of a day that does not answer', 'unknown', 'ask_again'],
  ])('[NT14] of an appointment that is %s does not', (_, truth, expected) => {
    expect(judged(reminder, truth)).toBe(expected);
  });

  test('[NT14] of a doctor whom it has left does not go, and the patient’s does', () => {
    const elsewhere = { ...now, doctorId: 'u_other' };
    expect(judged({ ...reminder, audience: 'doctor', recipientId: 'u_doctor', channel: 'in_app' }, elsewhere)).toBe(
      'moved',
    );
    expect(judged(reminder, elsewhere)).toBe('send');
  });

  test('[NT11] [NT14] does not wait for a day beyond its use, and ends by no clock that it does not know', () => {
    expect(judged(reminder, 'unknown', '14:29')).toBe('ask_again');
    expect(judged(reminder, 'unknown', '14:30')).toBe('too_late');
    const early = { ...reminder, startsAtMs: at('08:00'), dueAtMs: at('06:00') };
    // 00:00 by UTC, whatever it is where the appointment is.
    const verdict = verdictOf(early, 'unknown', addressee, 'UTC', at('06:00'));
    expect(verdict).toEqual({ type: 'ask_again' });
  });

  test('[NT7] goes by another way when this one does not reach, or is not wanted any more', () => {
    expect(judged({ ...reminder, channel: 'push' }, now)).toBe('unreachable, other way');
    const off = { ...defaultPreferences, switches: { reminder: { email: false, in_app: false } } };
    expect(judged(reminder, now, '13:02', { preferences: off, reach })).toBe('switched_off, other way');
    expect(judged({ ...reminder, channel: 'in_app' }, now, '13:02', { preferences: off, reach })).toBe('switched_off');
    expect(judged(reminder, now, '13:02', null)).toBe('unreachable');
  });
});

describe('news', () => {
  test.each<[NotificationKind, Partial<Current>, string]>([
    ['confirmed', {}, 'send'],
    ['confirmed', { status: 'cancelled' }, 'superseded'],
    ['confirmed', { startsAtMs: at('16:00') }, 'superseded'],
    ['requested', { status: 'awaiting_approval' }, 'send'],
    ['requested', {}, 'superseded'],
    ['rescheduled', { status: 'awaiting_approval' }, 'send'],
    ['rescheduled', { startsAtMs: at('17:00') }, 'superseded'],
    ['cancelled', { status: 'cancelled' }, 'send'],
    ['no_show', { status: 'no_show' }, 'send'],
    ['held', { status: 'pending' }, 'send'],
    ['held', { status: 'expired' }, 'superseded'],
    ['moved_away', { doctorId: 'u_other' }, 'send'],
    ['outside_schedule', {}, 'superseded'],
  ])('[NT8] of %s, when it is %j now: %s', (kind, change, expected) => {
    const audience = kind === 'moved_away' || kind === 'outside_schedule' ? 'doctor' : 'patient';
    const row = { ...news(kind), audience, recipientId: audience === 'doctor' ? 'u_doctor' : 'u_patient' } as const;
    expect(judged(row, { ...now, ...change })).toBe(expected);
  });

  test.each<NotificationKind>(['confirmed', 'rescheduled', 'accepted', 'outside_schedule', 'moved_away'])(
    '[NT20] of %s is told to a doctor whom it has left only if it is that',
    (kind) => {
      const row = { ...news(kind), audience: 'doctor', recipientId: 'u_doctor' } as const;
      const elsewhere = { ...now, doctorId: 'u_other', outsideSchedule: true };
      expect(judged(row, elsewhere)).toBe(kind === 'moved_away' ? 'send' : 'superseded');
      expect(judged(row, { ...now, outsideSchedule: true })).toBe(kind === 'moved_away' ? 'superseded' : 'send');
    },
  );

  test('[NT8] of a time with another doctor than it is with now is not told to the patient', () => {
    expect(judged({ ...news('confirmed'), doctorId: 'u_doctor' }, now)).toBe('send');
    expect(judged({ ...news('confirmed'), doctorId: 'u_doctor' }, { ...now, doctorId: 'u_other' })).toBe('superseded');
  });

  test('[NT8] goes at night', () => {
    expect(judged({ ...news('confirmed'), dueAtMs: at('02:00'), causedAtMs: at('02:00') }, now, '02:00')).toBe('send');
  });
});
