import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, localDateOfDayNumber } from '../../src/domain/local-date.ts';
import { bookingWindow, instantOf, localDateOf, localDateTimeOf, startOfDayMs } from '../../src/domain/zoned-time.ts';
import { on, utc } from '../support/schedules.ts';

const hourMs = 3_600_000;

describe('from local time to UTC', () => {
  test.each([
    // Zones without clock changes, with whole, half and quarter hours.
    ['Asia/Dhaka', '2026-06-07', '09:00', '2026-06-07T03:00Z', '+06:00'],
    ['Asia/Kolkata', '2026-06-07', '09:00', '2026-06-07T03:30Z', '+05:30'],
    ['Asia/Kathmandu', '2026-06-07', '09:00', '2026-06-07T03:15Z', '+05:45'],
    ['Pacific/Kiritimati', '2026-06-07', '09:00', '2026-06-06T19:00Z', '+14:00, a day ahead'],
    ['Pacific/Honolulu', '2026-06-07', '21:00', '2026-06-08T07:00Z', '-10:00, a day behind'],
    ['UTC', '2026-06-07', '09:00', '2026-06-07T09:00Z', ''],
    // London: 01:00 to 02:00 on 29 March is skipped, 01:00 to 02:00 on 25 October is shown twice.
    ['Europe/London', '2026-03-29', '00:59', '2026-03-29T00:59Z', 'before the gap'],
    ['Europe/London', '2026-03-29', '01:00', '2026-03-29T01:00Z', 'in the gap: the transition'],
    ['Europe/London', '2026-03-29', '01:59', '2026-03-29T01:00Z', 'in the gap: the transition'],
    ['Europe/London', '2026-03-29', '02:00', '2026-03-29T01:00Z', 'the end of the gap'],
    ['Europe/London', '2026-03-29', '02:30', '2026-03-29T01:30Z', 'after the gap'],
    ['Europe/London', '2026-10-25', '01:00', '2026-10-25T00:00Z', 'shown twice: the earlier'],
    ['Europe/London', '2026-10-25', '01:59', '2026-10-25T00:59Z', 'shown twice: the earlier'],
    ['Europe/London', '2026-10-25', '02:00', '2026-10-25T02:00Z', 'after the overlap'],
    // New York: 02:00 to 03:00 on 8 March, 01:00 to 02:00 on 1 November.
    ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:00Z', 'in the gap: the transition'],
    ['America/New_York', '2026-03-08', '03:00', '2026-03-08T07:00Z', 'the end of the gap'],
    ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30Z', 'shown twice: the earlier'],
    ['America/New_York', '2026-11-01', '02:00', '2026-11-01T07:00Z', 'after the overlap'],
    // Lord Howe moves its clocks by half an hour only.
    ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:30Z', 'in the gap of half an hour'],
    ['Australia/Lord_Howe', '2026-10-04', '02:30', '2026-10-03T15:30Z', 'the end of the gap'],
    ['Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45Z', 'shown twice: the earlier'],
    ['Australia/Lord_Howe', '2026-04-05', '02:00', '2026-04-04T15:30Z', 'after the overlap'],
    // Midnight itself is skipped.
    ['America/Sao_Paulo', '2018-11-04', '00:00', '2018-11-04T03:00Z', 'midnight is skipped'],
    ['America/Sao_Paulo', '2018-11-04', '01:00', '2018-11-04T03:00Z', 'the first time of the day'],
    ['Africa/Cairo', '2026-04-24', '00:30', '2026-04-23T22:00Z', 'midnight is skipped'],
    ['Asia/Beirut', '2026-03-29', '00:00', '2026-03-28T22:00Z', 'midnight is skipped'],
    // The last hour of a day is shown twice.
    ['America/Sao_Paulo', '2018-02-17', '23:30', '2018-02-18T01:30Z', 'shown twice: the earlier'],
    ['America/Sao_Paulo', '2018-02-18', '00:00', '2018-02-18T03:00Z', 'midnight comes after the repeated hour'],
    // Samoa skipped a whole day.
    ['Pacific/Apia', '2011-12-30', '12:00', '2011-12-30T10:00Z', 'the day does not exist: the transition'],
    ['Pacific/Apia', '2011-12-31', '00:00', '2011-12-30T10:00Z', 'the day after it'],
  ])('[SL1] %s %s %s is %s (%s)', (zone, date, time, expected) => {
    expect(utc(instantOf(on(date), time, zone))).toBe(expected);
  });

  test.each([
    ['Europe/London', '2026-03-29', 23],
    ['Europe/London', '2026-10-25', 25],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['America/Sao_Paulo', '2018-11-04', 23],
    ['America/Sao_Paulo', '2018-02-17', 25],
    ['Africa/Cairo', '2026-10-29', 25],
    ['Pacific/Apia', '2011-12-30', 0],
    ['Asia/Kathmandu', '2026-03-29', 24],
  ])('[SL2] %s %s lasts %d hours', (zone, date, hours) => {
    expect((startOfDayMs(addDays(on(date), 1), zone) - startOfDayMs(on(date), zone)) / hourMs).toBe(hours);
  });

  test('[SL2] a day begins where its clocks first show its date', () => {
    expect(localDateTimeOf(startOfDayMs(on('2018-11-04'), 'America/Sao_Paulo'), 'America/Sao_Paulo')).toBe(
      '2018-11-04T01:00',
    );
  });
});

describe('from UTC to local time', () => {
  test.each([
    ['Pacific/Kiritimati', '2026-06-06T19:00Z', '2026-06-07T09:00'],
    ['Pacific/Honolulu', '2026-06-08T07:00Z', '2026-06-07T21:00'],
    ['Asia/Kathmandu', '2026-06-07T18:14Z', '2026-06-07T23:59'],
    ['Asia/Kathmandu', '2026-06-07T18:15Z', '2026-06-08T00:00'],
    ['Europe/London', '2026-10-25T00:30Z', '2026-10-25T01:30'],
    ['Europe/London', '2026-10-25T01:30Z', '2026-10-25T01:30'],
    ['Australia/Lord_Howe', '2026-04-04T15:15Z', '2026-04-05T01:45'],
    ['Pacific/Apia', '2011-12-30T09:59Z', '2011-12-29T23:59'],
    ['Pacific/Apia', '2011-12-30T10:00Z', '2011-12-31T00:00'],
    ['America/St_Johns', '2006-10-29T02:31Z', '2006-10-28T23:01'],
  ])('%s at %s shows %s', (zone, instant, local) => {
    expect(localDateTimeOf(Date.parse(instant), zone)).toBe(local);
    expect(localDateOf(Date.parse(instant), zone)).toBe(local.slice(0, 10));
  });

  test('agrees with the platform in every zone, at any minute of the coming years', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const formats = new Map<string, Intl.DateTimeFormat>();
    const platform = (ms: number, timeZone: string): string => {
      const format =
        formats.get(timeZone) ??
        new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' });
      formats.set(timeZone, format);
      return format.format(ms).replace(' ', 'T');
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2024, 0, 1) / 60_000, max: Date.UTC(2030, 0, 1) / 60_000 }),
        (zone, minute) => {
          const ms = minute * 60_000;
          expect(localDateTimeOf(ms, zone)).toBe(platform(ms, zone));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('[SL1] going to UTC and back shows the time itself, or where it is skipped, a later one', () => {
    const zones = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Africa/Casablanca'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 9_000, max: 11_000 }),
        fc.integer({ min: 0, max: 1_439 }),
        (zone, dayNumber, minute) => {
          const date = localDateOfDayNumber(dayNumber);
          const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          const instant = instantOf(date, time, zone);
          expect(localDateTimeOf(instant, zone) >= `${date}T${time}`).toBe(true);
          expect(localDateTimeOf(instant - 60_000, zone) < `${date}T${time}`).toBe(true);
        },
      ),
    );
  });
});

describe('the booking window', () => {
  test('[SL12] runs from today in the doctor’s zone, not in UTC', () => {
    const now = Date.parse('2026-06-07T20:00Z');
    expect(bookingWindow({ timeZone: 'Asia/Dhaka', bookingWindowDays: 2 }, now)).toEqual({
      from: '2026-06-08', // 02:00 in Dhaka
      to: '2026-06-10',
    });
    expect(bookingWindow({ timeZone: 'Pacific/Honolulu', bookingWindowDays: 2 }, now)).toEqual({
      from: '2026-06-07', // 10:00 in Honolulu
      to: '2026-06-09',
    });
  });
});
