import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { and, eq, lt, or, sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { type Database, database } from '../../db/client.ts';
import { passkeys } from '../../db/schema.ts';
import { fromBase64Url, toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { Settings } from '../../env.ts';
import type { AppEnv } from '../../http/context.ts';
import { type Account, accountOf } from './account.ts';
import { type Met, makeChallenge, tryChallenge, useChallenge } from './challenge.ts';
import { isOpenChallenge, meetOnce, openChallenge } from './open-challenge.ts';

/** A row of `passkeys`. */
export type Passkey = typeof passkeys.$inferSelect;

const maxPasskeys = 10;
const timeoutMs = 300_000;
/** ES256, EdDSA, RS256: what authenticators have (COSE algorithm numbers). */
const algorithms = [-7, -8, -257];

/** The relying party: passkeys belong to the host of APP_URL, and only its pages may use them. */
const partyOf = ({ appUrl }: Settings) => {
  const { hostname, origin } = new URL(appUrl);
  return { id: hostname, origin };
};

/** The passkeys of an account, oldest first. There are at most ten. */
export const passkeysOf = (db: Database, accountId: string): Promise<Passkey[]> =>
  db.select().from(passkeys).where(eq(passkeys.accountId, accountId)).orderBy(passkeys.createdAtMs, passkeys.id);

/** Whether an account has passkeys. */
export const hasPasskeys = async (db: Database, accountId: string): Promise<boolean> =>
  (await passkeysOf(db, accountId)).length > 0;

/** What a browser is told to make a passkey: discoverable, and unlocked by a PIN or a finger each time. */
export const creationOptions = async (c: Context<AppEnv>, account: Account, nowMs: number) => {
  const db = database(c.env.DB);
  const settings = c.get('settings');
  const have = await passkeysOf(db, account.id);
  if (have.length >= maxPasskeys) return refused(refusal('too_many_items'));
  const about = { kind: 'passkey', accountId: account.id, subject: account.id } as const;
  const { token, statement } = await makeChallenge(db, settings, about, nowMs, 'token alone');
  await statement;
  const options = await generateRegistrationOptions({
    rpName: 'Daybook',
    rpID: partyOf(settings).id,
    userName: account.email,
    userDisplayName: account.fullName,
    userID: Uint8Array.from(new TextEncoder().encode(account.id)),
    challenge: fromBase64Url(token) ?? undefined,
    timeout: timeoutMs,
    attestationType: 'none',
    excludeCredentials: have.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  });
  return ok(options);
};

/**
 * Reads a new passkey from what a browser answered. Refuses with `passkey_refused` whatever is wrong with it: the
 * challenge, the origin, the host, the user's verification, the attestation.
 */
export const createdPasskey = async (
  c: Context<AppEnv>,
  given: { readonly name: string; readonly response: RegistrationResponseJSON },
  nowMs: number,
): Promise<Result<Passkey, Refusal>> => {
  const settings = c.get('settings');
  const accountId = c.get('principal').id;
  const party = partyOf(settings);
  let met: Met | null = null;
  const verified = await verifyRegistrationResponse({
    response: given.response,
    expectedChallenge: async (token) => {
      met = await tryChallenge(database(c.env.DB), settings, { kind: 'passkey', token, of: accountId }, nowMs);
      return met !== null;
    },
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch(() => null);
  if (verified?.verified !== true || met === null) return refused(refusal('passkey_refused'));
  if (!(await useChallenge(database(c.env.DB), met, nowMs))) return refused(refusal('passkey_refused'));
  const { credential, credentialBackedUp } = verified.registrationInfo;
  return ok({
    id: credential.id,
    accountId,
    name: given.name,
    publicKey: toBase64Url(credential.publicKey),
    counter: credential.counter,
    transports: [...(credential.transports ?? [])],
    backedUp: credentialBackedUp,
    createdAtMs: nowMs,
    lastUsedAtMs: null,
  });
};

/** What a browser is told to sign in with any passkey that it has for us. */
export const requestOptions = async (c: Context<AppEnv>, nowMs: number) => {
  const settings = c.get('settings');
  return generateAuthenticationOptions({
    rpID: partyOf(settings).id,
    challenge: fromBase64Url(await openChallenge(settings, nowMs)) ?? undefined,
    timeout: timeoutMs,
    userVerification: 'required',
  });
};

/**
 * The account whose passkey signed. `null` whatever is wrong: an unknown credential, one of another account than the
 * answer names, another origin or host, a used challenge, a user who was not verified, a counter that went back (a copy
 * of the key), a wrong signature, an account that is deactivated.
 */
export const signerOf = async (
  c: Context<AppEnv>,
  response: AuthenticationResponseJSON,
  nowMs: number,
): Promise<Account | null> => {
  const db = database(c.env.DB);
  const settings = c.get('settings');
  const party = partyOf(settings);
  const [passkey] = await db.select().from(passkeys).where(eq(passkeys.id, response.id)).limit(1);
  const publicKey = passkey === undefined ? null : fromBase64Url(passkey.publicKey);
  if (passkey === undefined || publicKey === null) return null;
  const handle = response.response.userHandle;
  if (handle !== undefined && handle !== toBase64Url(new TextEncoder().encode(passkey.accountId))) return null;
  let challenge = '';
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: async (text) => {
      challenge = text;
      return isOpenChallenge(settings, text, nowMs);
    },
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    credential: { id: passkey.id, publicKey, counter: passkey.counter },
    requireUserVerification: true,
  }).catch(() => null);
  if (verified?.verified !== true || !(await meetOnce(db, challenge, nowMs))) return null;
  const { newCounter, credentialBackedUp } = verified.authenticationInfo;
  // Once more in the database: two answers of one counter at once are two keys.
  const advances = or(lt(passkeys.counter, newCounter), and(eq(passkeys.counter, 0), sql`${newCounter} = 0`));
  const used = await db
    .update(passkeys)
    .set({ counter: newCounter, backedUp: credentialBackedUp, lastUsedAtMs: nowMs })
    .where(and(eq(passkeys.id, passkey.id), advances))
    .returning({ id: passkeys.id });
  const account = used.length === 0 ? null : await accountOf(db, passkey.accountId);
  return account === null || account.deactivatedAtMs !== null ? null : account;
};
