import { beforeAll, describe, expect, inject, test } from 'vitest';
import { typing } from './support/hands.ts';
import { booked, demo, doctor, freeSlots, type Person, patient } from './support/people.ts';
import { type Visitor, visits } from './support/visits.ts';

const dhaka = (ms: number, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Dhaka', hourCycle: 'h23', ...options }).format(ms);
const clock = (ms: number): string => dhaka(ms, { hour: '2-digit', minute: '2-digit' });
const dateOf = (ms: number): string => new Date(ms + 6 * 3_600_000).toISOString().slice(0, 10);

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Opens a page again until it shows what the day has told D1 of: that takes moments. */
const opensUntil = async (reader: Visitor, path: string, name: string): Promise<void> => {
  for (let tries = 0; tries < 20; tries += 1) {
    await reader.opens(path);
    if ((await reader.page.getByLabel(name, { exact: true }).count()) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`${path} does not show ${name}`);
};
const both = [true, false];
const ways = both.map((javaScript) => ({ javaScript, way: javaScript ? 'with scripts' : 'without scripts' }));

/** Who comes to a doctor in each way of looking at pages. */
const names = { true: 'Salma Begum', false: 'Rafiq Islam' } as const;

describe('a doctor’s day', () => {
  let shirin: Person;
  const patients = new Map<boolean, Person>();
  const appointments = new Map<boolean, { id: string; startsAt: string }>();

  beforeAll(async () => {
    // Later today: who is called in before their time has begun their visit.
    const midnightMs = (Math.floor((Date.now() + 6 * 60 * minuteMs) / dayMs) + 1) * dayMs - 6 * 60 * minuteMs;
    const startMs = Math.min(Math.ceil(Date.now() / minuteMs) * minuteMs + 30 * minuteMs, midnightMs - 10 * minuteMs);
    const hours = [{ start: clock(startMs), end: clock(startMs + 5 * minuteMs), slotMinutes: 5, capacity: 3 }];
    shirin = await doctor({ fullName: 'Dr Shirin Haque', hours, schedule: { minimumNoticeMinutes: 0 } });
    for (const way of both) {
      const person = await patient(names[`${way}`]);
      patients.set(way, person);
      await person.asks('PUT', '/patients/me/profile', {
        allergies: [{ name: 'Penicillin', severity: 'severe', note: 'Swollen face' }],
      });
      appointments.set(way, await booked(person, shirin.id, 'A cough for two weeks', 0));
    }
  }, 60_000);

  test.each(ways)(
    '[VS3] who comes is checked in, called in before their time, written of, prescribed for and seen to the end; $way',
    async ({ javaScript }) => {
      const name = names[`${javaScript}`];
      const appointment = appointments.get(javaScript) as { id: string; startsAt: string };
      const reader = await visits({ as: shirin, javaScript, width: javaScript ? 1280 : 360 });
      await opensUntil(reader, '/day', `Check in ${name}`);
      await reader.fills({ 'Minutes late': '10' });
      await reader.presses('Tell them');
      await reader.sees('You have said that you are 10 minutes late.');
      await reader.presses(reader.page.getByRole('button', { name: `Check in ${name}` }).first());
      await reader.sees('Checked in.');
      await reader.looksSound('the day of a doctor');
      await reader.opens(`/day/${appointment.id}`);
      await reader.sees(/^This opens when the visit begins/);
      await reader.opens('/day');
      await reader.presses(reader.page.getByRole('button', { name: `Call in ${name}` }).first());
      await reader.page.waitForURL((url) => url.pathname === `/day/${appointment.id}`);
      await reader.sees('Swollen face');
      const followUp = reader.page.locator('#follow-up-note');
      if (javaScript) await reader.hands.writes(followUp, 'Bring the X-ray');

      // A slip is told beside its field, and nothing that was typed is lost.
      reader.expects(/400/);
      const text = 'Coughs at night. Lungs are clear.';
      await reader.fills({
        'What was said, found and concluded, and what comes next': text,
        'Diagnosis 1': 'Acute bronchitis',
        'ICD-10 code 1': 'cough',
      });
      await reader.presses('Save the note');
      await reader.sees('must have the form of an ICD-10 code, such as J45.0');
      await expect.poll(() => reader.page.locator('#note-text').inputValue()).toBe(text);
      await reader.looksSound('a visit whose note was refused');
      await reader.fills({ 'ICD-10 code 1': 'J20.9' });
      await reader.presses('Save the note');
      await reader.sees('The note is saved.');
      await reader.sees('Amend the note');

      await reader.fills({ 'Blood pressure, upper (mmHg)': '124', 'Blood pressure, lower (mmHg)': '82' });
      await reader.presses('Save measurements');
      await reader.sees('The measurements are saved.');
      await reader.sees('Blood pressure 124/82 mmHg');
      if (javaScript) await expect.poll(() => followUp.inputValue()).toBe('Bring the X-ray');

      await prescribes(reader);
      await reader.presses('Complete the visit');
      if (javaScript) {
        // The note for the next visit was typed, and no visit was booked with it.
        await reader.page.getByRole('alert').getByRole('link', { name: 'Another visit', exact: true }).waitFor();
        await reader.presses('Complete the visit');
      }
      await reader.sees('The visit is completed.');
      await expect.poll(() => reader.here).toContain('/day');
      const { status } = await shirin.asks('GET', `/appointments/${appointment.id}`);
      expect(status).toBe('completed');
    },
    200_000,
  );

  /** Prescribes what the patient must not have, and says why all the same. */
  const prescribes = async (reader: Visitor): Promise<void> => {
    await reader.fills({ Name: 'Penicillin', Dose: '1 tablet', 'How often': 'every 6 hours' });
    await reader.presses('Check interactions');
    await reader.sees('Look at this before you prescribe');
    await expect.poll(() => reader.page.locator('#dose-0').inputValue()).toBe('1 tablet');
    reader.expects(/4\d\d/);
    await reader.presses('Prescribe');
    await reader.page.getByLabel('Why you prescribe it all the same').waitFor();
    await reader.looksSound('a prescription with a warning');
    await reader.fills({ 'Why you prescribe it all the same': 'Tested last month: no reaction' });
    await reader.presses('Prescribe');
    await reader.sees('Prescribed. The patient is told.');
    await reader.sees('Penicillin, 1 tablet, every 6 hours');
  };

  test('a review is answered', async () => {
    const [salma, { id }] = [patients.get(true) as Person, appointments.get(true) as { id: string }];
    await salma.asks('POST', `/appointments/${id}/review`, { stars: 5, text: 'Took her time.', showName: true });
    const reader = await visits({ as: shirin });
    await reader.opens('/reviews');
    await reader.sees('Took her time.');
    await reader.presses(reader.page.locator('summary').first());
    await reader.fills({ 'Your reply, for everybody to read': 'Thank you.' });
    await reader.presses('Reply');
    await reader.sees('Your reply is shown below the review.');
    await reader.looksSound('reviews of a doctor');
  });
});

describe('a doctor’s hours', () => {
  test.each(ways)('new hours show whom they touch before they are saved; $way', async ({ javaScript }) => {
    const [karim, nadia] = await Promise.all([doctor(), patient('Nadia Islam')]);
    const appointment = await booked(nadia, karim.id);
    const weekday = dhaka(Date.parse(appointment.startsAt), { weekday: 'long' });
    const reader = await visits({ as: karim, javaScript, width: 768 });
    await reader.opens('/schedule');
    const rule = reader.page.locator('details.rule').filter({ hasText: `${weekday} 09:00` });
    await reader.presses(rule.locator('summary').first());
    await reader.hands.writes(rule.locator('input[type=time]').first(), '10:00');
    await reader.looksSound('a schedule in the making');
    await reader.presses('See what this makes');
    await reader.sees('One patient is booked at a time that these hours no longer offer');
    await reader.sees('Nadia Islam');
    await reader.looksSound('a schedule before it is saved');
    await reader.presses('Change it again');
    await reader.sees(`${weekday} 10:00`);
    await reader.presses('See what this makes');
    await reader.presses('Save this schedule');
    await reader.sees('Your schedule is saved.');
    const { rules } = await karim.asks('GET', `/doctors/${karim.id}/schedule`);
    expect(rules.filter(({ start }: { start: string }) => start === '10:00')).toHaveLength(1);
    expect(rules).toHaveLength(7);
  });

  test.each(ways)('time off shows who is booked and what is done for each; $way', async ({ javaScript }) => {
    const [karim, nadia] = await Promise.all([doctor(), patient('Nadia Islam')]);
    const appointment = await booked(nadia, karim.id);
    const date = dateOf(Date.parse(appointment.startsAt));
    const reader = await visits({ as: karim, javaScript, width: 360 });
    await reader.opens('/time-off');
    await reader.fills({ 'First day': date, 'Last day': date, 'Reason, for you alone': 'Conference' });
    await reader.presses('See who is booked then');
    await reader.sees('One patient is concerned.');
    await reader.looksSound('time off before it is saved');
    await reader.fills({ 'What is done for Nadia Islam': 'cancel' });
    await reader.presses('Take this time off');
    await reader.sees('Your time off is saved.');
    await reader.sees('Conference');
    await reader.looksSound('time off');
    const { items } = await karim.asks('GET', `/doctors/${karim.id}/absences`);
    expect(items[0].items).toMatchObject([{ appointmentId: appointment.id, action: 'cancel' }]);
  });
});

describe('a doctor’s week', () => {
  test('a visit is dragged to a free time, and moved by the keyboard alone', async () => {
    const [karim, nadia] = await Promise.all([
      doctor({ hours: [{ start: '09:00', end: '11:00', slotMinutes: 30 }] }),
      patient('Nadia Islam'),
    ]);
    const appointment = await booked(nadia, karim.id);
    const from = dateOf(Date.parse(appointment.startsAt));
    const reader = await visits({ as: karim, points: true });
    await opensUntil(reader, `/week?from=${from}`, 'Move Nadia Islam, 09:00');
    await reader.looksSound('the week of a doctor');
    const visit = reader.page.locator('[data-visit]');
    await visit.hover({ position: { x: 5, y: 5 } });
    await reader.page.mouse.down();
    const target = reader.page.locator('.week > li', { has: visit }).locator('.free').first();
    await target.hover();
    await target.hover({ position: { x: 20, y: 10 } });
    await reader.page.mouse.up();
    await reader.sees(/Move it to .*, 09:30\?/);
    await reader.presses('Move it there');
    await reader.sees('Moved. The patient is told.');
    await opensUntil(reader, `/week?from=${from}`, 'Move Nadia Islam, 09:30');
    expect((await karim.asks('GET', `/appointments/${appointment.id}`)).startsAt).not.toBe(appointment.startsAt);
    // Without a mouse: to the link on the visit, to a time, and there.
    await typing.presses(reader.page.getByRole('link', { name: 'Move Nadia Islam, 09:30', exact: true }));
    await reader.sees('Move the visit of Nadia Islam');
    await reader.looksSound('moving a visit');
    // The first of the times is the one that it had before.
    await typing.ticks(reader.page.getByRole('radio').first());
    await typing.presses(reader.page.getByRole('button', { name: 'Move it there' }));
    await reader.sees('Moved. The patient is told.');
    const moved = await karim.asks('GET', `/appointments/${appointment.id}`);
    expect(moved.startsAt).toBe(appointment.startsAt);
  });

  test('without scripts, a visit is moved by a page; one that is taken meanwhile is told', async () => {
    const [karim, nadia, salma] = await Promise.all([doctor(), patient('Nadia Islam'), patient()]);
    const appointment = await booked(nadia, karim.id);
    const reader = await visits({ as: karim, javaScript: false, width: 360 });
    const from = dateOf(Date.parse(appointment.startsAt));
    await opensUntil(reader, `/week?from=${from}`, 'Move Nadia Islam, 09:00');
    await reader.follows('Move Nadia Islam, 09:00');
    const [slot] = await freeSlots(karim, karim.id);
    await reader.ticks(reader.page.locator(`input[value="${slot?.id}"]`));
    await booked(salma, karim.id);
    await reader.presses('Move it there');
    await reader.page.getByRole('alert').waitFor();
    await reader.looksSound('moving to a time that was taken');
    await reader.ticks(reader.page.locator('input[type=radio]').first());
    await reader.presses('Move it there');
    await reader.sees('Moved. The patient is told.');
  });

  test.each(ways)('one request is accepted, another declined with a reason; $way', async ({ javaScript }) => {
    const [karim, nadia, salma] = await Promise.all([
      doctor({ approvalRequired: true }),
      patient('Nadia Islam'),
      patient('Salma Begum'),
    ]);
    const [one, other] = [await booked(nadia, karim.id), await booked(salma, karim.id)];
    const reader = await visits({ as: karim, javaScript, width: 360 });
    await opensUntil(reader, '/requests', 'Decline Salma Begum');
    await reader.looksSound('requests');
    await reader.presses('Accept Nadia Islam');
    await reader.sees('Accepted. The patient is told.');
    await reader.follows('Decline Salma Begum');
    await reader.fills({ 'Reason, for the patient': 'Please see the eye clinic' });
    await reader.looksSound('declining a request');
    await reader.presses('Decline the request');
    await reader.sees('Declined. The patient is told.');
    const states = await Promise.all([one, other].map(({ id }) => karim.asks('GET', `/appointments/${id}`)));
    expect(states.map(({ status }) => status)).toEqual(['confirmed', 'rejected']);
  });
});

test.each(ways)(
  'a feed is made, read by a calendar, given another address and removed; $way',
  async ({ javaScript }) => {
    const karim = await doctor();
    const reader = await visits({ as: karim, javaScript, width: 360 });
    await reader.opens('/feeds');
    await reader.hands.writes(reader.page.locator('#f-label'), 'My phone');
    await reader.presses('Make a feed');
    await reader.looksSound('the address of a feed');
    const read = async (): Promise<Response> => {
      const address = new URL(await reader.page.getByLabel('Address').inputValue());
      return fetch(`${inject('url')}${address.pathname}`);
    };
    const first = await read();
    expect(first.headers.get('content-type')).toContain('text/calendar');
    expect(await first.text()).toContain('BEGIN:VCALENDAR');
    await reader.follows('All feeds');
    await reader.looksSound('feeds');
    await reader.follows('Give My phone a new address');
    await reader.presses('Make a new address');
    expect((await read()).status).toBe(200);
    await reader.follows('All feeds');
    await reader.follows('Remove the feed My phone');
    await reader.presses('Remove the feed');
    await reader.sees('You have no feeds yet.');
  },
);

test.each(ways)(
  'a doctor who is not verified is told what is missing, gives it and sends it; $way',
  async ({ javaScript }) => {
    const karim = await doctor();
    const why = { reason: 'The copy of the licence cannot be read.' };
    await (await demo.admin()).asks('POST', `/admin/doctors/${karim.id}/reject`, why);
    const reader = await visits({ as: karim, javaScript, width: 360 });
    await reader.opens('/day');
    await reader.sees('Your licence could not be confirmed.');
    await reader.follows('See what is missing');
    await reader.sees(why.reason);
    await reader.hands.brings(reader.page.locator('input[type=file]'), {
      ...{ name: 'licence.pdf', mimeType: 'application/pdf' },
      buffer: Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n'),
    });
    await reader.presses('Upload');
    await reader.sees('The document is here.');
    await reader.looksSound('a licence to be sent');
    await reader.presses('Send to be looked at');
    await reader.sees('Being looked at');
    const { state } = await karim.asks('GET', `/doctors/${karim.id}/verification`);
    expect(state).toBe('submitted');
  },
);
