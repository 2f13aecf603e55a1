import { buffer } from 'node:stream/consumers';
import type { Locator } from 'playwright-core';
import decodeQR from 'qr/decode.js';
import { expect, inject, test } from 'vitest';
import { readPdf } from '../support/read-pdf.ts';
import { codeTo } from './support/mailbox.ts';
import { visited } from './support/past.ts';
import { doctor, patient, signedIn } from './support/people.ts';
import { visits } from './support/visits.ts';

const twoWays = [true, false];

/** What a camera reads from a QR code of a page, four pixels to a module. */
const scanned = async (code: Locator): Promise<string> => {
  const side = 4 * Number((await code.getAttribute('viewBox'))?.split(' ')[2]);
  const data = new Uint8Array(side * side * 4).fill(255);
  const path = (await code.locator('path').getAttribute('d')) ?? '';
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)/g))
    for (let row = 4 * Number(y); row < 4 * Number(y) + 4; row += 1)
      for (let column = 4 * Number(x); column < 4 * Number(x) + 4; column += 1)
        data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
  return decodeQR({ width: side, height: side, data });
};

test.each(twoWays)(
  'a prescription is read, printed, scanned at a pharmacy and dispensed once; scripts: %s',
  async (javaScript) => {
    const [nadia, karim] = await Promise.all([patient('Nadia Islam'), doctor()]);
    await visited(nadia, karim);
    const medicine = { drug: 'Paracetamol', strength: '500 mg', dose: '1 tablet', frequency: 'three times a day' };
    await karim.asks('POST', '/prescriptions', { patientId: nadia.id, items: [medicine] });

    const reader = await visits({ as: nadia, width: 360, javaScript });
    await reader.opens('/records/prescriptions');
    await reader.looksSound('own prescriptions');
    await reader.follows('Paracetamol');
    await reader.sees('1 tablet, three times a day');
    const address = await scanned(reader.page.getByRole('img', { name: 'QR code of the prescription' }));
    expect(address).toContain(`${inject('url')}/rx/`);
    await reader.looksSound('a prescription');
    const [file] = await Promise.all([
      reader.page.waitForEvent('download'),
      reader.hands.presses(reader.page.getByRole('link', { name: 'Open to print (PDF)' })),
    ]);
    const paper = await readPdf(new Uint8Array(await buffer(await file.createReadStream())));
    expect(paper.qr()).toBe(address);
    // A licence number may hold eight digits in a row as well.
    const [code = ''] = /(?<![\w-])\d{4} ?\d{4}(?![\w-])/.exec(paper.text.join(' ')) ?? [];

    const pharmacist = await visits({ width: 768, javaScript });
    await pharmacist.opens(new URL(address).pathname);
    await pharmacist.sees('This prescription is authentic');
    expect(await pharmacist.page.content()).not.toMatch(/Paracetamol|Nadia/);
    pharmacist.expects(/status of 4\d\d/);
    await pharmacist.fills({ Code: '00000000', 'Name of the pharmacy': 'Lazz Pharma' });
    await pharmacist.presses('Mark as dispensed');
    await pharmacist.sees('That is not the code.');
    await pharmacist.looksSound('a prescription whose code was wrong');
    await pharmacist.fills({ Code: code, 'Name of the pharmacy': 'Lazz Pharma' });
    await pharmacist.presses('Mark as dispensed');
    await pharmacist.sees('This prescription is marked as dispensed now');

    await reader.opens(reader.here);
    await reader.sees(/^Lazz Pharma, /);
    await expect.poll(() => reader.page.getByRole('img', { name: 'QR code of the prescription' }).count()).toBe(0);
  },
);

test.each(twoWays)('language and colours stay as they were chosen; scripts: %s', async (javaScript) => {
  const salma = await patient();
  const visitor = await visits({ as: salma, width: 360, javaScript });
  await visitor.opens('/account');
  await visitor.presses('বাংলা');
  await visitor.page.getByRole('heading', { level: 1, name: 'অ্যাকাউন্ট' }).waitFor();
  await visitor.follows('গাঢ় রঙে দেখুন');
  await expect.poll(() => visitor.here).toBe('/account');
  const page = visitor.page.locator('html');
  await visitor.opens('/records');
  expect(await Promise.all(['lang', 'data-theme'].map((name) => page.getAttribute(name)))).toEqual(['bn', 'dark']);
  expect(await salma.asks('GET', '/users/me')).toMatchObject({ locale: 'bn' });
  await visitor.presses('English');
  await visitor.follows('Switch to light');
  await visitor.presses('Sign out');
  await visitor.sees('You are signed out.');
  await visitor.opens('/');
  expect(await Promise.all(['lang', 'data-theme'].map((name) => page.getAttribute(name)))).toEqual(['en', 'light']);
});

test.each(twoWays)('a picture, a number and whom to call are given; scripts: %s', async (javaScript) => {
  const salma = await patient();
  const visitor = await visits({ as: salma, width: 360, javaScript });
  visitor.expects(/status of 4\d\d/);
  await visitor.opens('/account');
  const field = visitor.page.getByLabel('File', { exact: true });
  const file = { name: 'me.png', mimeType: 'image/png', buffer: Buffer.from('no picture') };
  await visitor.hands.brings(field, file);
  await visitor.presses('Save the picture');
  await visitor.sees('Choose a JPEG or PNG file.');
  await visitor.looksSound('a picture that is refused');
  await visitor.hands.brings(field, { ...file, buffer: await visitor.page.screenshot() });
  await visitor.presses('Save the picture');
  await visitor.sees('Saved.');
  const picture = visitor.page.getByRole('img', { name: 'Your picture' });
  await expect.poll(() => picture.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBeGreaterThan(100);
  await visitor.looksSound('an account with a picture');
  await visitor.presses('Remove the picture');
  await visitor.sees('Removed.');
  await expect.poll(() => picture.count()).toBe(0);

  const phone = `+88017${`${Math.random()}`.slice(2, 10)}`;
  await visitor.fills({ 'Phone number with country code': phone });
  await visitor.presses('Send me the code');
  await visitor.sees('We have sent six digits to your phone.');
  await visitor.looksSound('a code that came by SMS');
  await visitor.fills({ 'Code from the SMS': await codeTo(phone) });
  await visitor.presses('Go on');
  await visitor.sees('Verified.');
  await visitor.sees(phone);

  await visitor.follows('Personal details');
  await visitor.fills({ 'Date of birth': '1990-02-03', Sex: 'female', Relation: 'Brother' });
  await visitor.presses('Save');
  await visitor.sees('Please look at what is marked below.');
  await visitor.looksSound('own details that are refused');
  await visitor.fills({ Name: 'Rafiq Islam', 'Phone number with country code': '+8801712345678' });
  await visitor.presses('Save');
  await visitor.sees('Saved.');
  expect(await (await signedIn(salma)).asks('GET', '/patients/me/profile')).toMatchObject({
    birthDate: '1990-02-03',
    emergencyContact: { name: 'Rafiq Islam', relation: 'Brother', phone: '+8801712345678' },
  });
});

test.each(twoWays)('all other devices are signed out, then this one; scripts: %s', async (javaScript) => {
  const person = await patient();
  const [here, there] = [await visits({ as: person, javaScript }), await visits({ as: await signedIn(person) })];
  await signedIn(person);
  await here.opens('/account/security');
  await here.presses('Sign out on all other devices');
  await here.sees('Your other devices are signed out.');
  await expect.poll(() => here.page.getByRole('button', { name: /^Sign out there: / }).count()).toBe(0);
  await there.opens('/records');
  await expect.poll(() => there.here).toBe('/login?to=%2Frecords');
  await here.presses('Sign out everywhere');
  await here.sees('You are signed out.');
  await here.opens('/account');
  await expect.poll(() => here.here).toBe('/login?to=%2Faccount');
});
