import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { appointments, followUps, visits } from '../../db/schema.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { after, iso, type Pages, pageRows, pages } from './pages.ts';

/** What is held about visits besides the appointments: who came when, and what doctors proposed afterwards. */
export const visitSections = (
  db: Database,
  { openFor }: Pick<Sealing, 'openFor'>,
  subjectIds: readonly string[],
): Readonly<Record<'visits' | 'followUps', Pages>> => ({
  visits: pages(
    (last: typeof visits.$inferSelect | null) =>
      db
        .select({ visit: visits })
        .from(visits)
        .innerJoin(appointments, eq(appointments.id, visits.appointmentId))
        .where(
          and(
            inArray(appointments.patientId, listOf(subjectIds)),
            after(last, (row) => sql`${visits.appointmentId} > ${row.appointmentId}`),
          ),
        )
        .orderBy(asc(visits.appointmentId))
        .limit(pageRows)
        .then((rows) => rows.map(({ visit }) => visit)),
    ({ appointmentId, checkedInAtMs, calledAtMs }) => ({
      appointmentId,
      checkedInAt: iso(checkedInAtMs),
      calledAt: iso(calledAtMs),
    }),
  ),
  followUps: pages(
    (last: typeof followUps.$inferSelect | null) =>
      db
        .select()
        .from(followUps)
        .where(
          and(
            inArray(followUps.patientId, listOf(subjectIds)),
            after(last, (row) => sql`${followUps.id} > ${row.id}`),
          ),
        )
        .orderBy(asc(followUps.id))
        .limit(pageRows),
    async ({ id, appointmentId, doctorId, patientId, from, to, note, createdAtMs, endedAtMs }) => ({
      ...{ id, appointmentId, doctorId, patientId, from, to },
      note: await openFor(patientId, { table: 'follow_ups', row: id, column: 'note' }, note),
      createdAt: iso(createdAtMs),
      endedAt: iso(endedAtMs),
    }),
  ),
});
