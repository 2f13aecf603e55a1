import { describe, expect, test } from 'vitest';
import { planDay, planDays, scheduleAround } from '../../src/domain/schedule-plan.ts';
import { away, daily, localStarts, on, readout, schedule, session, weekly } from '../support/schedules.ts';

/** Local start times of the slots of a date. */
const starts = (plan: Parameters<typeof planDay>[0], date: string) =>
  localStarts(planDay(plan, on(date)), plan.timeZone);

describe('weekly rules', () => {
  test('[SL4] a rule opens a window on its ISO weekday, between its effective dates, both included', () => {
    const plan = schedule({
      // Monday 1 June 2026 to Monday 15 June 2026.
      rules: [
        weekly(1, '09:00', '10:00', { effectiveFrom: on('2026-06-08'), effectiveUntil: on('2026-06-15') }),
        weekly(7, '18:00', '18:30'),
      ],
    });
    expect(starts(plan, '2026-06-01')).toEqual([]);
    expect(starts(plan, '2026-06-08')).toEqual(['09:00', '09:30']);
    expect(starts(plan, '2026-06-15')).toEqual(['09:00', '09:30']);
    expect(starts(plan, '2026-06-22')).toEqual([]);
    expect(starts(plan, '2026-06-07')).toEqual(['18:00']);
    expect(starts(plan, '2026-06-09')).toEqual([]);
  });

  test('[SL6] slots follow each other with the buffer between them, and the last must fit', () => {
    const plan = schedule({ rules: [weekly(1, '09:00', '11:00', { slotMinutes: 25, bufferMinutes: 10 })] });
    expect(starts(plan, '2026-06-08')).toEqual(['09:00', '09:35', '10:10']);
    const exact = schedule({ rules: [weekly(1, '09:00', '11:10', { slotMinutes: 25, bufferMinutes: 10 })] });
    expect(starts(exact, '2026-06-08')).toEqual(['09:00', '09:35', '10:10', '10:45']);
    const short = schedule({ rules: [weekly(1, '09:00', '09:20')] });
    expect(starts(short, '2026-06-08')).toEqual([]);
  });

  test('a slot carries what its rule offers', () => {
    const clinicId = 'c_AAAAAAAAAAAAAAAA';
    const plan = schedule({ rules: [weekly(1, '09:00', '09:30', { capacity: 5, mode: 'video', clinicId })] });
    expect(planDay(plan, on('2026-06-08'))).toEqual([
      {
        startsAtMs: Date.parse('2026-06-08T03:00Z'),
        endsAtMs: Date.parse('2026-06-08T03:30Z'),
        capacity: 5,
        mode: 'video',
        clinicId,
      },
    ]);
  });

  test('[SL8] where two windows overlap, the earlier is whole and the later begins at its end', () => {
    const plan = schedule({
      rules: [weekly(1, '09:00', '10:45'), weekly(1, '10:00', '12:00', { slotMinutes: 20 })],
    });
    expect(starts(plan, '2026-06-08')).toEqual(['09:00', '09:30', '10:00', '10:45', '11:05', '11:25']);
    const swallowed = schedule({ rules: [weekly(1, '09:00', '12:00'), weekly(1, '10:00', '11:00')] });
    expect(starts(swallowed, '2026-06-08')).toEqual(['09:00', '09:30', '10:00', '10:30', '11:00', '11:30']);
  });
});

describe('rules that cross midnight', () => {
  test('[SL5] an end not after the start lies on the next date; [SL3] each slot belongs to the date it starts on', () => {
    const plan = schedule({ rules: [weekly(6, '22:30', '01:00')] });
    expect(readout(planDay(plan, on('2026-06-06')), plan.timeZone)).toEqual([
      '2026-06-06T22:30 = 2026-06-06T16:30Z',
      '2026-06-06T23:00 = 2026-06-06T17:00Z',
      '2026-06-06T23:30 = 2026-06-06T17:30Z',
    ]);
    expect(readout(planDay(plan, on('2026-06-07')), plan.timeZone)).toEqual([
      '2026-06-07T00:00 = 2026-06-06T18:00Z',
      '2026-06-07T00:30 = 2026-06-06T18:30Z',
    ]);
  });

  test('[SL5] an end equal to the start is a window of a whole day', () => {
    const plan = schedule({ rules: [weekly(6, '12:00', '12:00', { slotMinutes: 480 })] });
    expect(starts(plan, '2026-06-06')).toEqual(['12:00', '20:00']);
    expect(starts(plan, '2026-06-07')).toEqual(['04:00']);
  });

  test('[SL3] a slot that spans midnight belongs to the date it starts on', () => {
    const plan = schedule({ rules: [weekly(6, '23:45', '00:45')] });
    expect(starts(plan, '2026-06-06')).toEqual(['23:45']);
    expect(starts(plan, '2026-06-07')).toEqual(['00:15']);
  });

  test('[SL4] the effective dates are those on which the window starts', () => {
    const plan = schedule({ rules: [weekly(6, '23:00', '01:00', { effectiveUntil: on('2026-06-06') })] });
    expect(starts(plan, '2026-06-07')).toEqual(['00:00', '00:30']);
    expect(starts(plan, '2026-06-13')).toEqual([]);
  });

  test('[SL8] a window of the night before pushes the morning’s back', () => {
    const plan = schedule({ rules: [weekly(6, '23:00', '00:50'), weekly(7, '00:00', '02:00')] });
    expect(starts(plan, '2026-06-07')).toEqual(['00:00', '00:50', '01:20']);
  });
});

describe('when clocks change', () => {
  test('[SL6] in spring a night shift across the gap is an hour shorter (Europe/London)', () => {
    const plan = schedule({ timeZone: 'Europe/London', rules: [weekly(6, '23:00', '03:00')] });
    expect(readout(planDay(plan, on('2026-03-28')), plan.timeZone)).toEqual([
      '2026-03-28T23:00 = 2026-03-28T23:00Z',
      '2026-03-28T23:30 = 2026-03-28T23:30Z',
    ]);
    expect(readout(planDay(plan, on('2026-03-29')), plan.timeZone)).toEqual([
      '2026-03-29T00:00 = 2026-03-29T00:00Z',
      '2026-03-29T00:30 = 2026-03-29T00:30Z',
      '2026-03-29T02:00 = 2026-03-29T01:00Z', // 01:00 to 02:00 does not exist
      '2026-03-29T02:30 = 2026-03-29T01:30Z',
    ]);
  });

  test('[SL6] in autumn it is an hour longer, and the hour that comes twice is offered twice (Europe/London)', () => {
    const plan = schedule({ timeZone: 'Europe/London', rules: [weekly(6, '23:30', '02:30')] });
    expect(readout(planDay(plan, on('2026-10-25')), plan.timeZone)).toEqual([
      '2026-10-25T00:00 = 2026-10-24T23:00Z',
      '2026-10-25T00:30 = 2026-10-24T23:30Z',
      '2026-10-25T01:00 = 2026-10-25T00:00Z', // summer time
      '2026-10-25T01:30 = 2026-10-25T00:30Z',
      '2026-10-25T01:00 = 2026-10-25T01:00Z', // winter time
      '2026-10-25T01:30 = 2026-10-25T01:30Z',
      '2026-10-25T02:00 = 2026-10-25T02:00Z',
    ]);
  });

  test('[SL1] a window that starts in the gap starts at the transition (America/New_York)', () => {
    const plan = schedule({ timeZone: 'America/New_York', rules: [weekly(7, '02:30', '04:00')] });
    expect(readout(planDay(plan, on('2026-03-08')), plan.timeZone)).toEqual([
      '2026-03-08T03:00 = 2026-03-08T07:00Z',
      '2026-03-08T03:30 = 2026-03-08T07:30Z',
    ]);
    expect(readout(planDay(plan, on('2026-03-15')), plan.timeZone)[0]).toBe('2026-03-15T02:30 = 2026-03-15T06:30Z');
  });

  test('[SL1] a window that lies in the gap is gone, one that ends in a repeated hour ends the first time', () => {
    const gap = schedule({ timeZone: 'America/New_York', rules: [weekly(7, '02:00', '03:00')] });
    expect(planDay(gap, on('2026-03-08'))).toEqual([]);
    const overlap = schedule({ timeZone: 'America/New_York', rules: [weekly(7, '00:30', '01:30')] });
    expect(readout(planDay(overlap, on('2026-11-01')), overlap.timeZone)).toEqual([
      '2026-11-01T00:30 = 2026-11-01T04:30Z',
      '2026-11-01T01:00 = 2026-11-01T05:00Z',
    ]);
  });

  test('[SL6] a day has 46, 50 or 48 half hours', () => {
    const plan = schedule({ timeZone: 'Europe/London', rules: daily('00:00', '00:00') });
    expect(planDay(plan, on('2026-03-29'))).toHaveLength(46);
    expect(planDay(plan, on('2026-10-25'))).toHaveLength(50);
    expect(planDay(plan, on('2026-06-07'))).toHaveLength(48);
  });

  test('[SL6] clocks that move by half an hour (Australia/Lord_Howe)', () => {
    const plan = schedule({ timeZone: 'Australia/Lord_Howe', rules: [weekly(7, '01:00', '03:00')] });
    expect(readout(planDay(plan, on('2026-10-04')), plan.timeZone)).toEqual([
      '2026-10-04T01:00 = 2026-10-03T14:30Z',
      '2026-10-04T01:30 = 2026-10-03T15:00Z',
      '2026-10-04T02:30 = 2026-10-03T15:30Z', // 02:00 to 02:30 does not exist
    ]);
    expect(readout(planDay(plan, on('2026-04-05')), plan.timeZone)).toEqual([
      '2026-04-05T01:00 = 2026-04-04T14:00Z',
      '2026-04-05T01:30 = 2026-04-04T14:30Z',
      '2026-04-05T01:30 = 2026-04-04T15:00Z', // 01:30 to 02:00 comes twice
      '2026-04-05T02:00 = 2026-04-04T15:30Z',
      '2026-04-05T02:30 = 2026-04-04T16:00Z',
    ]);
  });

  test.each([
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T01:00 = 2018-11-04T03:00Z'],
    ['Africa/Cairo', '2026-04-24', '2026-04-24T01:00 = 2026-04-23T22:00Z'],
    ['Asia/Beirut', '2026-03-29', '2026-03-29T01:00 = 2026-03-28T22:00Z'],
  ])('[SL2] %s skips the midnight of %s: a window from 00:00 starts with the day', (timeZone, date, first) => {
    const plan = schedule({ timeZone, rules: daily('00:00', '02:00') });
    expect(readout(planDay(plan, on(date)), timeZone)[0]).toBe(first);
    expect(planDay(plan, on(date))).toHaveLength(2);
  });

  test('[SL3] the hour before midnight that comes twice belongs to its date both times (America/Sao_Paulo)', () => {
    const plan = schedule({ timeZone: 'America/Sao_Paulo', rules: [weekly(6, '22:30', '00:30')] });
    expect(readout(planDay(plan, on('2018-02-17')), plan.timeZone)).toEqual([
      '2018-02-17T22:30 = 2018-02-18T00:30Z',
      '2018-02-17T23:00 = 2018-02-18T01:00Z',
      '2018-02-17T23:30 = 2018-02-18T01:30Z',
      '2018-02-17T23:00 = 2018-02-18T02:00Z',
      '2018-02-17T23:30 = 2018-02-18T02:30Z',
    ]);
    expect(readout(planDay(plan, on('2018-02-18')), plan.timeZone)).toEqual(['2018-02-18T00:00 = 2018-02-18T03:00Z']);
  });

  test('[SL3] where clocks go back across midnight, a window of the next date reaches into this one', () => {
    // St John's went from 00:01 on 29 October 2006 back to 23:01 on the 28th.
    const plan = schedule({
      timeZone: 'America/St_Johns',
      rules: [weekly(7, '00:00', '01:00', { slotMinutes: 20 })],
    });
    expect(readout(planDay(plan, on('2006-10-28')), plan.timeZone)).toEqual([
      '2006-10-28T23:20 = 2006-10-29T02:50Z',
      '2006-10-28T23:40 = 2006-10-29T03:10Z',
    ]);
    expect(readout(planDay(plan, on('2006-10-29')), plan.timeZone)).toEqual([
      '2006-10-29T00:00 = 2006-10-29T02:30Z',
      '2006-10-29T00:00 = 2006-10-29T03:30Z',
      '2006-10-29T00:20 = 2006-10-29T03:50Z',
      '2006-10-29T00:40 = 2006-10-29T04:10Z',
    ]);
  });

  test('[SL2] a date that a zone skipped has no slots, and its neighbours keep theirs (Pacific/Apia)', () => {
    const plan = schedule({ timeZone: 'Pacific/Apia', rules: daily('22:00', '01:00', { slotMinutes: 60 }) });
    expect(readout(planDay(plan, on('2011-12-29')), plan.timeZone)).toEqual([
      '2011-12-29T00:00 = 2011-12-29T10:00Z',
      '2011-12-29T22:00 = 2011-12-30T08:00Z',
      '2011-12-29T23:00 = 2011-12-30T09:00Z',
    ]);
    expect(planDay(plan, on('2011-12-30'))).toEqual([]);
    expect(readout(planDay(plan, on('2011-12-31')), plan.timeZone)).toEqual([
      '2011-12-31T00:00 = 2011-12-30T10:00Z', // Friday's shift, all of whose evening was skipped
      '2011-12-31T22:00 = 2011-12-31T08:00Z',
      '2011-12-31T23:00 = 2011-12-31T09:00Z',
    ]);
  });
});

describe('zones far from UTC', () => {
  test.each([
    ['Pacific/Kiritimati', '2026-06-08T09:00 = 2026-06-07T19:00Z'],
    ['Pacific/Honolulu', '2026-06-08T09:00 = 2026-06-08T19:00Z'],
    ['Asia/Kolkata', '2026-06-08T09:00 = 2026-06-08T03:30Z'],
    ['Asia/Kathmandu', '2026-06-08T09:00 = 2026-06-08T03:15Z'],
  ])('[SL3] nine in the morning in %s', (timeZone, expected) => {
    const plan = schedule({ timeZone, rules: [weekly(1, '09:00', '09:30')] });
    expect(readout(planDay(plan, on('2026-06-08')), timeZone)).toEqual([expected]);
    expect(planDay(plan, on('2026-06-07'))).toEqual([]);
    expect(planDay(plan, on('2026-06-09'))).toEqual([]);
  });

  test('[SL10] slots start on whole minutes where an old offset has seconds', () => {
    // Until 1952, before Daybook's dates begin, Paramaribo's clocks were 3 h 40 min 36 s behind.
    const plan = schedule({ timeZone: 'America/Paramaribo', rules: daily('09:00', '10:00') });
    const [first, second] = planDay(plan, on('1940-06-03'));
    expect(new Date(first?.startsAtMs ?? 0).toISOString()).toBe('1940-06-03T12:41:00.000Z');
    expect(second).toBeUndefined(); // 13:41 would end 24 seconds late
  });
});

describe('extra sessions', () => {
  test('[SL7] a session adds hours on its date only', () => {
    const plan = schedule({
      rules: [weekly(1, '09:00', '10:00')],
      sessions: [session('2026-06-09', '18:00', '19:00')],
    });
    expect(starts(plan, '2026-06-08')).toEqual(['09:00', '09:30']);
    expect(starts(plan, '2026-06-09')).toEqual(['18:00', '18:30']);
    expect(starts(plan, '2026-06-16')).toEqual([]);
  });

  test('[SL7] where a session covers a rule’s time, the session wins and the rule resumes at its end', () => {
    const plan = schedule({
      rules: [weekly(1, '09:00', '12:00')],
      sessions: [session('2026-06-08', '09:45', '10:45', { slotMinutes: 60, capacity: 8 })],
    });
    const slots = planDay(plan, on('2026-06-08'));
    expect(localStarts(slots, plan.timeZone)).toEqual(['09:00', '09:45', '10:45', '11:15']);
    expect(slots.map((slot) => slot.capacity)).toEqual([1, 8, 1, 1]);
  });

  test('[SL7] also on the next date, for a session that crosses midnight', () => {
    const plan = schedule({
      rules: [weekly(2, '00:00', '02:00', { slotMinutes: 60 })],
      sessions: [session('2026-06-08', '23:00', '00:30', { slotMinutes: 90 })],
    });
    expect(starts(plan, '2026-06-08')).toEqual(['23:00']);
    expect(starts(plan, '2026-06-09')).toEqual(['00:30']);
  });

  test('[SL8] of two sessions that overlap the earlier is whole', () => {
    const plan = schedule({
      sessions: [session('2026-06-08', '09:00', '10:00'), session('2026-06-08', '09:30', '11:00')],
    });
    expect(starts(plan, '2026-06-08')).toEqual(['09:00', '09:30', '10:00', '10:30']);
  });
});

describe('time off', () => {
  const rules = daily('09:00', '11:00');

  test('[SL9] whole days: from the first date to the last, both included', () => {
    const plan = schedule({ rules, timeOff: [away('2026-06-08', '2026-06-09')] });
    expect(starts(plan, '2026-06-07')).toHaveLength(4);
    expect(starts(plan, '2026-06-08')).toEqual([]);
    expect(starts(plan, '2026-06-09')).toEqual([]);
    expect(starts(plan, '2026-06-10')).toHaveLength(4);
  });

  test('[SL9] a part of each day: slots that touch it go, the others keep their times', () => {
    const plan = schedule({ rules, timeOff: [away('2026-06-08', '2026-06-09', '09:45', '10:15')] });
    expect(starts(plan, '2026-06-08')).toEqual(['09:00', '10:30']);
    expect(starts(plan, '2026-06-09')).toEqual(['09:00', '10:30']);
    expect(starts(plan, '2026-06-10')).toEqual(['09:00', '09:30', '10:00', '10:30']);
    const touching = schedule({ rules, timeOff: [away('2026-06-08', '2026-06-08', '09:30', '10:00')] });
    expect(starts(touching, '2026-06-08')).toEqual(['09:00', '10:00', '10:30']);
  });

  test('[SL9] it takes sessions as well, and a night that crosses midnight', () => {
    const plan = schedule({
      sessions: [session('2026-06-08', '23:00', '02:00')],
      timeOff: [away('2026-06-08', '2026-06-08', '23:30', '00:30')],
    });
    expect(starts(plan, '2026-06-08')).toEqual(['23:00']);
    expect(starts(plan, '2026-06-09')).toEqual(['00:30', '01:00', '01:30']);
  });

  test('[SL9] a slot that runs into a day off is dropped', () => {
    const plan = schedule({ rules: [weekly(7, '23:15', '01:15')], timeOff: [away('2026-06-08', '2026-06-08')] });
    expect(starts(plan, '2026-06-07')).toEqual(['23:15']);
    expect(starts(plan, '2026-06-08')).toEqual([]);
  });

  test('[SL9] a day off covers the hour that comes twice after midnight was reached once', () => {
    const timeOff = [away('2006-10-28', '2006-10-28')];
    const plan = schedule({
      timeZone: 'America/St_Johns',
      rules: daily('00:00', '00:00', { slotMinutes: 20 }),
      timeOff,
    });
    expect(planDay(plan, on('2006-10-28'))).toEqual([]);
  });
});

describe('plans of many days', () => {
  const plan = schedule({
    timeZone: 'Europe/London',
    rules: [...daily('08:00', '12:00', { bufferMinutes: 5 }), weekly(6, '22:00', '03:00', { slotMinutes: 45 })],
    sessions: [session('2026-10-24', '21:00', '23:00'), session('2026-10-27', '11:00', '14:00')],
    timeOff: [away('2026-10-23', '2026-10-23'), away('2026-10-20', '2026-10-30', '09:00', '09:30')],
  });

  test('[SL11] a range is planned as each of its days is', () => {
    const range = planDays(plan, on('2026-10-20'), on('2026-10-30'));
    expect(range.size).toBe(11);
    for (const [date, slots] of range) expect(slots).toEqual(planDay(plan, date));
  });

  test('the part of a schedule round a date plans that date as the whole does', () => {
    for (const date of ['2026-10-23', '2026-10-24', '2026-10-25', '2026-10-27']) {
      expect(planDay(scheduleAround(plan, on(date)), on(date))).toEqual(planDay(plan, on(date)));
    }
    expect(scheduleAround(plan, on('2026-10-28')).sessions.map((s) => s.date)).toEqual(['2026-10-27']);
  });
});
