import { and, desc, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { notifications } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { auditStatement } from '../audit/record.ts';

/** A row of the ledger. */
export type LedgerRow = typeof notifications.$inferSelect;

const maxCounted = 1_000;

/** What has come to the list of an account. */
const arrived = (recipientId: string) =>
  and(
    eq(notifications.recipientId, recipientId),
    eq(notifications.channel, 'in_app'),
    isNotNull(notifications.sentAtMs),
  );

/** One more than a page of somebody's list, newest first. */
export const inboxPage = (
  db: Database,
  recipientId: string,
  unread: boolean,
  after: { readonly sentAtMs: number; readonly notificationId: string } | null,
  limit: number,
): Promise<LedgerRow[]> =>
  db
    .select()
    .from(notifications)
    .where(
      and(
        arrived(recipientId),
        unread ? isNull(notifications.readAtMs) : undefined,
        after === null
          ? undefined
          : sql`(${notifications.sentAtMs}, ${notifications.id}) < (${after.sentAtMs}, ${after.notificationId})`,
      ),
    )
    .orderBy(desc(notifications.sentAtMs), desc(notifications.id))
    .limit(limit + 1);

/** How many of somebody's list are not marked as read, counted up to 1,000. */
export const unreadCount = async (db: Database, recipientId: string): Promise<number> => {
  const unread = db
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(arrived(recipientId), isNull(notifications.readAtMs)))
    .limit(maxCounted)
    .as('unread');
  return (await db.select({ n: sql<number>`count(*)` }).from(unread))[0]?.n ?? 0;
};

/** Marks one as read. Once it is, this changes nothing. Refuses with `not_found`, also for somebody else's. */
export const markRead = async (
  db: Database,
  actor: Identity,
  id: string,
  nowMs: number,
): Promise<Result<LedgerRow, Refusal>> => {
  const mine = and(eq(notifications.id, id), arrived(actor.id));
  const [row] = await db.select().from(notifications).where(mine);
  if (row === undefined) return refused(refusal('not_found'));
  if (row.readAtMs !== null) return ok(row);
  await db.batch([
    db
      .update(notifications)
      .set({ readAtMs: nowMs })
      .where(and(mine, isNull(notifications.readAtMs))),
    auditStatement(db, {
      stream: `account:${actor.id}`,
      actor,
      action: 'notification.marked_read',
      subjectId: id,
      data: {},
      atMs: nowMs,
    }),
  ]);
  return ok({ ...row, readAtMs: nowMs });
};

/** Marks all that have come by now as read; gives how many that were. */
export const markAllRead = async (db: Database, actor: Identity, nowMs: number): Promise<number> => {
  const unread = await unreadCount(db, actor.id);
  if (unread === 0) return 0;
  const [marked] = await db.batch([
    db
      .update(notifications)
      .set({ readAtMs: nowMs })
      .where(and(arrived(actor.id), isNull(notifications.readAtMs), lte(notifications.sentAtMs, nowMs)))
      .returning({ id: notifications.id }),
    auditStatement(db, {
      stream: `account:${actor.id}`,
      actor,
      action: 'notifications.marked_read',
      subjectId: actor.id,
      data: {},
      atMs: nowMs,
    }),
  ]);
  return marked.length;
};
