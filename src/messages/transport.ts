import { database } from '../db/client.ts';
import type { Settings } from '../env.ts';
import type { Content } from './message.ts';
import { type Outcome, refusedForGood, taken } from './outcome.ts';
import { cloudflareEmail } from './transports/cloudflare-email.ts';
import { push } from './transports/push.ts';
import { smtp } from './transports/smtp.ts';
import { twilio } from './transports/twilio.ts';

/** A message on its way out. */
export interface Outgoing {
  readonly id: string;
  readonly content: Content;
  /** After this it is of no more use, ms; `null` when it always is. */
  readonly expiresAtMs: number | null;
}

/** A way to a person. */
export interface Transport {
  /** Whether what it took may still be read, at `/dev/mailbox`; otherwise the content is deleted once taken. */
  readonly keeps: boolean;
  /** Hands a message over, and says what came of it. What it throws counts as a failure that passes. */
  send(message: Outgoing, signal: AbortSignal): Promise<Outcome>;
}

/** Takes everything and sends nothing: messages stay where they are stored, for `/dev/mailbox`. */
const local: Transport = { keeps: true, send: async () => taken() };

/** Sends nothing and says so: for a channel that the deployment has not set up. */
const none: Transport = { keeps: false, send: async () => refusedForGood('no_transport') };

/** The transport of a channel, as the settings say. */
export const transportOf = (env: Env, settings: Settings, channel: 'email' | 'sms' | 'push'): Transport => {
  const { mail, sms, push: devices } = settings.delivery;
  if (channel === 'email') {
    if (mail.transport === 'smtp') return smtp(mail.smtp, settings.mailFrom);
    return mail.transport === 'local' ? local : cloudflareEmail(env.EMAIL, settings.mailFrom);
  }
  if (channel === 'sms') {
    if (sms.transport === 'twilio') return twilio(sms.twilio, settings.appUrl);
    return sms.transport === 'local' ? local : none;
  }
  if (devices.transport === 'local') return local;
  return devices.web === null && devices.fcm === null ? none : push(database(env.DB), settings);
};
