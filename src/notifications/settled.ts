import { and, eq, type SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { type Database, database } from '../db/client.ts';
import { notifications } from '../db/schema.ts';
import { doctorDays } from '../doctor-days/client.ts';
import { type LedgerReason, ledgerReasons } from '../domain/notifications/kinds.ts';
import { type Verdict, verdictOf } from '../domain/notifications/verdict.ts';
import { settingsOf } from '../env.ts';
import type { Settlement, SettlementListener } from '../messages/settling.ts';
import { addresseesOf } from './addressees.ts';
import { claimThese } from './ledger.ts';
import { enterOtherWays } from './other-way.ts';
import { type LedgerRow, notificationIdOf, sendClaimed } from './send.ts';
import { digestsOf } from './wording.ts';

/** What was true when a message was made is taken to be true for so long. */
const freshMs = 60_000;

const asReason = (why: string | null): LedgerReason | null => ledgerReasons.find((reason) => reason === why) ?? null;

/** The ledger hears what becomes of its messages, and lets none go out that is not true any more. */
export const ledgerListener: SettlementListener = {
  statements: (db: Database, settlement: Settlement): readonly BatchItem<'sqlite'>[] => {
    const id = notificationIdOf(settlement.messageId);
    if (id === null || settlement.outcome === 'sent') return [];
    const set = (change: Partial<typeof notifications.$inferSelect>, state: SQL | undefined) => [
      db
        .update(notifications)
        .set({ ...change, settledAtMs: settlement.atMs })
        .where(and(eq(notifications.id, id), state)),
    ];
    if (settlement.outcome === 'delivered') return set({ state: 'delivered' }, eq(notifications.state, 'sent'));
    const reason = asReason(settlement.reason);
    // Found out before it left: nobody was told, and nobody should be. Otherwise the next way is looked for.
    const isOver = reason !== null && reason !== 'unreachable';
    const change = isOver
      ? ({ state: 'suppressed', reason, nextAtMs: null } as const)
      : ({ state: 'failed', reason: 'given_up', nextAtMs: settlement.atMs } as const);
    return set(change, eq(notifications.state, 'sent'));
  },

  afterwards: async (env, { messageId, outcome, atMs }) => {
    const id = notificationIdOf(messageId);
    if (id === null || outcome !== 'given_up') return;
    const db = database(env.DB);
    const failed = and(eq(notifications.id, id), eq(notifications.state, 'failed'));
    const instead = await enterOtherWays(env, await db.select().from(notifications).where(failed), atMs);
    await sendClaimed(env, await claimThese(env.DB, instead, atMs), atMs);
  },

  objection: async (env, messageId, nowMs) => {
    const id = notificationIdOf(messageId);
    if (id === null) return null;
    const db = database(env.DB);
    const [row] = await db.select().from(notifications).where(eq(notifications.id, id));
    if (row === undefined || nowMs - (row.sentAtMs ?? 0) < freshMs) return null;
    if (row.kind === 'digest') return objectionToDigest(env, db, row, nowMs);
    const [answer, addressees] = await Promise.all([
      doctorDays(env).get(row.subjectId),
      addresseesOf(db, settingsOf(env), [row.recipientId]),
    ]);
    if (answer !== null && !answer.ok) return null;
    const truth = answer === null ? null : answer.value;
    const addressee = addressees.get(row.recipientId) ?? null;
    const verdict = verdictOf(row, truth, addressee, truth?.timeZone ?? 'UTC', nowMs);
    return objectionIn(verdict);
  },
};

const objectionIn = (verdict: Verdict): LedgerReason | null =>
  verdict.type === 'suppress' && !verdict.otherWay ? verdict.reason : null;

/** A digest that waited is of no use once its day is empty, or has begun. */
const objectionToDigest = async (env: Env, db: Database, row: LedgerRow, nowMs: number) => {
  const [digests, addressees] = await Promise.all([
    digestsOf(db, [row]),
    addresseesOf(db, settingsOf(env), [row.recipientId]),
  ]);
  if (!digests.has(row.id)) return 'nothing_to_tell';
  const addressee = addressees.get(row.recipientId) ?? null;
  return objectionIn(verdictOf(row, null, addressee, row.timeZone ?? 'UTC', nowMs));
};
