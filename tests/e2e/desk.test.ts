import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { sql } from './support/backstage.ts';
import { visited } from './support/past.ts';
import { admin, booked, clinicId, dateIn, demo, doctor, freeSlots, patient, signedIn } from './support/people.ts';
import { type Visitor, visits } from './support/visits.ts';

const twoWays = [true, false];

/** Follows a link to a file, and gives what is in it. */
const fetched = async (visitor: Visitor, link: string): Promise<string> => {
  const [file] = await Promise.all([visitor.page.waitForEvent('download'), visitor.follows(link)]);
  return (await buffer(await file.createReadStream())).toString('latin1');
};

test.each(twoWays)('[WB23] a job is run, and a month is reported and taken home; scripts: %s', async (javaScript) => {
  const office = await visits({ as: await admin(), javaScript, width: 360 });
  await office.opens('/admin/jobs');
  await office.presses('Run now: fold_figures');
  await office.sees('The job has run.');
  await office.page.getByRole('row').filter({ hasText: 'An admin' }).first().getByText('Done').waitFor();
  await office.looksSound('a job that was run by hand');
  await office.follows('Reports');
  await office.presses('Make the reports of this month anew');
  await office.sees('The reports of the month have been made anew.');
  await office.sees(/^Version \d/);
  await office.looksSound('a report that was made anew');
  expect(await fetched(office, 'Report as CSV')).toMatch(/completed/i);
  expect(await fetched(office, 'By doctor as PDF')).toMatch(/^%PDF-/);
});

test.each(twoWays)('[WB21] a speciality is kept, and a doctor made who has it; scripts: %s', async (javaScript) => {
  const office = await visits({ as: await admin(), javaScript, width: 360 });
  const sign = crypto.randomUUID().slice(0, 6);
  const [name, clinic] = [`Sleep medicine ${sign}`, await clinicId()];
  const addsSpeciality = async (): Promise<void> => {
    const form = office.page.getByRole('form', { name: 'Add a speciality' });
    await office.hands.writes(form.getByLabel('Name'), name);
    await office.hands.writes(form.getByLabel('Other words in English'), `snoring ${sign}`);
    await office.presses(form.getByRole('button', { name: 'Add' }));
  };
  await office.opens('/admin/clinics');
  await office.follows('Specialities');
  await addsSpeciality();
  await office.sees('Saved.');
  office.expects(/status of 4\d\d/);
  await addsSpeciality();
  await office.page.getByRole('alert').waitFor();

  await office.opens('/admin/doctors/new');
  const doctorOf = { email: `d-${crypto.randomUUID().slice(0, 13)}@example.org`, password: 'Correct-Horse-7' };
  await office.fills({
    ...{ 'Full name, as on the licence': 'Dr Nila Roy', 'E-mail': doctorOf.email, 'First password': 'short' },
    ...{ 'Licence number': `BMDC-${sign}`, Speciality: name, Clinic: clinic },
  });
  await office.presses('Create');
  await office.sees('Please look at what is marked below.');
  await office.looksSound('a doctor who cannot be created');
  await office.fills({ 'First password': doctorOf.password });
  await office.presses('Create');
  await office.sees('The doctor’s account is there.');
  const nila = await signedIn(doctorOf);
  await expect.poll(() => office.here).toContain(`/admin/doctors/${nila.id}`);
  expect(await nila.asks('GET', `/doctors/${nila.id}`)).toMatchObject({ specialization: name, verified: false });

  await office.opens('/admin/clinics/specializations');
  const kept = office.page.locator('details').filter({ hasText: name });
  const removes = async (): Promise<void> => {
    await office.presses(kept.locator('summary'));
    await office.follows(kept.getByRole('link', { name: 'Remove' }));
    await office.sees('It can be removed when no doctor has it.');
    await office.presses('Remove');
  };
  await removes();
  await office.page.getByRole('alert').waitFor();
  await office.looksSound('a speciality that a doctor has');
  await nila.asks('PUT', `/doctors/${nila.id}`, { specialization: 'Cardiology' });
  await removes();
  await office.sees('Removed.');
  await expect.poll(() => kept.count()).toBe(0);
});

test.each(twoWays)('[WB22] somebody is added to the desk, and their work ends; scripts: %s', async (javaScript) => {
  const [ada, desk] = await Promise.all([admin(), patient('Desk Worker')]);
  const [office, own] = [await visits({ as: ada, javaScript, width: 360 }), await clinicId()];
  const name = `Shasthya ${crypto.randomUUID().slice(0, 6)}`;
  await office.opens('/admin/clinics/organizations');
  const form = office.page.getByRole('form', { name: 'Add an organization' });
  await office.hands.writes(form.getByLabel('Name'), name);
  await office.presses(form.getByRole('button'));
  await office.sees('Saved.');
  const renaming = office.page.getByRole('form', { name: `New name of ${name}` });
  await office.hands.writes(renaming.getByLabel('Name'), `${name} Trust`);
  await office.presses(renaming.getByRole('button', { name: 'Rename' }));
  await office.page.getByRole('heading', { name: `${name} Trust` }).waitFor();

  await office.opens(`/admin/clinics/${own}/staff`);
  office.expects(/status of 4\d\d/);
  await office.fills({ 'E-mail': 'nobody@example.org' });
  await office.presses('Add');
  await office.page.getByRole('alert').waitFor();
  await office.looksSound('staff who cannot be added');
  await office.fills({ 'E-mail': desk.email });
  await office.presses('Add');
  await office.sees('They work here now.');
  const row = office.page.getByRole('row').filter({ hasText: desk.email });
  const [here, there] = [await visits({ as: await signedIn(desk), javaScript }), '/admin/appointments'];
  expect(await here.opens(there)).toBe(200);
  await office.follows(row.getByRole('link'));
  await office.looksSound('work that is to end');
  await office.presses('End');
  await office.sees('Removed.');
  await expect.poll(() => row.count()).toBe(0);
  await here.opens(there);
  await expect.poll(() => here.page.getByRole('table').count()).toBe(0);
});

test.each(twoWays)(
  '[WB20] [VS3] who has come is checked in, told of the delay and called in; scripts: %s',
  async (javaScript) => {
    const clock = (ms: number): string => new Date(ms + 6 * 3_600_000).toISOString().slice(11, 16);
    const startMs = Math.ceil(Date.now() / 300_000) * 300_000 + 300_000;
    const hours = [{ start: clock(startMs), end: clock(startMs + 1_200_000), slotMinutes: 20 }];
    const [desk, karim, nadia] = await Promise.all([
      patient('Desk Worker'),
      doctor({ hours, schedule: { minimumNoticeMinutes: 0 } }),
      patient('Nadia Islam'),
    ]);
    await (await demo.admin()).asks('POST', `/clinics/${await clinicId()}/staff`, { email: desk.email });
    const { id } = await booked(
      nadia,
      karim.id,
      'A cough',
      startMs >= Date.parse(`${dateIn(1)}T00:00:00+06:00`) ? 1 : 0,
    );
    const herself = await visits({ as: nadia, javaScript, width: 360 });
    await herself.opens(`/appointments/${id}`);
    await herself.presses('I am here: check in');
    await herself.sees('You are checked in. Please take a seat.');
    await herself.sees('You are next.');
    await herself.looksSound('somebody who has checked in');
    const office = await visits({ as: await signedIn(desk), javaScript, width: 360 });
    await office.opens(`/admin/appointments/queue/${karim.id}`);
    await office.fills({ 'Minutes late': '15' });
    await office.presses('Tell patients');
    await office.sees('Running 15 minutes late');
    await office.looksSound('a waiting room that runs late');
    await herself.opens(`/appointments/${id}`);
    await herself.sees('The doctor is about 15 minutes late.');
    const callsOff = herself.page.getByRole('link', { name: /^(Move to another time|Cancel)$/ });
    await expect.poll(() => callsOff.count()).toBe(2);
    await office.presses('Call in Nadia Islam');
    await office.sees('Called in.');
    await office.sees('With the doctor');
    await herself.opens(`/appointments/${id}`);
    await herself.sees('It is your turn. Please come in.');
    // The visit has begun.
    await expect.poll(() => callsOff.count()).toBe(0);
    // Before its time nobody ends it by a slip.
    await office.opens(`/admin/appointments/${id}`);
    await office.follows('Visit is over');
    await office.sees(/^Nadia Islam was booked for/);
    await office.looksSound('a visit that ends before its time');
    await office.presses('Visit is over');
    await office.sees('This appointment is over; nothing can be done to it any more.');
  },
);

test.each(twoWays)('[WB20] a part of what was paid is given back; scripts: %s', async (javaScript) => {
  const [ada, karim, nadia] = await Promise.all([admin(), doctor({ feeMinor: 100_000 }), patient('Nadia Islam')]);
  await karim.asks('PUT', `/doctors/${karim.id}`, { paymentRequired: true });
  const slot = (await freeSlots(nadia, karim.id))[0];
  const { id } = await nadia.asks('POST', '/appointments', { slotId: slot?.id });
  const herself = await visits({ as: nadia, javaScript });
  await herself.opens(`/appointments/${id}/confirm`);
  await herself.presses('Pay ৳1,000 and book');
  await herself.follows('Pay ৳1,000');
  await herself.presses('Pay');
  await herself.follows('Back to the appointment');
  await herself.sees('Confirmed');

  const office = await visits({ as: ada, javaScript, width: 360 });
  const gives = async (amount: string): Promise<void> => {
    await office.opens(`/admin/appointments/${id}`);
    await office.presses(office.page.locator('summary').filter({ hasText: 'Give money back' }));
    await office.fills({ 'Amount in BDT': amount, Why: 'The fee was wrong' });
    await office.presses('Give back');
  };
  office.expects(/status of 4\d\d/);
  await gives('2,000');
  await office.page
    .getByRole('alert')
    .or(office.page.getByRole('heading', { level: 1 }))
    .first()
    .waitFor();
  await expect.poll(() => office.page.url()).not.toContain('done=');
  await office.looksSound('more than was paid');
  await gives('250.50');
  await office.sees('The money is on its way back.');
  await office.sees('৳250.50');
  await office.looksSound('money that was given back');
  expect(await fetched(office, 'Credit note')).toMatch(/^%PDF-/);
  await herself.opens(`/appointments/${id}`);
  await herself.sees(/^৳250\.50 given back/);
});

test.each(twoWays)('[WB23] what the database shows wrong is found and repaired; scripts: %s', async (javaScript) => {
  const [ada, karim, nadia] = await Promise.all([admin(), doctor(), patient('Nadia Islam')]);
  const { id, startsAt } = await booked(nadia, karim.id);
  const stands = async () => (await sql(`select status from appointments where id = '${id}'`))[0]?.[0]?.status;
  await expect.poll(stands).toBe('confirmed');
  await sql(`update appointments set status = 'cancelled' where id = '${id}'`);
  const office = await visits({ as: ada, javaScript, width: 360 });
  await office.opens('/admin/health');
  await office.follows('Days');
  await office.fills({ 'Doctor (id)': karim.id, Date: startsAt.slice(0, 10) });
  await office.presses(office.page.getByRole('button', { name: 'Check' }).first());
  await office.page.getByRole('row').filter({ hasText: id }).getByText('status').waitFor();
  await office.looksSound('a day that is shown wrong');
  await office.presses('Repair this day');
  await office.sees('Repaired: the database shows the day as it is.');
  await office.sees('The database shows this day as it is.');
  expect(await stands()).toBe('confirmed');
  await office.presses('Write all days of this doctor again');
  await office.sees('The doctor’s days are being written again.');
});

test.each(twoWays)('[WB21] a review is hidden with a reason, and shown again; scripts: %s', async (javaScript) => {
  const [ada, karim, nadia] = await Promise.all([admin(), doctor(), patient('Nadia Islam')]);
  const id = await visited(nadia, karim);
  const text = `Call me on 01700 ${crypto.randomUUID().slice(0, 6)}`;
  await nadia.asks('POST', `/appointments/${id}/review`, { stars: 4, text, showName: true });
  const office = await visits({ as: ada, javaScript, width: 360 });
  await office.opens('/admin/reviews');
  const card = office.page.getByRole('listitem').filter({ hasText: text });
  await office.presses(card.locator('summary'));
  await office.hands.writes(card.getByLabel('Why, as its author reads it'), 'It has a number');
  await office.presses(card.getByRole('button', { name: /^Hide the review of / }));
  await office.sees('Hidden. Its author has been told why.');
  const reader = await visits({ javaScript, width: 360 });
  await reader.opens(`/doctors/${karim.id}/reviews`);
  expect(await reader.page.content()).not.toContain(text);
  await office.follows('Hidden');
  await card.getByText('It has a number').waitFor();
  await office.looksSound('reviews that are hidden');
  await office.presses(card.getByRole('button', { name: /^Show again: / }));
  await office.sees('Shown again.');
  await reader.opens(`/doctors/${karim.id}/reviews`);
  await reader.sees(text);
});
