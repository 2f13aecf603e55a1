import { and, asc, eq, gte, inArray, lte, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { dailyFigures, totalFigures } from '../db/schema.ts';
import { type DatedFigures, type Figures, figureNames } from '../domain/figures.ts';
import type { LocalDate } from '../domain/local-date.ts';

/** Dates, both included. */
export interface DateRange {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Whose sums: those of a clinic, or of all. */
export const everything = '*';

const columnsOf = (table: typeof dailyFigures | typeof totalFigures) => ({
  date: sql<LocalDate>`${table.date}`,
  currency: table.currency,
  ...(Object.fromEntries(figureNames.map((name) => [name, table[name]])) as Pick<typeof table, keyof Figures>),
});

/** A doctor's figures by date, clinic and currency, in the order of dates. */
export const figuresOfDoctor = (db: Database, doctorId: string, { from, to }: DateRange): Promise<DatedFigures[]> =>
  db
    .select(columnsOf(dailyFigures))
    .from(dailyFigures)
    .where(and(eq(dailyFigures.doctorId, doctorId), gte(dailyFigures.date, from), lte(dailyFigures.date, to)))
    .orderBy(asc(dailyFigures.date));

/** The sums of a clinic, or of {@link everything}, by date and currency, in the order of dates. */
export const totalsOf = (db: Database, scope: string, { from, to }: DateRange): Promise<DatedFigures[]> =>
  db
    .select(columnsOf(totalFigures))
    .from(totalFigures)
    .where(and(eq(totalFigures.scope, scope), gte(totalFigures.date, from), lte(totalFigures.date, to)))
    .orderBy(asc(totalFigures.date));

/** The figures of a clinic's doctors over dates, by doctor and currency. */
export const figuresByDoctor = async (
  db: Database,
  clinicId: string,
  { from, to }: DateRange,
): Promise<Map<string, (DatedFigures & { readonly doctorId: string })[]>> => {
  const rows = await db
    .select({ doctorId: dailyFigures.doctorId, ...columnsOf(dailyFigures) })
    .from(dailyFigures)
    .where(
      and(
        eq(dailyFigures.clinicId, clinicId),
        sql`${dailyFigures.clinicId} <> ''`,
        gte(dailyFigures.date, from),
        lte(dailyFigures.date, to),
      ),
    );
  return Map.groupBy(rows, ({ doctorId }) => doctorId);
};

/** The figures of many doctors over dates, by doctor. */
export const figuresOfDoctors = async (
  db: Database,
  doctorIds: readonly string[],
  { from, to }: DateRange,
): Promise<Map<string, (DatedFigures & { readonly doctorId: string })[]>> => {
  const rows = await db
    .select({ doctorId: dailyFigures.doctorId, ...columnsOf(dailyFigures) })
    .from(dailyFigures)
    .where(
      and(inArray(dailyFigures.doctorId, listOf(doctorIds)), gte(dailyFigures.date, from), lte(dailyFigures.date, to)),
    )
    .orderBy(asc(dailyFigures.doctorId), asc(dailyFigures.date));
  return Map.groupBy(rows, ({ doctorId }) => doctorId);
};
