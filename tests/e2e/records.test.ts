import { expect, test } from 'vitest';
import { booked, doctor, patient } from './support/people.ts';
import { visits } from './support/visits.ts';

test.each([true, false])(
  'a document is added, given to a doctor, taken home and deleted; scripts: %s',
  async (javaScript) => {
    const [person, shirin] = await Promise.all([patient(), doctor({ fullName: 'Dr Shirin Akter' })]);
    await booked(person, shirin.id);
    const visitor = await visits({ width: 360, javaScript, as: person });
    await visitor.opens('/records/documents');
    await visitor.looksSound('no documents');
    const file = visitor.page.getByLabel('File', { exact: true });
    const text = { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') };
    visitor.expects(/status of 4\d\d/);
    await visitor.hands.brings(file, text);
    await visitor.presses('Add the document');
    await visitor.sees('Choose a PDF, JPEG or PNG file.');
    await visitor.looksSound('a document that is refused');
    const picture = await visitor.page.screenshot();
    await visitor.hands.brings(file, { ...text, name: 'blood-count.png', buffer: picture });
    await visitor.presses('Add the document');
    await visitor.sees('The document is here.');
    await expect.poll(() => visitor.page.getByRole('heading', { level: 1 }).textContent()).toBe('blood-count');
    await visitor.fills({ Doctor: 'Dr Shirin Akter', 'For how long': '7' });
    await visitor.presses('Let the doctor read it');
    await visitor.sees('The doctor can read it now.');
    await visitor.looksSound('a document');
    await visitor.presses('Take it back from Dr Shirin Akter');
    await visitor.sees('The doctor can read it no more.');
    await visitor.fills({ Name: 'Blood count, May' });
    await visitor.presses('Save the name');
    const [home] = await Promise.all([visitor.page.waitForEvent('download'), visitor.presses('Download')]);
    expect(home.suggestedFilename()).toMatch(/\.png$/);
    await visitor.follows('Delete the document');
    await visitor.looksSound('a document to delete');
    await visitor.presses('Delete the document');
    await visitor.sees('No documents yet.');
  },
);

test.each([true, false])(
  'a mother keeps the record of her child, whom she has just added; scripts: %s',
  async (javaScript) => {
    const mother = await patient('Nasrin Islam');
    const visitor = await visits({ javaScript, as: mother });
    await visitor.opens('/family');
    await visitor.looksSound('no family');
    await visitor.follows('Add somebody');
    await visitor.fills({ 'Full name': 'Tuli Islam', 'Date of birth': '2031-01-01' });
    await visitor.presses('Add somebody');
    await visitor.sees('Please look at what is marked below.');
    await visitor.fills({ 'Date of birth': '2019-04-30' });
    await visitor.presses('Add somebody');
    await visitor.sees('Added to your family.');
    await visitor.follows('Personal details of Tuli Islam');
    await visitor.fills({ Sex: 'female', Relation: 'Mother', 'Phone number with country code': '+8801712345678' });
    await visitor.presses('Save');
    await visitor.sees('Please look at what is marked below.');
    await visitor.hands.writes(visitor.page.locator('#f-contactName'), 'Nasrin Islam');
    await visitor.looksSound('details that are refused');
    await visitor.presses('Save');
    await visitor.sees('Saved.');
    await visitor.looksSound('a family');

    await visitor.follows('Records of Tuli Islam');
    await visitor.follows('Health profile');
    await visitor.hands.writes(visitor.page.locator('#allergies-name-0'), 'Penicillin');
    await visitor.hands.chooses(visitor.page.locator('#allergies-severity-0'), 'severe');
    await visitor.fills({ 'Blood group': 'O+' });
    await visitor.presses('Save');
    await visitor.sees('Saved.');
    await expect.poll(() => visitor.page.locator('#allergies-name-0').inputValue()).toBe('Penicillin');
    await visitor.looksSound('a health profile');

    await visitor.follows('Record');
    for (const [day, weight] of [
      ['2026-01-05', '18.5'],
      ['2026-06-05', '19.2'],
    ] as const) {
      await visitor.follows('Add measurements');
      await visitor.fills({ 'Weight (kg)': weight, 'When it was': day });
      await visitor.presses('Write it down');
      await visitor.sees('Written down.');
    }
    await visitor.follows('Add to the history');
    await visitor.fills({ 'What it is': 'immunisation', 'In a few words': 'Measles' });
    await visitor.presses('Write it down');
    await visitor.sees('Vaccination: Measles');
    await visitor.sees('Weight, kg');
    await visitor.looksSound('a record');
    await visitor.follows('This is a mistake: Vaccination: Measles');
    await visitor.presses('This is a mistake');
    await visitor.sees('A mistake, says its author');

    await visitor.opens('/family');
    await visitor.follows('Name and birth date of Tuli Islam');
    await visitor.follows('Act for them no more');
    await visitor.looksSound('acting for somebody no more');
    await visitor.presses('Act for them no more');
    await visitor.sees('Nobody yet.');
  },
);

test.each([true, false])('somebody reads the news, and says how to be told; scripts: %s', async (javaScript) => {
  const [person, karim] = await Promise.all([patient(), doctor()]);
  await booked(person, karim.id);
  const visitor = await visits({ width: 768, javaScript, as: person });
  await expect
    .poll(
      async () => {
        await visitor.opens('/notifications');
        return visitor.page.getByRole('button', { name: /^Mark as read: / }).count();
      },
      { timeout: 15_000 },
    )
    .toBeGreaterThan(0);
  await visitor.looksSound('notifications');
  await visitor.presses(visitor.page.getByRole('button', { name: /^Mark as read: / }).first());
  await visitor.follows('Not read yet');
  await visitor.follows('How I am told');
  await visitor.presses(visitor.page.locator('summary', { hasText: 'The day of the visit' }));
  await visitor.fills({ 'Reminder: SMS': false, 'At these times before the appointment': true, 'three days': true });
  await visitor.hands.chooses(visitor.page.getByLabel('Language of what is sent'), 'bn');
  await visitor.presses('Save');
  await visitor.sees('Saved.');
  const told = await person.asks('GET', '/users/me/notification-preferences');
  expect(told).toMatchObject({
    locale: 'bn',
    reminderMinutes: [4_320],
    kinds: { reminder: { sms: false, push: true } },
  });
  await visitor.looksSound('how somebody is told');
});
