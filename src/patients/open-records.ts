import { and, eq, gt } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { breakGlass } from '../db/schema.ts';

/**
 * Until when a doctor who broke the glass may read a patient's record, ms; `null` when it is not open. At that instant
 * it is closed.
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
    .where(and(eq(breakGlass.doctorId, doctorId), eq(breakGlass.patientId, patientId), gt(breakGlass.endsAtMs, nowMs)))
    .limit(1);
  return open?.endsAtMs ?? null;
};
