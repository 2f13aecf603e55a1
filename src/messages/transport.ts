import type { Settings } from '../env.ts';
import type { Content } from './message.ts';

/** A way to a person. */
export interface Transport {
  /** Whether what it took may still be read, at `/dev/mailbox`; otherwise the content is deleted once taken. */
  readonly keeps: boolean;
  /** Hands a message over. Throws when it was not taken; then it is tried again. */
  send(id: string, content: Content): Promise<void>;
}

/** Takes everything and sends nothing: messages stay where they are stored, for `/dev/mailbox`. */
const local: Transport = { keeps: true, send: async () => undefined };

/** Sends nothing and says so: for a channel that the deployment has not set up. */
const none: Transport = {
  keeps: false,
  send: async () => {
    throw new Error('no transport is set up for this channel');
  },
};

/** Cloudflare Email Service. The id goes along, so that a message sent twice can be told from two messages. */
const cloudflareEmail = (email: SendEmail, from: string): Transport => ({
  keeps: false,
  send: async (id, { to, subject, text }) => {
    await email.send({ from, to, subject: subject ?? '', text, headers: { 'X-Entity-Ref-ID': id } });
  },
});

/** The transport of a channel, as the settings say. */
export const transportOf = (env: Env, settings: Settings, channel: 'email' | 'sms'): Transport => {
  if (channel === 'sms') return settings.smsTransport === 'local' ? local : none;
  return settings.mailTransport === 'local' ? local : cloudflareEmail(env.EMAIL, settings.mailFrom);
};
