import type { z } from '@hono/zod-openapi';
import { and, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { appointments, messages, notifications } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { claimThese } from '../../notifications/ledger.ts';
import { enqueueClaimed } from '../../notifications/queue.ts';
import { messageIdOf } from '../../notifications/send.ts';
import { auditStatement } from '../audit/record.ts';
import type { LedgerRow } from './inbox.ts';
import type { LedgerFilter, ledgerRowSchema } from './ledger-schema.ts';

const maxCounted = 10_000;

const matching = ({ state, kind, channel, recipient, from, to }: LedgerFilter) =>
  and(
    state === undefined ? undefined : eq(notifications.state, state),
    kind === undefined ? undefined : eq(notifications.kind, kind),
    channel === undefined ? undefined : eq(notifications.channel, channel),
    recipient === undefined ? undefined : eq(notifications.recipientId, recipient),
    from === undefined ? undefined : gte(notifications.createdAtMs, Date.parse(from)),
    to === undefined ? undefined : lt(notifications.createdAtMs, Date.parse(to)),
  );

/** One more than a page of the ledger, newest first, along an index whatever is asked for. */
export const ledgerPage = (
  db: Database,
  filter: LedgerFilter,
  after: { readonly madeAtMs: number; readonly ledgerId: string } | null,
  limit: number,
): Promise<LedgerRow[]> =>
  db
    .select()
    .from(notifications)
    .where(
      and(
        matching(filter),
        after === null
          ? undefined
          : sql`(${notifications.createdAtMs}, ${notifications.id}) < (${after.madeAtMs}, ${after.ledgerId})`,
      ),
    )
    .orderBy(desc(notifications.createdAtMs), desc(notifications.id))
    .limit(limit + 1);

/** How many rows are in which state, of the newest 10,000 that match; whatever state the filter asks for. */
export const ledgerCounts = async (db: Database, filter: LedgerFilter): Promise<Record<string, number>> => {
  const newest = db
    .select({ state: notifications.state })
    .from(notifications)
    .where(matching({ ...filter, state: undefined }))
    .orderBy(desc(notifications.createdAtMs), desc(notifications.id))
    .limit(maxCounted)
    .as('newest');
  const rows = await db.select({ state: newest.state, n: sql<number>`count(*)` }).from(newest).groupBy(newest.state);
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
};

/** The patients whose appointments rows are about: whose data a look at them is a look at. */
export const patientsIn = async (db: Database, rows: readonly { readonly subjectId: string }[]): Promise<string[]> => {
  const ids = [...new Set(rows.map(({ subjectId }) => subjectId))];
  const found = await db
    .selectDistinct({ patientId: appointments.patientId })
    .from(appointments)
    .where(inArray(appointments.id, listOf(ids)));
  return found.map(({ patientId }) => patientId);
};

const iso = (ms: number): string => new Date(ms).toISOString();

/** A row of the ledger as the API shows it. */
export const ledgerView = (row: LedgerRow): z.input<typeof ledgerRowSchema> => ({
  id: row.id,
  subjectId: row.subjectId,
  version: row.version,
  kind: row.kind,
  offsetMinutes: row.offsetMinutes,
  channel: row.channel,
  recipientId: row.recipientId,
  audience: row.audience,
  state: row.state,
  reason: row.reason,
  insteadOf: row.insteadOf,
  startsAt: iso(row.startsAtMs),
  dueAt: iso(row.dueAtMs),
  createdAt: iso(row.createdAtMs),
  sentAt: row.sentAtMs === null ? null : iso(row.sentAtMs),
  settledAt: row.settledAtMs === null ? null : iso(row.settledAtMs),
});

/**
 * Has a notification that failed go once more, now. Whether it is still so, and still of use, is decided when it goes, as
 * of every other. The message that failed makes room for the new one: a row has one at a time. Refuses with `not_found`
 * and `not_failed`.
 */
export const retryNotification = async (
  env: Env,
  id: string,
  actor: Identity,
  nowMs: number,
): Promise<Result<LedgerRow, Refusal>> => {
  const db = database(env.DB);
  const [row] = await db.select().from(notifications).where(eq(notifications.id, id));
  if (row === undefined) return refused(refusal('not_found'));
  const again = { state: 'scheduled', reason: null, nextAtMs: nowMs, sentAtMs: null, settledAtMs: null } as const;
  try {
    await db.batch([
      guard(db, sql`exists (select 1 from notifications where id = ${id} and state = 'failed')`),
      db.delete(messages).where(eq(messages.id, messageIdOf(id))),
      db.update(notifications).set(again).where(eq(notifications.id, id)),
      auditStatement(db, {
        stream: `account:${actor.id}`,
        actor,
        action: 'notification.retried',
        subjectId: id,
        data: { kind: row.kind, channel: row.channel },
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (guardFailed(error)) return refused(refusal('not_failed'));
    throw error;
  }
  // What the queue does not take now, the sweep claims again once this claim has lapsed.
  await enqueueClaimed(env, await claimThese(env.DB, [id], nowMs));
  return ok({ ...row, ...again });
};
