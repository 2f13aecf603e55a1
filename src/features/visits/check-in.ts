import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { visits } from '../../db/schema.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { mayCheckInAt } from '../../domain/visits/check-in.ts';
import type { AppEnv } from '../../http/context.ts';
import { tellPatients } from '../../notifications/tell.ts';
import { auditStatement } from '../audit/record.ts';
import { confirmedVisit, type VisitedAppointment } from './found.ts';

/** A row of `visits`. */
export type Visit = typeof visits.$inferSelect;

/** That the visit kept of an appointment is to the doctor and at the time that it has now. */
const isOf = ({ id, doctorId, startsAtMs }: VisitedAppointment) =>
  and(eq(visits.appointmentId, id), eq(visits.doctorId, doctorId), eq(visits.startsAtMs, startsAtMs));

/** Who came to an appointment, to the doctor and at the time that it has now: one row, or none. */
export const presentRows = (db: Database, appointment: VisitedAppointment) =>
  db.select().from(visits).where(isOf(appointment));

/** The same; `null` while nobody has come. */
export const presentAt = async (db: Database, appointment: VisitedAppointment): Promise<Visit | null> =>
  (await presentRows(db, appointment))[0] ?? null;

/**
 * Notes that the patient is there. A second time changes nothing. Refuses with `not_found`, `invalid_transition` and
 * `too_early_to_check_in`.
 */
export const checkIn = async (c: Context<AppEnv>, id: string, nowMs: number): Promise<Result<Visit, Refusal>> => {
  const found = await confirmedVisit(c, id, 'visit.check_in');
  if (!found.ok) return found;
  const { doctorId, date, startsAtMs } = found.value;
  const actor = c.get('principal');
  if (!mayCheckInAt(found.value, actor.role === 'patient', nowMs)) return refused(refusal('too_early_to_check_in'));
  const db = database(c.env.DB);
  const known = await presentAt(db, found.value);
  if (known !== null) return ok(known);
  const row = { doctorId, date, startsAtMs, checkedInAtMs: nowMs, calledAtMs: null };
  const isNew = sql`not exists (select 1 from ${visits} where ${isOf(found.value)})`;
  const data = { startsAtMs };
  const entry = { stream: `account:${actor.id}`, actor, action: 'visit.checked_in', subjectId: id, data, atMs: nowMs };
  try {
    await db.batch([
      guard(db, isNew),
      db
        .insert(visits)
        .values({ appointmentId: id, ...row })
        .onConflictDoUpdate({ target: visits.appointmentId, set: row }),
      auditStatement(db, entry),
    ]);
  } catch (error) {
    // Somebody else was faster: they are checked in.
    if (!guardFailed(error)) throw error;
  }
  return ok((await presentAt(db, found.value)) ?? { appointmentId: id, ...row });
};

/**
 * Calls a patient in who waits, and tells them. A second time changes nothing. Refuses with `not_found`,
 * `invalid_transition` and `not_checked_in`.
 */
export const callIn = async (c: Context<AppEnv>, id: string, nowMs: number): Promise<Result<Visit, Refusal>> => {
  const found = await confirmedVisit(c, id, 'visit.call_in');
  if (!found.ok) return found;
  const db = database(c.env.DB);
  const known = await presentAt(db, found.value);
  if (known === null) return refused(refusal('not_checked_in'));
  if (known.calledAtMs !== null) return ok(known);
  const actor = c.get('principal');
  const { startsAtMs } = found.value;
  const data = { startsAtMs };
  const entry = { stream: `account:${actor.id}`, actor, action: 'visit.called_in', subjectId: id, data, atMs: nowMs };
  const waits = and(isOf(found.value), isNull(visits.calledAtMs));
  try {
    await db.batch([
      guard(db, sql`exists (select 1 from ${visits} where ${waits})`),
      db.update(visits).set({ calledAtMs: nowMs }).where(waits),
      auditStatement(db, entry),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return ok((await presentAt(db, found.value)) ?? known);
  }
  await tellPatients(c.env, { kind: 'your_turn', appointmentIds: [id], causedBy: 'doctor' }, nowMs);
  return ok({ ...known, calledAtMs: nowMs });
};
