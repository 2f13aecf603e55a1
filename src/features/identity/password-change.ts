import { database } from '../../db/client.ts';
import { guardFailed } from '../../db/guard.ts';
import type { Principal } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { settingsOf } from '../../env.ts';
import { dispatch, postMessage } from '../../messages/message.ts';
import { auditStatement } from '../audit/record.ts';
import { accountOf } from './account.ts';
import { commonRefusal } from './common-passwords.ts';
import { endingStatements, sessionsEnded } from './endings.ts';
import { waits } from './login.ts';
import { triesAt } from './login-throttle.ts';
import { passwordChanged } from './notices.ts';
import { passwordMatches } from './password.ts';
import { setPassword } from './set-password.ts';

/**
 * Gives an account another password and ends all its sessions but the one that asks, at once. Refuses with
 * `wrong_password` when the current one is not right, or was changed by somebody else meanwhile; with `rate_limited` after
 * several; with `invalid_request` for a common password. The owner is told by mail.
 */
export const changePassword = async (
  env: Env,
  principal: Principal,
  sessionId: string,
  passwords: { readonly currentPassword: string; readonly newPassword: string },
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const db = database(env.DB);
  const account = await accountOf(db, principal.id);
  const settings = settingsOf(env);
  const tries = await triesAt(env, settings, 'second_factor', 'password', principal.id);
  const attempt = await tries.attempt();
  if (!attempt.allowed) return refused(waits(attempt.waitMs));
  const matches = passwordMatches(account?.passwordHash ?? null, passwords.currentPassword);
  if (account === null || !matches) return refused(refusal('wrong_password'));
  await tries.forgive();
  const common = await commonRefusal(passwords.newPassword, account.email, 'newPassword');
  if (common !== null) return refused(common);
  const told = await postMessage(db, settings.dataKey, passwordChanged(account), nowMs);
  const { id } = account;
  const ending = { accountId: id, except: sessionId, by: 'password_changed', actor: principal } as const;
  const [ended, ...others] = endingStatements(db, ending, nowMs);
  try {
    const [gone] = await db.batch([
      ended,
      ...others,
      ...setPassword(db, account, passwords.newPassword),
      told.statement,
      auditStatement(db, {
        stream: `account:${id}`,
        actor: principal,
        action: 'password.changed',
        subjectId: id,
        data: {},
        atMs: nowMs,
      }),
    ]);
    await sessionsEnded(
      env,
      id,
      gone.map((one) => one.id),
      nowMs,
    );
    await dispatch(env, told.id);
  } catch (error) {
    if (guardFailed(error)) return refused(refusal('wrong_password'));
    throw error;
  }
  return ok(null);
};
