import { expect, inject, test } from 'vitest';
import { sql } from './support/backstage.ts';
import { admin, booked, clinicId, demo, doctor, type Person, patient, signedIn } from './support/people.ts';
import { visits } from './support/visits.ts';

const twoWays = [true, false];

test.each(twoWays)('[WB23] an admin sees the day after bookings; scripts: %s', async (javaScript) => {
  const [ada, karim, salma] = await Promise.all([admin(), doctor(), patient()]);
  await booked(salma, karim.id);
  const office = await visits({ as: ada, javaScript, width: 360 });
  await office.opens('/admin');
  await office.fills({ Period: 'ahead' });
  await office.presses('Show');
  await office.sees('Bookings by day');
  await expect.poll(() => office.here).toContain('period=ahead');
  await office.presses(office.page.getByText('Show as a table').first());
  await office.looksSound('dashboard');
});

/** A doctor who has sent a licence, and waits. */
const submitted = async (fullName: string): Promise<Person> => {
  const ada = await demo.admin();
  const password = 'Correct-Horse-7';
  const email = `d-${crypto.randomUUID().slice(0, 13)}@example.org`;
  await ada.asks('POST', '/doctors', {
    ...{ fullName, email, password, specialization: 'Cardiology', timeZone: 'Asia/Dhaka' },
    ...{ licenseNumber: `BMDC-${crypto.randomUUID().slice(0, 13)}`, clinicIds: [await clinicId()] },
  });
  const person = await signedIn({ email, password });
  const visitor = await visits({ as: person });
  const png = await visitor.page.screenshot();
  const sent = await fetch(`${inject('url')}/api/v1/doctors/${person.id}/documents`, {
    method: 'POST',
    body: new Uint8Array(png),
    headers: {
      ...{ 'content-type': 'image/png', origin: inject('url') },
      cookie: Object.entries(person.cookies)
        .map(([name, value]) => `${name}=${value}`)
        .join('; '),
      'x-csrf-token': person.cookies['daybook-csrf'] ?? '',
    },
  });
  expect(sent.status).toBe(201);
  await person.asks('POST', `/doctors/${person.id}/verification`);
  return person;
};

test.each(twoWays)('[WB21] an admin verifies a doctor, who is found from then on; scripts: %s', async (javaScript) => {
  const name = `Dr Mitali ${javaScript ? 'Haque' : 'Saha'} ${crypto.randomUUID().slice(0, 4)}`;
  const [mitali, ada] = await Promise.all([submitted(name), admin()]);
  const office = await visits({ as: ada, javaScript });
  await office.opens('/admin/doctors');
  await office.follows(name);
  await expect.poll(() => office.here).toBe(`/admin/doctors/${mitali.id}`);
  const licence = office.page.getByRole('img', { name: 'Document 1' });
  await licence.waitFor();
  await expect.poll(() => licence.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(100);
  await office.looksSound('a licence beside what its doctor says');
  await office.presses('Verify: the documents match');
  await office.sees('The doctor can be found and booked now.');
  await office.opens(`/?q=${encodeURIComponent(name)}`);
  await office.page.getByRole('link', { name }).first().waitFor();
});

test.each(twoWays)('[WB20] a caller is found by name, and moved while on the line; scripts: %s', async (javaScript) => {
  const name = `Rokeya ${javaScript ? 'Sarker' : 'Mollah'} ${crypto.randomUUID().slice(0, 4)}`;
  const [ada, karim, rokeya] = await Promise.all([admin(), doctor(), patient(name)]);
  const appointment = await booked(rokeya, karim.id);
  const office = await visits({ as: ada, javaScript, width: 360 });
  await office.opens('/admin/appointments');
  await office.fills({ 'Name, phone or e-mail': name });
  await office.presses('Find');
  await expect.poll(() => office.here).toBe(`/admin/appointments/of/${rokeya.id}`);
  await office.looksSound('all appointments of a caller');
  await office.follows(office.page.getByRole('link', { name: /^Move: / }));
  await office.looksSound('other times for an appointment');
  await office.ticks(office.page.getByRole('radio').last());
  await office.presses('Move');
  await office.sees('Moved. The patient has been told.');
  expect(decodeURIComponent(office.page.url())).not.toContain(name.split(' ')[0]);
  const now = await rokeya.asks('GET', `/appointments/${appointment.id}`);
  expect(now.startsAt).not.toBe(appointment.startsAt);
  await office.looksSound('one appointment');
  await office.follows('Cancel');
  await office.sees('Nothing was paid online, so nothing has to be given back.');
  await office.looksSound('cancelling for somebody');
  await office.presses('Cancel the appointment');
  await office.sees('Cancelled. The patient has been told.');
});

test.each(twoWays)('[WB20] an admin books for somebody; scripts: %s', async (javaScript) => {
  const name = `Dr Abul ${javaScript ? 'Bashar' : 'Hayat'} ${crypto.randomUUID().slice(0, 4)}`;
  const [ada, karim, salma] = await Promise.all([admin(), doctor({ fullName: name }), patient()]);
  const office = await visits({ as: ada, javaScript });
  await office.opens('/admin/appointments/book');
  await office.fills({ 'Name, phone or e-mail': salma.email });
  await office.presses('Find');
  await office.page.waitForURL(/\/of\//);
  await office.follows('Book another');
  await office.sees('For Salma Begum');
  await office.looksSound('booking for somebody: with whom');
  await office.fills({ 'Doctor, speciality or clinic': name });
  await office.presses('Find');
  await office.follows(`Choose ${name}`);
  await office.page.waitForURL(/doctor=/);
  await office.looksSound('booking for somebody: when');
  await office.ticks(office.page.getByRole('radio').nth(1));
  await office.fills({ 'Reason for the visit (optional)': 'A cough that stays' });
  await office.presses('Book');
  await office.sees('Booked. The patient has been told.');
  // Lists are moments behind.
  const booked = async () => (await salma.asks('GET', '/appointments')).items;
  const as = { doctorId: karim.id, status: 'confirmed', reason: 'A cough that stays' };
  await expect.poll(booked, { timeout: 10_000 }).toMatchObject([as]);
});

test.each(twoWays)('[WB23] the audit says that its chain is whole; scripts: %s', async (javaScript) => {
  const office = await visits({ as: await admin(), javaScript });
  await office.opens('/admin/audit');
  await office.looksSound('entries of the audit');
  await office.follows('Verification');
  await office.presses('Check the chain now');
  await office.sees(/The chain is whole: [\d,]+ entries checked/);
  await office.looksSound('a chain that is whole');
});

test.each(twoWays)('[WB23] a message that was given up is sent again; scripts: %s', async (javaScript) => {
  const id = crypto.randomUUID();
  await sql(
    `insert into dead_letters (id, queue, body, died_at_ms)
     values ('${id}', 'daybook-days', '{"kind":"probe-${id}"}', ${Date.now()})`,
  );
  const office = await visits({ as: await admin(), javaScript, width: 360 });
  await office.opens('/admin/dead-letters');
  await office.looksSound('dead letters');
  const row = office.page.getByRole('row').filter({ hasText: id });
  await office.presses(row.getByRole('button'));
  await office.sees('On its way again.');
  await expect.poll(() => row.count()).toBe(0);
  await office.follows('All');
  await row.getByText(/Sent again/).waitFor();
});

test.each(twoWays)('[WB22] staff see the clinic where they work, and nothing else; scripts: %s', async (javaScript) => {
  const [karim, salma, desk] = await Promise.all([doctor(), patient(), patient('Desk Worker')]);
  const ada = await demo.admin();
  const { items: clinics } = await ada.asks('GET', '/clinics?limit=100');
  const own = await clinicId();
  const other = (clinics as { id: string; name: string }[]).find(({ id }) => id !== own);
  await ada.asks('POST', `/clinics/${own}/staff`, { email: desk.email });
  const elsewhere = await patient('Elsewhere Worker');
  await ada.asks('POST', `/clinics/${other?.id}/staff`, { email: elsewhere.email });
  const appointment = await booked(salma, karim.id);

  const here = await visits({ as: await signedIn(desk), javaScript, width: 360 });
  await here.opens(`/admin/appointments?doctor=${karim.id}`);
  await here.sees('Salma Begum');
  await here.looksSound('appointments as staff sees them');
  await expect.poll(() => here.page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
  expect(await here.opens(`/admin/appointments/${appointment.id}`)).toBe(200);
  expect(await here.opens('/admin/audit')).toBe(403);
  expect(await here.opens(`/admin/appointments/queue/${karim.id}`)).toBe(200);
  await here.looksSound('a waiting room');
  await here.opens('/admin/clinics');
  await expect.poll(() => here.page.getByRole('link', { name: other?.name ?? '' }).count()).toBe(0);
  await here.page.getByRole('heading', { name: /Dhanmondi/ }).waitFor();

  const there = await visits({ as: await signedIn(elsewhere), javaScript });
  expect(await there.opens(`/admin/appointments/${appointment.id}`)).toBe(404);
  await there.opens(`/admin/appointments?doctor=${karim.id}`);
  await there.sees('There are no appointments here.');
});

test('[WB24] the secret of a webhook is shown once', async () => {
  const office = await visits({ as: await admin(), width: 360 });
  await office.opens('/admin/webhooks');
  await office.fills({
    Address: 'https://hooks.example.org/daybook',
    'Appointment confirmed appointment.confirmed': true,
  });
  await office.presses('Add');
  await office.sees('The secret of this webhook');
  const secret = (await office.page.locator('pre').textContent()) ?? '';
  expect(secret).toMatch(/^whsec_/);
  await office.looksSound('the secret of a webhook');
  await office.follows('To the webhook');
  expect(await office.page.content()).not.toContain(secret);
  await office.looksSound('a webhook');
  await office.follows('Delete');
  await office.presses('Delete');
  await office.sees('Removed.');
});

test('[WB22] an admin of users alone is led to no other part, and to what is theirs', async () => {
  const ada = await admin();
  await sql(`update accounts set permissions = '["users"]' where id = '${ada.id}'`);
  const office = await visits({ as: await signedIn(ada) });
  await office.opens('/admin');
  await office.looksSound('the dashboard of who sees no figures');
  const menu = office.page.getByRole('navigation', { name: 'Main' });
  await expect
    .poll(() => menu.getByRole('link').allTextContents())
    .toEqual(['Dashboard', 'Users', 'Clinics', 'Account']);
  const salma = await patient();
  await office.opens('/admin/users');
  await office.fills({ 'Name, phone or e-mail': salma.email });
  await office.presses('Search');
  await office.follows('Salma Begum');
  await office.looksSound('an account');
  await office.follows('Deactivate');
  await office.presses('Deactivate');
  await office.sees('The account has been changed.');
  await office.presses('Activate again');
  await office.sees('The account has been changed.');
});

test('an admin keeps a clinic: its hours, its rooms and what it gives back', async () => {
  const office = await visits({ as: await admin(), width: 360 });
  const name = `Clinic ${crypto.randomUUID().slice(0, 6)}`;
  await office.opens('/admin/clinics/new');
  await office.fills({
    Name: name,
    Address: 'House 1',
    City: 'Dhaka',
    'Country (two letters)': 'BD',
    'Time zone': 'Asia/Dhaka',
  });
  await office.fills({ 'District or area': 'Nowhere at all', 'Monday 1, from': '9', 'Monday 1, to': '17:30' });
  await office.presses('Save');
  await office.sees('There is no place of this name in the list.');
  await office.looksSound('a clinic that cannot be saved');
  await office.fills({ 'District or area': 'Dhaka' });
  await office.presses('Save');
  await office.sees('Saved.');
  await expect.poll(() => office.page.getByLabel('Monday 1, from').inputValue()).toBe('09:00');
  await office.follows('Rooms and devices');
  await office.fills({ Kind: 'Procedure room' });
  const room = office.page.getByRole('form', { name: 'Add a room or device' });
  await office.hands.writes(room.getByLabel('Name'), 'Room 2');
  await office.presses('Add');
  await office.presses('Take out of use: Room 2');
  await office.sees('Out of use');
  await office.looksSound('rooms of a clinic');
  await office.follows('Refunds');
  await office.hands.writes(office.page.getByLabel('Percent given back').first(), '80');
  await office.presses('Save');
  await office.looksSound('refunds of a clinic');
  await expect.poll(() => office.page.getByLabel('Percent given back').first().inputValue()).toBe('80');
  await office.follows('Staff');
  await office.looksSound('staff of a clinic');
});
