import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import type { Account } from './account.ts';
import { authenticatorOf } from './authenticator.ts';
import { challengeSeconds, makeChallenge } from './challenge.ts';
import { hasShownBoth } from './device-token.ts';
import { hasPasskeys } from './passkeys.ts';

/** What the step between is bound to. */
export interface Earned {
  /** Of the password that was right: a reset in between makes the step worthless. */
  readonly passwordHash: string;
  /**
   * The device, if a second factor was shown on it before: its tries count for itself, so that who has only the password
   * keeps nobody out. A device that is known by mail alone would give whoever reads it fresh guesses without end.
   */
  readonly device: string | null;
}

/**
 * What the owner of a right password must show besides: `null` when nothing, otherwise the refusal
 * `second_factor_required`. It holds the `mfaToken` that comes back with a code, unless only a passkey will do.
 *
 * @param device the known device that asks, by its name
 */
export const secondStepOf = async (
  c: Context<AppEnv>,
  account: Account,
  device: string | null,
  nowMs: number,
): Promise<Refusal | null> => {
  const settings = c.get('settings');
  const db = database(c.env.DB);
  const authenticator = await authenticatorOf(db, account.id);
  if (authenticator === null || authenticator.confirmedAtMs === null) {
    // Where a second factor is required, a password alone must not do for who has a passkey.
    const needed = settings.requireSecondFactor.includes(account.role) && (await hasPasskeys(db, account.id));
    return needed ? refusal('second_factor_required', undefined, { methods: ['passkey'] }) : null;
  }
  const earned: Earned = {
    passwordHash: account.passwordHash,
    device: device !== null && hasShownBoth(device) ? device : null,
  };
  const about = { kind: 'second_factor', accountId: account.id, subject: account.id, payload: earned } as const;
  const { token, statement } = await makeChallenge(db, settings, about, nowMs, 'token alone');
  await statement;
  return refusal('second_factor_required', undefined, {
    mfaToken: token,
    methods: ['totp', 'recovery_code'],
    expiresIn: challengeSeconds('second_factor'),
  });
};
