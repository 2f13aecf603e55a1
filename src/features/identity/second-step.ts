import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import type { Account } from './account.ts';
import { authenticatorOf } from './authenticator.ts';
import { challengeSeconds, makeChallenge } from './challenge.ts';
import { hasPasskeys } from './passkeys.ts';

/**
 * What the owner of a right password must show besides: `null` when nothing, otherwise the refusal
 * `second_factor_required`. It holds the `mfaToken` that comes back with a code, unless only a passkey will do.
 */
export const secondStepOf = async (c: Context<AppEnv>, account: Account, nowMs: number): Promise<Refusal | null> => {
  const settings = c.get('settings');
  const db = database(c.env.DB);
  const authenticator = await authenticatorOf(db, account.id);
  if (authenticator === null || authenticator.confirmedAtMs === null) {
    // Where a second factor is required, a password alone must not do for who has a passkey.
    const needed = settings.requireSecondFactor.includes(account.role) && (await hasPasskeys(db, account.id));
    return needed ? refusal('second_factor_required', undefined, { methods: ['passkey'] }) : null;
  }
  // Bound to the password it was earned with: a reset in between makes it worthless.
  const about = {
    kind: 'second_factor',
    accountId: account.id,
    subject: account.id,
    payload: account.passwordHash,
  } as const;
  const { token, statement } = await makeChallenge(db, settings, about, nowMs, 'token alone');
  await statement;
  return refusal('second_factor_required', undefined, {
    mfaToken: token,
    methods: ['totp', 'recovery_code'],
    expiresIn: challengeSeconds('second_factor'),
  });
};
