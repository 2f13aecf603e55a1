import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { dispatch, postMessage } from '../../messages/message.ts';
import { type Account, accountOfEmail, createAccount, newAccountId } from './account.ts';
import { challengeSeconds, makeChallenge, tryChallenge, useChallenge, withinRation } from './challenge.ts';
import { commonRefusal } from './common-passwords.ts';
import { waits } from './login.ts';
import { codeMail, registeredAgain } from './notices.ts';
import { hashPassword } from './password.ts';
import type { registerSchema } from './schema.ts';

type Registration = z.output<typeof registerSchema>;

const hourMs = 3_600_000;

/** What a registration that waits for its code keeps, sealed: the password as its hash only. */
type Waiting = Registration & { readonly password: ''; readonly passwordHash: string };

/**
 * Creates an account for whoever asks, at once: for deployments that do not verify addresses. Refuses with
 * `email_taken`, `phone_taken`, `license_number_taken`, `unknown_clinic`, and for a common password.
 */
export const registerAccount = (
  c: Context<AppEnv>,
  registration: Registration,
  nowMs: number,
): Promise<Result<Account, Refusal>> => create(c, registration, nowMs, { emailVerified: false });

/**
 * Begins a registration: nothing exists until the code comes back that is mailed to the address. The answer is the same
 * whether or not the address has an account; if it has, its owner is told instead, and no code is right. So nobody
 * learns who has an account, and nobody takes an address or a phone number that is another's: the number is verified
 * later, by a code of its own. Refuses with `rate_limited` after five within an hour with one address.
 */
export const beginRegistration = async (
  c: Context<AppEnv>,
  registration: Registration,
  nowMs: number,
): Promise<Result<{ registrationToken: string; expiresIn: number }, Refusal>> => {
  const { email, password } = registration;
  const common = await commonRefusal(password, email);
  if (common !== null) return refused(common);
  const db = database(c.env.DB);
  const settings = c.get('settings');
  const waiting = { ...registration, phone: undefined, password: '', passwordHash: hashPassword(password) };
  const owner = await accountOfEmail(db, email);
  // The same shape either way, sealed, so that not even the size of a row tells.
  const about = { kind: 'register', accountId: null, subject: email, payload: waiting } as const;
  const made = await makeChallenge(db, settings, about, nowMs, 'with code');
  const answer = { registrationToken: made.token, expiresIn: challengeSeconds('register') };
  const message = owner === null ? codeMail(email, null, made) : registeredAgain(owner, settings.appUrl);
  const told = await postMessage(db, settings.dataKey, message, nowMs, made.messageId);
  try {
    await db.batch([guard(db, await withinRation(settings, about, nowMs)), made.statement, told.statement]);
  } catch (error) {
    // Said, as it is the same for every address: whoever else begins with it must not keep its owner waiting in vain.
    if (guardFailed(error)) return refused(waits(hourMs));
    throw error;
  }
  await dispatch(c.env, told.id);
  return ok(answer);
};

/**
 * Creates the account of a registration whose code is right; its address is verified then. Refuses with `wrong_code`,
 * and with `email_taken`, `license_number_taken` or `unknown_clinic` for what has become of it meanwhile.
 */
export const confirmRegistration = async (
  c: Context<AppEnv>,
  given: { readonly registrationToken: string; readonly code: string },
  nowMs: number,
): Promise<Result<Account, Refusal>> => {
  const db = database(c.env.DB);
  const { registrationToken: token, code } = given;
  const met = await tryChallenge(db, c.get('settings'), { kind: 'register', token, code }, nowMs);
  if (met === null || !(await useChallenge(db, met, nowMs))) return refused(refusal('wrong_code'));
  const { passwordHash, ...registration } = met.payload as Waiting;
  return create(c, registration, nowMs, { emailVerified: true, passwordHash });
};

const create = (
  c: Context<AppEnv>,
  registration: Registration,
  nowMs: number,
  more: { readonly emailVerified: boolean; readonly passwordHash?: string },
): Promise<Result<Account, Refusal>> => {
  const id = newAccountId();
  return createAccount(database(c.env.DB), {
    id,
    ...registration,
    doctor: registration.role === 'doctor' ? registration.doctor : null,
    actor: { id, role: registration.role },
    nowMs,
    ...more,
  });
};
