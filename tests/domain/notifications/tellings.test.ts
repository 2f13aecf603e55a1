import { describe, expect, test } from 'vitest';
import { defaultPreferences } from '../../../src/domain/notifications/preferences.ts';
import {
  concernsSomebody,
  type EventData,
  type Happening,
  reminderEffectOf,
  tellingsOf,
} from '../../../src/domain/notifications/tellings.ts';
import { nextWay, waysTo } from '../../../src/domain/notifications/ways.ts';

const told = (action: string, data: EventData, more: Partial<Happening> = {}): string[] =>
  tellingsOf({
    ...{ action, actorRole: 'patient', byDoctor: false, data, before: 'confirmed', changesDoctor: false },
    ...more,
  }).map(({ kind, audience }) => `${kind} to ${audience}`);

const logged = (action: string, data: EventData, actorRole = 'patient') =>
  concernsSomebody({ action, actorId: 'u_x', actorRole, data: JSON.stringify(data) });

const doctor = { actorRole: 'doctor', byDoctor: true };

describe('who is told', () => {
  test.each<[string, EventData, Partial<Happening>, string[]]>([
    ['held', { status: 'pending' }, {}, []],
    ['held', { status: 'pending' }, { actorRole: 'staff' }, ['held to patient']],
    ['confirmed', { status: 'confirmed' }, {}, ['confirmed to patient', 'confirmed to doctor']],
    ['confirmed', { status: 'confirmed' }, doctor, ['confirmed to patient']],
    ['approval_requested', { status: 'awaiting_approval' }, {}, ['requested to patient', 'requested to doctor']],
    ['accepted', { status: 'confirmed' }, doctor, ['accepted to patient']],
    ['rejected', { status: 'rejected' }, { actorRole: 'admin' }, ['rejected to patient', 'rejected to doctor']],
    ['rescheduled', { status: 'confirmed' }, {}, ['rescheduled to patient', 'rescheduled to doctor']],
    ['rescheduled', { status: 'awaiting_approval' }, {}, ['rescheduled to patient', 'requested to doctor']],
    ['rescheduled', { status: 'pending' }, {}, []],
    ['moved_in', { status: 'confirmed' }, { changesDoctor: true }, ['rescheduled to patient', 'confirmed to doctor']],
    ['moved_out', {}, { changesDoctor: true }, ['moved_away to doctor']],
    ['moved_out', {}, {}, []],
    ['moved_out', {}, { changesDoctor: true, before: 'pending' }, []],
    ['cancelled', { status: 'cancelled' }, {}, ['cancelled to patient', 'cancelled to doctor']],
    ['cancelled', { status: 'cancelled' }, doctor, ['cancelled to patient']],
    ['cancelled', { status: 'cancelled' }, { before: 'pending' }, []],
    ['cancelled', { status: 'cancelled' }, { before: 'pending', actorRole: 'staff' }, ['cancelled to patient']],
    ['expired', { status: 'expired' }, { before: 'awaiting_approval' }, ['expired to patient', 'expired to doctor']],
    ['expired', { status: 'expired' }, { before: 'pending', actorRole: 'system' }, []],
    ['flagged_outside_schedule', { status: 'confirmed' }, {}, ['outside_schedule to doctor']],
    ['unflagged_outside_schedule', { status: 'confirmed' }, {}, []],
    ['completed', { status: 'completed' }, {}, ['completed to patient']],
    ['marked_no_show', { status: 'no_show' }, {}, ['no_show to patient']],
    ['described', { status: 'confirmed' }, {}, []],
    ['opened', {}, {}, []],
  ])('[NT1] of %s %j by %j: %j', (action, data, more, expected) => {
    expect(told(action, data, more)).toEqual(expected);
  });

  test('[NT2] holds, and what happens to a day, leave no intent', () => {
    expect(logged('held', { status: 'pending', version: 1 })).toBe(false);
    expect(logged('expired', { status: 'expired', version: 2 }, 'system')).toBe(false);
    expect(logged('cancelled', { status: 'cancelled', version: 2 })).toBe(false);
    expect(logged('described', { status: 'pending', version: 2 })).toBe(false);
    expect(logged('rescheduled', { status: 'pending', version: 2 })).toBe(false);
    for (const action of ['opened', 'schedule_applied', 'frozen', 'thawed', 'seat_reserved', 'seat_released']) {
      expect(logged(action, {}, 'system')).toBe(false);
    }
    expect(logged('move_started', {})).toBe(false);
    expect(logged('move_settled', {}, 'system')).toBe(false);
  });

  test('[NT2] whatever tells somebody or changes a reminder leaves one', () => {
    expect(logged('held', { status: 'pending', version: 1 }, 'staff')).toBe(true);
    expect(logged('confirmed', { status: 'confirmed', version: 2 })).toBe(true);
    expect(logged('cancelled', { status: 'cancelled', version: 2 }, 'staff')).toBe(true);
    expect(logged('cancelled', { status: 'cancelled', version: 3 })).toBe(true);
    expect(logged('expired', { status: 'expired', version: 3 }, 'system')).toBe(true);
    expect(logged('described', { status: 'confirmed', version: 3 })).toBe(true);
    expect(logged('moved_out', { version: 5 }, 'system')).toBe(true);
  });

  test('[NT12] what makes an appointment stand plans reminders, what ends it drops them, the rest keeps them', () => {
    const effects = (['confirmed', 'rescheduled', 'described', 'moved_out', 'cancelled'] as const).map((action) =>
      reminderEffectOf(action, { status: 'confirmed' }),
    );
    expect(effects).toEqual(['plan', 'plan', 'keep', 'drop', 'drop']);
    expect(reminderEffectOf('rescheduled', { status: 'awaiting_approval' })).toBe('drop');
    expect(reminderEffectOf('described', { status: 'pending' })).toBeNull();
  });
});

describe('by what ways', () => {
  const everywhere = { email: true, push: true, sms: true };

  test('[NT6] by the first that they prefer and that reaches them, and in the app', () => {
    const smsFirst = { ...defaultPreferences, channels: ['sms', 'push', 'email'] as const };
    expect(waysTo(defaultPreferences, 'confirmed', 'patient', everywhere)).toEqual(['email', 'in_app']);
    expect(waysTo(smsFirst, 'confirmed', 'patient', everywhere)).toEqual(['sms', 'in_app']);
    expect(waysTo(smsFirst, 'confirmed', 'patient', { ...everywhere, sms: false })).toEqual(['push', 'in_app']);
    expect(waysTo(defaultPreferences, 'reminder', 'doctor', { ...everywhere, push: false })).toEqual(['in_app']);
  });

  test('[NT7] and after that by the next, each once', () => {
    const next = (...tried: ('email' | 'push' | 'sms' | 'in_app')[]) =>
      nextWay(defaultPreferences, 'confirmed', 'patient', { ...everywhere, push: false }, tried);
    expect([next(), next('email'), next('email', 'sms'), next('in_app')]).toEqual(['email', 'sms', null, 'email']);
  });
});
