import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { attendances } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { auditStatement } from '../audit/record.ts';

/**
 * Records that somebody will come at a time, once for each time. It changes nothing about the appointment: whoever does
 * not answer may come as well.
 */
export const confirmAttendance = async (
  db: Database,
  appointmentId: string,
  startsAtMs: number,
  actor: Identity,
  nowMs: number,
): Promise<void> => {
  const [known] = await db.select().from(attendances).where(eq(attendances.appointmentId, appointmentId));
  if (known?.startsAtMs === startsAtMs) return;
  const row = { accountId: actor.id, startsAtMs, acceptedAtMs: nowMs };
  await db.batch([
    db
      .insert(attendances)
      .values({ appointmentId, ...row })
      .onConflictDoUpdate({ target: attendances.appointmentId, set: row }),
    auditStatement(db, {
      stream: `account:${actor.id}`,
      actor,
      action: 'appointment.attendance_confirmed',
      subjectId: appointmentId,
      data: { startsAtMs },
      atMs: nowMs,
    }),
  ]);
};
