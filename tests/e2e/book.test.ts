import { expect, inject, test } from 'vitest';
import { doctor, freeSlots, type Person, patient } from './support/people.ts';
import { type Visitor, visits } from './support/visits.ts';

const consents = (visitor: Visitor): Promise<void> => visitor.ticks(/^I agree/);
const slotsOf = async (by: Person, of: Person) => (await freeSlots(by, of.id)).map(({ id }) => id);

test.each([true, false])(
  'somebody finds a time, signs in, and books it, at 360 px; scripts: %s',
  async (javaScript) => {
    const [karim, nadia] = await Promise.all([doctor({ feeMinor: 50_000 }), patient()]);
    const reader = await visits({ width: 360, javaScript });
    // Not of today: it may be gone before the story ends.
    const date = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    await reader.opens(`/doctors/${karim.id}?from=${date}`);
    await reader.follows(reader.page.locator('a[href^="/book/"]:visible').first());
    await reader.sees('Sign in to book this time');
    await reader.looksSound('booking, signed out');
    await reader.follows('Sign in and go on');
    await reader.fills({ 'E-mail address': nadia.email, Password: nadia.password });
    await reader.presses('Sign in');
    await expect.poll(() => reader.here).toMatch(/^\/book\/s_/);
    await reader.looksSound('booking, the details');
    await reader.fills({ 'What is it about? (optional)': 'A cough <script>alert(1)</script>' });
    await consents(reader);
    await reader.presses('Hold this time and go on');
    await reader.sees('Look it over and confirm');
    await expect.poll(() => reader.here).toMatch(/^\/appointments\/a_[\w-]+\/confirm$/);
    if (javaScript)
      await reader.page
        .getByRole('timer')
        .filter({ hasText: /^4:\d\d$/ })
        .waitFor();
    else await expect.poll(() => reader.page.getByRole('timer').count()).toBe(0);
    await reader.sees(/Held for you until/);
    await reader.looksSound('booking, a hold');
    await reader.presses('Confirm the appointment');
    await reader.sees(/^\s*Booked\./);
    await reader.sees('A cough <script>alert(1)</script>');
    await reader.looksSound('an appointment');
    // Who goes back a page has not lost what they booked.
    const slot = (await nadia.asks('GET', '/appointments')).items[0]?.slotId as string;
    await reader.opens(`/book/${slot}`);
    await reader.sees('Confirmed');
  },
);

test('without consent nothing is held, and what was written stays', async () => {
  const [karim, nadia] = await Promise.all([doctor(), patient()]);
  const [slot = ''] = await slotsOf(nadia, karim);
  const visitor = await visits({ as: nadia, javaScript: false });
  await visitor.opens(`/book/${slot}`);
  await visitor.fills({ 'What is it about? (optional)': 'Headache' });
  // A browser would not send it; somebody whose browser does is told.
  await visitor.page.getByRole('checkbox', { name: /^I agree/ }).evaluate((box) => box.removeAttribute('required'));
  await visitor.presses('Hold this time and go on');
  await visitor.sees(/Without it nothing is sent/);
  await expect.poll(() => visitor.page.getByLabel('What is it about? (optional)').inputValue()).toBe('Headache');
  await visitor.looksSound('booking without consent');
  expect(await slotsOf(nadia, karim)).toContain(slot);
});

const upload = async (by: Person): Promise<void> => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const answer = await fetch(`${inject('url')}/api/v1/patients/${by.id}/documents`, {
    method: 'POST',
    body: Buffer.from(png, 'base64'),
    headers: {
      ...{ 'content-type': 'image/png', origin: inject('url'), 'x-csrf-token': by.cookies['daybook-csrf'] ?? '' },
      cookie: Object.entries(by.cookies)
        .map(([name, value]) => `${name}=${value}`)
        .join('; '),
    },
  });
  expect(answer.status).toBe(201);
};

test.each([true, false])('documents that are ticked are brought; scripts: %s', async (javaScript) => {
  const [karim, nadia] = await Promise.all([doctor(), patient()]);
  await upload(nadia);
  const [slot = ''] = await slotsOf(nadia, karim);
  const visitor = await visits({ as: nadia, width: 360, javaScript });
  const brought = async () =>
    (await nadia.asks('GET', `/patients/${nadia.id}/documents`)).items.map(
      (one: { appointmentId: string | null }) => one.appointmentId,
    );
  await visitor.opens(`/book/${slot}`);
  await visitor.ticks(/^Document, /);
  await consents(visitor);
  await visitor.looksSound('booking with documents');
  await visitor.presses('Hold this time and go on');
  await visitor.presses('Confirm the appointment');
  const id = visitor.here.split(/[/?]/)[2];
  expect(await brought()).toEqual([id]);
  await visitor.follows('Choose documents');
  await visitor.ticks(/^Document, /, false);
  await visitor.looksSound('choosing documents');
  await visitor.presses('Save');
  await visitor.sees('The documents to bring are changed.');
  expect(await brought()).toEqual([null]);
});

test('a time is booked, moved, and cancelled', async () => {
  const [karim, nadia] = await Promise.all([doctor(), patient()]);
  const [slot = '', other = ''] = await slotsOf(nadia, karim);
  const visitor = await visits({ as: nadia });
  await visitor.opens(`/book/${slot}`);
  await visitor.fills({ 'What is it about? (optional)': 'Check-up' });
  await visitor.ticks(/^I agree/);
  await visitor.presses('Hold this time and go on');
  await visitor.sees('Look it over and confirm');
  await visitor.presses('Confirm the appointment');
  await visitor.sees(/^\s*Booked\./);
  await visitor.follows('Move to another time');
  await visitor.sees('Free times');
  await visitor.looksSound('moving an appointment');
  await visitor.follows(visitor.page.getByRole('link', { name: /^Move to / }).first());
  await visitor.sees('Move to this time?');
  await visitor.looksSound('moving, to be confirmed');
  await visitor.presses('Move it');
  await visitor.sees(/The old time is free again/);
  expect((await nadia.asks('GET', '/appointments')).items[0].slotId).toBe(other);
  expect(await slotsOf(nadia, karim)).toContain(slot);
  await visitor.follows('Cancel');
  await visitor.sees('Nothing was paid, so nothing is lost.');
  await visitor.looksSound('cancelling');
  await visitor.presses('Cancel the appointment');
  await visitor.sees('The appointment is cancelled.');
  expect(await slotsOf(nadia, karim)).toContain(other);
});

test('[WB14] two want one time: the second is shown the nearest, one click away', async () => {
  const [karim, nadia, salma] = await Promise.all([doctor(), patient(), patient()]);
  const [, slot = ''] = await slotsOf(nadia, karim);
  const [first, second] = await Promise.all([visits({ as: nadia }), visits({ as: salma, width: 360 })]);
  for (const visitor of [first, second]) {
    await visitor.opens(`/book/${slot}`);
    await visitor.fills({ 'What is it about? (optional)': 'Fever' });
    await consents(visitor);
  }
  await Promise.all([first.presses('Hold this time and go on'), second.presses('Hold this time and go on')]);
  await Promise.all([first, second].map((one) => one.page.waitForURL(/confirm$|\/book\//)));
  const headings = await Promise.all(
    [first, second].map((one) => one.page.getByRole('heading', { level: 1 }).innerText()),
  );
  expect(headings.toSorted()).toEqual(['Look it over and confirm', 'Somebody was faster']);
  const loser = headings[0] === 'Somebody was faster' ? first : second;
  await loser.looksSound('a time that somebody else took');
  await expect.poll(() => loser.page.locator(`form[action="/book/${slot}"]`).count()).toBe(0);
  // What was written is not to be written again.
  await loser.presses(loser.page.getByRole('button', { name: /^Book / }).first());
  await loser.sees('Look it over and confirm');
  await loser.sees('Fever');
});
