import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { appointmentId, parseSlotId } from '../../src/domain/ids.ts';
import { sql } from './support/backstage.ts';
import { visited } from './support/past.ts';
import { booked, doctor, freeSlots, type Person, patient, signedIn } from './support/people.ts';
import { visits } from './support/visits.ts';

/** A hold that ran out a while ago, as the database has what its day has swept. */
const ranOut = async (who: Person, by: Person, slot: string): Promise<string> => {
  const parsed = parseSlotId(slot);
  if (parsed === null) throw new Error('not a slot');
  const { day, startsAtMs } = parsed;
  const [id, heldAtMs] = [appointmentId(day, randomBytes(16)), Date.now() - 600_000];
  await sql(
    `insert into doctor_days (doctor_id, date, opened_at_ms, schedule_version, version)
     values ('${by.id}', '${day.date}', ${heldAtMs}, 1, 0) on conflict do nothing`,
    `insert into appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode, status,
       outside_schedule, fee_minor, currency, expires_at_ms, created_at_ms, updated_at_ms, version)
     values ('${id}', '${by.id}', '${who.id}', '${day.date}', ${startsAtMs}, ${startsAtMs + 1_800_000}, 'Asia/Dhaka',
       null, 'in_person', 'expired', 0, 0, 'BDT', ${heldAtMs + 300_000}, ${heldAtMs}, ${heldAtMs}, 2)`,
  );
  return id;
};

test('[WB13] what is left is counted down and said; when it is over the server is asked, whatever the device’s clock says', async () => {
  const [karim, nadia] = await Promise.all([doctor(), patient()]);
  const [slot] = await freeSlots(nadia, karim.id);
  const { id } = await nadia.asks('POST', '/appointments', { slotId: slot?.id });
  const visitor = await visits({ as: nadia, width: 360 });
  // A device whose clock is a year ahead.
  await visitor.page.clock.install({ time: Date.now() + 365 * 86_400_000 });
  await visitor.opens(`/appointments/${id}/confirm`);
  const left = visitor.page.getByRole('timer');
  await expect.poll(() => left.innerText()).toMatch(/^(5:00|4:[345]\d)$/);
  await visitor.page.clock.fastForward(185_000);
  await visitor.sees('2 minutes left.');
  await visitor.page.clock.fastForward(90_000);
  await visitor.sees('30 seconds left.');
  await visitor.looksSound('a hold that is about to run out');
  await visitor.page.clock.fastForward(40_000);
  await visitor.sees('The time has run out.');
  await visitor.page.clock.fastForward(2_000);
  // By the server's clock it has not: the page says so anew.
  await left.filter({ hasText: /^[54]:/ }).waitFor();
});

test.each([true, false])(
  '[WB14] who was too slow gets the time again, or the nearest; scripts: %s',
  async (javaScript) => {
    const [karim, nadia] = await Promise.all([doctor(), patient()]);
    const [, slot] = await freeSlots(nadia, karim.id);
    const lost = await ranOut(nadia, karim, slot?.id ?? '');
    const visitor = await visits({ as: nadia, width: 360, javaScript, language: javaScript ? 'en' : 'bn' });
    await visitor.opens(`/appointments/${lost}/confirm`);
    await visitor.sees(javaScript ? 'The time ran out' : 'সময় শেষ হয়ে গেছে');
    await visitor.looksSound('a hold that ran out');
    await expect.poll(() => visitor.page.locator('a[href^="/book/"]').count()).toBe(6);
    await visitor.follows(visitor.page.locator(`a[href="/book/${slot?.id}"]`));
    await expect.poll(() => visitor.here).toBe(`/book/${slot?.id}`);
  },
);

test.each([true, false])(
  '[WB15] paid first, booked by itself, cancelled with what comes back shown before; scripts: %s',
  async (javaScript) => {
    const [karim, nadia] = await Promise.all([doctor({ feeMinor: 100_000 }), patient()]);
    await karim.asks('PUT', `/doctors/${karim.id}`, { paymentRequired: true });
    const slot = (await freeSlots(nadia, karim.id))[0];
    const visitor = await visits({ as: nadia, javaScript });
    await visitor.opens(`/book/${slot?.id}`);
    await visitor.ticks(/^I agree/);
    await visitor.presses('Hold this time and go on');
    await visitor.sees(/Cancel before .* and all that you paid comes back/);
    await visitor.looksSound('a hold to be paid');
    await visitor.presses('Pay ৳1,000 and book');
    await visitor.sees(/As soon as it is paid/);
    await visitor.looksSound('paying');
    await visitor.follows('Pay ৳1,000');
    await visitor.presses('Let the payment fail');
    await visitor.follows('Back to the appointment');
    // It is held still; going on leads to the same order.
    await visitor.presses('Pay ৳1,000 and book');
    await visitor.sees(/The last try did not go through/);
    await visitor.follows('Pay ৳1,000');
    await visitor.presses('Pay');
    await visitor.follows('Back to the appointment');
    await visitor.sees('Confirmed');
    await visitor.looksSound('an appointment that is paid');
    const path = await visitor.page.getByRole('link', { name: 'Receipt (PDF)' }).getAttribute('href');
    const receipt = await visitor.page.request.get(visitor.look.at + path);
    expect(receipt.headers()['content-type']).toBe('application/pdf');
    await visitor.follows('Cancel');
    await visitor.sees('You get ৳1,000 back: all that you paid.');
    await visitor.looksSound('cancelling what is paid');
    await visitor.presses('Cancel the appointment');
    await visitor.sees('The appointment is cancelled.');
  },
);

test('who waits is offered what becomes free, and takes it', async () => {
  const [karim, nadia, salma] = await Promise.all([
    doctor({ hours: [{ start: '09:00', end: '09:30', slotMinutes: 30 }] }),
    patient(),
    patient(),
  ]);
  const [slot] = await freeSlots(nadia, karim.id);
  const { id } = await booked(nadia, karim.id);
  const visitor = await visits({ as: salma, width: 360 });
  await visitor.opens(`/book/${slot?.id}`);
  await visitor.sees('Somebody was faster');
  await visitor.follows('Tell me when something becomes free');
  await visitor.looksSound('joining the waitlist');
  await visitor.presses('Join the waitlist');
  await visitor.sees('You are first in line.');
  await visitor.looksSound('waiting');
  // A seat goes to who waits from when its day has heard of them.
  const heard = `select max(waitlist_version) as version from doctor_days where doctor_id = '${karim.id}'`;
  await expect.poll(async () => (await sql(heard))[0]?.[0]?.version, { timeout: 20_000 }).toBe(1);
  await nadia.asks('POST', `/appointments/${id}/cancel`, {});
  const offer = visitor.page.getByRole('link', { name: /^Look at / });
  await expect
    .poll(
      async () => {
        await visitor.opens('/waitlist');
        return offer.count();
      },
      { timeout: 20_000 },
    )
    .toBe(1);
  await visitor.looksSound('an offer of the waitlist');
  await visitor.follows(offer);
  await visitor.sees('A time has become free for you');
  await visitor.looksSound('an offer to confirm');
  await visitor.presses('Confirm the appointment');
  await visitor.sees(/^\s*Booked\./);
});

test('leaving the waitlist asks first', async () => {
  const [karim, nadia] = await Promise.all([doctor(), patient()]);
  const visitor = await visits({ as: nadia, javaScript: false });
  await visitor.opens(`/waitlist/join?doctor=${karim.id}`);
  await visitor.presses('Join the waitlist');
  await visitor.sees('You are first in line.');
  const { here } = visitor;
  await visitor.opens(`/waitlist/join?doctor=${karim.id}`);
  await visitor.presses('Join the waitlist');
  await visitor.sees('The patient waits for this doctor on some of these dates already.');
  await visitor.looksSound('joining the waitlist twice');
  await visitor.opens(here);
  await visitor.follows('Wait no more');
  await visitor.looksSound('leaving the waitlist');
  await visitor.presses('Wait no more');
  await visitor.sees('You are off the waitlist.');
});

test('a guardian books for a child, and keeps it', async () => {
  const [karim, guardian] = await Promise.all([doctor({ approvalRequired: true }), patient()]);
  await guardian.asks('POST', '/users/me/dependants', { fullName: 'Tuli Islam', birthDate: '2019-04-30' });
  // Tokens say for whom somebody acts: the one of before has ended.
  const nadia = await signedIn(guardian);
  const [slot] = await freeSlots(nadia, karim.id);
  const visitor = await visits({ as: nadia, width: 360 });
  await visitor.opens('/family');
  await visitor.presses('Book a visit for Tuli Islam');
  await visitor.sees(/^\s*Choose a doctor and a time\./);
  await visitor.opens(`/book/${slot?.id}`);
  await expect.poll(() => visitor.page.locator('[aria-current="page"]', { hasText: 'Tuli Islam' }).count()).toBe(1);
  await visitor.follows('Me');
  await visitor.follows('Tuli Islam');
  await visitor.sees('Book an appointment');
  await visitor.looksSound('booking for a child');
  await visitor.ticks(/^I agree/);
  await visitor.presses('Hold this time and go on');
  await visitor.sees(/looks at each request/);
  await visitor.presses('Ask for this time');
  await visitor.sees(/^\s*Asked for\. You hear/);
  await visitor.sees('Tuli Islam');
  await visitor.looksSound('an appointment that is asked for');
  // The page notices by itself that the doctor has accepted.
  await visitor.page.clock.install();
  const id = visitor.here.split(/[/?]/)[2];
  await visitor.opens(`/appointments/${id}`);
  await karim.asks('POST', `/appointments/${id}/accept`, {});
  await visitor.page.clock.fastForward(21_000);
  await visitor.sees('The appointment is now: Confirmed.');
  await visitor.looksSound('an appointment that was accepted');
  await visitor.opens('/appointments');
  await visitor.looksSound('appointments to come');
  await karim.asks('GET', `/appointments/${id}`);
  await visitor.opens('/family');
  await visitor.follows('Who looked at the record of Tuli Islam');
  await visitor.sees('Doctor: Dr Karim Ahmed');
  await visitor.looksSound('who looked at the record of a child');
});

test.each([true, false])('a visit is reviewed, the review changed and withdrawn; scripts: %s', async (javaScript) => {
  const [karim, nadia] = await Promise.all([doctor(), patient()]);
  const id = await visited(nadia, karim);
  const visitor = await visits({ as: nadia, width: 360, javaScript });
  await visitor.opens('/appointments/past');
  await visitor.looksSound('past appointments');
  await visitor.follows(/Dr Karim Ahmed, /);
  await visitor.looksSound('a past appointment');
  await visitor.follows('Write a review');
  await visitor.ticks(visitor.page.getByRole('radio', { name: '4 of 5 stars' }));
  await visitor.fills({ 'In your words (optional)': 'Kind, and on time.' });
  await visitor.looksSound('writing a review');
  await visitor.presses('Publish');
  await visitor.sees('Thank you for your review.');
  await visitor.opens(`/appointments/${id}/review`);
  await expect.poll(() => visitor.page.getByLabel('In your words (optional)').inputValue()).toBe('Kind, and on time.');
  await visitor.ticks(visitor.page.getByRole('radio', { name: '5 of 5 stars' }));
  await visitor.presses('Publish');
  expect((await nadia.asks('GET', `/appointments/${id}/review`)).stars).toBe(5);
  await visitor.opens(`/appointments/${id}/review`);
  await visitor.follows('Withdraw it');
  await visitor.looksSound('withdrawing a review');
  await visitor.presses('Withdraw it');
  await visitor.opens(`/appointments/${id}/review`);
  await visitor.sees('You have withdrawn your review of this visit.');
});

test('another’s appointment is not there, and a doctor is led to their day', async () => {
  const [karim, nadia, salma] = await Promise.all([doctor(), patient('Nadia Islam'), patient()]);
  const { id } = await booked(nadia, karim.id);
  const stranger = await visits({ as: salma });
  for (const part of ['', '/confirm', '/cancel', '/reschedule', '/reason', '/documents', '/review'])
    expect(await stranger.opens(`/appointments/${id}${part}`), part).toBe(404);
  await stranger.looksSound('another’s appointment');
  const practitioner = await visits({ as: karim });
  expect(await practitioner.opens(`/appointments/${id}`)).toBe(200);
  await practitioner.sees('Appointment of Nadia Islam');
  await practitioner.looksSound('an appointment, as its doctor sees it');
});
