import { and, eq, isNotNull } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { appointments, visits } from '../../db/schema.ts';

/** Joins `visits` to `appointments` where the patient was called in: its `startsAtMs` is the start that this was for. */
export const itsCall = and(eq(visits.appointmentId, appointments.id), isNotNull(visits.calledAtMs));

/** The start, Unix ms, for which the patient of an appointment was called in; `null` while they were not. */
export const calledFor = async (db: Database, appointmentId: string): Promise<number | null> => {
  const [row] = await db
    .select({ startsAtMs: visits.startsAtMs })
    .from(visits)
    .where(and(eq(visits.appointmentId, appointmentId), isNotNull(visits.calledAtMs)));
  return row?.startsAtMs ?? null;
};
