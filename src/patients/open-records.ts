import { and, eq, gt, isNotNull } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { breakGlass, doctors } from '../db/schema.ts';

/**
 * Until when a doctor who broke the glass may read a patient's record, ms; `null` when it is not open, or no longer,
 * because the doctor's verification was taken away. At that instant it is closed.
 */
export const openUntil = async (
  db: Database,
  doctorId: string,
  patientId: string,
  nowMs: number,
): Promise<number | null> => {
  const [open] = await db
    .select({ endsAtMs: breakGlass.endsAtMs })
    .from(breakGlass)
    .innerJoin(doctors, and(eq(doctors.id, breakGlass.doctorId), isNotNull(doctors.verifiedAtMs)))
    .where(and(eq(breakGlass.doctorId, doctorId), eq(breakGlass.patientId, patientId), gt(breakGlass.endsAtMs, nowMs)))
    .limit(1);
  return open?.endsAtMs ?? null;
};
