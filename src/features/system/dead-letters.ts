import type { z } from '@hono/zod-openapi';
import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { deadLetters } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { describeError, report } from '../../http/log.ts';
import { auditStatement } from '../audit/record.ts';
import type { deadLetterSchema } from './schema.ts';

type Row = typeof deadLetters.$inferSelect;

const keptMs = 90 * 86_400_000;
/** Every queue has one of its own, named after it. */
const suffix = '-dead';

/** Whether a batch comes from a dead-letter queue. */
export const isDead = (batch: MessageBatch<unknown>): boolean => batch.queue.endsWith(suffix);

/**
 * Takes what a queue gave up into D1, for an admin to see and to send again. However often a message comes, it is one
 * letter. What D1 does not take comes again.
 */
export const keepDeadLetters = async (batch: MessageBatch<unknown>, env: Env, nowMs = Date.now()): Promise<void> => {
  const db = database(env.DB);
  const queue = batch.queue.slice(0, -suffix.length);
  for (const message of batch.messages) {
    try {
      await db
        .insert(deadLetters)
        .values({ id: message.id, queue, body: JSON.stringify(message.body), diedAtMs: nowMs })
        .onConflictDoNothing();
      report('message_dead', { queue, id: message.id });
      message.ack();
    } catch (error) {
      report('dead_letter_not_kept', { queue, id: message.id, ...describeError(error) });
      message.retry({ delaySeconds: 60 });
    }
  }
};

/** One more than a page of dead letters, newest first. */
export const deadLetterPage = (
  db: Database,
  state: 'waiting' | 'all',
  after: { readonly diedAtMs: number; readonly id: string } | null,
  limit: number,
): Promise<Row[]> =>
  db
    .select()
    .from(deadLetters)
    .where(
      and(
        state === 'waiting' ? isNull(deadLetters.retriedAtMs) : undefined,
        after === null
          ? undefined
          : sql`(${deadLetters.diedAtMs}, ${deadLetters.id}) < (${after.diedAtMs}, ${after.id})`,
      ),
    )
    .orderBy(desc(deadLetters.diedAtMs), desc(deadLetters.id))
    .limit(limit + 1);

/** A dead letter as the API shows it. */
export const deadLetterView = (row: Row): z.input<typeof deadLetterSchema> => ({
  id: row.id,
  queue: row.queue,
  message: JSON.parse(row.body),
  diedAt: new Date(row.diedAtMs).toISOString(),
  retriedAt: row.retriedAtMs === null ? null : new Date(row.retriedAtMs).toISOString(),
});

const queueOf = (env: Env, name: string): Queue | null => {
  switch (name) {
    case 'daybook-days':
      return env.DAY_QUEUE;
    case 'daybook-messages':
      return env.MESSAGE_QUEUE;
    case 'daybook-webhooks':
      return env.WEBHOOK_QUEUE;
    case 'daybook-notifications':
      return env.NOTIFICATION_QUEUE;
    default:
      return null;
  }
};

/**
 * Sends a dead letter on its way again, once. Sent before it is marked: what a crash sends twice is done once, for every
 * consumer reads what is newest. Refuses with `not_found`, `already_retried`, `temporarily_unavailable`.
 */
export const retryDeadLetter = async (
  env: Env,
  id: string,
  actor: Principal,
  nowMs: number,
): Promise<Result<Row, Refusal>> => {
  const db = database(env.DB);
  const [row] = await db.select().from(deadLetters).where(eq(deadLetters.id, id));
  const queue = row === undefined ? null : queueOf(env, row.queue);
  if (row === undefined || queue === null) return refused(refusal('not_found'));
  if (row.retriedAtMs !== null) return refused(refusal('already_retried'));
  try {
    await queue.sendBatch([{ body: JSON.parse(row.body) }]);
  } catch (error) {
    report('dead_letter_not_sent', { id, ...describeError(error) });
    return refused(refusal('temporarily_unavailable'));
  }
  await db.batch([
    db.update(deadLetters).set({ retriedAtMs: nowMs }).where(eq(deadLetters.id, id)),
    auditStatement(db, {
      stream: `account:${actor.id}`,
      actor,
      action: 'dead_letter.retried',
      subjectId: id,
      data: { queue: row.queue },
      atMs: nowMs,
    }),
  ]);
  return ok({ ...row, retriedAtMs: nowMs });
};

/** Deletes letters that are over 90 days old, and gives their number. A daily job. */
export const forgetDeadLetters = async (db: Database, nowMs: number): Promise<number> => {
  const { meta } = await db.delete(deadLetters).where(lt(deadLetters.diedAtMs, nowMs - keptMs));
  return meta.changes;
};
