import type { Identity } from '../../domain/access.ts';
import { keyedHash, sameText } from '../identity/keyed-hash.ts';

const ttlMs = 10 * 60_000;

/** A confirmation that somebody means to erase somebody, and how long it is good. */
export interface Confirmation {
  readonly confirmation: string;
  readonly expiresAtMs: number;
}

/**
 * Confirms that a principal who has just given the password means to erase an account: good for ten minutes, for these
 * two alone. It is a keyed hash, so it needs no storage; to use it twice changes nothing, as nobody is erased twice.
 */
export const confirmErasure = async (
  dataKey: string,
  actor: Identity,
  accountId: string,
  nowMs: number,
): Promise<Confirmation> => {
  const expiresAtMs = nowMs + ttlMs;
  return { confirmation: await signed(dataKey, actor, accountId, expiresAtMs), expiresAtMs };
};

/** Whether a text is such a confirmation, and still good. */
export const isConfirmed = async (
  dataKey: string,
  actor: Identity,
  accountId: string,
  confirmation: string,
  nowMs: number,
): Promise<boolean> => {
  const expiresAtMs = Number(/^(\d{13})\./.exec(confirmation)?.[1] ?? 0);
  if (expiresAtMs <= nowMs) return false;
  return sameText(confirmation, await signed(dataKey, actor, accountId, expiresAtMs));
};

const signed = async (dataKey: string, actor: Identity, accountId: string, expiresAtMs: number): Promise<string> =>
  `${expiresAtMs}.${await keyedHash(dataKey, 'erasure confirmation', actor.id, accountId, String(expiresAtMs))}`;
