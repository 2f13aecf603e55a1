import { and, eq, isNull, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { clinics, doctorClinics, doctors, monthlyReports } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import type { Month, MonthlyReport } from '../../domain/report.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { foldFigures } from '../../figures/fold.ts';
import { auditStatement } from '../audit/record.ts';
import { all, buildReports, type Subject } from './build.ts';
import { isOver } from './make.ts';
import { newestReport } from './queries.ts';

/** Doctors of a clinic whose reports are made with the clinic's. */
const maxDoctors = 200;

/** Of whom reports are to be made anew: a doctor, a clinic with its doctors, or the sum of all. */
export interface Wanted {
  readonly month: Month;
  readonly clinicId?: string | undefined;
  readonly doctorId?: string | undefined;
}

/**
 * Makes reports anew from the figures as they are now. One that says something else becomes the next revision, and the
 * one before keeps its number; one that says the same stays. Refuses with `unknown_clinic`, `not_found` (no such doctor)
 * and `month_not_over`.
 */
export const regenerate = async (
  env: Env,
  actor: Identity,
  wanted: Wanted,
  nowMs: number,
): Promise<Result<{ readonly made: number; readonly unchanged: number }, Refusal>> => {
  const db = database(env.DB);
  const subjects = await subjectsOf(db, wanted);
  if (subjects === null) return refused(refusal(wanted.clinicId === undefined ? 'not_found' : 'unknown_clinic'));
  const { month } = wanted;
  const over = subjects.filter(({ timeZone }) => isOver(month, timeZone, nowMs));
  if (over.length < subjects.length) return refused(refusal('month_not_over'));
  await foldFigures(env.DB);
  const reports = await buildReports(db, month, over);
  let made = 0;
  for (const { id, kind } of over) {
    const report = reports.get(id);
    if (report !== undefined && (await replace(db, { id, kind, month, report }, actor, nowMs))) made += 1;
  }
  await auditStatement(db, {
    stream: `account:${actor.id}`,
    actor,
    action: 'reports.regenerated',
    subjectId: wanted.clinicId ?? wanted.doctorId ?? null,
    data: { month, made, unchanged: over.length - made },
    atMs: nowMs,
  });
  return ok({ made, unchanged: over.length - made });
};

const subjectsOf = async (
  db: Database,
  { clinicId, doctorId }: Wanted,
): Promise<(Subject & { readonly timeZone: string })[] | null> => {
  if (clinicId === undefined && doctorId === undefined) return [{ ...all, timeZone: 'Etc/GMT+12' }];
  const doctor = { id: doctors.id, name: doctors.fullName, timeZone: doctors.timeZone };
  if (clinicId === undefined) {
    const [row] = await db
      .select(doctor)
      .from(doctors)
      .where(eq(doctors.id, doctorId ?? ''));
    return row === undefined ? null : [{ ...row, kind: 'doctor' }];
  }
  const [[clinic], own] = await db.batch([
    db
      .select({ id: clinics.id, name: clinics.name, timeZone: clinics.timeZone })
      .from(clinics)
      .where(eq(clinics.id, clinicId)),
    db
      .select(doctor)
      .from(doctorClinics)
      .innerJoin(doctors, eq(doctors.id, doctorClinics.doctorId))
      .where(eq(doctorClinics.clinicId, clinicId))
      .orderBy(doctorClinics.doctorId)
      .limit(maxDoctors),
  ]);
  if (clinic === undefined) return null;
  return [{ ...clinic, kind: 'clinic' }, ...own.map((row) => ({ ...row, kind: 'doctor' as const }))];
};

/** Puts a report in the place of the newest one, unless that says the same, or another was made meanwhile. */
const replace = async (
  db: Database,
  { id, kind, month, report }: Pick<Subject, 'id' | 'kind'> & { readonly month: Month; readonly report: MonthlyReport },
  actor: Identity,
  nowMs: number,
): Promise<boolean> => {
  const newest = await newestReport(db, id, month);
  if (newest !== null && JSON.stringify(newest.report) === JSON.stringify(report)) return false;
  const revision = (newest?.revision ?? 0) + 1;
  const isNewest = and(
    eq(monthlyReports.subjectId, id),
    eq(monthlyReports.month, month),
    isNull(monthlyReports.supersededAtMs),
  );
  try {
    await db.batch([
      guard(
        db,
        sql`coalesce((select max(revision) from monthly_reports where subject_id = ${id} and month = ${month}), 0) = ${revision - 1}`,
      ),
      db.update(monthlyReports).set({ supersededAtMs: nowMs }).where(isNewest),
      db
        .insert(monthlyReports)
        .values({ subjectId: id, month, revision, kind, report, madeAtMs: nowMs, madeBy: actor.id }),
    ]);
    return true;
  } catch (error) {
    if (guardFailed(error)) return false;
    throw error;
  }
};
