import { inArray } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { doctors } from '../../db/schema.ts';
import { ratingStars } from '../../domain/rating.ts';
import {
  datesOf,
  type Month,
  type MonthlyReport,
  monthBefore,
  reportOf,
  type SubjectKind,
} from '../../domain/report.ts';
import { everything, figuresByDoctor, figuresOfDoctors, totalsOf } from '../../figures/read.ts';

/** Of whom a report is made. */
export interface Subject {
  readonly id: string;
  readonly kind: SubjectKind;
  readonly name: string;
}

/** The report of all. */
export const all: Subject = { id: everything, kind: 'all', name: 'All clinics and doctors' };

/** Reports of a month from the figures as they are now, by subject; without those of whom there is nothing to report. */
export const buildReports = async (
  db: Database,
  month: Month,
  subjects: readonly Subject[],
): Promise<Map<string, MonthlyReport>> => {
  const range = { from: datesOf(monthBefore(month)).from, to: datesOf(month).to };
  const found = new Map<string, MonthlyReport>();
  const keep = (id: string, report: MonthlyReport | null): void => {
    if (report !== null) found.set(id, report);
  };
  const ids = subjects.filter(({ kind }) => kind === 'doctor').map(({ id }) => id);
  const [figures, known] = await Promise.all([figuresOfDoctors(db, ids, range), doctorsOf(db, ids)]);
  for (const { id, kind, name } of subjects) {
    if (kind === 'doctor') {
      keep(id, reportOf(month, name, figures.get(id) ?? [], ratingStars(known.get(id)?.milli ?? null)));
      continue;
    }
    const totals = await totalsOf(db, id, range);
    if (kind === 'all') {
      keep(id, reportOf(month, name, totals));
      continue;
    }
    const byDoctor = await figuresByDoctor(db, id, datesOf(month));
    const names = await doctorsOf(db, [...byDoctor.keys()]);
    const ofDoctors = [...byDoctor].map(([doctorId, rows]) => ({
      id: doctorId,
      name: names.get(doctorId)?.name ?? '',
      rows,
    }));
    keep(id, reportOf(month, name, totals, null, ofDoctors));
  }
  return found;
};

const doctorsOf = async (
  db: Database,
  ids: readonly string[],
): Promise<Map<string, { readonly name: string; readonly milli: number | null }>> => {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: doctors.id, name: doctors.fullName, milli: doctors.ratingBayesMilli })
    .from(doctors)
    .where(inArray(doctors.id, listOf(ids)));
  return new Map(rows.map(({ id, ...row }) => [id, row]));
};
