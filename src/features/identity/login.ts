import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { callerOf, clientAddress } from '../../http/address.ts';
import { background } from '../../http/background.ts';
import type { AppEnv } from '../../http/context.ts';
import { securityEvent } from '../../http/security-event.ts';
import { tell } from '../../messages/message.ts';
import { auditStatement } from '../audit/record.ts';
import { type Account, accountOfEmail } from './account.ts';
import { deviceTokenIn, setDeviceCookie, wantsCookies } from './cookies.ts';
import { deviceToken, knownDevice, linkedForMs } from './device-token.ts';
import { triesAt } from './login-throttle.ts';
import { lockedOut } from './notices.ts';
import { passwordMatches } from './password.ts';
import type { loginSchema, sessionSchema } from './schema.ts';
import { secondStepOf } from './second-step.ts';
import { signIn } from './session.ts';

/** By then an answer has gone out. */
const afterAnswerMs = 25;

type SessionAnswer = z.input<typeof sessionSchema>;
type Credentials = z.output<typeof loginSchema>;

/**
 * Signs somebody in by password. An unknown address, a wrong password, an account that has to wait and one that is
 * deactivated get one answer after the same work, one hash included: `invalid_credentials`. Refuses also with
 * `rate_limited`, which depends on the caller's address alone, and with `second_factor_required`.
 */
export const logIn = async (
  c: Context<AppEnv>,
  { email, password, deviceToken: given }: Credentials,
  nowMs: number,
): Promise<Result<SessionAnswer, Refusal>> => {
  const settings = c.get('settings');
  const presented = given ?? (wantsCookies(c) ? deviceTokenIn(c) : undefined);
  const device = await knownDevice(settings, email, presented, nowMs);
  const address = clientAddress(c);
  // A known device is counted by itself: what strangers do, to the account or behind the same address, is not its fault.
  const counted = await (device === null
    ? triesAt(c.env, settings, 'account', email)
    : triesAt(c.env, settings, 'device', email, device));
  const fromAddress =
    device === null && address !== 'unknown' ? await triesAt(c.env, settings, 'address', callerOf(address)) : null;
  const [attempt, caller] = await Promise.all([counted.attempt(), fromAddress?.attempt() ?? null]);
  if (caller?.allowed === false) {
    securityEvent(c, 'auth.locked', { reason: 'address' });
    return refused(waits(caller.waitMs));
  }
  const account = await accountOfEmail(database(c.env.DB), email);
  const matches = passwordMatches(account?.passwordHash ?? null, password);
  const reason = !attempt.allowed
    ? 'waiting'
    : account === null
      ? 'unknown_account'
      : !matches
        ? 'wrong_password'
        : account.deactivatedAtMs !== null
          ? 'deactivated'
          : null;
  if (reason !== null || account === null) {
    const tells = attempt.allowed && attempt.tell;
    background(c, 'login_failure_untold', failed(c, account, reason ?? 'unknown_account', tells, nowMs));
    return refused(refusal('invalid_credentials'));
  }
  await Promise.all([counted.forgive(), fromAddress?.forgive()]);
  const step = await secondStepOf(c, account, device, nowMs);
  if (step !== null) return refused(step);
  return signInOnDevice(c, account, 'first factor', nowMs);
};

/**
 * Signs an account in whose owner has proved everything there is to prove, and makes the device a known one.
 *
 * @param also as for `signIn`
 */
export const signInOnDevice = async (
  c: Context<AppEnv>,
  account: Account,
  shown: 'second factor' | 'first factor',
  nowMs: number,
  also: Parameters<typeof signIn>[3] = [],
): Promise<Result<SessionAnswer, Refusal>> => {
  const session = await signIn(c, account, nowMs, also);
  if (!session.ok) return session;
  const known = await deviceToken(c.get('settings'), account.email, nowMs, undefined, shown);
  if (!wantsCookies(c)) return ok({ ...session.value, deviceToken: known });
  setDeviceCookie(c, known);
  return session;
};

/** The refusal of a caller who has to wait. */
export const waits = (waitMs: number): Refusal =>
  refusal('rate_limited', undefined, { retryAfterSeconds: Math.ceil(waitMs / 1000) });

/** What a failure leaves behind, after the answer: so that it takes no time that would tell whether there is an account. */
const failed = async (
  c: Context<AppEnv>,
  account: Account | null,
  reason: string,
  tells: boolean,
  nowMs: number,
): Promise<void> => {
  // Not while the answer is on its way: what it would compete for is what an attacker's clock measures.
  await scheduler.wait(afterAnswerMs);
  securityEvent(c, 'auth.failed', { accountId: account?.id ?? null, reason });
  if (tells) securityEvent(c, 'auth.locked', { accountId: account?.id ?? null, reason: 'account' });
  if (account === null) return;
  const db = database(c.env.DB);
  await auditStatement(db, {
    stream: `account:${account.id}`,
    actor: null,
    action: tells ? 'account.locked' : 'sign_in.failed',
    subjectId: account.id,
    data: { reason },
    atMs: nowMs,
  });
  if (!tells || account.deactivatedAtMs !== null) return;
  const settings = c.get('settings');
  const link = await deviceToken(settings, account.email, nowMs, linkedForMs);
  await tell(c.env, db, settings.dataKey, nowMs, lockedOut(account, settings.appUrl, link));
};
