import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Context } from 'hono';
import { refusal } from '../../domain/refusal.ts';
import { refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { securityEvent } from '../../http/security-event.ts';
import { signInOnDevice } from './login.ts';
import { signerOf } from './passkeys.ts';

/** Signs in by passkey. Refuses with `passkey_refused`, whatever is wrong with it. */
export const logInByPasskey = async (c: Context<AppEnv>, response: unknown, nowMs: number) => {
  const account = await signerOf(c, response as AuthenticationResponseJSON, nowMs);
  if (account !== null) return signInOnDevice(c, account, 'second factor', nowMs);
  securityEvent(c, 'auth.failed', { reason: 'passkey' });
  return refused(refusal('passkey_refused'));
};
