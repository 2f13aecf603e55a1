import { and, eq, isNotNull, lt, lte, or, sql } from 'drizzle-orm';
import { type Database, database } from '../db/client.ts';
import { guard, guardFailed } from '../db/guard.ts';
import { messages } from '../db/schema.ts';
import { backOffMs, noticeDelaySeconds } from '../domain/back-off.ts';
import { type Settings, settingsOf } from '../env.ts';
import { describeError, report } from '../http/log.ts';
import { type Content, contentColumn, dispatch, holdsSecret, type MessageNotice } from './message.ts';
import { notNow, type Outcome, refusedForGood } from './outcome.ts';
import { objectionTo, type Settlement, settled, settlingStatements } from './settling.ts';
import { type Transport, transportOf } from './transport.ts';

const maxAttempts = 8;
/** How long one attempt may take before another may be made; and before it is broken off. */
const leaseMs = 120_000;
const timeoutMs = 30_000;
const keptMs = 30 * 86_400_000;
const sweptAtOnce = 100;

type Row = typeof messages.$inferSelect;

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
  const settings = settingsOf(env);
  const transport = transportOf(env, settings, message.channel);
  const outcome = await attempt(env, settings, transport, message, nowMs);
  if (outcome.taken) {
    await settle(
      env,
      db,
      message,
      { outcome: 'sent', reason: null, atMs: nowMs },
      {
        ...{ sentAtMs: nowMs, receipt: outcome.receipt, failure: null },
        ...(transport.keeps ? {} : { content: null }),
      },
    );
    return null;
  }
  return failed(env, db, message, outcome, nowMs);
};

const attempt = async (
  env: Env,
  settings: Settings,
  transport: Transport,
  { id, content, expiresAtMs, channel, kind, attempts }: Row,
  nowMs: number,
): Promise<Outcome> => {
  if (expiresAtMs !== null && expiresAtMs <= nowMs) return refusedForGood('too_late');
  // It was taken or not, but its record failed each time: nobody is told without end.
  if (attempts > maxAttempts) return refusedForGood('attempts_exhausted');
  try {
    const objection = await objectionTo(env, id, nowMs);
    if (objection !== null) return refusedForGood(objection);
    const said: Content = JSON.parse(await contentColumn(settings.dataKey).open(id, content ?? ''));
    const signal = AbortSignal.timeout(timeoutMs);
    return await Promise.race([transport.send({ id, content: said, expiresAtMs }, signal), timedOut(signal)]);
  } catch (error) {
    report('message_attempt_failed', { id, channel, kind, attempts, ...describeError(error) });
    return notNow('attempt_failed');
  }
};

/** For a transport that is deaf to its signal. */
const timedOut = (signal: AbortSignal): Promise<Outcome> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(notNow('timed_out'))));

const failed = async (
  env: Env,
  db: Database,
  message: Row,
  outcome: Extract<Outcome, { taken: false }>,
  nowMs: number,
): Promise<number | null> => {
  const { id, channel, kind, attempts } = message;
  const told = { id, channel, kind, attempts, why: outcome.why };
  if (outcome.forGood || attempts >= maxAttempts) {
    report('message_given_up', told);
    const settlement = { outcome: 'given_up', reason: outcome.why, atMs: nowMs } as const;
    // Nobody sends a code or a link again hours later.
    const gone = holdsSecret(kind) ? { content: null } : {};
    await settle(env, db, message, settlement, { failedAtMs: nowMs, failure: outcome.why, ...gone });
    return null;
  }
  report('message_failed', told);
  const delayMs = backOffMs(attempts, Math.random(), outcome.retryAfterMs);
  await db
    .update(messages)
    .set({ dueAtMs: nowMs + delayMs, failure: outcome.why })
    // Unless it was withdrawn meanwhile.
    .where(and(eq(messages.id, id), isNotNull(messages.content)));
  return Math.ceil(delayMs / 1000);
};

/** Records what became of a message, together with what those who wait for it record. */
const settle = async (
  env: Env,
  db: Database,
  { id, channel }: Row,
  what: Omit<Settlement, 'messageId' | 'channel'>,
  columns: Partial<Row>,
): Promise<void> => {
  const settlement: Settlement = { messageId: id, channel, ...what };
  try {
    await db.batch([
      // Its provider may have told what became of it before we came to record that it was taken.
      guard(db, sql`exists (select 1 from messages where id = ${id} and due_at_ms is not null)`),
      db
        .update(messages)
        .set({ ...columns, dueAtMs: null })
        .where(eq(messages.id, id)),
      ...settlingStatements(db, settlement),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return;
  }
  await settled(env, settlement);
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
      notice.retry({ delaySeconds: noticeDelaySeconds(notice.attempts) });
    }
  }
};

/** Tells the queue again of messages that are overdue: their notice was lost, or who had it crashed. A job of every minute. */
export const sweepMessages = async (env: Env, nowMs: number): Promise<number> => {
  const overdue = await database(env.DB)
    .select({ id: messages.id })
    .from(messages)
    .where(lte(messages.dueAtMs, nowMs))
    .orderBy(messages.dueAtMs)
    .limit(sweptAtOnce);
  await dispatch(env, ...overdue.map(({ id }) => id));
  return overdue.length;
};

/** Tries messages that were given up once more: those with these ids whose content is still there. */
export const retryMessages = async (env: Env, ids: readonly string[], nowMs: number): Promise<void> => {
  const again = await database(env.DB)
    .update(messages)
    .set({ attempts: 0, failedAtMs: null, failure: null, dueAtMs: nowMs })
    .where(
      and(
        sql`${messages.id} in (select value from json_each(${JSON.stringify(ids)}))`,
        isNotNull(messages.failedAtMs),
        isNotNull(messages.content),
      ),
    )
    .returning({ id: messages.id });
  await dispatch(env, ...again.map(({ id }) => id));
};

/** Deletes messages that are over 30 days old, sent or not. A daily job. */
export const forgetOldMessages = async (db: Database, nowMs: number): Promise<number> => {
  const { meta } = await db.delete(messages).where(lt(messages.createdAtMs, nowMs - keptMs));
  return meta.changes;
};
