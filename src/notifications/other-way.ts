import { and, inArray, isNotNull, lte } from 'drizzle-orm';
import { type Database, database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { appointments, notifications } from '../db/schema.ts';
import { nextWay } from '../domain/notifications/ways.ts';
import { settingsOf } from '../env.ts';
import { addresseesOf } from './addressees.ts';
import { enter, type NewRow, numbered } from './ledger.ts';

type LedgerRow = typeof notifications.$inferSelect;

/** Rows that one sweep looks at. */
const atOnce = 100;

/**
 * Enters rows that go by the next way that people prefer, in place of some whose way could not reach them, or that they
 * do not want any more. Each way is tried once, so that to do it again changes nothing. They are due at once.
 */
export const enterOtherWays = async (env: Env, failed: readonly LedgerRow[], nowMs: number): Promise<string[]> => {
  if (failed.length === 0) return [];
  const db = database(env.DB);
  const [tried, versions, addressees] = await Promise.all([
    triedFor(db, failed),
    versionsOf(db, failed),
    addresseesOf(
      db,
      settingsOf(env),
      failed.map(({ recipientId }) => recipientId),
    ),
  ]);
  const rows = failed.flatMap((row): NewRow[] => {
    const addressee = addressees.get(row.recipientId);
    if (addressee === undefined) return [];
    const { kind, audience } = row;
    const ways = tried.filter((other) => isSameThing(other, row)).map(({ channel }) => channel);
    const channel = nextWay(addressee.preferences, kind, audience, addressee.reach, ways);
    if (channel === null) return [];
    // The appointment may have changed since in ways that left its reminders as they are.
    const version = kind === 'reminder' ? (versions.get(row.subjectId) ?? row.version) : row.version;
    return numbered([{ ...row, version, channel, reason: null }], row.id);
  });
  const done = db
    .update(notifications)
    .set({ nextAtMs: null })
    .where(inArray(notifications.id, listOf(failed.map(({ id }) => id))))
    .toSQL();
  await env.DB.batch([enter(env.DB, rows, nowMs), env.DB.prepare(done.sql).bind(...done.params)]);
  return rows.map(({ id }) => id);
};

/** Looks for other ways that a crash has kept from being looked for. Gives how many rows it found. */
export const sweepOtherWays = async (env: Env, nowMs: number): Promise<number> => {
  const rows = await database(env.DB)
    .select()
    .from(notifications)
    .where(and(lte(notifications.nextAtMs, nowMs), inArray(notifications.state, ['failed', 'suppressed'])))
    .orderBy(notifications.nextAtMs)
    .limit(atOnce);
  await enterOtherWays(env, rows, nowMs);
  return rows.length;
};

const triedFor = (db: Database, rows: readonly LedgerRow[]) =>
  db
    .select()
    .from(notifications)
    .where(inArray(notifications.subjectId, listOf(rows.map(({ subjectId }) => subjectId))));

const versionsOf = async (db: Database, rows: readonly LedgerRow[]): Promise<ReadonlyMap<string, number>> => {
  const ids = rows.filter(({ kind }) => kind === 'reminder').map(({ subjectId }) => subjectId);
  if (ids.length === 0) return new Map();
  const found = await db
    .select({ id: appointments.id, version: appointments.version })
    .from(appointments)
    .where(and(inArray(appointments.id, listOf(ids)), isNotNull(appointments.seat)));
  return new Map(found.map(({ id, version }) => [id, version]));
};

/** The same to the same person, by whatever way; a reminder is the same as long as its time is. */
const isSameThing = (a: LedgerRow, b: LedgerRow): boolean =>
  a.subjectId === b.subjectId &&
  a.kind === b.kind &&
  a.offsetMinutes === b.offsetMinutes &&
  a.recipientId === b.recipientId &&
  (a.kind === 'reminder' ? a.startsAtMs === b.startsAtMs : a.version === b.version);
