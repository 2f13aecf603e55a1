import { and, eq, isNull, lte, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { monthlyReports, reportProgress } from '../../db/schema.ts';
import { addDays, utcDate } from '../../domain/local-date.ts';
import { datesOf, type Month, monthsBefore, type SubjectKind } from '../../domain/report.ts';
import { startOfDayMs } from '../../domain/zoned-time.ts';
import { foldFigures } from '../../figures/fold.ts';
import { all, buildReports, type Subject } from './build.ts';

/** Months that are made up for when nothing ran. */
const monthsBack = 3;
/** Subjects that are looked at together, and how often in one run. */
const atOnce = 50;
const maxPages = 40;
/** How long after one round of a month that is not over everywhere the next begins, ms. */
const roundMs = 3_600_000;
/** Where a date begins first, and where it ends last. */
const [firstZone, lastZone] = ['Etc/GMT-14', 'Etc/GMT+12'];

/** When a month is over in a zone, ms. */
const endMs = (month: Month, timeZone: string): number => startOfDayMs(addDays(datesOf(month).to, 1), timeZone);

/** Whether a month is over in a zone. */
export const isOver = (month: Month, timeZone: string, nowMs: number): boolean => nowMs >= endMs(month, timeZone);

/**
 * Makes the reports of months that have ended: of each doctor and clinic once it is the 1st in their own zone, of all
 * once it is everywhere. What exists is left as it is, so that another run, or one at the same time, changes nothing.
 * A run does so much and no more; the next goes on. Gives the number of reports made. A job.
 */
export const makeReports = async (env: Env, nowMs: number): Promise<number> => {
  const db = database(env.DB);
  const newest = monthsBefore(utcDate(nowMs + 14 * 3_600_000), monthsBack);
  let made = 0;
  let pages = maxPages;
  for (const month of newest.filter((one) => isOver(one, firstZone, nowMs))) {
    const progress = await progressOf(db, month, nowMs);
    if (progress === null || pages === 0) continue;
    // What happened in the last minute of the month is counted, too.
    await foldFigures(env.DB);
    let afterId = progress.afterId;
    for (; pages > 0; pages -= 1) {
      const page = await subjectsAfter(db, month, afterId);
      const due = page.filter(({ timeZone, isMade }) => !isMade && isOver(month, timeZone, nowMs));
      made += await makeFirst(db, month, due, nowMs);
      afterId = page.at(-1)?.id ?? afterId;
      if (page.length < atOnce) break;
    }
    const isWhole = pages > 0;
    const isDone = isWhole && isOver(month, lastZone, nowMs);
    if (isDone) made += await makeFirst(db, month, [all], nowMs);
    await db
      .update(reportProgress)
      .set({
        afterId: isWhole ? '' : afterId,
        nextAtMs: isWhole ? nowMs + roundMs : nowMs,
        doneAtMs: isDone ? nowMs : null,
      })
      .where(eq(reportProgress.month, month));
  }
  return made;
};

/** How far a month has come; `null` when there is nothing to do for it now. */
const progressOf = async (db: Database, month: Month, nowMs: number): Promise<{ readonly afterId: string } | null> => {
  const [, [row]] = await db.batch([
    db.insert(reportProgress).values({ month, nextAtMs: nowMs }).onConflictDoNothing(),
    db
      .select({ afterId: reportProgress.afterId })
      .from(reportProgress)
      .where(
        and(eq(reportProgress.month, month), isNull(reportProgress.doneAtMs), lte(reportProgress.nextAtMs, nowMs)),
      ),
  ]);
  return row ?? null;
};

/** Clinics and doctors, by id, and whether they have a report of the month. */
const subjectsAfter = (
  db: Database,
  month: Month,
  afterId: string,
): Promise<(Subject & { readonly timeZone: string; readonly isMade: number })[]> =>
  db.all(sql`
    select id, kind, name, time_zone as "timeZone",
      exists (select 1 from monthly_reports r where r.subject_id = s.id and r.month = ${month}) as "isMade"
    from (
      select * from (select id, 'clinic' as kind, name, time_zone from clinics where id > ${afterId} order by id limit ${atOnce})
      union all
      select * from (select id, 'doctor', full_name, time_zone from doctors where id > ${afterId} order by id limit ${atOnce})
    ) s order by id limit ${atOnce}`);

/** Stores first revisions; of two who make one at once, one does. */
const makeFirst = async (db: Database, month: Month, subjects: readonly Subject[], nowMs: number): Promise<number> => {
  if (subjects.length === 0) return 0;
  const reports = await buildReports(db, month, subjects);
  const kinds = new Map<string, SubjectKind>(subjects.map(({ id, kind }) => [id, kind]));
  const rows = [...reports].map(([subjectId, report]) => ({
    ...{ subjectId, month, revision: 1, kind: kinds.get(subjectId) ?? 'doctor', report, madeAtMs: nowMs },
  }));
  const [first, ...rest] = rows.map((row) =>
    db.insert(monthlyReports).values(row).onConflictDoNothing().returning({ id: monthlyReports.subjectId }),
  );
  if (first === undefined) return 0;
  const stored = await db.batch([first, ...rest]);
  return stored.flat().length;
};
