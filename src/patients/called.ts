import { and, eq, isNotNull } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { isOutage } from '../db/outage.ts';
import { appointments, visits } from '../db/schema.ts';
import type { Role } from '../domain/access.ts';
import type { KnownCall } from '../domain/visits/begun.ts';

/** Joins to `appointments` who has come: to the doctor and at the start that the appointment has now, to no other. */
export const itsVisit = and(
  eq(visits.appointmentId, appointments.id),
  eq(visits.doctorId, appointments.doctorId),
  eq(visits.startsAtMs, appointments.startsAtMs),
);

/** For what the patient of an appointment was called in last. */
export const callOf = async (db: Database, appointmentId: string): Promise<KnownCall> => {
  try {
    const [call] = await db
      .select({ doctorId: visits.doctorId, startsAtMs: visits.startsAtMs })
      .from(visits)
      .where(and(eq(visits.appointmentId, appointmentId), isNotNull(visits.calledAtMs)));
    return call ?? null;
  } catch (error) {
    if (!isOutage(error)) throw error;
    return 'unknown';
  }
};

/** The same for those who cannot call off or move what a call has begun: the patient's side. `null` for all others. */
export const callThatBinds = async (db: Database, role: Role, appointmentId: string): Promise<KnownCall> =>
  role === 'patient' ? callOf(db, appointmentId) : null;
