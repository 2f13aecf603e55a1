import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { followUps } from '../../db/schema.ts';
import { may } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { whyNotBegun } from '../../domain/visits/begun.ts';
import { localDateOf } from '../../domain/zoned-time.ts';
import type { AppEnv } from '../../http/context.ts';
import { tellPatients } from '../../notifications/tell.ts';
import type { Place } from '../../sealing/sealed-text.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { auditStatement } from '../audit/record.ts';
import { presentAt } from './check-in.ts';
import { visitOf } from './found.ts';
import type { NewFollowUp } from './schema.ts';

/** A row of `follow_ups`. */
export type FollowUp = typeof followUps.$inferSelect;

/** Where a proposal's note stands. */
export const notePlace = (id: string): Place => ({ table: 'follow_ups', row: id, column: 'note' });

/** That a proposal stands: neither side has ended it. */
const standing = (id: string) => and(eq(followUps.id, id), isNull(followUps.endedAtMs));

/**
 * Proposes another visit after one that has begun, and tells the patient. The visit's proposal before it, if any, ends.
 * Refuses with `not_found`, `invalid_transition`, `too_early`, `in_the_past`.
 */
export const propose = async (
  c: Context<AppEnv>,
  appointmentId: string,
  wish: NewFollowUp,
  nowMs: number,
): Promise<Result<FollowUp, Refusal>> => {
  const found = await visitOf(c, appointmentId, 'follow_up.propose');
  if (!found.ok) return found;
  const { doctorId, patientId, timeZone } = found.value;
  const db = database(c.env.DB);
  const isCalledIn = ((await presentAt(db, found.value))?.calledAtMs ?? null) !== null;
  const notBegun = whyNotBegun({ ...found.value, isCalledIn }, nowMs);
  if (notBegun !== null) return refused(notBegun);
  if (wish.to < localDateOf(nowMs, timeZone)) return refused(refusal('in_the_past'));
  const id = `f_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`;
  const row: FollowUp = {
    ...{ id, appointmentId, doctorId, patientId, from: wish.from, to: wish.to },
    note: await sealingOf(c).sealFor(patientId, notePlace(id), wish.note ?? null),
    createdAtMs: nowMs,
    endedAtMs: null,
  };
  await db.batch([
    db
      .update(followUps)
      .set({ endedAtMs: nowMs })
      .where(and(eq(followUps.appointmentId, appointmentId), isNull(followUps.endedAtMs))),
    db.insert(followUps).values(row),
    entry(db, c, 'follow_up.proposed', row, nowMs),
  ]);
  await tellPatients(c.env, { kind: 'follow_up', appointmentIds: [appointmentId], causedBy: 'doctor' }, nowMs);
  return ok(row);
};

/** A proposal that the principal may read. Refuses with `not_found`. */
const proposalOf = async (c: Context<AppEnv>, id: string): Promise<Result<FollowUp, Refusal>> => {
  const [row] = await database(c.env.DB).select().from(followUps).where(eq(followUps.id, id));
  return row !== undefined && may(c.get('principal'), 'follow_up.read', row) ? ok(row) : refused(refusal('not_found'));
};

/** Declines a proposal, or takes it back. One that has ended stays so. Refuses with `not_found`. */
export const endProposal = async (c: Context<AppEnv>, id: string, nowMs: number): Promise<Result<null, Refusal>> => {
  const found = await proposalOf(c, id);
  if (!found.ok) return found;
  if (found.value.endedAtMs !== null) return ok(null);
  const db = database(c.env.DB);
  try {
    await db.batch([
      guard(db, sql`exists (select 1 from ${followUps} where ${standing(id)})`),
      db.update(followUps).set({ endedAtMs: nowMs }).where(standing(id)),
      entry(db, c, 'follow_up.ended', found.value, nowMs),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
  }
  return ok(null);
};

const entry = (db: Database, c: Context<AppEnv>, action: string, row: FollowUp, atMs: number) => {
  const actor = c.get('principal');
  const data = { followUpId: row.id, from: row.from, to: row.to };
  return auditStatement(db, { stream: `account:${actor.id}`, actor, action, subjectId: row.appointmentId, data, atMs });
};
