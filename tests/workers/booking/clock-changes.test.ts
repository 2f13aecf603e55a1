import { expect, test } from 'vitest';
import { addDays, datesBetween, type LocalDate, utcDate } from '../../../src/domain/local-date.ts';
import { localDateTimeOf, startOfDayMs } from '../../../src/domain/zoned-time.ts';
import { everyDay, patient, practice } from '../../support/clinic.ts';

const hourMs = 3_600_000;

/** The next date in a zone that has 23 (or 25) hours. */
const nextChange = (timeZone: string, hours: number): LocalDate => {
  const today = utcDate(Date.now());
  const found = datesBetween(addDays(today, 3), addDays(today, 364)).find(
    (date) => startOfDayMs(addDays(date, 1), timeZone) - startOfDayMs(date, timeZone) === hours * hourMs,
  );
  if (found === undefined) throw new Error(`no day of ${hours} hours in ${timeZone}`);
  return found;
};

test.for([
  { timeZone: 'Europe/London', hours: 23, slots: 10 },
  { timeZone: 'Europe/London', hours: 25, slots: 14 },
  { timeZone: 'America/New_York', hours: 23, slots: 10 },
  { timeZone: 'America/New_York', hours: 25, slots: 14 },
])(
  '[SL1] a booking on a day of $hours hours in $timeZone keeps its wall time, through the API',
  async ({ timeZone, hours, slots }) => {
    const { slotsOn, setSchedule } = await practice({ timeZone, terms: { bookingWindowDays: 365 } });
    await setSchedule(everyDay({ start: '00:00', end: '06:00' }));
    const date = nextChange(timeZone, hours);
    const offered = await slotsOn(date);
    expect(offered).toHaveLength(slots);
    // Half an hour of real time between any two, whatever the wall says.
    const starts = offered.map((slot) => Date.parse(slot.startsAt));
    expect(starts.every((start, i) => i === 0 || start - (starts[i - 1] ?? 0) === hourMs / 2)).toBe(true);

    const wanted = offered.find((slot) => slot.localStart === `${date}T04:00`);
    const nadia = await patient();
    const hold = await nadia.holds(wanted?.id ?? '');
    const confirmed = await nadia.confirms(hold.body.id);
    expect(confirmed.body.status).toBe('confirmed');
    expect(localDateTimeOf(Date.parse(confirmed.body.startsAt), timeZone)).toBe(`${date}T04:00`);

    const before = (await slotsOn(addDays(date, -1))).find((slot) => slot.localStart.endsWith('T04:00'));
    const moved = await nadia.moves(hold.body.id, before?.id ?? '');
    expect(Date.parse(confirmed.body.startsAt) - Date.parse(moved.body.startsAt)).toBe(hours * hourMs);
  },
);
