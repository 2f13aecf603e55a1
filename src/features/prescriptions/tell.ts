import { and, eq, lt, or, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { prescriptions } from '../../db/schema.ts';
import { describeError, report } from '../../http/log.ts';
import { type News, tellPatients } from '../../notifications/tell.ts';
import type { Row } from './stored.ts';

/**
 * Tells the patient of a prescription: that there is one, or that it was dispensed. What is told names the visit and no
 * medicine. Never throws: what was done is done, told or not.
 */
export const tellOfPrescription = async (
  env: Env,
  db: Database,
  kind: Extract<News['kind'], 'prescribed' | 'prescription_dispensed'>,
  { id, appointmentId, issuedAtMs }: Row,
  nowMs: number,
): Promise<void> => {
  try {
    // The second prescription of a visit is news as well.
    const [earlier] = await db
      .select({ n: sql<number>`count(*)` })
      .from(prescriptions)
      .where(
        and(
          eq(prescriptions.appointmentId, appointmentId),
          or(
            lt(prescriptions.issuedAtMs, issuedAtMs),
            and(eq(prescriptions.issuedAtMs, issuedAtMs), lt(prescriptions.id, id)),
          ),
        ),
      );
    const causedBy = kind === 'prescribed' ? 'doctor' : null;
    await tellPatients(env, { kind, appointmentIds: [appointmentId], serial: earlier?.n ?? 0, causedBy }, nowMs);
  } catch (error) {
    report('prescription_not_told', describeError(error));
  }
};
