import { importPKCS8, SignJWT } from 'jose';
import { outcomeOf, outcomeOfError, refusedForGood, taken } from '../outcome.ts';
import type { Outgoing } from '../transport.ts';
import type { DeviceOutcome } from './push.ts';

/** A Firebase project and the service account that may send for it. */
export interface FcmProject {
  /** `https://fcm.googleapis.com`. */
  readonly apiUrl: string;
  readonly projectId: string;
  readonly clientEmail: string;
  /** PKCS#8 in PEM. */
  readonly privateKey: string;
  readonly tokenUri: string;
}

const scope = 'https://www.googleapis.com/auth/firebase.messaging';
const keptSeconds = 86_400;
/** A token is asked anew so long before it runs out. */
const marginMs = 60_000;

/** Firebase Cloud Messaging, HTTP v1. */
export const sendByFcm = async (
  project: FcmProject,
  token: string,
  message: Outgoing,
  signal: AbortSignal,
): Promise<DeviceOutcome> => {
  const nowMs = Date.now();
  try {
    const access = await accessToken(project, nowMs, signal);
    if (typeof access !== 'string') return access;
    const answer = await fetch(`${project.apiUrl}/v1/projects/${project.projectId}/messages:send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message: messageOf(token, message, nowMs) }),
      redirect: 'manual',
      signal,
    });
    const said = await bodyOf(answer);
    if (answer.ok) return taken();
    const code = errorCodeOf(said);
    // 404 is also what a wrong project id gets: only what says so is a device that is gone.
    if (code === 'UNREGISTERED' || code === 'SENDER_ID_MISMATCH') return 'gone';
    if (answer.status === 401) kept = undefined;
    return code === 'INVALID_ARGUMENT'
      ? refusedForGood('message_refused')
      : outcomeOf(answer.status, answer.headers, nowMs);
  } catch (error) {
    return outcomeOfError(error);
  }
};

const messageOf = (token: string, { id, content, expiresAtMs }: Outgoing, nowMs: number) => {
  const { subject, text, link } = content;
  const atMs = expiresAtMs ?? nowMs + keptSeconds * 1000;
  const ttlSeconds = Math.max(0, Math.floor((atMs - nowMs) / 1000));
  return {
    token,
    notification: { title: subject ?? '', body: text },
    data: { id, ...(link === undefined ? {} : { link }) },
    // The same key for the same message: a second copy takes the place of the first.
    android: { collapse_key: id, ttl: `${ttlSeconds}s`, notification: { tag: id } },
    apns: { headers: { 'apns-collapse-id': id, 'apns-expiration': String(Math.floor(atMs / 1000)) } },
  };
};

let kept: { readonly for: string; readonly token: string; readonly untilMs: number } | undefined;

/** An access token of the service account (RFC 7523), kept while it is good; or why there is none. */
const accessToken = async (project: FcmProject, nowMs: number, signal: AbortSignal) => {
  const { clientEmail, privateKey, tokenUri } = project;
  const purpose = `${clientEmail} ${tokenUri}`;
  if (kept?.for === purpose && kept.untilMs > nowMs) return kept.token;
  const assertion = await new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(clientEmail)
    .setAudience(tokenUri)
    .setIssuedAt(Math.floor(nowMs / 1000))
    .setExpirationTime(Math.floor(nowMs / 1000) + 3_600)
    .sign(await importPKCS8(privateKey, 'RS256'));
  const answer = await fetch(tokenUri, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
    redirect: 'manual',
    signal,
  });
  const said = await bodyOf(answer);
  // A refused assertion (400) is the operator's key, not the message.
  if (!answer.ok) return outcomeOf(answer.status === 400 ? 401 : answer.status, answer.headers, nowMs);
  const { access_token, expires_in } = said as { readonly access_token?: unknown; readonly expires_in?: unknown };
  if (typeof access_token !== 'string') return outcomeOf(502, answer.headers, nowMs);
  kept = { for: purpose, token: access_token, untilMs: nowMs + Number(expires_in ?? 0) * 1000 - marginMs };
  return access_token;
};

const bodyOf = async (answer: Response): Promise<unknown> => answer.json().catch(() => ({}));

/** FCM's own code, which stands among the details of Google's error. */
const errorCodeOf = (said: unknown): string | null => {
  const { error } = said as {
    readonly error?: { readonly details?: readonly { readonly errorCode?: string }[]; readonly status?: string };
  };
  return error?.details?.find(({ errorCode }) => errorCode !== undefined)?.errorCode ?? null;
};
