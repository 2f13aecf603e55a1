import { expect, test } from 'vitest';
import { totp } from '../support/totp.ts';
import { codeTo, linkTo } from './support/mailbox.ts';
import { patient, signedIn } from './support/people.ts';
import { type Visitor, visits } from './support/visits.ts';

const password = 'Correct-Horse-7';
const newPassword = 'Another-Horse-8';
const address = (): string => `a-${crypto.randomUUID().slice(0, 13)}@example.org`;

const signsIn = async (visitor: Visitor, email: string, by: string): Promise<void> => {
  await visitor.fills({ 'E-mail address': email, Password: by });
  await visitor.presses('Sign in');
};

test.each([true, false])(
  'somebody registers, verifies the address, forgets the password and comes back; scripts: %s',
  async (javaScript) => {
    const email = address();
    const visitor = await visits({ width: 360, javaScript });
    await visitor.opens('/register');
    await visitor.fills({ 'Full name': 'Rokeya Khan', 'E-mail address': email, Password: 'short' });
    await visitor.presses('Create my account');
    await visitor.sees('Please look at what is marked below.');
    await visitor.looksSound('a registration that is refused');
    await visitor.fills({ Password: password });
    await visitor.presses('Create my account');
    await visitor.sees('Welcome to Daybook.');
    await visitor.opens('/account');
    await visitor.presses('Verify the address');
    await visitor.fills({ 'Code from the mail': '000000' });
    await visitor.presses('Go on');
    await visitor.sees('The code or link is wrong');
    await visitor.looksSound('a code that is wrong');
    await visitor.fills({ 'Code from the mail': await codeTo(email) });
    await visitor.presses('Go on');
    await visitor.sees('Verified.');
    await visitor.fills({ Name: 'Rokeya Sultana Khan', 'Time zone': 'Asia/Dhaka' });
    await visitor.presses('Save');
    await visitor.sees('Saved.');
    await expect.poll(() => visitor.page.getByLabel('Name', { exact: true }).inputValue()).toBe('Rokeya Sultana Khan');
    await visitor.looksSound('an account');
    await visitor.presses('Sign out');

    await visitor.opens('/login');
    await visitor.follows('Forgot your password?');
    await visitor.fills({ 'E-mail address': email });
    await visitor.presses('Send me the link');
    await visitor.sees('a link is on its way');
    const link = await linkTo(email);
    await visitor.opens(javaScript ? link : '/reset');
    if (!javaScript) await visitor.fills({ 'The link from the mail': `http://daybook.example${link}` });
    // The secret does not stay in the address, nor in the history.
    await expect.poll(() => visitor.page.url()).not.toContain('#');
    await visitor.looksSound('a new password to choose');
    await visitor.fills({ 'New password': newPassword });
    await visitor.presses('Save the password');
    await visitor.sees('Your password is changed.');
    await signsIn(visitor, email, newPassword);
    await visitor.sees('Sign out');
  },
);

test.each([true, false])('a second factor is set up, and asked for; scripts: %s', async (javaScript) => {
  const person = await patient();
  const visitor = await visits({ javaScript, as: person });
  await visitor.opens('/account/security');
  await visitor.follows('Add an authenticator app');
  await visitor.fills({ 'Your password': person.password });
  await visitor.presses('Confirm');
  await visitor.looksSound('an authenticator app to scan');
  const secret = (await visitor.page.locator('main code').textContent()) ?? '';
  await visitor.fills({ 'Six digits from the app': '12' });
  await visitor.presses('Turn it on');
  await visitor.sees('Please look at what is marked below.');
  await visitor.fills({ 'Six digits from the app': await totp(secret, Date.now()) });
  await visitor.presses('Turn it on');
  await visitor.sees('Write them down now');
  await visitor.looksSound('recovery codes');
  const [recovery = ''] = await visitor.page.locator('.codes code').allTextContents();
  await visitor.follows('I have written them down');
  await visitor.sees('On. 10 recovery codes are left.');
  await visitor.presses('Sign out');

  await visitor.opens('/login?to=%2Faccount%2Fsecurity');
  await signsIn(visitor, person.email, person.password);
  await visitor.fills({ Code: '000000' });
  await visitor.presses('Sign in');
  await visitor.sees('The code or link is wrong');
  await visitor.looksSound('a second step that went wrong');
  await visitor.fills({ Code: recovery });
  await visitor.presses('Sign in');
  await visitor.sees('On. 9 recovery codes are left.');
  await expect.poll(() => visitor.here).toBe('/account/security');
});

test('a passkey is added, and signs in without a password', async () => {
  const person = await patient();
  const visitor = await visits({ as: person });
  const device = await visitor.page.context().newCDPSession(visitor.page);
  await device.send('WebAuthn.enable');
  await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  await visitor.opens('/account/security/passkeys/new');
  visitor.expects(/status of 403/);
  await visitor.fills({ 'What to call it': 'My phone', 'Your password': 'Wrong-Horse-7' });
  await visitor.presses('Add a passkey');
  await visitor.sees('The password is wrong.');
  await visitor.fills({ 'Your password': person.password });
  await visitor.presses('Add a passkey');
  await visitor.sees('The passkey is added.');
  await visitor.follows('Rename: My phone');
  await visitor.fills({ 'What to call it': 'My old phone' });
  await visitor.presses('Save');
  await visitor.sees('My old phone');
  await visitor.looksSound('a passkey');
  await visitor.presses('Sign out');

  await visitor.opens('/login?to=%2Faccount%2Fsecurity');
  await visitor.presses('Sign in with a passkey');
  await visitor.sees('My old phone');
  await visitor.follows('Remove: My old phone');
  await visitor.fills({ 'Your password': person.password });
  await visitor.presses('Remove the passkey');
  await visitor.sees('No passkey yet.');
});

test('another device is signed out from this one, at once', async () => {
  const person = await patient();
  const here = await visits({ as: person });
  const there = await visits({ as: await signedIn(person) });
  await there.opens('/account');
  await here.opens('/account/security');
  await here.presses(/^Sign out there: /);
  await here.sees('That device is signed out.');
  await there.opens('/account');
  await expect.poll(() => there.here).toBe('/login?to=%2Faccount');
});

test.each([true, false])('somebody takes out all data, and erases the account; scripts: %s', async (javaScript) => {
  const person = await patient();
  const visitor = await visits({ as: person, javaScript });
  await visitor.opens('/account/privacy');
  await visitor.looksSound('privacy');
  await visitor.fills({ 'Your password': 'Wrong-Horse-7' });
  await visitor.presses('Download my data');
  await visitor.sees('The current password is wrong.');
  await visitor.fills({ 'Your password': person.password });
  const [file] = await Promise.all([visitor.page.waitForEvent('download'), visitor.presses('Download my data')]);
  expect(file.suggestedFilename()).toBe('daybook.json');
  await visitor.follows(/^Erase my account/);
  await visitor.fills({ 'Your password': person.password });
  await visitor.presses('Go on');
  await visitor.sees('Is this what you want?');
  await visitor.looksSound('the last step of erasing');
  await visitor.presses('Yes, erase it for good');
  await visitor.sees('Your account is erased.');
  await visitor.sees('Register');
  await visitor.opens('/login');
  await signsIn(visitor, person.email, person.password);
  await visitor.sees('The e-mail address or the password is wrong');
});

test('a wrong password changes nothing, and the right one does', async () => {
  const person = await patient();
  const visitor = await visits();
  await visitor.opens('/login?to=%2Faccount%2Fsecurity');
  await signsIn(visitor, person.email, person.password);
  await visitor.sees('Where you are signed in');
  await visitor.follows('Change the password');
  await visitor.fills({ 'Current password': 'Wrong-Horse-7', 'New password': newPassword });
  await visitor.presses('Change the password');
  await visitor.sees('The current password is wrong.');
  await visitor.looksSound('a password that is not changed');
  await visitor.fills({ 'Current password': person.password, 'New password': newPassword });
  await visitor.presses('Change the password');
  await visitor.sees('Your password is changed.');
});
