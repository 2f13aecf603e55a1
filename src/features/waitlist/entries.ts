import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { doctorClinics, doctors, waitlistEntries } from '../../db/schema.ts';
import { type Principal, relationsFor } from '../../domain/access.ts';

export type Entry = typeof waitlistEntries.$inferSelect;

/** Where a page goes on. */
export interface Position {
  readonly joinedAtMs: number;
  readonly id: string;
}

/** The clinics at which a doctor works: whose staff is the doctor's. */
export const clinicsOf = async (db: Database, doctorId: string): Promise<string[]> => {
  const rows = await db
    .select({ clinicId: doctorClinics.clinicId })
    .from(doctorClinics)
    .where(eq(doctorClinics.doctorId, doctorId));
  return rows.map(({ clinicId }) => clinicId);
};

/** As {@link clinicsOf}; `null` when there is no such doctor. */
export const clinicsOfDoctor = async (db: Database, doctorId: string): Promise<string[] | null> => {
  const [doctor] = await db.select({ id: doctors.id }).from(doctors).where(eq(doctors.id, doctorId));
  return doctor === undefined ? null : clinicsOf(db, doctorId);
};

/** An entry with the clinics of its doctor; `null` when there is none. */
export const findEntry = async (
  db: Database,
  id: string,
): Promise<{ readonly entry: Entry; readonly clinicIds: readonly string[] } | null> => {
  const [entry] = await db.select().from(waitlistEntries).where(eq(waitlistEntries.id, id));
  return entry === undefined ? null : { entry, clinicIds: await clinicsOf(db, entry.doctorId) };
};

/** Of whom a principal's list may show entries; `null` is everybody. */
const scopeOf = (principal: Principal): SQL | null => {
  const relations = relationsFor(principal, 'waitlist.read');
  const { doctorId, patientId } = waitlistEntries;
  const list = (ids: readonly string[]) => sql`(select value from json_each(${JSON.stringify(ids)}))`;
  if (relations.includes('any')) return null;
  if (relations.includes('patient')) return sql`${patientId} in ${list([principal.id, ...principal.dependantIds])}`;
  if (relations.includes('doctor')) return sql`${doctorId} = ${principal.id}`;
  return sql`${doctorId} in (select doctor_id from doctor_clinics where clinic_id in ${list(principal.clinicIds)})`;
};

/** One more than a page of entries that a principal may read, first joined first. */
export const entriesFor = (
  db: Database,
  principal: Principal,
  filter: { readonly state: Entry['state']; readonly doctorId?: string; readonly limit: number },
  after: Position | null,
): Promise<Entry[]> =>
  db
    .select()
    .from(waitlistEntries)
    .where(
      and(
        scopeOf(principal) ?? undefined,
        filter.doctorId === undefined ? undefined : eq(waitlistEntries.doctorId, filter.doctorId),
        // Not bound: the index of those who wait is chosen by it.
        sql`${waitlistEntries.state} = ${sql.raw(`'${filter.state}'`)}`,
        after === null
          ? undefined
          : sql`(${waitlistEntries.joinedAtMs}, ${waitlistEntries.id}) > (${after.joinedAtMs}, ${after.id})`,
      ),
    )
    .orderBy(asc(waitlistEntries.joinedAtMs), asc(waitlistEntries.id))
    .limit(filter.limit + 1);

/** How many stand in line before an entry whose wishes overlap with it; `null` for one that waits no more. */
export const aheadOf = async (db: Database, entry: Entry): Promise<number | null> => {
  if (entry.state !== 'active') return null;
  const { doctorId, from, to, part, mode, joinedAtMs, id } = entry;
  const row = await db.get<{ n: number }>(sql`
    select count(*) as n from waitlist_entries where doctor_id = ${doctorId} and state = 'active'
      and (joined_at_ms, id) < (${joinedAtMs}, ${id}) and from_date <= ${to} and to_date >= ${from}
      and (part = 'any' or ${part} = 'any' or part = ${part})
      and (mode is null or ${mode} is null or mode = ${mode})`);
  return row?.n ?? 0;
};
