import { retryAfterMs } from '../domain/retry-after.ts';

/** One post of a hook: its id and its text stay the same however often it is tried. */
export interface SignedPost {
  readonly id: string;
  readonly body: string;
}

const prefix = 'whsec_';
const secretBytes = 32;

/** A new secret that signs posts: `whsec_` and 32 random bytes in base64. */
export const newHookSecret = (): string =>
  `${prefix}${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(secretBytes))))}`;

/**
 * The headers that sign a post as Standard Webhooks has it: HMAC-SHA-256 over its id, the time and its text. While a
 * secret is being exchanged there are two, and a signature by each: the receiver takes a post that either signs.
 *
 * @param secrets `whsec_…`, the newest first
 */
export const signedHeaders = async (
  secrets: readonly string[],
  { id, body }: SignedPost,
  nowMs: number,
): Promise<Record<string, string>> => {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signatures = await Promise.all(secrets.map((secret) => hmac(secret, `${id}.${timestamp}.${body}`)));
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
  };
};

/** Whether a post was taken; if not, why, and how long the hook asked to wait, ms. */
export type PostOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: string; readonly retryAfterMs: number };

/** Posts once, signed, to the operator's own hook. Never throws; a redirect is not followed. */
export const postSigned = async (
  hook: { readonly url: string; readonly secret: string },
  { id, body }: SignedPost,
  timeoutMs: number,
): Promise<PostOutcome> => {
  const nowMs = Date.now();
  try {
    const headers = await signedHeaders([hook.secret], { id, body }, nowMs);
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(hook.url, { method: 'POST', headers, body, redirect: 'manual', signal });
    await answer.body?.cancel();
    if (answer.ok) return { ok: true };
    const asked = retryAfterMs(answer.headers.get('retry-after'), nowMs);
    return { ok: false, why: `status ${answer.status}`, retryAfterMs: asked };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.name : 'unknown', retryAfterMs: 0 };
  }
};

const hmac = async (secret: string, text: string): Promise<string> => {
  const bytes = Uint8Array.from(atob(secret.slice(prefix.length)), (c) => c.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(mac)));
};
