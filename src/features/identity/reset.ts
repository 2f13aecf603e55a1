import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { securityEvent } from '../../http/security-event.ts';
import { dispatch, postMessage } from '../../messages/message.ts';
import { auditStatement } from '../audit/record.ts';
import { accountOf, accountOfEmail } from './account.ts';
import { makeChallenge, tryChallenge, useChallenge, voidChallenges, withinRation } from './challenge.ts';
import { commonRefusal } from './common-passwords.ts';
import { deviceToken } from './device-token.ts';
import { endingStatements, endTokens, sessionsEnded } from './endings.ts';
import { triesAt } from './login-throttle.ts';
import { passwordChanged, resetMail } from './notices.ts';
import { setPassword } from './set-password.ts';
import { emailProved } from './verification.ts';

/**
 * Mails a link that resets the password, if the address has an account that may sign in, and at most five times within
 * an hour. To be done after the answer, which is always the same and always as fast.
 */
export const mailReset = async (c: Context<AppEnv>, email: string, nowMs: number): Promise<void> => {
  const db = database(c.env.DB);
  const settings = c.get('settings');
  const account = await accountOfEmail(db, email);
  if (account === null || account.deactivatedAtMs !== null) return;
  const about = { kind: 'reset', accountId: account.id, subject: account.id, payload: account.passwordHash } as const;
  const made = await makeChallenge(db, settings, about, nowMs, 'token alone');
  const told = await postMessage(
    db,
    settings.dataKey,
    resetMail(account, settings.appUrl, made),
    nowMs,
    made.messageId,
  );
  try {
    await db.batch([
      guard(db, await withinRation(settings, about, nowMs)),
      made.statement,
      told.statement,
      auditStatement(db, {
        stream: `account:${account.id}`,
        actor: null,
        action: 'password.reset_requested',
        subjectId: account.id,
        data: {},
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (guardFailed(error)) return;
    throw error;
  }
  await dispatch(c.env, told.id);
};

/**
 * Gives the account of a link another password and ends all its sessions at once; a lock-out ends too, and the device is
 * a known one from then on. A second factor stays. Refuses with `wrong_code` for a link that is not good, and for a
 * common password, after which the link is still good.
 */
export const resetPassword = async (
  c: Context<AppEnv>,
  given: { readonly resetToken: string; readonly password: string },
  nowMs: number,
): Promise<Result<{ deviceToken: string }, Refusal>> => {
  const db = database(c.env.DB);
  const settings = c.get('settings');
  const met = await tryChallenge(db, settings, { kind: 'reset', token: given.resetToken }, nowMs);
  const account = met?.accountId ? await accountOf(db, met.accountId) : null;
  // A link from before the password was last changed has had its day.
  if (met === null || account === null || account.deactivatedAtMs !== null || met.payload !== account.passwordHash) {
    return refused(refusal('wrong_code'));
  }
  const common = await commonRefusal(given.password, account.email);
  if (common !== null) return refused(common);
  if (!(await useChallenge(db, met, nowMs))) return refused(refusal('wrong_code'));
  const { id, email } = account;
  const told = await postMessage(db, settings.dataKey, passwordChanged(account), nowMs);
  const [ended, ...others] = endingStatements(db, { accountId: id, by: 'password_reset', actor: account }, nowMs);
  try {
    const [gone] = await db.batch([
      ended,
      ...others,
      // Of two links at once, or a link and a change, one sets the password.
      ...setPassword(db, account, given.password),
      emailProved(db, id, nowMs),
      ...voidChallenges(db, 'reset', id, nowMs),
      ...voidChallenges(db, 'second_factor', id, nowMs),
      told.statement,
      auditStatement(db, {
        stream: `account:${id}`,
        actor: account,
        action: 'password.reset',
        subjectId: id,
        data: {},
        atMs: nowMs,
      }),
    ]);
    const ids = gone.map((one) => one.id);
    await sessionsEnded(c.env, id, ids, nowMs);
  } catch (error) {
    if (guardFailed(error)) return refused(refusal('wrong_code'));
    throw error;
  }
  await endTokens(c.env, id);
  await dispatch(c.env, told.id);
  securityEvent(c, 'password.reset', { accountId: id });
  // Not those at the second factor: who reads the mail has shown nothing of it.
  await (await triesAt(c.env, settings, 'account', email)).forgive();
  return ok({ deviceToken: await deviceToken(settings, email, nowMs) });
};
