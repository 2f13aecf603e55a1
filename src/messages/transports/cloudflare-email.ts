import { EmailMessage } from 'cloudflare:email';
import { composed } from '../mime.ts';
import { notNow, refusedForGood, taken } from '../outcome.ts';
import type { Transport } from '../transport.ts';

/** What Email Service says of a message that it will not take whenever it is asked. */
const forGood: Readonly<Record<string, string>> = {
  E_VALIDATION_ERROR: 'message_refused',
  E_CONTENT_TOO_LARGE: 'message_refused',
  E_RECIPIENT_NOT_ALLOWED: 'recipient_refused',
  E_RECIPIENT_SUPPRESSED: 'recipient_refused',
};

/** Cloudflare Email Service, by its binding. */
export const cloudflareEmail = (email: SendEmail, from: string): Transport => ({
  keeps: false,
  send: async ({ id, content }) => {
    try {
      const sent = await email.send(new EmailMessage(from, content.to, await composed(id, from, content)));
      return taken(sent?.messageId ?? null);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const why = forGood[code];
      if (why !== undefined) return refusedForGood(why);
      return notNow(/^E_(RATE|DAILY)_LIMIT_EXCEEDED$/.test(code) ? 'rate_limited' : 'provider_failed');
    }
  },
});
