import type { Message } from '../../messages/message.ts';
import type { Account } from './account.ts';

type Owner = Pick<Account, 'id' | 'email' | 'fullName'>;

const mail = (owner: Owner, kind: string, subject: string, ...paragraphs: readonly string[]): Message => ({
  accountId: owner.id,
  channel: 'email',
  to: owner.email,
  kind,
  subject,
  text: [`Hello ${owner.fullName},`, ...paragraphs, 'Daybook'].join('\n\n'),
});

interface Code {
  readonly code: string;
  /** After this it is not sent any more, ms. */
  readonly expiresAtMs: number;
}

interface Link {
  readonly token: string;
  readonly expiresAtMs: number;
}

const notYou = 'If this was not you, reset your password now and write to your clinic.';

/** Links keep their secret behind the `#`: browsers send that part to nobody, so it is in no log. */
const link = (appUrl: string, page: string, secret: string): string => `${appUrl}/${page}#${secret}`;

/** A code that proves that somebody reads mail to an address. */
export const codeMail = (to: string, accountId: string | null, { code, expiresAtMs }: Code): Message => ({
  expiresAtMs,
  accountId,
  channel: 'email',
  to,
  kind: 'verification_code',
  subject: 'Your Daybook code',
  text: [
    `Your code is ${code}. It is good for ten minutes.`,
    'If you did not ask for it, somebody mistyped an address: there is nothing to do. Tell the code to nobody.',
    'Daybook',
  ].join('\n\n'),
});

/** A code that proves that somebody reads messages to a phone number. */
export const codeSms = (to: string, accountId: string, { code, expiresAtMs }: Code): Message => ({
  expiresAtMs,
  accountId,
  channel: 'sms',
  to,
  kind: 'verification_code',
  text: `${code} is your Daybook code. Tell it to nobody.`,
});

/** Tells an owner that somebody registered with the address; who did learns nothing. */
export const registeredAgain = (owner: Owner, appUrl: string): Message =>
  mail(
    owner,
    'registered_again',
    'You have a Daybook account already',
    'Somebody, perhaps you, registered with this e-mail address. It has an account already, and nothing was changed.',
    `To sign in: ${appUrl}/login. If you have forgotten the password: ${appUrl}/forgotten`,
  );

/** The link that resets a password. */
export const resetMail = (owner: Owner, appUrl: string, { token, expiresAtMs }: Link): Message => ({
  ...mail(
    owner,
    'password_reset',
    'Reset your Daybook password',
    `Choose a new password within 30 minutes: ${link(appUrl, 'reset', token)}`,
    'If you did not ask for this, there is nothing to do: your password stays as it is.',
  ),
  expiresAtMs,
});

/** Tells an owner that the password is another one now. */
export const passwordChanged = (owner: Owner): Message =>
  mail(owner, 'password_changed', 'Your Daybook password was changed', 'Your other devices are signed out.', notYou);

/** Tells an owner that there is a new address at which their calendar can be read: a thief would want one that lasts. */
export const feedOpened = (owner: Owner, label: string): Message =>
  mail(
    owner,
    'calendar_feed_opened',
    'Your calendar can be read at a new address',
    `A calendar feed was opened or given another address: ${label}. Whoever has the address reads it without a password.`,
    'If this was not you, revoke the feed in Daybook, reset your password now, and write to your clinic.',
  );

/** Warns an owner that somebody is guessing, with a link that lets the device it is opened on in all the same. */
export const lockedOut = (owner: Owner, appUrl: string, device: string): Message =>
  mail(
    owner,
    'locked_out',
    'Somebody may be guessing your Daybook password',
    'There were several wrong passwords for your account, so signing in from an unknown device has to wait a while.',
    `Devices that you have signed in on before are not affected. To sign in on another one, open this on it within 24 hours: ${link(appUrl, 'login', device)}`,
    'If these were not you, your password was not guessed; if it is short or used elsewhere, choose another one.',
  );

/** Tells an owner that a way to sign in was added or taken away. */
export const waysToSignInChanged = (owner: Owner, what: string): Message =>
  mail(owner, 'sign_in_changed', 'How you sign in to Daybook was changed', what, notYou);

/** Tells an owner that somebody signed in without the app. */
export const recoveryCodeUsed = (owner: Owner): Message =>
  mail(
    owner,
    'recovery_code_used',
    'A recovery code signed in to your Daybook account',
    'Somebody, perhaps you, signed in with one of your recovery codes in place of the authenticator app.',
    notYou,
  );
