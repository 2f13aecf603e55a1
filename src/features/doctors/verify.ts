import { and, eq, exists, isNull } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { doctors } from '../../db/schema.ts';
import { bumpSchedule } from '../../doctor-days/schedule-changes.ts';
import type { Principal } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { auditStatement } from '../audit/record.ts';

/** Verifies a doctor, who can be found and booked from then on. Refuses with `not_found`, `already_verified`. */
export const verifyDoctor = async (
  db: Database,
  id: string,
  actor: Principal,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const [row] = await db.select({ id: doctors.id }).from(doctors).where(eq(doctors.id, id));
  if (row === undefined) return refused(refusal('not_found'));
  const waiting = db
    .select({ id: doctors.id })
    .from(doctors)
    .where(and(eq(doctors.id, id), isNull(doctors.verifiedAtMs)));
  try {
    await db.batch([
      guard(db, exists(waiting)),
      db.update(doctors).set({ verifiedAtMs: nowMs }).where(eq(doctors.id, id)),
      bumpSchedule(db, id),
      auditStatement(db, {
        stream: `doctor:${id}`,
        actor,
        action: 'doctor.verified',
        subjectId: id,
        data: {},
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (guardFailed(error)) return refused(refusal('already_verified'));
    throw error;
  }
  return ok(null);
};
