import { expect, test } from 'vitest';
import { doctor, patient } from './support/people.ts';
import { visits } from './support/visits.ts';

test.each([true, false])(
  'somebody looks for a doctor, signs in and sees their week; scripts: %s',
  async (javaScript) => {
    const suffix = `${javaScript ? 'Sultana' : 'Rahman'} ${crypto.randomUUID().slice(0, 4)}`;
    const [{ id }, nadia] = await Promise.all([doctor({ fullName: `Dr Shirin ${suffix}` }), patient()]);
    const reader = await visits({ width: 360, javaScript });
    await reader.opens('/');
    await reader.fills({ 'Doctor, speciality or clinic': `Shirin ${suffix}` });
    await reader.presses('Search');
    await reader.looksSound('results of a search');
    await reader.follows(`Dr Shirin ${suffix}`);
    await expect.poll(() => reader.here).toBe(`/doctors/${id}`);
    await reader.looksSound('a doctor');
    await reader.follows('Sign in');
    await reader.fills({ 'E-mail address': nadia.email, Password: 'Wrong-Horse-7' });
    await reader.presses('Sign in');
    await reader.looksSound('signing in with a wrong password');
    await reader.fills({ Password: nadia.password });
    await reader.presses('Sign in');
    await expect.poll(() => reader.here).toBe(`/doctors/${id}`);
    await reader.sees('Sign out');
  },
);

test('suggestions are walked by keyboard alone, and lead to a doctor', async () => {
  const own = `Mehjabin${crypto.randomUUID().slice(0, 4)}`;
  const begun = own.slice(0, -1).toLowerCase();
  const { id } = await doctor({ fullName: `Dr ${own} Zaman` });
  const reader = await visits();
  await reader.opens('/');
  await reader.fills({ 'Doctor, speciality or clinic': begun });
  await reader.page.getByRole('option', { name: new RegExp(own) }).waitFor();
  const field = reader.page.getByRole('combobox', { name: 'Doctor, speciality or clinic' });
  await expect.poll(() => field.getAttribute('aria-expanded')).toBe('true');
  await reader.page.keyboard.press('ArrowDown');
  const active = await field.getAttribute('aria-activedescendant');
  await expect.poll(() => reader.page.locator(`#${active}`).getAttribute('aria-selected')).toBe('true');
  await reader.looksSound('suggestions');
  await reader.page.keyboard.press('Escape');
  expect([await field.getAttribute('aria-expanded'), await field.inputValue()]).toEqual(['false', begun]);
  await reader.page.keyboard.press('ArrowDown');
  await reader.page.getByRole('option').first().waitFor();
  await reader.page.keyboard.press('ArrowDown');
  await reader.page.keyboard.press('Enter');
  await reader.page.waitForURL(/doctors/);
  await expect.poll(() => reader.here).toBe(`/doctors/${id}`);
});

test.each([true, false])('filters stand in the address, a place by its name; scripts: %s', async (javaScript) => {
  const reader = await visits({ javaScript });
  await reader.opens('/');
  await reader.fills({ 'Doctor, speciality or clinic': 'Rahima', Place: 'Dhaka' });
  // The suggestions lie over what is below.
  if (javaScript) await reader.page.keyboard.press('Escape');
  await reader.presses(reader.page.getByText('More filters'));
  await reader.fills({ Speciality: 'Cardiology', Order: 'fee', 'Fee at most': '2000', Speaks: 'bn' });
  await reader.presses('Search');
  await reader.sees('Clear all');
  const { searchParams } = new URL(reader.page.url());
  expect(Object.fromEntries(searchParams)).toMatchObject({
    ...{ specialization: 'Cardiology', sort: 'fee', fee: '2000', currency: 'BDT', language: 'bn' },
    locationId: expect.stringMatching(/^BD-/),
  });
  expect([...searchParams.values()]).not.toContain('');
  await reader.sees('Dr Rahima Khatun');
  await reader.follows('Clear all');
  await expect.poll(() => reader.here).toBe('/');
});

test('who says where they are finds the nearest; who does not is told to choose a place', async () => {
  const reader = await visits();
  await reader.opens('/');
  await reader.presses('Near me');
  await reader.sees('Your browser did not say where you are.');
  await reader.page.context().grantPermissions(['geolocation']);
  await reader.page.context().setGeolocation({ latitude: 23.751234, longitude: 90.381234 });
  await reader.presses('Near me');
  await reader.page.waitForURL(/near=/);
  expect(new URL(reader.page.url()).searchParams.get('near')).toBe('23.75,90.38');
  await reader.sees(/km away/);
  await reader.looksSound('doctors nearby');
});

test('[WB18] nothing moves for who has asked that nothing does', async () => {
  const moving = async (motion: boolean): Promise<number> => {
    const reader = await visits({ motion });
    await reader.opens('/dev/components');
    return reader.page.evaluate(() => document.getAnimations().length);
  };
  expect(await moving(true)).toBeGreaterThan(0);
  expect(await moving(false)).toBe(0);
});
