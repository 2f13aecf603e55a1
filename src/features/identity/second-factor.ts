import type { Context } from 'hono';
import { type Database, database } from '../../db/client.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { securityEvent } from '../../http/security-event.ts';
import { dispatch, postMessage } from '../../messages/message.ts';
import { auditStatement } from '../audit/record.ts';
import { type Account, accountOf } from './account.ts';
import {
  authenticatorOf,
  confirmed,
  freshAuthenticator,
  freshRecoveryCodes,
  hasAuthenticator,
  recoveryCodesLeft,
  removed,
  useCode,
  useRecoveryCode,
} from './authenticator.ts';
import { tryChallenge, useChallenge } from './challenge.ts';
import { confirmedOwner } from './confirm-password.ts';
import { endTokens } from './endings.ts';
import { signInOnDevice, waits } from './login.ts';
import { triesAt } from './login-throttle.ts';
import { recoveryCodeUsed, waysToSignInChanged } from './notices.ts';
import { passkeysOf } from './passkeys.ts';
import type { Earned } from './second-step.ts';

type Statement = Parameters<Database['batch']>[0][number];
const isTotp = /^\d{6}$/;

/** What second factors the signed-in account has, and whether it must have one. */
export const secondFactorState = async (c: Context<AppEnv>) => {
  const db = database(c.env.DB);
  const { id, role } = c.get('principal');
  return {
    authenticator: await hasAuthenticator(db, id),
    recoveryCodesLeft: await recoveryCodesLeft(db, id),
    passkeys: (await passkeysOf(db, id)).length,
    required: c.get('settings').requireSecondFactor.includes(role),
  };
};

/** Begins with an authenticator app: nothing changes until its first code is right. */
export const beginAuthenticator = async (c: Context<AppEnv>, password: string, nowMs: number) => {
  const owner = await confirmedOwner(c, password);
  if (!owner.ok) return owner;
  const db = database(c.env.DB);
  if (await hasAuthenticator(db, owner.value.id)) return refused(refusal('already_enrolled'));
  const { statement, ...shown } = await freshAuthenticator(db, c.get('settings'), owner.value, nowMs);
  await statement;
  return ok(shown);
};

/** Makes the app count, once its first code is right, and gives the recovery codes. */
export const confirmAuthenticator = async (
  c: Context<AppEnv>,
  code: string,
  nowMs: number,
): Promise<Result<{ recoveryCodes: string[] }, Refusal>> => {
  const db = database(c.env.DB);
  const { id } = c.get('principal');
  const [account, app] = await Promise.all([accountOf(db, id), authenticatorOf(db, id)]);
  if (account === null || app === null) return refused(refusal('not_enrolled'));
  if (app.confirmedAtMs !== null) return refused(refusal('already_enrolled'));
  const right = await rightly(c, id, () => useCode(db, c.get('settings'), app, code, nowMs));
  if (!right.ok) return right;
  const fresh = await freshRecoveryCodes(db, c.get('settings'), id);
  const change = [confirmed(db, id, nowMs), ...fresh.statements];
  await changed(c, account, 'authenticator.added', 'An authenticator app was added.', change, nowMs);
  return ok({ recoveryCodes: fresh.codes });
};

/** Puts fresh recovery codes in place of all others. */
export const renewRecoveryCodes = async (
  c: Context<AppEnv>,
  password: string,
  nowMs: number,
): Promise<Result<{ recoveryCodes: string[] }, Refusal>> => {
  const owner = await confirmedOwner(c, password);
  if (!owner.ok) return owner;
  const db = database(c.env.DB);
  if (!(await hasAuthenticator(db, owner.value.id))) return refused(refusal('not_enrolled'));
  const fresh = await freshRecoveryCodes(db, c.get('settings'), owner.value.id);
  const told = 'The recovery codes were renewed; the old ones are worth nothing now.';
  await changed(c, owner.value, 'recovery_codes.renewed', told, fresh.statements, nowMs);
  return ok({ recoveryCodes: fresh.codes });
};

/** Takes the app away: with the password, and a code of it or a recovery code. */
export const removeAuthenticator = async (
  c: Context<AppEnv>,
  given: { readonly password: string; readonly code: string },
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const owner = await confirmedOwner(c, given.password);
  if (!owner.ok) return owner;
  const { id } = owner.value;
  if (!(await hasAuthenticator(database(c.env.DB), id))) return refused(refusal('not_enrolled'));
  const right = await rightly(c, id, () => showsFactor(c, id, given.code, nowMs));
  if (!right.ok) return right;
  const db = database(c.env.DB);
  await changed(c, owner.value, 'authenticator.removed', 'The authenticator app was removed.', removed(db, id), nowMs);
  return ok(null);
};

/** Finishes signing in: the token that the right password gave, and a code. */
export const finishLogIn = async (
  c: Context<AppEnv>,
  given: { readonly mfaToken: string; readonly code: string },
  nowMs: number,
) => {
  const db = database(c.env.DB);
  const met = await tryChallenge(db, c.get('settings'), { kind: 'second_factor', token: given.mfaToken }, nowMs);
  if (met === null || met.accountId === null) return refused(refusal('wrong_code'));
  const { accountId } = met;
  const account = await accountOf(db, accountId);
  const earned = met.payload as Earned;
  if (account === null || account.passwordHash !== earned.passwordHash) return refused(refusal('wrong_code'));
  const isRight = async () =>
    (await showsFactor(c, accountId, given.code, nowMs)) && (await useChallenge(db, met, nowMs));
  const right = await rightly(c, accountId, isRight, earned.device);
  const stream = { stream: `account:${accountId}`, subjectId: accountId, atMs: nowMs };
  if (!right.ok) {
    const reason = right.refusal.code === 'rate_limited' ? 'waiting' : 'wrong_code';
    await auditStatement(db, { ...stream, actor: null, action: 'sign_in.failed', data: { reason } });
    return right;
  }
  if (isTotp.test(given.code)) return signInOnDevice(c, account, 'second factor', nowMs);
  const mail = await postMessage(db, c.get('settings').dataKey, recoveryCodeUsed(account), nowMs);
  const used = auditStatement(db, { ...stream, actor: account, action: 'recovery_code.used', data: {} });
  const session = await signInOnDevice(c, account, 'second factor', nowMs, [used, mail.statement]);
  if (session.ok) await dispatch(c.env, mail.id);
  return session;
};

/** Whether a code is right: of the app, or else a recovery code. */
const showsFactor = async (c: Context<AppEnv>, accountId: string, code: string, nowMs: number): Promise<boolean> => {
  const db = database(c.env.DB);
  const settings = c.get('settings');
  const app = await authenticatorOf(db, accountId);
  if (app === null || app.confirmedAtMs === null) return false;
  if (isTotp.test(code)) return useCode(db, settings, app, code, nowMs);
  const used = await useRecoveryCode(db, settings, accountId, code, nowMs);
  if (used) securityEvent(c, 'auth.second_factor_changed', { accountId, reason: 'recovery_code_used' });
  return used;
};

/**
 * Lets codes of an account be tried so often and no more, through however many sign-ins.
 *
 * @param device one that counts for itself
 */
const rightly = async (
  c: Context<AppEnv>,
  accountId: string,
  isRight: () => Promise<boolean>,
  device: string | null = null,
): Promise<Result<null, Refusal>> => {
  const of = device === null ? [accountId] : ['device', accountId, device];
  const tries = await triesAt(c.env, c.get('settings'), 'second_factor', ...of);
  const attempt = await tries.attempt();
  if (!attempt.allowed) return refused(waits(attempt.waitMs));
  if (!(await isRight())) {
    securityEvent(c, 'auth.second_factor_failed', { accountId });
    return refused(refusal('wrong_code'));
  }
  await tries.forgive();
  return ok(null);
};

/** Commits a change of how an account is signed in to, with its row in the audit and the mail that tells the owner. */
export const changed = async (
  c: Context<AppEnv>,
  account: Account,
  action: string,
  told: string,
  change: readonly Statement[],
  nowMs: number,
): Promise<void> => {
  const db = database(c.env.DB);
  const mail = await postMessage(db, c.get('settings').dataKey, waysToSignInChanged(account, told), nowMs);
  const entry = { stream: `account:${account.id}`, actor: account, action, subjectId: account.id, data: {} };
  await db.batch([auditStatement(db, { ...entry, atMs: nowMs }), mail.statement, ...change]);
  await dispatch(c.env, mail.id);
  // Tokens say whether a second factor is still owed.
  await endTokens(c.env, account.id);
  securityEvent(c, 'auth.second_factor_changed', { accountId: account.id, reason: action });
};
