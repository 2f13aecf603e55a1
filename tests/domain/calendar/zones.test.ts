import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import { type FeedAppointment, feedOf } from '../../../src/calendar/feed.ts';
import { clockChanges } from '../../../src/domain/zoned-time.ts';
import { byIcalJs, byNodeIcal } from '../../support/calendar-readers.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

const at = (startsAtMs: number, timeZone: string, i = 0): FeedAppointment => ({
  uid: `a_${i}@daybook`,
  version: 1,
  status: 'confirmed',
  ...{ startsAtMs, endsAtMs: startsAtMs + 30 * minuteMs, timeZone },
  mode: 'video',
  createdAtMs: 0,
  updatedAtMs: 0,
  ...{ doctorName: 'D', patientName: 'P', own: true, clinicName: null, clinicAddress: null },
});
const calendarOf = (appointments: readonly FeedAppointment[]): string =>
  feedOf({ kind: 'patient', privacy: 'busy', label: 'x', appointments, free: null, freeStampMs: 0 });

/** Instants of the next years about which calendars go wrong: each change of clocks, and the middle of each month. */
const instantsIn = (timeZone: string): number[] => {
  const { changes } = clockChanges(timeZone, 2026, 2027);
  const months = Array.from({ length: 24 }, (_, i) => Date.UTC(2026, i, 15, 9));
  // An hour that clocks show twice is written alike for both: that a calendar cannot tell them apart is the format's.
  const about = changes.flatMap(({ atMs, fromOffsetMs, toOffsetMs }) =>
    [-25, -2, -1, 0, 1, 2, 25]
      .map((hours) => atMs + hours * hourMs)
      .filter((ms) => toOffsetMs > fromOffsetMs || ms < atMs - 2 * hourMs || ms >= atMs + 2 * hourMs),
  );
  return [...new Set([...months, ...about])].sort((a, b) => a - b);
};

describe('times across changes of the clocks', () => {
  test('[CA2] in London: nine o’clock stays nine o’clock, and is an hour earlier in UTC from the end of March on', () => {
    // 09:00 GMT on Friday 27 March; 09:00 BST on Monday 30 March; 09:00 GMT again on Monday 26 October.
    const instants = [Date.UTC(2026, 2, 27, 9), Date.UTC(2026, 2, 30, 8), Date.UTC(2026, 9, 26, 9)];
    const ics = calendarOf(instants.map((ms, i) => at(ms, 'Europe/London', i)));
    expect(ics.match(/DTSTART;TZID=Europe\/London:\d{8}T\d{6}/g)).toEqual([
      'DTSTART;TZID=Europe/London:20260327T090000',
      'DTSTART;TZID=Europe/London:20260330T090000',
      'DTSTART;TZID=Europe/London:20261026T090000',
    ]);
    expect(byIcalJs(ics).map(({ startsAtMs }) => startsAtMs)).toEqual(instants);
    expect(byNodeIcal(ics).map(({ startsAtMs }) => startsAtMs)).toEqual(instants);
    expect(ics.match(/BEGIN:VTIMEZONE/g)).toHaveLength(1);
    expect(ics).toContain('RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU');
  });

  test.each(['Africa/Casablanca', 'America/Santiago', 'Asia/Dhaka', 'Australia/Lord_Howe', 'America/New_York'])(
    '[CA2] two readers agree with the booking in %s',
    (timeZone) => {
      const instants = instantsIn(timeZone);
      const ics = calendarOf(instants.map((ms, i) => at(ms, timeZone, i)));
      expect(byIcalJs(ics).map(({ startsAtMs }) => startsAtMs)).toEqual(instants);
      expect(byNodeIcal(ics).map(({ startsAtMs }) => startsAtMs)).toEqual(instants);
    },
  );

  test('[CA2] the definition of every zone there is gives every instant back', () => {
    const wrong: string[] = [];
    for (const timeZone of Intl.supportedValuesOf('timeZone')) {
      const instants = instantsIn(timeZone);
      const read = byIcalJs(calendarOf(instants.map((ms, i) => at(ms, timeZone, i))));
      const off = instants.filter((ms, i) => read[i]?.startsAtMs !== ms);
      if (off.length > 0) wrong.push(`${timeZone}: ${off.map((ms) => new Date(ms).toISOString()).join(' ')}`);
    }
    expect(wrong).toEqual([]);
  });

  test('[CA2] what is in UTC is written in UTC', () => {
    const ics = calendarOf([at(Date.UTC(2026, 5, 1, 9), 'UTC')]);
    expect(ics).toContain('DTSTART:20260601T090000Z');
    expect(new ICAL.Component(ICAL.parse(ics)).getAllSubcomponents('vtimezone')).toEqual([]);
  });
});
