import { describe, expect, test } from 'vitest';
import type { Interval } from '../../src/domain/interval.ts';
import { localDateTimeOf } from '../../src/domain/zoned-time.ts';
import { readCalendar } from '../../src/features/busy-import/read-calendar.ts';

/** From the spring change of 2026 in Europe (29 March) and the USA (8 March) to after their autumn ones. */
const year: Interval = { startsAtMs: Date.UTC(2026, 0, 1), endsAtMs: Date.UTC(2027, 0, 1) };

const calendar = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]): string =>
  ['BEGIN:VEVENT', 'UID:one', 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT'].join('\r\n');

/** Busy times as the wall clocks of a zone show them: `03-28T09:00/10:00`. */
const shown = (text: string, timeZone: string, window = year): string[] => {
  const reading = readCalendar(text, window, timeZone);
  if (!reading.ok) return [reading.fault];
  const local = (ms: number) => localDateTimeOf(ms, timeZone);
  return reading.busy
    .toSorted((a, b) => a.startsAtMs - b.startsAtMs)
    .map(({ startsAtMs, endsAtMs }) => {
      const [from, to] = [local(startsAtMs), local(endsAtMs)];
      return `${from.slice(5)}/${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to.slice(5)}`;
    });
};
const london = (...lines: string[]) => shown(calendar(event(...lines)), 'Europe/London');
const dhaka = (...lines: string[]) => shown(calendar(event(...lines)), 'Asia/Dhaka');

describe('what keeps a doctor busy', () => {
  test('[BI2] an event, by its end, its length, or its date', () => {
    expect(london('DTSTART:20260601T090000Z', 'DTEND:20260601T100000Z')).toEqual(['06-01T10:00/11:00']);
    expect(london('DTSTART;TZID=Europe/London:20260601T090000', 'DURATION:PT1H30M')).toEqual(['06-01T09:00/10:30']);
    expect(london('DTSTART;VALUE=DATE:20260601')).toEqual(['06-01T00:00/06-02T00:00']);
    expect(london('DTSTART;VALUE=DATE:20260601', 'DTEND;VALUE=DATE:20260604')).toEqual(['06-01T00:00/06-04T00:00']);
    expect(london('DTSTART:20260601T090000Z')).toEqual([]);
    expect(london('SUMMARY:No time at all')).toEqual([]);
  });

  test('[BI2] not what is cancelled or shown as free; what is tentative', () => {
    const at = ['DTSTART:20260601T090000Z', 'DTEND:20260601T100000Z'];
    expect(london(...at, 'STATUS:CANCELLED')).toEqual([]);
    expect(london(...at, 'TRANSP:TRANSPARENT')).toEqual([]);
    expect(london(...at, 'X-MICROSOFT-CDO-BUSYSTATUS:FREE')).toEqual([]);
    expect(london(...at, 'TRANSP:OPAQUE', 'X-MICROSOFT-CDO-BUSYSTATUS:FREE')).toHaveLength(1);
    expect(london(...at, 'STATUS:TENTATIVE')).toHaveLength(1);
  });

  test('[BI2] what VFREEBUSY gives, but for what it gives as free', () => {
    const free = (...lines: string[]) => ['BEGIN:VFREEBUSY', 'UID:f', ...lines, 'END:VFREEBUSY'];
    const text = calendar(
      ...free(
        'FREEBUSY:20260601T090000Z/PT1H,20260602T090000Z/20260602T093000Z',
        'FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260603T090000Z/PT5M',
        'FREEBUSY;FBTYPE=FREE:20260604T090000Z/PT1H',
      ),
    );
    expect(shown(text, 'UTC')).toEqual(['06-01T09:00/10:00', '06-02T09:00/09:30', '06-03T09:00/09:05']);
  });

  test('[BI3] whole days and times without a zone are of the doctor’s zone, also where clocks change', () => {
    // 29 March 2026 has 23 hours in London, 25 October 25.
    expect(london('DTSTART;VALUE=DATE:20260329')).toEqual(['03-29T00:00/03-30T00:00']);
    expect(dhaka('DTSTART:20260601T090000', 'DTEND:20260601T100000')).toEqual(['06-01T09:00/10:00']);
    const text = calendar(event('DTSTART;VALUE=DATE:20261025'));
    const reading = readCalendar(text, year, 'Europe/London');
    expect(reading.ok && reading.busy.map((one) => (one.endsAtMs - one.startsAtMs) / 3_600_000)).toEqual([25]);
  });
});

describe('zones', () => {
  const at = (tzid: string) => [`DTSTART;TZID=${tzid}:20260601T090000`, 'DURATION:PT1H'];

  test('[BI3] by the name of the zone database, by Windows’ name, with a prefix', () => {
    expect(dhaka(...at('Europe/London'))).toEqual(['06-01T14:00/15:00']);
    expect(dhaka(...at('GMT Standard Time'))).toEqual(['06-01T14:00/15:00']);
    expect(dhaka(...at('Eastern Standard Time'))).toEqual(['06-01T19:00/20:00']);
    expect(dhaka(...at('/citadel.org/20250101_1/Europe/London'))).toEqual(['06-01T14:00/15:00']);
    expect(dhaka(...at('/tz/America/Argentina/Ushuaia'))).toEqual(['06-01T18:00/19:00']);
  });

  const custom = (...observances: string[][]) => [
    'BEGIN:VTIMEZONE',
    'TZID:Customized Time Zone',
    ...observances.flatMap(([name, ...lines]) => [`BEGIN:${name}`, ...lines, `END:${name}`]),
    'END:VTIMEZONE',
  ];
  const outlook = custom(
    [
      'STANDARD',
      'DTSTART:16010101T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10',
    ],
    [
      'DAYLIGHT',
      'DTSTART:16010101T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0200',
      'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3',
    ],
  );

  test('[BI3] by the calendar’s own VTIMEZONE for a name that nobody knows, also one from 1601', () => {
    const days = [
      ['20260328T090000', '03-28T08:00/09:00'],
      ['20260330T090000', '03-30T07:00/08:00'],
      ['20261024T090000', '10-24T07:00/08:00'],
      ['20261026T090000', '10-26T08:00/09:00'],
    ];
    for (const [at, expected] of days) {
      const one = event(`DTSTART;TZID="Customized Time Zone":${at}`, 'DURATION:PT1H');
      expect(shown(calendar(...outlook, one), 'UTC')).toEqual([expected]);
    }
  });

  test('[BI3] the rules of a VTIMEZONE that have ended leave the offset that they ended with', () => {
    const ended = custom(
      [
        'STANDARD',
        'DTSTART:19961027T030000',
        'TZOFFSETFROM:+0400',
        'TZOFFSETTO:+0300',
        'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10;UNTIL=20151025T000000Z',
      ],
      [
        'DAYLIGHT',
        'DTSTART:19970330T020000',
        'TZOFFSETFROM:+0300',
        'TZOFFSETTO:+0400',
        'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3;UNTIL=20150329T000000Z',
      ],
    );
    const one = event('DTSTART;TZID=Customized Time Zone:20260601T090000', 'DURATION:PT1H');
    expect(shown(calendar(...ended, one), 'UTC')).toEqual(['06-01T06:00/07:00']);
  });

  test('[BI4] a zone that nobody knows is a fault, not a guess', () => {
    expect(dhaka(...at('Middle-earth/Shire'))).toEqual(['unknown_zone']);
    expect(shown(calendar(...custom(), event(...at('Customized Time Zone'))), 'UTC')).toEqual(['unknown_zone']);
  });
});

describe('recurrences', () => {
  test('[BI2] keep their wall time over both changes of the clocks', () => {
    const weekly = london(
      'DTSTART;TZID=America/New_York:20260302T090000',
      'DTEND;TZID=America/New_York:20260302T100000',
      'RRULE:FREQ=WEEKLY;COUNT=6',
    );
    // New York changes on 8 March, London on the 29th.
    expect(weekly).toEqual([
      '03-02T14:00/15:00',
      '03-09T13:00/14:00',
      '03-16T13:00/14:00',
      '03-23T13:00/14:00',
      '03-30T14:00/15:00',
      '04-06T14:00/15:00',
    ]);
  });

  test('[BI2] with exceptions, additions and changed occurrences', () => {
    const text = calendar(
      event(
        'DTSTART;TZID=Europe/London:20260324T090000',
        'DURATION:PT1H',
        'RRULE:FREQ=DAILY;UNTIL=20260330T080000Z',
        'EXDATE;TZID=Europe/London:20260325T090000',
        'EXDATE:20260326T090000Z',
        'RDATE;TZID=Europe/London:20260401T150000',
        'RDATE;VALUE=PERIOD:20260402T080000Z/PT15M',
      ),
      event('RECURRENCE-ID;TZID=Europe/London:20260327T090000', 'DTSTART:20260327T170000Z', 'DURATION:PT2H'),
      event('RECURRENCE-ID:20260328T090000Z', 'DTSTART:20260328T090000Z', 'DURATION:PT1H', 'STATUS:CANCELLED'),
    );
    expect(shown(text, 'Europe/London')).toEqual([
      '03-24T09:00/10:00',
      '03-27T17:00/19:00',
      '03-29T09:00/10:00',
      '03-30T09:00/10:00',
      '04-01T15:00/16:00',
      '04-02T09:00/09:15',
    ]);
  });

  test('[BI2] with a change of one occurrence and all after it', () => {
    const text = calendar(
      event('DTSTART:20260601T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=4'),
      event('RECURRENCE-ID;RANGE=THISANDFUTURE:20260603T090000Z', 'DTSTART:20260603T110000Z', 'DURATION:PT30M'),
    );
    expect(shown(text, 'UTC')).toEqual([
      '06-01T09:00/10:00',
      '06-02T09:00/10:00',
      '06-03T11:00/11:30',
      '06-04T11:00/11:30',
    ]);
  });

  test('[BI2] a changed occurrence stands for itself where its series is not told of', () => {
    const alone = event('RECURRENCE-ID:20260601T090000Z', 'DTSTART:20260601T100000Z', 'DURATION:PT1H');
    expect(shown(calendar(alone), 'UTC')).toEqual(['06-01T10:00/11:00']);
  });

  test('[BI2] whole days, every other week on two weekdays, for a long time', () => {
    const days = shown(
      calendar(event('DTSTART;VALUE=DATE:20120105', 'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH')),
      'Asia/Dhaka',
      { startsAtMs: Date.UTC(2026, 5, 1), endsAtMs: Date.UTC(2026, 5, 15) },
    );
    // Thursday 5 January 2012 is 752 weeks before Thursday 4 June 2026.
    expect(days).toEqual(['06-02T00:00/06-03T00:00', '06-04T00:00/06-05T00:00']);
  });

  test('[BI2] a night’s work blocks until the clock time of its end, and as long as it says', () => {
    const nights = london(
      'DTSTART;TZID=Europe/London:20260327T220000',
      'DTEND;TZID=Europe/London:20260328T060000',
      'RRULE:FREQ=DAILY;COUNT=3',
    );
    expect(nights).toEqual(['03-27T22:00/03-28T06:00', '03-28T22:00/03-29T07:00', '03-29T22:00/03-30T06:00']);
  });

  test.each([
    ['MONTHLY;BYDAY=-1FR', 'DTSTART:20250131T090000Z', ['06-26T09:00/10:00']],
    ['MONTHLY;BYMONTHDAY=31', 'DTSTART:20250131T090000Z', []],
    ['YEARLY;BYMONTH=6;BYDAY=2MO', 'DTSTART:20200608T090000Z', ['06-08T09:00/10:00']],
    ['DAILY;INTERVAL=10', 'DTSTART:20250610T090000Z', ['06-05T09:00/10:00', '06-15T09:00/10:00', '06-25T09:00/10:00']],
    ['WEEKLY;UNTIL=20260608', 'DTSTART:20260525T090000Z', ['06-01T09:00/10:00', '06-08T09:00/10:00']],
    ['WEEKLY;BYDAY=MO;COUNT=3', 'DTSTART:20260525T090000Z', ['06-01T09:00/10:00', '06-08T09:00/10:00']],
  ])('[BI2] FREQ=%s', (rule, start, expected) => {
    const june = { startsAtMs: Date.UTC(2026, 5, 1), endsAtMs: Date.UTC(2026, 6, 1) };
    const text = calendar(event(start, 'DURATION:PT1H', `RRULE:FREQ=${rule}`));
    expect(shown(text, 'UTC', june)).toEqual(expected);
  });
});
