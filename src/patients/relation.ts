import { and, eq, exists, gt, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { appointments, doctors } from '../db/schema.ts';
import { mayEver, type Principal, type Resource } from '../domain/access.ts';
import { openUntil } from './open-records.ts';

/** For so long after an appointment began, the patient's doctor and the clinic's desk are still theirs. */
const relatedMs = 365 * 86_400_000;
/** What was agreed on by both sides; a request that waits for an answer, or was cancelled, relates to nobody. */
const agreed = ['confirmed', 'completed'];
/** More clinics than anybody visits in a year. */
const maxClinics = 100;

const related = (patientId: string, nowMs: number) =>
  and(
    eq(appointments.patientId, patientId),
    gt(appointments.startsAtMs, nowMs - relatedMs),
    inArray(appointments.status, agreed),
  );

/**
 * Whether a doctor treats a patient: is verified, and has with the patient an appointment that is confirmed or completed,
 * to come or begun less than a year ago. By D1, which is moments behind: who was accepted just now is a second early.
 */
const treats = async (db: Database, doctorId: string, patientId: string, nowMs: number): Promise<boolean> => {
  const [found] = await db
    .select({ id: doctors.id })
    .from(doctors)
    .where(
      and(
        eq(doctors.id, doctorId),
        isNotNull(doctors.verifiedAtMs),
        exists(
          db
            .select({ one: sql`1` })
            .from(appointments)
            .where(and(related(patientId, nowMs), eq(appointments.doctorId, doctorId))),
        ),
      ),
    );
  return found !== undefined;
};

/** The clinics at which a patient has such an appointment, as {@link treats} has it of doctors. */
const clinicsOf = async (db: Database, patientId: string, nowMs: number): Promise<string[]> => {
  const rows = await db
    .selectDistinct({ clinicId: appointments.clinicId })
    .from(appointments)
    .where(and(related(patientId, nowMs), isNotNull(appointments.clinicId)))
    .limit(maxClinics);
  return rows.flatMap(({ clinicId }) => clinicId ?? []);
};

/**
 * A patient's record as the policy asks for it: how the principal stands to it, by as few queries as that takes. For a
 * patient or a guardian none.
 */
export const recordOf = async (
  db: Database,
  principal: Principal,
  patientId: string,
  nowMs: number,
): Promise<Resource> => {
  switch (principal.role) {
    case 'doctor': {
      if (await treats(db, principal.id, patientId, nowMs)) return { patientId, treatedBy: [principal.id] };
      if (!mayEver(principal, 'patient.break_glass')) return { patientId };
      const until = await openUntil(db, principal.id, patientId, nowMs);
      return { patientId, openedTo: until === null ? [] : [principal.id] };
    }
    case 'staff':
      return { patientId, clinicIds: await clinicsOf(db, patientId, nowMs) };
    default:
      return { patientId };
  }
};
