import { and, eq, isNotNull, lt, lte, or, sql } from 'drizzle-orm';
import { type Database, database } from '../db/client.ts';
import { messages } from '../db/schema.ts';
import { settingsOf } from '../env.ts';
import { describeError, report } from '../http/log.ts';
import { type Content, contentColumn, dispatch, type MessageNotice } from './message.ts';
import { transportOf } from './transport.ts';

const maxAttempts = 8;
/** How long one attempt may take before another may be made. */
const leaseMs = 120_000;
const keptMs = 30 * 86_400_000;
const sweptAtOnce = 100;

/** Seconds until the next attempt, doubling from 10 s to an hour. */
const delayAfter = (attempts: number): number => Math.min(3_600, 5 * 2 ** attempts);

/**
 * Sends one message, however often its notice comes: one attempt at a time, none after it was sent. Only a crash
 * between the transport's yes and its record can send twice; the message's id then tells. Gives the seconds after
 * which it wants to be tried again, or `null` when nothing is left to do.
 */
export const consumeMessage = async (env: Env, { id }: MessageNotice, nowMs: number): Promise<number | null> => {
  const db = database(env.DB);
  const [message] = await db
    .update(messages)
    .set({ attempts: sql`${messages.attempts} + 1`, dueAtMs: nowMs + leaseMs })
    .where(
      and(eq(messages.id, id), isNotNull(messages.dueAtMs), or(eq(messages.attempts, 0), lte(messages.dueAtMs, nowMs))),
    )
    .returning();
  if (message === undefined || message.content === null) return null;
  const { channel, kind, attempts } = message;
  const settings = settingsOf(env);
  const transport = transportOf(env, settings, channel);
  try {
    const content: Content = JSON.parse(await contentColumn(settings.dataKey).open(id, message.content));
    await transport.send(id, content);
  } catch (error) {
    return failed(db, { id, channel, kind, attempts }, error, nowMs);
  }
  const sent = { sentAtMs: nowMs, dueAtMs: null, ...(transport.keeps ? {} : { content: null }) };
  await db.update(messages).set(sent).where(eq(messages.id, id));
  return null;
};

const failed = async (
  db: Database,
  message: { readonly id: string; readonly channel: string; readonly kind: string; readonly attempts: number },
  error: unknown,
  nowMs: number,
): Promise<number | null> => {
  const given = message.attempts >= maxAttempts;
  const delaySeconds = delayAfter(message.attempts);
  const next = given ? { failedAtMs: nowMs, dueAtMs: null } : { dueAtMs: nowMs + delaySeconds * 1000 };
  await db.update(messages).set(next).where(eq(messages.id, message.id));
  report(given ? 'message_given_up' : 'message_failed', { ...message, ...describeError(error) });
  return given ? null : delaySeconds;
};

/** Consumes a batch of the messages queue, each notice on its own. */
export const consumeNotices = async (batch: MessageBatch<MessageNotice>, env: Env): Promise<void> => {
  for (const notice of batch.messages) {
    try {
      const delaySeconds = await consumeMessage(env, notice.body, Date.now());
      if (delaySeconds === null) notice.ack();
      else notice.retry({ delaySeconds });
    } catch (error) {
      report('message_notice_failed', { attempts: notice.attempts, ...describeError(error) });
      notice.retry({ delaySeconds: Math.min(300, 2 ** notice.attempts) });
    }
  }
};

/** Tells the queue again of messages that are overdue: their notice was lost, or who had it crashed. Every minute. */
export const sweepMessages = async (env: Env, nowMs: number): Promise<void> => {
  const overdue = await database(env.DB)
    .select({ id: messages.id })
    .from(messages)
    .where(lte(messages.dueAtMs, nowMs))
    .orderBy(messages.dueAtMs)
    .limit(sweptAtOnce);
  await dispatch(env, ...overdue.map(({ id }) => id));
};

/** Tries messages that were given up once more: those with these ids. */
export const retryMessages = async (env: Env, ids: readonly string[], nowMs: number): Promise<void> => {
  const again = await database(env.DB)
    .update(messages)
    .set({ attempts: 0, failedAtMs: null, dueAtMs: nowMs })
    .where(
      and(sql`${messages.id} in (select value from json_each(${JSON.stringify(ids)}))`, isNotNull(messages.failedAtMs)),
    )
    .returning({ id: messages.id });
  await dispatch(env, ...again.map(({ id }) => id));
};

/** Deletes messages that are over 30 days old, sent or not. For the daily cron. */
export const forgetOldMessages = async (db: Database, nowMs: number): Promise<void> => {
  await db.delete(messages).where(lt(messages.createdAtMs, nowMs - keptMs));
};
