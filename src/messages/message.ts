import type { Database } from '../db/client.ts';
import { messages } from '../db/schema.ts';
import { sealedColumn } from '../db/sealed-column.ts';
import { describeError, report } from '../http/log.ts';

/** An invitation to a calendar, or its withdrawal: an iTIP object (RFC 5546) that travels as a part of a mail. */
export interface Invitation {
  readonly method: 'REQUEST' | 'CANCEL';
  /** The iCalendar object, whose METHOD is the one above. */
  readonly ics: string;
}

interface Mail {
  readonly channel: 'email';
  readonly subject: string;
  /** The same as `text`, for programs that show HTML. */
  readonly html?: string;
  /** Further headers by name: `List-Unsubscribe`, `List-Unsubscribe-Post`, `Reply-To`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly calendar?: Invitation;
}

interface Sms {
  readonly channel: 'sms';
}

/** To all devices that an account has registered; `to` is the account's id. */
interface Push {
  readonly channel: 'push';
  /** The line in bold. */
  readonly subject: string;
  /** What opens when the notification is tapped: an address of the application. */
  readonly link?: string;
}

/** Something to tell a person. */
export type Message = {
  /** Whom it is about; `null` when the address belongs to no account. */
  readonly accountId: string | null;
  /** What it is about, for operators and tests: `password_reset`. */
  readonly kind: string;
  /** An e-mail address, a phone number in E.164, or for `push` an account's id. */
  readonly to: string;
  /** Plain text. */
  readonly text: string;
  /** When it is of no more use, ms: it is not sent after that. */
  readonly expiresAtMs?: number;
} & (Mail | Sms | Push);

/** What is sealed of a message. */
export interface Content {
  readonly to: string;
  readonly subject: string | null;
  readonly text: string;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly calendar?: Invitation;
  readonly link?: string;
}

/** What travels on the messages queue: the id of a row in `messages` and nothing else. At least once, in any order. */
export interface MessageNotice {
  readonly id: string;
}

/** Kinds whose words sign somebody in, or prove that they own an address, for whoever reads them. */
const secretKinds: ReadonlySet<string> = new Set(['verification_code', 'password_reset', 'locked_out']);

/** Whether what a message of a kind says is for its recipient alone: not for an export, and not kept when it failed. */
export const holdsSecret = (kind: string): boolean => secretKinds.has(kind);

/** A message whose notice was lost is looked for after this. */
const graceMs = 60_000;

/** The column that holds what a message says. */
export const contentColumn = (dataKey: string) => sealedColumn(dataKey, 'messages.content');

const contentOf = (message: Message): Content => {
  const { to, text } = message;
  if (message.channel === 'sms') return { to, subject: null, text };
  const { subject } = message;
  if (message.channel === 'push')
    return { to, subject, text, ...(message.link === undefined ? {} : { link: message.link }) };
  const { html, headers, calendar } = message;
  return {
    ...{ to, subject, text },
    ...(html === undefined ? {} : { html }),
    ...(headers === undefined ? {} : { headers }),
    ...(calendar === undefined ? {} : { calendar }),
  };
};

/**
 * Makes a message ready to be stored: its id, and the statement that belongs into the batch of what the message tells
 * of, so that neither is without the other. After the batch, {@link dispatch} the id.
 *
 * @example
 * const told = await postMessage(db, settings.dataKey, message, nowMs);
 * await db.batch([change, told.statement]);
 * await dispatch(env, told.id);
 */
export const postMessage = async (
  db: Database,
  dataKey: string,
  message: Message,
  nowMs: number,
  /** For who must store the same message once: given again, the statement changes nothing. */
  id = `m_${crypto.randomUUID()}`,
) => {
  const { accountId, channel, kind, expiresAtMs } = message;
  const row = {
    id,
    accountId,
    channel,
    kind,
    content: await contentColumn(dataKey).seal(id, JSON.stringify(contentOf(message))),
    createdAtMs: nowMs,
    dueAtMs: nowMs + graceMs,
    expiresAtMs: expiresAtMs ?? null,
  };
  return { id, statement: db.insert(messages).values(row).onConflictDoNothing() };
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
