import { describe, expect, test } from 'vitest';
import { readCalendar } from '../../src/features/busy-import/read-calendar.ts';

const year = { startsAtMs: Date.UTC(2026, 0, 1), endsAtMs: Date.UTC(2027, 0, 1) };
/** What the slowest of these may take on a busy machine; without limits most of them would never end. */
const patienceMs = 4_000;

const calendar = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]): string => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n');
const ruled = (rule: string, start = '20200101T000000Z') =>
  calendar(event(`DTSTART:${start}`, 'DURATION:PT1H', `RRULE:${rule}`));
const many = (n: number, line: (i: number) => string): string[] => Array.from({ length: n }, (_, i) => line(i));

const faultOf = (text: string): string => {
  const startedMs = performance.now();
  const reading = readCalendar(text, year, 'Asia/Dhaka');
  expect(performance.now() - startedMs).toBeLessThan(patienceMs);
  return reading.ok ? 'read' : reading.fault;
};

describe('calendars that burn time', () => {
  test.each([
    'FREQ=SECONDLY',
    'FREQ=MINUTELY;BYHOUR=3',
    'FREQ=HOURLY',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=WEEKLY;BYMONTH=13',
    'FREQ=DAILY;INTERVAL=999999999',
    'FREQ=WEEKLY;INTERVAL=999999999',
    'FREQ=YEARLY;INTERVAL=999999999',
    `FREQ=DAILY;BYHOUR=${many(24, String).join()};BYMINUTE=${many(60, String).join()}`,
    'FREQ=MONTHLY;BYDAY=9MO',
    'FREQ=FORTNIGHTLY',
    'FREQ=',
    'nonsense',
  ])('[BI4] a rule %s is refused', (rule) => {
    expect(faultOf(ruled(rule))).toMatch(/^(too_complex|malformed)$/);
  });

  test.each([
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4',
    'FREQ=DAILY;COUNT=2000',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=DAILY;INTERVAL=-1',
    'FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO',
    'FREQ=YEARLY;BYYEARDAY=366;BYSETPOS=-1',
    'FREQ=WEEKLY;BYDAY=SU,MO,TU,WE,TH,FR,SA',
  ])('[BI4] a rule %s takes little, whatever comes of it', (rule) => {
    expect(['read', 'too_complex', 'malformed']).toContain(faultOf(ruled(rule)));
  });

  test('[BI4] a daily event of the last 40 years costs no more than one of this year', () => {
    expect(
      faultOf(calendar(...many(60, () => event('DTSTART:19860101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY')))),
    ).toBe('read');
  });

  test('[BI4] many rules together have one budget', () => {
    const rules = many(9_000, (i) =>
      event(`UID:${i}`, 'DTSTART:20260101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY'),
    );
    expect(faultOf(calendar(...rules))).toBe('too_complex');
    const never = many(3_000, (i) =>
      event(`UID:${i}`, 'DTSTART:20260101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'),
    );
    expect(faultOf(calendar(...never))).toBe('too_complex');
  });

  test('[BI4] too many events, zones, or changes of a zone', () => {
    expect(faultOf(calendar(...many(10_001, () => event('DTSTART:20260601T000000Z'))))).toBe('too_complex');
    const zones = many(51, (i) =>
      ['BEGIN:VTIMEZONE', `TZID:Z${i}`, ...still('+0600', '19700101T000000'), 'END:VTIMEZONE'].join('\r\n'),
    );
    const times = many(51, (i) => event(`DTSTART;TZID=Z${i}:20260601T000000`));
    expect(faultOf(calendar(...zones, ...times))).toBe('too_complex');
    const changes = many(
      501,
      (i) => `RDATE:2026${String(1 + (i % 12)).padStart(2, '0')}01T${String(i % 24).padStart(2, '0')}0000`,
    );
    const restless = ['BEGIN:VTIMEZONE', 'TZID:Z', ...still('+0600', '19700101T000000', ...changes), 'END:VTIMEZONE'];
    expect(faultOf(calendar(...restless, event('DTSTART;TZID=Z:20260601T000000')))).toBe('too_complex');
  });

  test('[BI4] a zone whose rules never end, or never come', () => {
    for (const rule of ['FREQ=SECONDLY', 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30']) {
      const zone = [
        'BEGIN:VTIMEZONE',
        'TZID:Z',
        ...still('+0600', '16010101T000000', `RRULE:${rule}`),
        'END:VTIMEZONE',
      ];
      expect(faultOf(calendar(...zone, event('DTSTART;TZID=Z:20260601T000000')))).toBe('too_complex');
    }
  });

  test('[BI4] a text of nothing but beginnings, of one long line, of deep nesting', () => {
    expect(faultOf(calendar(...many(100_000, () => 'BEGIN:VEVENT')))).not.toBe('read');
    expect(faultOf(calendar(`SUMMARY:${'x'.repeat(1_900_000)}`))).toBe('read');
    expect(faultOf(calendar(event(...many(100_000, () => ' folded'))))).not.toBe('too_large');
    expect(faultOf(calendar(event(`DTSTART${';A="b"'.repeat(100_000)}:20260601T000000Z`)))).not.toBe('too_large');
    expect(
      faultOf(
        calendar(event('DTSTART:20260601T000000Z', `EXDATE:${'20260601T000000Z,'.repeat(100_000)}20260601T000000Z`)),
      ),
    ).not.toBe('too_large');
  });

  test('[BI4] a few characters that want a lot of time off', () => {
    expect(faultOf(calendar(event('DTSTART:20260601T000000Z', 'DURATION:P99999999999999999999W')))).toBe('read');
    expect(faultOf(calendar(event('DTSTART:00010101T000000Z', 'DTEND:99991231T235959Z')))).toBe('read');
  });
});

const still = (offset: string, start: string, ...lines: string[]): string[] => [
  'BEGIN:STANDARD',
  `DTSTART:${start}`,
  `TZOFFSETFROM:${offset}`,
  `TZOFFSETTO:${offset}`,
  ...lines,
  'END:STANDARD',
];

describe('calendars that are none', () => {
  test.each([
    ['', 'not_a_calendar'],
    ['<!doctype html><title>Sign in</title>', 'not_a_calendar'],
    ['{"items":[]}', 'not_a_calendar'],
    [calendar('what is this'), 'malformed'],
    [calendar(event('DTSTART:20260230T090000Z')), 'malformed'],
    [calendar(event('DTSTART:20261301T090000Z')), 'malformed'],
    [calendar(event('DTSTART:tomorrow')), 'malformed'],
    [calendar(event('DTSTART:20260601T090000Z', 'DTEND:whenever')), 'malformed'],
    [calendar(event('DTSTART:20260601T090000Z', 'RRULE:FREQ=DAILY;UNTIL=never')), 'malformed'],
    ['BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260601T090000Z', 'malformed'],
  ])('[BI4] %j is not read as if it were free', (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  test('[BI4] more than two million characters that may matter are too many, of the past they are none', () => {
    const padding = `DESCRIPTION:${'x'.repeat(10_000)}`;
    const events = (date: string) => many(201, () => event(`DTSTART:${date}T090000Z`, padding));
    expect(faultOf(calendar(...events('20260601')))).toBe('too_large');
    expect(faultOf(calendar(...events('20210601')))).toBe('read');
    expect(faultOf(calendar(...events('20310601')))).toBe('read');
  });
});
