import type { z } from '@hono/zod-openapi';
import { eq, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { doctors } from '../../db/schema.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import { checkDay, type DayCheck, letGo } from '../../doctor-days/drift.ts';
import type { Principal } from '../../domain/access.ts';
import type { DayKey } from '../../domain/ids.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { describeError, report } from '../../http/log.ts';
import { page } from '../../http/pagination.ts';
import { auditStatement } from '../audit/record.ts';
import type { sweptSchema } from './schema.ts';

/** Whether a day's doctor exists: no object is woken for an id that is nobody's. */
const exists = async (db: Database, { doctorId }: DayKey): Promise<boolean> =>
  (await db.select({ id: doctors.id }).from(doctors).where(eq(doctors.id, doctorId))).length > 0;

const audit = (db: Database, action: string, day: DayKey, actor: Principal, data: Record<string, unknown>) =>
  auditStatement(db, {
    stream: `doctor:${day.doctorId}`,
    actor,
    action,
    subjectId: day.doctorId,
    data: { date: day.date, ...data },
    atMs: Date.now(),
  });

const unreachable = (day: DayKey, error: unknown): Result<never, Refusal> => {
  report('day_not_checked', { ...day, ...describeError(error) });
  return refused(refusal('temporarily_unavailable'));
};

/** Compares a day with D1. Refuses with `not_found` (no such doctor), `temporarily_unavailable`. */
export const inspectDay = async (env: Env, day: DayKey, actor: Principal): Promise<Result<DayCheck, Refusal>> => {
  const db = database(env.DB);
  if (!(await exists(db, day))) return refused(refusal('not_found'));
  try {
    const check = await checkDay(env, day);
    await audit(db, 'day.checked', day, actor, { findings: check.findings.length });
    return ok(check);
  } catch (error) {
    return unreachable(day, error);
  }
};

/**
 * Makes D1 show a day as the day itself is, and compares again: what is still found then is beyond the day, such as a
 * row that it does not know. Refuses with `not_found` (no such doctor), `temporarily_unavailable`.
 */
export const repairDay = async (env: Env, day: DayKey, actor: Principal): Promise<Result<DayCheck, Refusal>> => {
  const db = database(env.DB);
  if (!(await exists(db, day))) return refused(refusal('not_found'));
  try {
    const before = await checkDay(env, day);
    const wrong = before.findings.filter(({ kind }) => kind === 'different').map(({ appointmentId }) => appointmentId);
    await audit(db, 'day.repaired', day, actor, { findings: before.findings.length });
    await letGo(env.DB, wrong);
    await doctorDays(env).reproject(day);
    return ok(await checkDay(env, day));
  } catch (error) {
    return unreachable(day, error);
  }
};

interface Sweep {
  readonly limit: number;
  readonly repair: boolean;
  readonly after: { readonly date: string; readonly doctorId: string } | null;
}

/** Checks the next open days, by date and doctor, and repairs those with findings if that is asked. */
export const sweepDays = async (
  env: Env,
  { limit, repair, after }: Sweep,
  actor: Principal,
): Promise<z.input<typeof sweptSchema>> => {
  const db = database(env.DB);
  const days =
    await db.all<DayKey>(sql`select doctor_id as "doctorId", date from doctor_days indexed by doctor_days_open
    where opened_at_ms is not null and cleaned_at_ms is null
      ${after === null ? sql`` : sql`and (date, doctor_id) > (${after.date}, ${after.doctorId})`}
    order by date, doctor_id limit ${limit + 1}`);
  const { items, nextCursor } = page(
    days,
    limit,
    (day) => day,
    ({ date, doctorId }) => ({ date, doctorId }),
  );
  const found: DayCheck[] = [];
  const unreached: DayKey[] = [];
  let repaired = 0;
  for (const day of items) {
    const checked = await inspectDay(env, day, actor);
    if (!checked.ok) unreached.push(day);
    else if (checked.value.findings.length > 0) {
      const left = repair ? await repairDay(env, day, actor) : checked;
      found.push(left.ok ? left.value : checked.value);
      repaired += repair && left.ok ? 1 : 0;
    }
  }
  return { checked: items.length - unreached.length, unreached, items: found, repaired, nextCursor };
};
