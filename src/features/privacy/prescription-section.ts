import { and, asc, inArray, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { prescriptions } from '../../db/schema.ts';
import { saidIn } from '../../domain/prescription.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { after, iso, type Pages, pageRows, pages } from './pages.ts';

/** What was prescribed to people, as it was signed, and what became of it. The code that dispenses it is on the paper only. */
export const prescriptionSection = (
  db: Database,
  { openFor }: Pick<Sealing, 'openFor'>,
  subjectIds: readonly string[],
): Pages =>
  pages(
    (last: typeof prescriptions.$inferSelect | null) =>
      db
        .select()
        .from(prescriptions)
        .where(
          and(
            inArray(prescriptions.patientId, listOf(subjectIds)),
            after(
              last,
              (row) =>
                sql`(${prescriptions.patientId}, ${prescriptions.issuedAtMs}, ${prescriptions.id}) > (${row.patientId}, ${row.issuedAtMs}, ${row.id})`,
            ),
          ),
        )
        .orderBy(asc(prescriptions.patientId), asc(prescriptions.issuedAtMs), asc(prescriptions.id))
        .limit(pageRows),
    async ({ id, patientId, appointmentId, content, dispensedAtMs, dispensedBy, cancelledAtMs, cancelReason }) => {
      const wordsIn = (column: string, sealed: string | null) =>
        openFor(patientId, { table: 'prescriptions', row: id, column }, sealed);
      const opened = await wordsIn('content', content);
      const { jws }: { jws: string } = JSON.parse(opened ?? '{"jws":""}');
      return {
        ...(opened === null ? {} : saidIn(jws)),
        ...{ id, patientId, appointmentId, jws },
        dispensedAt: iso(dispensedAtMs),
        dispensedBy: await wordsIn('dispensed_by', dispensedBy),
        cancelledAt: iso(cancelledAtMs),
        cancelReason: await wordsIn('cancel_reason', cancelReason),
      };
    },
  );
