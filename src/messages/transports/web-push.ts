import { encryptNotification, vapidHeaders } from '@block65/webcrypto-web-push';
import type { Settings } from '../../env.ts';
import { fetchOutbound } from '../../http/outbound.ts';
import type { Device } from '../devices.ts';
import { notNow, outcomeOf, refusedForGood, taken } from '../outcome.ts';
import { isPushHost } from '../push-hosts.ts';
import type { Outgoing } from '../transport.ts';
import type { DeviceOutcome } from './push.ts';

/** What a deployment is known by to push services (RFC 8292). */
export interface WebPush {
  /** P-256, base64url: the uncompressed point, which browsers subscribe with, and the private number. */
  readonly publicKey: string;
  readonly privateKey: string;
}

const limits = { timeoutMs: 10_000, maxBytes: 0, maxRedirects: 0 };
/** How long a push service keeps what it cannot deliver yet, if nothing says otherwise: a day. */
const keptSeconds = 86_400;
/** What push services take of us at least is 4,096 bytes (RFC 8030, 7.2), most of which JSON and encryption leave. */
const maxLetters = 800;

/**
 * What a service worker gets, as JSON: `id` stays the same when it comes twice. Short enough in any script: a character
 * is four bytes at most, and our texts hold none that JSON writes longer.
 */
const payloadOf = ({ id, content }: Outgoing): string => {
  const { subject, text, link } = content;
  const short = [...text].slice(0, maxLetters).join('');
  return JSON.stringify({ id, title: [...(subject ?? '')].slice(0, 100).join(''), body: short, link: link ?? null });
};

/** Web Push: encrypted for the browser alone (RFC 8291), sent to its push service (RFC 8030), signed by ours (RFC 8292). */
export const sendByWebPush = async (
  settings: Settings,
  { publicKey, privateKey }: WebPush,
  { endpoint, p256dh, auth }: Extract<Device, { service: 'web' }>,
  message: Outgoing,
  _signal: AbortSignal,
): Promise<DeviceOutcome> => {
  // Asked again here: the list of services may have become shorter since it subscribed.
  if (!isPushHost(settings, endpoint)) return 'gone';
  const nowMs = Date.now();
  const subscription = { endpoint, expirationTime: null, keys: { p256dh, auth } };
  const { headers } = await vapidHeaders(subscription, { subject: settings.appUrl, publicKey, privateKey });
  const body = await encryptNotification(subscription, new TextEncoder().encode(payloadOf(message)));
  const ttl = message.expiresAtMs === null ? keptSeconds : Math.max(0, (message.expiresAtMs - nowMs) / 1000);
  const answer = await fetchOutbound(
    settings,
    endpoint,
    {
      method: 'POST',
      body,
      headers: {
        ...headers,
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        ttl: String(Math.floor(ttl)),
        urgency: 'normal',
        // While it waits for the device, a second copy takes the place of the first.
        topic: topicOf(message.id),
      },
    },
    limits,
  );
  if (!answer.ok) return notNow(answer.why === 'timed_out' ? 'timed_out' : 'provider_unreachable');
  if (answer.status === 404 || answer.status === 410) return 'gone';
  if (answer.status >= 200 && answer.status < 300) return taken();
  return answer.status === 413 ? refusedForGood('message_refused') : outcomeOf(answer.status, answer.headers, nowMs);
};

/** A topic is up to 32 characters of base64url (RFC 8030, 5.4): the digits of the message's UUID. */
const topicOf = (messageId: string): string => messageId.replaceAll(/^m_|-/g, '').slice(0, 32);
