import { and, eq, isNull, lte, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { reportProgress } from '../../db/schema.ts';
import { addDays, utcDate } from '../../domain/local-date.ts';
import { datesOf, type Month, monthsBefore, type SubjectKind } from '../../domain/report.ts';
import { startOfDayMs } from '../../domain/zoned-time.ts';
import { foldFigures } from '../../figures/fold.ts';
import { all, buildReports, type Subject } from './build.ts';

/** Months that are made up for when nothing ran. */
const monthsBack = 3;
/** Subjects that are looked at together. */
const atOnce = 50;
/** Statements of one run, of the thousand that D1 answers to one invocation: those of other jobs are among them. */
const maxStatements = 300;
const statementsOf = { page: 4, clinic: 3 } as const;
/** Transactions in which days are counted first that have just changed. */
const foldRounds = 5;
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
  let left = maxStatements;
  for (const month of newest.filter((one) => isOver(one, firstZone, nowMs))) {
    const progress = left > 0 ? await progressOf(db, month, nowMs) : null;
    if (progress === null) continue;
    // What happened in the last minute of the month is counted, too.
    await foldFigures(env.DB, foldRounds);
    let { afterId } = progress;
    // Whoever a round has passed before their month was over is for another round.
    const begunAtMs = afterId === '' ? nowMs : progress.nextAtMs;
    let isWhole = false;
    while (!isWhole && left > 0) {
      const page = await subjectsAfter(db, month, afterId);
      const due = page.filter(({ timeZone, isMade }) => !isMade && isOver(month, timeZone, nowMs));
      made += await makeFirst(db, month, due, nowMs);
      left -= statementsOf.page + due.filter(({ kind }) => kind === 'clinic').length * statementsOf.clinic;
      afterId = page.at(-1)?.id ?? afterId;
      isWhole = page.length < atOnce;
    }
    const isDone = isWhole && isOver(month, lastZone, begunAtMs);
    if (isDone) made += await makeFirst(db, month, [all], nowMs);
    await db
      .update(reportProgress)
      .set({
        afterId: isWhole ? '' : afterId,
        nextAtMs: isWhole ? nowMs + roundMs : begunAtMs,
        doneAtMs: isDone ? nowMs : null,
      })
      .where(eq(reportProgress.month, month));
  }
  return made;
};

/** How far a month has come; `null` when there is nothing to do for it now. */
const progressOf = async (
  db: Database,
  month: Month,
  nowMs: number,
): Promise<{ readonly afterId: string; readonly nextAtMs: number } | null> => {
  const [, [row]] = await db.batch([
    db.insert(reportProgress).values({ month, nextAtMs: nowMs }).onConflictDoNothing(),
    db
      .select({ afterId: reportProgress.afterId, nextAtMs: reportProgress.nextAtMs })
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
  if (reports.size === 0) return 0;
  const rows = JSON.stringify([...reports].map(([id, report]) => ({ id, kind: kinds.get(id), report })));
  const { meta } = await db.run(sql`
    insert into monthly_reports (subject_id, month, revision, kind, report, made_at_ms)
    select value ->> '$.id', ${month}, 1, value ->> '$.kind', value -> '$.report', ${nowMs}
    from json_each(${rows}) where true on conflict do nothing`);
  return meta.changes;
};
