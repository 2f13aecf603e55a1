import { and, eq, inArray, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { type Database, database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { guard, guardFailed } from '../db/guard.ts';
import { isOutage } from '../db/outage.ts';
import { doctors, notifications } from '../db/schema.ts';
import { usefulUntilMs } from '../domain/notifications/timing.ts';
import { type Verdict, verdictOf } from '../domain/notifications/verdict.ts';
import { type Settings, settingsOf } from '../env.ts';
import { describeError, report } from '../http/log.ts';
import { dispatch, postMessage } from '../messages/message.ts';
import { type Addressee, addresseesOf } from './addressees.ts';
import { placed } from './as-told.ts';
import { enterOtherWays } from './other-way.ts';
import { type Seen, truthsOf } from './truths.ts';
import { type Digest, digestsOf, type ToWrite, type Written, wordingOf } from './wording.ts';

/** A row of the ledger. */
export type LedgerRow = typeof notifications.$inferSelect;

/** How often a group is looked at anew when somebody else was at one of its rows. */
const maxTries = 3;
/** How often a row is claimed that cannot be sent for reasons of our own: two hours. */
const maxClaims = 12;

/** The message that a row of the ledger becomes: one, however often it is made. */
export const messageIdOf = (notificationId: string): string => `m_${notificationId}`;

/** The row of the ledger that a message was made from, if it was. */
export const notificationIdOf = (messageId: string): string | null =>
  messageId.startsWith('m_n_') ? messageId.slice('m_'.length) : null;

/**
 * Sends claimed rows: asks each appointment's own day what is true, and makes of each row that still holds a message, or
 * an entry in the app's list. A row leaves `claimed` in the transaction of its message, so that however many are at it,
 * there is one. Gives the ids of those that must be looked at again in a moment.
 */
export const sendClaimed = async (env: Env, ids: readonly string[], nowMs: number): Promise<string[]> => {
  if (ids.length === 0) return [];
  const db = database(env.DB);
  for (let tries = 1; ; tries += 1) {
    const rows = await db
      .select()
      .from(notifications)
      .where(and(inArray(notifications.id, listOf(ids)), eq(notifications.state, 'claimed')));
    if (rows.length === 0) return [];
    try {
      return await settle(env, db, rows, nowMs);
    } catch (error) {
      if (guardFailed(error) && tries < maxTries) continue;
      if (guardFailed(error) || isOutage(error)) throw error;
      return singly(env, db, rows, nowMs, error);
    }
  }
};

/** Settles rows one by one, so that none that cannot be keeps others; after enough claims it is given up. */
const singly = async (
  env: Env,
  db: Database,
  rows: readonly LedgerRow[],
  nowMs: number,
  error: unknown,
): Promise<string[]> => {
  const [row, ...rest] = rows;
  if (row === undefined) return [];
  if (rest.length > 0) {
    const again: string[] = [];
    for (const { id } of rows) again.push(...(await sendClaimed(env, [id], nowMs)));
    return again;
  }
  const { id, kind, claims } = row;
  report('notification_not_sent', { id, kind, claims, ...describeError(error) });
  if (claims < maxClaims) return [];
  await db
    .update(notifications)
    .set({ state: 'failed', reason: 'given_up', nextAtMs: null, settledAtMs: nowMs })
    .where(and(eq(notifications.id, id), eq(notifications.state, 'claimed')));
  return [];
};

const settle = async (env: Env, db: Database, rows: readonly LedgerRow[], nowMs: number): Promise<string[]> => {
  const settings = settingsOf(env);
  const [truths, digests, addressees] = await Promise.all([
    truthsOf(env, db, rows),
    digestsOf(db, rows),
    addresseesOf(
      db,
      settings,
      rows.map(({ recipientId }) => recipientId),
    ),
  ]);
  const zones = await zonesOf(db, rows);
  const judged = rows.map((row) => {
    const truth = truths.get(row.subjectId) ?? null;
    const zone = truth !== null && truth !== 'unknown' ? truth.timeZone : (zones.get(row.recipientId) ?? 'UTC');
    const verdict = verdictOf(row, truth, addressees.get(row.recipientId) ?? null, zone, nowMs);
    const empty = verdict.type === 'send' && row.kind === 'digest' && !digests.has(row.id);
    const known = truth !== null && truth !== 'unknown' ? placed(row, truth) : row;
    return { row: known, verdict: empty ? nothingToTell : verdict };
  });
  const written = await wordingOf(
    db,
    settings,
    judged
      .filter(({ verdict }) => verdict.type === 'send')
      .flatMap(({ row }) => toWrite(row, truths.get(row.subjectId), addressees.get(row.recipientId), digests)),
    nowMs,
  );
  const posted: string[] = [];
  const statements: BatchItem<'sqlite'>[] = [];
  for (const { row, verdict } of judged) {
    const message = written.get(row.id);
    if (verdict.type === 'send' && row.channel !== 'in_app' && message !== undefined) {
      const { id, statement } = await posting(db, settings, row, message, nowMs);
      statements.push(statement);
      posted.push(id);
    }
    statements.push(...changesOf(db, row, verdict, nowMs));
  }
  if (statements.length > 0) await db.batch([guard(db, stillClaimed(rows)), ...statements]);
  await dispatch(env, ...posted);
  await enterOtherWays(
    env,
    judged.filter(({ verdict }) => verdict.type === 'suppress' && verdict.otherWay).map(({ row }) => row),
    nowMs,
  );
  return judged.flatMap(({ row, verdict }) => (verdict.type === 'ask_again' ? [row.id] : []));
};

const nothingToTell: Verdict = { type: 'suppress', reason: 'nothing_to_tell', otherWay: false };

/** The zones of the doctors whose digests these are. */
const zonesOf = async (db: Database, rows: readonly LedgerRow[]): Promise<ReadonlyMap<string, string>> => {
  const ids = rows.filter(({ kind }) => kind === 'digest').map(({ recipientId }) => recipientId);
  if (ids.length === 0) return new Map();
  const found = await db
    .select({ id: doctors.id, timeZone: doctors.timeZone })
    .from(doctors)
    .where(inArray(doctors.id, listOf(ids)));
  return new Map(found.map(({ id, timeZone }) => [id, timeZone]));
};

const toWrite = (
  row: LedgerRow,
  truth: Seen | 'unknown' | undefined,
  addressee: Addressee | undefined,
  digests: ReadonlyMap<string, Digest>,
): ToWrite[] => {
  if (row.channel === 'in_app' || addressee === undefined) return [];
  const digest = digests.get(row.id);
  if (digest !== undefined) return [{ row, addressee, about: digest }];
  return truth === undefined || truth === 'unknown' ? [] : [{ row, addressee, about: truth }];
};

const posting = (db: Database, { dataKey }: Settings, row: LedgerRow, message: Written, nowMs: number) =>
  postMessage(
    db,
    dataKey,
    { ...message, accountId: row.recipientId, kind: row.kind, expiresAtMs: usefulUntilMs(row) },
    nowMs,
    messageIdOf(row.id),
  );

/** What a verdict makes of a row. One to be asked about again keeps its claim, which lapses if nobody does. */
const changesOf = (db: Database, row: LedgerRow, verdict: Verdict, nowMs: number): BatchItem<'sqlite'>[] => {
  const change = (set: Partial<LedgerRow>) => [db.update(notifications).set(set).where(eq(notifications.id, row.id))];
  switch (verdict.type) {
    case 'ask_again':
      return [];
    case 'wait':
      return change({ state: 'scheduled', nextAtMs: verdict.untilMs });
    case 'suppress':
      // Until another way has been looked for, a sweep finds it.
      return change({
        ...{ state: 'suppressed', reason: verdict.reason, settledAtMs: nowMs },
        nextAtMs: verdict.otherWay ? nowMs : null,
      });
    case 'send':
      return row.channel === 'in_app'
        ? change({ ...keptOf(row), state: 'delivered', nextAtMs: null, sentAtMs: nowMs, settledAtMs: nowMs })
        : change({ ...keptOf(row), state: 'sent', nextAtMs: null, sentAtMs: nowMs });
  }
};

/** What was said of the place, for who reads it again later. */
const keptOf = ({ doctorId, clinicId, mode, endsAtMs, timeZone }: LedgerRow): Partial<LedgerRow> => ({
  ...{ doctorId, clinicId, mode, endsAtMs, timeZone },
});

const stillClaimed = (rows: readonly LedgerRow[]) => sql`not exists (
  select 1 from ${notifications}
  where ${inArray(notifications.id, listOf(rows.map(({ id }) => id)))} and ${notifications.state} <> 'claimed')`;
