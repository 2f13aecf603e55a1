import type { KeyRing } from './key-ring.ts';

const keptMs = 5 * 60_000;
const maxKept = 2_000;

interface Unwrapped {
  readonly key: Promise<CryptoKey | null>;
  readonly untilMs: number;
}

/**
 * Data keys as they are used, by how they are wrapped, so that a person who clicks three times costs one unwrapping.
 * Nobody gets here without the wrapped key: once that is destroyed, what is still kept here is out of reach at once, in
 * every isolate, and gone five minutes later.
 */
let kept: { readonly ring: KeyRing; readonly keys: Map<string, Unwrapped> } | undefined;

/** The data key in a wrapping; `null` when the ring cannot unwrap it for this person. */
export const unwrapped = (
  ring: KeyRing,
  subjectId: string,
  wrapped: string,
  nowMs: number,
): Promise<CryptoKey | null> => {
  if (kept?.ring !== ring) kept = { ring, keys: new Map() };
  const { keys } = kept;
  // The person is part of the name: a wrapping that is somebody else's must fail, however often it has succeeded.
  const name = `${subjectId} ${wrapped}`;
  const known = keys.get(name);
  if (known !== undefined && known.untilMs > nowMs) return known.key;
  keys.delete(name);
  for (const [old, { untilMs }] of keys) {
    if (untilMs > nowMs && keys.size < maxKept) break;
    keys.delete(old);
  }
  const key = usable(ring, subjectId, wrapped);
  keys.set(name, { key, untilMs: nowMs + keptMs });
  return key;
};

const usable = async (ring: KeyRing, subjectId: string, wrapped: string): Promise<CryptoKey | null> => {
  const bytes = await ring.unwrap(subjectId, wrapped);
  return bytes && crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
};
