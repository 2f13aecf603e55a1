import { and, asc, eq, gte, lte, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { clinicResources, doctorClinics, doctors, extraSessions, timeOff, weeklyRules } from '../../db/schema.ts';

/** A doctor's booking settings, clinics and weekly rules. */
export interface WeeklySchedule {
  readonly doctor: typeof doctors.$inferSelect;
  readonly clinicIds: readonly string[];
  /** Which kinds of rooms and devices those clinics have. */
  readonly kinds: readonly { readonly clinicId: string; readonly kind: string }[];
  /** By weekday and start. */
  readonly rules: readonly (typeof weeklyRules.$inferSelect)[];
}

/** Reads what a doctor has set; `null` when there is no such doctor. */
export const weeklyScheduleOf = async (db: Database, doctorId: string): Promise<WeeklySchedule | null> => {
  const [[doctor], clinicRows, rules, kinds] = await db.batch([
    db.select().from(doctors).where(eq(doctors.id, doctorId)),
    db.select({ id: doctorClinics.clinicId }).from(doctorClinics).where(eq(doctorClinics.doctorId, doctorId)),
    db
      .select()
      .from(weeklyRules)
      .where(eq(weeklyRules.doctorId, doctorId))
      .orderBy(asc(weeklyRules.weekday), asc(weeklyRules.start), asc(weeklyRules.id)),
    db
      .selectDistinct({ clinicId: clinicResources.clinicId, kind: clinicResources.kind })
      .from(doctorClinics)
      .innerJoin(clinicResources, eq(clinicResources.clinicId, doctorClinics.clinicId))
      .where(and(eq(doctorClinics.doctorId, doctorId), eq(clinicResources.active, true))),
  ]);
  return doctor === undefined ? null : { doctor, clinicIds: clinicRows.map((row) => row.id), rules, kinds };
};

/** Time off by its first date. Gives one row more than `limit` when there are more; `null` when there is no doctor. */
export const timeOffPage = async (
  db: Database,
  doctorId: string,
  filter: { readonly from?: string; readonly limit: number },
  after: { readonly from: string; readonly id: string } | null,
): Promise<(typeof timeOff.$inferSelect)[] | null> => {
  const [doctor, rows] = await db.batch([
    doctorExists(db, doctorId),
    db
      .select()
      .from(timeOff)
      .where(
        and(
          eq(timeOff.doctorId, doctorId),
          filter.from === undefined ? undefined : gte(timeOff.to, filter.from),
          after === null ? undefined : sql`(${timeOff.from}, ${timeOff.id}) > (${after.from}, ${after.id})`,
        ),
      )
      .orderBy(timeOff.from, timeOff.id)
      .limit(filter.limit + 1),
  ]);
  return doctor.length === 0 ? null : rows;
};

/** Sessions by date and start. Gives one row more than `limit` when there are more; `null` when there is no doctor. */
export const sessionPage = async (
  db: Database,
  doctorId: string,
  filter: { readonly from?: string; readonly to?: string; readonly limit: number },
  after: { readonly date: string; readonly start: string; readonly id: string } | null,
): Promise<(typeof extraSessions.$inferSelect)[] | null> => {
  const { date, start, id } = extraSessions;
  const [doctor, rows] = await db.batch([
    doctorExists(db, doctorId),
    db
      .select()
      .from(extraSessions)
      .where(
        and(
          eq(extraSessions.doctorId, doctorId),
          filter.from === undefined ? undefined : gte(date, filter.from),
          filter.to === undefined ? undefined : lte(date, filter.to),
          after === null ? undefined : sql`(${date}, ${start}, ${id}) > (${after.date}, ${after.start}, ${after.id})`,
        ),
      )
      .orderBy(date, start, id)
      .limit(filter.limit + 1),
  ]);
  return doctor.length === 0 ? null : rows;
};

const doctorExists = (db: Database, doctorId: string) =>
  db.select({ id: doctors.id }).from(doctors).where(eq(doctors.id, doctorId));
