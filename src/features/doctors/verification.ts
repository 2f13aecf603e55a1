import type { z } from '@hono/zod-openapi';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { doctors } from '../../db/schema.ts';
import { documentsOf, documentView } from './documents.ts';
import type { DoctorRow } from './profile.ts';
import type { verificationItemSchema, verificationSchema } from './verification-schema.ts';

const summary = (row: DoctorRow) => ({
  doctorId: row.id,
  state: row.verification,
  since: new Date(row.verificationSinceMs).toISOString(),
  reason: row.verification === 'rejected' ? row.rejectionReason : null,
  licenseNumber: row.licenseNumber,
  fullName: row.fullName,
  specialization: row.specialization,
});

/** How far a doctor's verification has come; `null` when there is no such doctor. */
export const verificationOf = async (db: Database, id: string): Promise<z.input<typeof verificationSchema> | null> => {
  const [row] = await db.select().from(doctors).where(eq(doctors.id, id));
  if (row === undefined) return null;
  return { ...summary(row), documents: (await documentsOf(db, id)).map(documentView) };
};

/** Where a page of doctors by state goes on. */
export interface VerificationPosition {
  readonly sinceMs: number;
  readonly id: string;
}

/** One more than a page of the doctors in a state, those first who have been in it the longest. */
export const doctorsInState = (
  db: Database,
  state: DoctorRow['verification'],
  after: VerificationPosition | null,
  limit: number,
) =>
  db
    .select({
      row: doctors,
      // Named in full: in a query of one table drizzle writes its columns bare, and the document has an id, too.
      documents: sql<number>`(select count(*) from licence_documents
        where doctor_id = doctors.id and stored_at_ms is not null and deleted_at_ms is null)`,
    })
    .from(doctors)
    .where(
      and(
        eq(doctors.verification, state),
        after === null
          ? undefined
          : sql`(${doctors.verificationSinceMs}, ${doctors.id}) > (${after.sinceMs}, ${after.id})`,
      ),
    )
    .orderBy(asc(doctors.verificationSinceMs), asc(doctors.id))
    .limit(limit + 1);

/** A doctor in the list of those in a state. */
export const verificationItem = ({
  row,
  documents,
}: {
  readonly row: DoctorRow;
  readonly documents: number;
}): z.input<typeof verificationItemSchema> => ({ ...summary(row), documents });
