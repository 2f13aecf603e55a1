import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { securityEvent } from '../../http/security-event.ts';
import { type Account, accountOf } from './account.ts';
import { waits } from './login.ts';
import { triesAt } from './login-throttle.ts';
import { passwordMatches } from './password.ts';

/**
 * The account that is signed in, once its owner has shown the password again: a session that was left open must not be
 * enough to change how the account is signed in to. Refuses with `wrong_password` and, after some, `rate_limited`.
 */
export const confirmedOwner = async (c: Context<AppEnv>, password: string): Promise<Result<Account, Refusal>> => {
  const { id } = c.get('principal');
  const tries = await triesAt(c.env, c.get('settings'), 'second_factor', 'password', id);
  const attempt = await tries.attempt();
  if (!attempt.allowed) return refused(waits(attempt.waitMs));
  const account = await accountOf(database(c.env.DB), id);
  if (account === null) return refused(refusal('unauthenticated'));
  if (!passwordMatches(account.passwordHash, password)) {
    securityEvent(c, 'auth.failed', { accountId: id, reason: 'wrong_password' });
    return refused(refusal('wrong_password'));
  }
  await tries.forgive();
  return ok(account);
};
