import type { Database } from '../../db/client.ts';
import { violatedUnique } from '../../db/constraint.ts';
import { challenges } from '../../db/schema.ts';
import { fromBase64Url, toBase64Url } from '../../domain/base64url.ts';
import type { Settings } from '../../env.ts';
import { keyedHash, sameText } from './keyed-hash.ts';

const goodForMs = 300_000;
const nonceBytes = 16;
/** A nonce of 16 bytes, the end in ms as 6, and a MAC of 32. */
const totalBytes = nonceBytes + 6 + 32;

/**
 * A challenge for anybody who asks, good for five minutes. Nothing is stored for it until it is met, so that asking
 * fills no table; a MAC shows that it is ours.
 */
export const openChallenge = async (settings: Settings, nowMs: number): Promise<string> => {
  const head = new Uint8Array(nonceBytes + 6);
  crypto.getRandomValues(head.subarray(0, nonceBytes));
  const endsAtMs = nowMs + goodForMs;
  new DataView(head.buffer).setUint16(nonceBytes, Math.floor(endsAtMs / 2 ** 32));
  new DataView(head.buffer).setUint32(nonceBytes + 2, endsAtMs % 2 ** 32);
  return toBase64Url(Uint8Array.from([...head, ...(await macOf(settings, head))]));
};

/** Whether a challenge is one of ours that has not run out. Whether it was met before, only {@link meetOnce} tells. */
export const isOpenChallenge = async (settings: Settings, text: string, nowMs: number): Promise<boolean> => {
  const bytes = fromBase64Url(text);
  if (bytes?.length !== totalBytes) return false;
  const head = bytes.slice(0, nonceBytes + 6);
  if (!sameText(toBase64Url(bytes.slice(nonceBytes + 6)), toBase64Url(await macOf(settings, head)))) return false;
  const view = new DataView(head.buffer);
  return view.getUint16(nonceBytes) * 2 ** 32 + view.getUint32(nonceBytes + 2) > nowMs;
};

/** Remembers that a challenge was met: `true` the first time, also of several at once. */
export const meetOnce = async (db: Database, text: string, nowMs: number): Promise<boolean> => {
  const met = {
    id: `met ${text}`,
    kind: 'passkey' as const,
    accountId: null,
    subject: 'anybody',
    createdAtMs: nowMs,
    // Kept until it has run out for certain.
    expiresAtMs: nowMs + goodForMs,
    triesLeft: 0,
    usedAtMs: nowMs,
  };
  try {
    await db.insert(challenges).values(met);
  } catch (error) {
    if (violatedUnique(error) === null) throw error;
    return false;
  }
  return true;
};

const macOf = async (settings: Settings, head: Uint8Array): Promise<Uint8Array> =>
  fromBase64Url(await keyedHash(settings.dataKey, 'passkey challenge', toBase64Url(head))) ?? new Uint8Array();
