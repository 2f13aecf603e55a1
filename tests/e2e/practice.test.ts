import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { visited } from './support/past.ts';
import { admin, booked, dateIn, demo, doctor, freeSlots, patient } from './support/people.ts';
import { type Visitor, visits } from './support/visits.ts';

const both = [true, false];
const ways = both.map((javaScript) => ({ javaScript, way: javaScript ? 'with scripts' : 'without scripts' }));

/** Fills the fields of one form of a page, where another one has fields of the same names. */
const fillsIn = async (visitor: Visitor, form: string, fields: Readonly<Record<string, string>>): Promise<void> => {
  const its = visitor.page.getByRole('form', { name: form, exact: true });
  for (const [label, text] of Object.entries(fields)) await visitor.hands.writes(its.getByLabel(label), text);
};

test.each(ways)('hours of one date are added and taken back, and so is time off; $way', async ({ javaScript }) => {
  const [karim, nadia] = await Promise.all([doctor(), patient('Nadia Islam')]);
  const date = dateIn(5);
  const reader = await visits({ as: karim, javaScript, width: 360 });
  const evening = { Date: date, From: '18:00', Until: '19:00', 'Minutes of a visit': '20' };
  await reader.opens('/schedule/sessions');
  await reader.sees('There are no extra hours ahead.');
  await reader.fills(evening);
  await reader.presses('Add extra hours');
  await reader.sees('The extra hours are added.');
  const times = async () => (await freeSlots(nadia, karim.id, 5)).map(({ startsAt }) => startsAt.slice(11, 16));
  expect(await times()).toEqual(expect.arrayContaining(['12:00', '12:20', '12:40']));
  // The same again: it is told, and what was typed stays.
  reader.expects(/status of 4\d\d/);
  await reader.fills({ ...evening, From: '18:30' });
  await reader.presses('Add extra hours');
  await reader.page.getByRole('alert').waitFor();
  await expect.poll(() => reader.page.getByLabel('From', { exact: true }).inputValue()).toBe('18:30');
  await reader.looksSound('extra hours that are refused');
  await reader.follows(/^Remove the hours on .*, 18:00$/);
  await reader.looksSound('extra hours to remove');
  await reader.presses('Remove the hours');
  await reader.sees('Removed.');
  await reader.sees('There are no extra hours ahead.');
  expect(await times()).not.toContain('12:00');

  await reader.opens('/time-off');
  await reader.fills({ 'First day': date, 'Last day': date });
  await reader.presses('See who is booked then');
  await reader.sees('Nobody is booked then.');
  await reader.looksSound('time off that concerns nobody');
  await reader.presses('Take this time off');
  await reader.sees('Nobody was booked then.');
  expect(await times()).toEqual([]);
  await reader.follows(/^Remove the time off of /);
  await reader.looksSound('time off to take back');
  await reader.presses('Take it back');
  await reader.sees('No time off is planned.');
  expect(await times()).toContain('03:00');
});

test.each(ways)('a profile is changed, and read as patients read it; $way', async ({ javaScript }) => {
  const karim = await doctor();
  const reader = await visits({ as: karim, javaScript, width: 768 });
  await reader.opens('/practice/profile');
  await reader.fills({
    ...{ 'About you': 'Hearts, for twenty years.', 'Years of practice': '20', Gender: 'male' },
    ...{ 'Fee of a visit': '800', 'Fee of a video visit': '500.50' },
  });
  const languages = reader.page.locator('input[name=languages]');
  await reader.hands.writes(languages, 'bn, no language');
  reader.expects(/status of 400/);
  await reader.presses('Save the profile');
  await reader.sees('Please look at what is marked below.');
  await expect.poll(() => reader.page.getByLabel('Fee of a visit').inputValue()).toBe('800');
  await reader.looksSound('a profile that is refused');
  await reader.hands.writes(languages, 'bn, en');
  await reader.presses('Save the profile');
  await reader.sees('Saved.');
  await expect.poll(() => reader.page.getByLabel('Fee of a video visit').inputValue()).toBe('500.5');
  await reader.follows('See it as patients do');
  await reader.sees('Hearts, for twenty years.');
  await reader.sees(/৳800/);
  expect(await karim.asks('GET', `/doctors/${karim.id}`)).toMatchObject({
    ...{ consultationFee: { amount: 80_000, currency: 'BDT' }, videoFee: { amount: 50_050, currency: 'BDT' } },
    ...{ experienceYears: 20, languages: ['bn', 'en'] },
  });
});

test.each(ways)('what another calendar holds is not offered; $way', async ({ javaScript }) => {
  const [karim, nadia] = await Promise.all([doctor(), patient()]);
  const day = dateIn(3).replaceAll('-', '');
  const busy = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Elsewhere//EN', 'BEGIN:VEVENT', `UID:${karim.id}`],
    ...[`DTSTAMP:${day}T000000Z`, `DTSTART:${day}T030000Z`, `DTEND:${day}T050000Z`, 'SUMMARY:Ward', 'END:VEVENT'],
    ...['END:VCALENDAR', ''],
  ].join('\r\n');
  const elsewhere = createServer(({ url }, response) => {
    response.writeHead(url === '/busy.ics' ? 200 : 404, { 'content-type': 'text/calendar' }).end(busy);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => elsewhere.once('listening', resolve));
  const at = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  try {
    const reader = await visits({ as: karim, javaScript, width: 360 });
    await reader.opens('/feeds');
    reader.expects(/status of 4\d\d/);
    await fillsIn(reader, 'Add this calendar', {
      'Name, for you': 'Hospital',
      'Secret address of the calendar (iCalendar)': `${at}/nothing.ics`,
    });
    await reader.presses('Add this calendar');
    await reader.sees('There is no calendar at this address.');
    await reader.looksSound('a calendar that cannot be read');
    await fillsIn(reader, 'Add this calendar', { 'Secret address of the calendar (iCalendar)': `${at}/busy.ics` });
    await reader.presses('Add this calendar');
    await reader.page.getByRole('heading', { name: 'Hospital' }).waitFor();
    expect(await reader.page.content()).not.toContain('busy.ics');
    await reader.looksSound('a calendar elsewhere');
    const first = async () => (await freeSlots(nadia, karim.id))[0]?.startsAt.slice(11, 16);
    await expect.poll(first).toBe('05:00');
    await reader.follows('Remove the calendar Hospital');
    await reader.presses('Remove the calendar');
    await reader.sees('No other calendars are read.');
    await expect.poll(first).toBe('03:00');
  } finally {
    elsewhere.close();
  }
});

test.each(ways)('who waits stands in line, and what was booked in the figures; $way', async ({ javaScript }) => {
  const [karim, nadia, salma] = await Promise.all([
    doctor({ hours: [{ start: '09:00', end: '09:30', slotMinutes: 30 }] }),
    patient(),
    patient('Salma Begum'),
  ]);
  await booked(nadia, karim.id);
  const dates = { from: dateIn(3), to: dateIn(3) };
  await salma.asks('POST', '/waitlist', { doctorId: karim.id, ...dates, part: 'morning' });
  const reader = await visits({ as: karim, javaScript, width: 360 });
  await reader.opens('/waiting');
  const row = reader.page.getByRole('row').filter({ hasText: 'Salma Begum' });
  await row.getByText('Morning').waitFor();
  await reader.looksSound('who waits for a doctor');
  await reader.follows('Figures');
  const ada = await demo.admin();
  await expect
    .poll(
      async () => {
        await ada.asks('POST', '/admin/jobs/fold_figures/run');
        await reader.opens(`/figures?from=${dates.from}&to=${dates.to}`);
        return reader.page.locator('dl').first().innerText();
      },
      { timeout: 20_000, interval: 300 },
    )
    .toMatch(/Booked\s+1/);
  await reader.fills({ From: dateIn(-30), By: 'month' });
  await reader.presses('Show');
  await expect.poll(() => reader.here).toBe(`/figures?from=${dateIn(-30)}&to=${dates.to}&by=month`);
  await reader.presses(reader.page.getByText('Show as a table').first());
  await reader.looksSound('figures by month');
});

test.each(ways)('a closed record is opened in an emergency, and it is told; $way', async ({ javaScript }) => {
  const [karim, nadia, ada] = await Promise.all([doctor(), patient('Nadia Islam'), admin()]);
  const long = await visited(nadia, karim, { daysAgo: 400 });
  await nadia.asks('PUT', '/patients/me/profile', { allergies: [{ name: 'Penicillin', severity: 'severe' }] });
  const reader = await visits({ as: karim, javaScript, width: 360 });
  await reader.opens(`/day/${long}`);
  await reader.sees('The record is closed to you');
  expect(await reader.page.content()).not.toContain('Penicillin');
  await reader.looksSound('a record that is closed');
  const reason = `Brought in unconscious ${crypto.randomUUID().slice(0, 8)}`;
  await reader.fills({ 'Why you need it now': reason });
  await reader.presses('Open the record, on record');
  await reader.sees('The record is open for 60 minutes. This is recorded.');
  await reader.sees('Penicillin');

  const herself = await visits({ as: nadia, javaScript });
  await herself.opens('/account/privacy');
  const look = herself.page.getByRole('row').filter({ hasText: 'Personal details, the record' });
  await look.getByText('emergency access').first().waitFor();
  await look.getByText('Doctor: Dr Karim Ahmed').first().waitFor();
  await herself.looksSound('who looked at a record');

  const office = await visits({ as: ada, javaScript, width: 360 });
  await office.opens('/admin/audit');
  await office.follows('Emergency access');
  await office.page.getByRole('row').filter({ hasText: reason }).waitFor();
  await office.looksSound('emergency access');
});

test.each(ways)('another visit is proposed, declined, proposed again and booked; $way', async ({ javaScript }) => {
  const [karim, nadia] = await Promise.all([doctor(), patient('Nadia Islam')]);
  const id = await visited(nadia, karim);
  const reader = await visits({ as: karim, javaScript });
  const proposes = async (note: string): Promise<void> => {
    await reader.opens(`/day/${id}`);
    await reader.fills({ From: dateIn(3), Until: dateIn(6) });
    await reader.hands.writes(reader.page.locator('#follow-up-note'), note);
    await reader.presses('Propose it');
    await reader.sees('Proposed. The patient is told.');
  };
  await proposes('Bring the X-ray');
  const herself = await visits({ as: nadia, javaScript, width: 360 });
  await herself.opens(`/appointments/${id}`);
  await herself.sees('Bring the X-ray');
  await herself.looksSound('a visit that is proposed');
  await herself.presses('I do not want that');
  await herself.sees('Declined.');
  await expect.poll(() => herself.page.getByText('Bring the X-ray').count()).toBe(0);

  await proposes('It matters');
  await herself.opens(`/appointments/${id}`);
  await herself.sees('It matters');
  await herself.follows(herself.page.locator('a[href^="/book/"]').first());
  await herself.ticks(/^I agree/);
  await herself.presses('Hold this time and go on');
  await herself.presses('Confirm the appointment');
  await herself.sees(/^\s*Booked\./);
  // It is answered: nobody is asked again.
  await expect
    .poll(
      async () => {
        await herself.opens(`/appointments/${id}`);
        return herself.page.getByText('It matters').count();
      },
      { timeout: 15_000, interval: 300 },
    )
    .toBe(0);
});

test.each(ways)('both enter one room for a visit by video; $way', async ({ javaScript }) => {
  const clock = (ms: number): string => new Date(ms + 6 * 3_600_000).toISOString().slice(11, 16);
  const startMs = Math.ceil(Date.now() / 300_000) * 300_000 + 300_000;
  const hours = [{ start: clock(startMs), end: clock(startMs + 1_200_000), slotMinutes: 20, mode: 'video' as const }];
  const [karim, nadia] = await Promise.all([
    doctor({ hours, schedule: { minimumNoticeMinutes: 0 } }),
    patient('Nadia Islam'),
  ]);
  const { id } = await booked(nadia, karim.id, 'A rash', startMs >= Date.parse(`${dateIn(1)}T00:00:00+06:00`) ? 1 : 0);
  const reader = await visits({ as: karim, javaScript, width: 360 });
  await reader.opens(`/day/${id}`);
  await reader.follows('Open the video room');
  await reader.sees(/^Open until /);
  await reader.looksSound('the way into a room');
  const room = await reader.page.getByRole('link', { name: 'Enter the room' }).getAttribute('href');
  const herself = await visits({ as: nadia, javaScript, width: 360 });
  await herself.opens(`/appointments/${id}`);
  const own = await herself.page.getByRole('link', { name: 'Join the video visit' }).getAttribute('href');
  await herself.looksSound('a visit by video');
  expect(new URL(own ?? '').pathname).toBe(new URL(room ?? '').pathname);
});
