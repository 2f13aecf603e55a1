import { env } from 'cloudflare:workers';
import { database } from '../../src/db/client.ts';
import type { Kept } from '../../src/messages/mailbox.ts';
import { type Message, tell } from '../../src/messages/message.ts';
import { call } from './api.ts';

/** What the mailbox of the local transports shows, newest first. */
export const mailbox = async (): Promise<Kept[]> => {
  const response = await call('//dev/mailbox', { headers: { accept: 'application/json' } });
  return (await response.json<{ items: Kept[] }>()).items;
};

/** The messages to an address, newest first. */
export const mailTo = async (to: string): Promise<Kept[]> => (await mailbox()).filter((kept) => kept.to === to);

/** Stores a message and tells the queue, as a feature would; gives its row. */
export const said = async (part: Partial<Message> & { readonly to: string }, nowMs = Date.now()) => {
  const message = { accountId: null, kind: 'test', text: 'Hello', channel: 'email', subject: 'Test', ...part };
  const [id = ''] = await tell(env, database(env.DB), env.DATA_KEY, nowMs, message as Message);
  const row = await messageRow(id);
  if (row === null) throw new Error('no message was stored');
  return row;
};

/** A row of `messages` as D1 holds it. */
export interface MessageRow {
  readonly id: string;
  readonly content: string | null;
  readonly attempts: number;
  readonly due_at_ms: number | null;
  readonly sent_at_ms: number | null;
  readonly failed_at_ms: number | null;
  readonly delivered_at_ms: number | null;
  readonly failure: string | null;
  readonly receipt: string | null;
}

/** A message as D1 holds it. */
export const messageRow = (id: string): Promise<MessageRow | null> =>
  env.DB.prepare('select * from messages where id = ?').bind(id).first<MessageRow>();
