import { outcomeOf, outcomeOfError, refusedForGood, taken } from '../outcome.ts';
import type { Transport } from '../transport.ts';

/** An account with Twilio. */
export interface TwilioAccount {
  /** `https://api.twilio.com`, or that of a region. */
  readonly apiUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** A number in E.164, a short code or an alphanumeric sender, or the SID of a messaging service. */
  readonly from: string;
}

/** Twilio lets a message wait for so long: its ValidityPeriod, seconds. */
const longestValidity = 36_000;

/** Where Twilio tells what became of a message. It signs the address, so it is made of settings alone. */
export const statusUrl = (appUrl: string, messageId: string): string => `${appUrl}/api/v1/sms-status/${messageId}`;

/** What Twilio says of a recipient to whom nothing can be sent: no number, not a mobile's, or one that said STOP. */
const recipientCodes = new Set([21211, 21214, 21217, 21265, 21408, 21610, 21612, 21614]);

/** SMS by Twilio's REST API. It knows no idempotency: what it took without our learning of it is sent again. */
export const twilio = ({ apiUrl, accountSid, authToken, from }: TwilioAccount, appUrl: string): Transport => ({
  keeps: false,
  send: async ({ id, content, expiresAtMs }, signal) => {
    const nowMs = Date.now();
    const validity = expiresAtMs === null ? null : Math.floor((expiresAtMs - nowMs) / 1000);
    const body = new URLSearchParams({
      To: content.to,
      [/^MG[0-9a-f]{32}$/.test(from) ? 'MessagingServiceSid' : 'From']: from,
      Body: content.text,
      StatusCallback: statusUrl(appUrl, id),
      ...(validity === null ? {} : { ValidityPeriod: String(Math.min(longestValidity, Math.max(1, validity))) }),
    });
    try {
      const answer = await fetch(`${apiUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
        body,
        redirect: 'manual',
        signal,
      });
      const said = (await answer.json().catch(() => ({}))) as { readonly sid?: unknown; readonly code?: unknown };
      if (answer.ok) return taken(typeof said.sid === 'string' ? said.sid : null);
      if (answer.status === 400 && recipientCodes.has(Number(said.code))) return refusedForGood('recipient_refused');
      return outcomeOf(answer.status, answer.headers, nowMs);
    } catch (error) {
      return outcomeOfError(error);
    }
  },
});
