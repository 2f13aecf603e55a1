import type { Database } from '../db/client.ts';
import { messages } from '../db/schema.ts';
import { sealedColumn } from '../db/sealed-column.ts';
import { describeError, report } from '../http/log.ts';

/** Something to tell a person. */
export type Message = {
  /** Whom it is about; `null` when the address belongs to no account. */
  readonly accountId: string | null;
  /** What it is about, for operators and tests: `password_reset`. */
  readonly kind: string;
  /** An e-mail address, or a phone number in E.164. */
  readonly to: string;
  /** Plain text. */
  readonly text: string;
} & ({ readonly channel: 'email'; readonly subject: string } | { readonly channel: 'sms' });

/** What is sealed of a message. */
export interface Content {
  readonly to: string;
  readonly subject: string | null;
  readonly text: string;
}

/** What travels on the messages queue: the id of a row in `messages` and nothing else. At least once, in any order. */
export interface MessageNotice {
  readonly id: string;
}

/** A message whose notice was lost is looked for after this. */
const graceMs = 60_000;

/** The column that holds what a message says. */
export const contentColumn = (dataKey: string) => sealedColumn(dataKey, 'messages.content');

/**
 * Makes a message ready to be stored: its id, and the statement that belongs into the batch of what the message tells
 * of, so that neither is without the other. After the batch, {@link dispatch} the id.
 *
 * @example
 * const told = await postMessage(db, settings.dataKey, message, nowMs);
 * await db.batch([change, told.statement]);
 * await dispatch(env, told.id);
 */
export const postMessage = async (db: Database, dataKey: string, message: Message, nowMs: number) => {
  const id = `m_${crypto.randomUUID()}`;
  const { accountId, channel, kind, to, text } = message;
  const content: Content = { to, subject: message.channel === 'email' ? message.subject : null, text };
  const statement = db.insert(messages).values({
    id,
    accountId,
    channel,
    kind,
    content: await contentColumn(dataKey).seal(id, JSON.stringify(content)),
    createdAtMs: nowMs,
    dueAtMs: nowMs + graceMs,
  });
  return { id, statement };
};

/** Tells the queue of stored messages. Never throws: what the queue does not take, the next minute's sweep finds. */
export const dispatch = async (env: Env, ...ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  try {
    await env.MESSAGE_QUEUE.sendBatch(ids.map((id) => ({ body: { id } satisfies MessageNotice })));
  } catch (error) {
    report('message_queue_failed', describeError(error));
  }
};

/** Stores messages that belong to no other change, and tells the queue; gives their ids. At most 20 at once. */
export const tell = async (
  env: Env,
  db: Database,
  dataKey: string,
  nowMs: number,
  ...given: readonly Message[]
): Promise<string[]> => {
  const [first, ...rest] = await Promise.all(given.map((message) => postMessage(db, dataKey, message, nowMs)));
  if (first === undefined) return [];
  await db.batch([first.statement, ...rest.map(({ statement }) => statement)]);
  const ids = [first.id, ...rest.map(({ id }) => id)];
  await dispatch(env, ...ids);
  return ids;
};
