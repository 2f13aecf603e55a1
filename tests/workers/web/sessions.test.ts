import { expect, it } from 'vitest';
import { client } from '../../support/api.ts';
import { patient } from '../../support/people.ts';
import { textOf, web } from '../../support/web.ts';

const isSignedIn = async (page: Response): Promise<boolean> => (await textOf(page)).includes('Sign out');

it('[WB1] [WB6] a page is opened in the name of the session, also when its access token has run out', async () => {
  const browser = web();
  const person = await patient();
  expect(await isSignedIn(await browser.opens('/'))).toBe(false);
  await browser.signsIn(person);
  expect(await isSignedIn(await browser.opens('/'))).toBe(true);
  const refreshToken = browser.jar.get('daybook-refresh');
  browser.jar.delete('daybook-access');
  expect(await isSignedIn(await browser.opens('/', { 'sec-fetch-site': 'cross-site' }))).toBe(true);
  expect(browser.jar.get('daybook-refresh')).not.toBe(refreshToken);
  expect(await isSignedIn(await browser.opens('/'))).toBe(true);
  // A browser may bring it a moment longer than it is good.
  browser.jar.set('daybook-access', 'over');
  expect((await browser.opens('/appointments')).status).toBe(200);
});

it('[WB1] signing out on the page ends the session for the API, too', async () => {
  const browser = web();
  await browser.signsIn(await patient());
  const token = browser.jar.get('daybook-access') ?? '';
  expect((await client(token).auth.me.$get()).status).toBe(200);
  expect((await browser.sends('/logout', {})).headers.get('location')).toBe('/?done=signed_out');
  expect((await client(token).auth.me.$get()).status).toBe(401);
  expect(browser.jar.has('daybook-access')).toBe(false);
});

it('[WB1] a session that was ended elsewhere is gone from the browser, and keeps nobody from what anybody may see', async () => {
  const [here, there] = [web(), web()];
  const person = await patient();
  await here.signsIn(person);
  await there.signsIn(person);
  expect((await there.sends('/account/security/sessions/end-all', {})).status).toBe(303);
  here.jar.delete('daybook-access');
  expect(await isSignedIn(await here.opens('/'))).toBe(false);
  expect([here.jar.has('daybook-refresh'), here.jar.has('daybook-csrf')]).toEqual([false, false]);
});

it('[WB2] a form of another site, and one without the token, change nothing', async () => {
  const browser = web();
  await browser.signsIn(await patient());
  const token = browser.jar.get('daybook-access') ?? '';
  const stranger = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  await browser.sends('/logout', {}, stranger);
  await browser.sends('/logout', { csrf: '' });
  await browser.sends('/logout', { csrf: `${browser.jar.get('daybook-csrf')}x` });
  await browser.sends('/logout', {}, { origin: 'null' });
  expect((await client(token).auth.me.$get()).status).toBe(200);
  expect(browser.jar.has('daybook-access')).toBe(true);
});

it('[WB2] a form of another site signs nobody in', async () => {
  const browser = web();
  const { email, password } = await patient();
  const stranger = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const answer = await browser.sends('/login', { email, password, to: '/' }, stranger);
  expect([answer.status, browser.jar.size]).toEqual([403, 0]);
});
