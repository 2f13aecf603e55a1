import { inArray, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { waitlistEntries } from '../../db/schema.ts';
import { after, iso, type Pages, pageRows, pages } from './pages.ts';

/** For what people wait, or waited. */
export const waitlistSection = (db: Database, subjectIds: readonly string[]): Pages =>
  pages(
    (last: typeof waitlistEntries.$inferSelect | null) =>
      db
        .select()
        .from(waitlistEntries)
        .where(
          sql`${inArray(waitlistEntries.patientId, listOf(subjectIds))} and ${
            after(
              last,
              (row) => sql`(${waitlistEntries.joinedAtMs}, ${waitlistEntries.id}) > (${row.joinedAtMs}, ${row.id})`,
            ) ?? sql`true`
          }`,
        )
        .orderBy(waitlistEntries.joinedAtMs, waitlistEntries.id)
        .limit(pageRows),
    ({ id, doctorId, patientId, from, to, part, mode, state, joinedAtMs, closedAtMs }) => ({
      ...{ id, doctorId, patientId, from, to, part, mode, state },
      joinedAt: iso(joinedAtMs),
      closedAt: iso(closedAtMs),
    }),
  );
